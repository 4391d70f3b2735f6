"""Reading designations by grammars that are rows of a table.

A grammar is a pattern whose named groups are attributes, with what to multiply (``scale``: ``pressure_mpa*0.1``),
what to work out (``compute``: ``head_m=stage_head_m*stages``) and what holds for every designation of that shape
(``fixed``: ``type=screw``). The first grammar of a kind that fits is taken. ``strength`` says how far the shape
alone tells the kind: *strong* it does, *weak* it does if no other kind claims the text, *fit* and *hint* it never
does, but a fit bears out a name that tells the kind, against every other claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.nameplate.language import Language

_TEXT_GROUPS: Final = frozenset({"letters", "generation", "design", "fuel_code", "fuel_letter", "drive_code"})
"""Groups of a pattern that are no attribute but text for a later join; other unknown groups are numbers."""

STRENGTHS: Final = ("strong", "fit", "weak", "hint")


@dataclass(frozen=True)
class Grammar:
    """One row of the table ``grammars``, made ready for use."""

    kind: str
    order: int
    pattern: str
    listed: bool
    strength: str
    fixed: dict[str, str]
    scale: dict[str, float]
    compute: dict[str, tuple[str, str]]


@lru_cache(maxsize=4)
def grammars(words: Language) -> dict[str, list[Grammar]]:
    """Return the grammars of each kind in the order they are tried."""
    found: dict[str, list[Grammar]] = {}
    for row in words.writing["grammars"].sort("order").iter_rows(named=True):
        found.setdefault(row["kind"], []).append(
            Grammar(
                kind=row["kind"],
                order=row["order"],
                pattern=row["pattern"],
                listed=bool(row["listed"]),
                strength=row["strength"],
                fixed=dict(_pair(item, "=") for item in row["fixed"] or []),
                scale={name: float(factor) for name, factor in (_pair(item, "*") for item in row["scale"] or [])},
                compute={
                    name: _pair(product, "*") for name, product in (_pair(item, "=") for item in row["compute"] or [])
                },
            )
        )
    return found


def _pair(text: str, separator: str) -> tuple[str, str]:
    left, right = text.split(separator, 1)
    return left.strip(), right.strip()


def read_bodies(
    bodies: pl.DataFrame, of_kind: list[Grammar], words: Language, strengths: tuple[str, ...] = STRENGTHS
) -> list[pl.DataFrame]:
    """Read ``bodies`` (``rid``, ``body``) by the grammars of one kind, each text by the first that fits.

    Returns one frame per grammar that fitted something: ``rid``, ``kind``, ``order``, ``strength`` and its attributes.
    """
    rest, read = bodies, []
    for grammar in of_kind:
        if rest.is_empty():
            break
        if grammar.strength not in strengths:
            continue
        fits = rest.filter(pl.col("body").str.contains(grammar.pattern))
        if fits.is_empty():
            continue
        groups = fits.select("rid", pl.col("body").str.extract_groups(grammar.pattern).alias("groups")).unnest("groups")
        if grammar.listed:
            groups = _listed(groups, grammar.kind, words)
        if groups.is_empty():
            continue
        read.append(_values(groups, grammar))
        rest = rest.join(groups.select("rid"), on="rid", how="anti", maintain_order="left")
    return read


def _listed(groups: pl.DataFrame, kind: str, words: Language) -> pl.DataFrame:
    known = words.writing["series"].filter(pl.col("kind") == kind)["series"].implode()
    tokens = [pl.col(name).is_in(known) for name in ("series", "letters") if name in groups.columns]
    return groups.filter(pl.any_horizontal(tokens).fill_null(False))


def _values(groups: pl.DataFrame, grammar: Grammar) -> pl.DataFrame:
    """Give the captured texts their types and add what the grammar fixes and works out."""
    dtypes = attribute_dtypes()
    columns: list[pl.Expr] = []
    for name in groups.columns:
        if name == "rid":
            continue
        value = pl.col(name).replace("", None)
        dtype = dtypes.get(name, pl.String() if name in _TEXT_GROUPS else pl.Float64())
        if dtype != pl.String():
            value = value.cast(pl.Float64, strict=False)
        if name in grammar.scale:
            value = (value * grammar.scale[name]).round(6)
        columns.append(value.cast(dtype, strict=False).alias(name))
    frame = groups.with_columns(columns)
    frame = frame.with_columns(
        [
            (_factor(one) * _factor(other)).round(6).cast(dtypes[name]).alias(name)
            for name, (one, other) in grammar.compute.items()
        ]
    )
    return frame.with_columns(
        [literal(name, value) for name, value in grammar.fixed.items()]
        + [
            pl.lit(grammar.kind).alias("kind"),
            pl.lit(grammar.order, pl.Int64).alias("order"),
            pl.lit(grammar.strength).alias("strength"),
        ]
    )


def _factor(text: str) -> pl.Expr:
    return pl.lit(float(text)) if text[0].isdigit() else pl.col(text).cast(pl.Float64)


def literal(name: str, value: str) -> pl.Expr:
    """Return the attribute ``name`` set to a value written in a table, in the attribute's type."""
    dtype = attribute_dtypes()[name]
    if dtype == pl.Boolean():
        return pl.lit(value == "true").alias(name)
    return pl.lit(value).cast(dtype).alias(name)
