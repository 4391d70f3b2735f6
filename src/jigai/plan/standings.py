"""Why each counts as it does, why a figure has no value, and the order of levels: words and flags as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from jigai.plan.tables import table


@dataclass(frozen=True)
class Standing:
    """Why a contribution counts as it does: a row of ``data/standings.csv``.

    ``counts``: its numbers enter the figure. ``should``: it is one who should report. ``reported``: it did. ``reason``
    is the key of a reason this alone gives for a figure without a value. ``tone`` is how it is shown (ok, ask, warn …).
    """

    key: str
    zh: str
    en: str
    tone: str
    counts: bool
    should: bool
    reported: bool
    reason: str
    meaning_zh: str
    meaning_en: str


@dataclass(frozen=True)
class Reason:
    """Why a figure has no value, or a zero that is none: a row of ``data/reasons.csv`` with its remedy."""

    key: str
    zh: str
    en: str


@cache
def standings() -> dict[str, Standing]:
    """Return every standing by its key; the order is that in which several give their reason."""
    found = {}
    for row in table("standings.csv"):
        flags = {name: row[name] == "1" for name in ("counts", "should", "reported")}
        found[row["key"]] = Standing(**{**row, **flags})  # type: ignore[arg-type]
    return found


@cache
def reasons() -> dict[str, Reason]:
    """Return every reason by its key."""
    return {row["key"]: Reason(**row) for row in table("reasons.csv")}


def marked(column: str, flag: str) -> pl.Expr:
    """Return 1 or 0 for each standing in ``column``: whether it ``counts``, ``should`` or ``reported``.

    A standing that is not in the table raises when the frame is computed.
    """
    known = standings()
    return pl.col(column).replace_strict(
        list(known), [int(getattr(one, flag)) for one in known.values()], return_dtype=pl.Int64
    )


@dataclass(frozen=True)
class Level:
    """One step of a scale, or one value of a breakdown: a row of ``data/scales.csv``; ``rank`` orders where it can."""

    key: str
    rank: int | None
    zh: str
    en: str


@cache
def scale(name: str) -> dict[str, Level]:
    """Return the levels of a scale by their key; ``KeyError`` when there is no such scale."""
    rows = [row for row in table("scales.csv") if row["scale"] == name]
    if not rows:
        raise KeyError(name)
    return {
        row["key"]: Level(row["key"], int(row["rank"]) if row["rank"] else None, row["zh"], row["en"]) for row in rows
    }


def ranked(column: str, name: str) -> pl.Expr:
    """Return the rank of each level in ``column`` on the scale ``name``; null for a level without one."""
    steps = scale(name)
    return pl.col(column).replace_strict(
        list(steps), [one.rank for one in steps.values()], default=None, return_dtype=pl.Int64
    )
