"""The verdict of a device: a decision table over its findings (``verdicts.csv``, decision D1)."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

ORDERING: Final = ("elimination", "guidance", "efficiency")
"""Checks the verdict rests on; ``service_life`` may only raise it to should_replace."""
ADVERSE: Final = ("eliminate", "restricted", "encouraged", "below_limit", "over_age")
DECIDING: Final = (*ORDERING, "service_life")
IN_USE: Final = ("在用", "备用")
"""Use states in which a device can be ordered out (D11); a ledger without such a column is taken as in use."""


@cache
def verdict_table() -> tuple[tuple[str, str], ...]:
    """Return (verdict, test) in the order of the decision table; the tests are those of :func:`tests`."""
    text = files("jigai.screening").joinpath("verdicts.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: int(row["order"]))
    return tuple((row["verdict"], row["when"]) for row in rows)


def with_verdict(devices: pl.DataFrame, statements: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Add ``verdict`` and ``missing`` (what is still open, ``;``-joined) to the devices.

    ``told`` says which row of ``statements`` is true of which ``sig``, in the order of sig and finding.
    """
    present = [name for name in ("kind", "use_state") if name in devices.columns]
    summary = _summary(statements, told)
    facts = devices.select("sig", *present).join(summary, on="sig", how="left", maintain_order="left")
    facts = facts.with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("kind", "use_state") if name not in present
    )
    named = tests()
    verdict = pl.lit(None, pl.String)
    for name, when in reversed(verdict_table()):
        verdict = pl.when(named[when]).then(pl.lit(name)).otherwise(verdict)
    return devices.with_columns(facts.select(verdict=verdict, missing="missing"))


def tests() -> dict[str, pl.Expr]:
    """Return the vocabulary of the decision table: one Boolean column per name."""
    in_use = pl.col("use_state").is_null() | pl.col("use_state").is_in(IN_USE)
    return {
        "kind_unknown": pl.col("kind").is_null(),
        "order": pl.col("order").fill_null(value=False) & in_use,
        "adverse": pl.col("adverse").fill_null(value=False),
        "open": pl.col("open").fill_null(value=False),
        "decided": pl.col("decided").fill_null(value=False),
        "nothing": pl.lit(value=True),
    }


def _summary(statements: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Per sig: may it be ordered out, is anything adverse, open, decided, and what is missing."""
    outcome, check = pl.col("outcome"), pl.col("check")
    certain = (pl.col("certainty") == "transcribed") & pl.col("basis").is_in(["ledger", "nameplate"])
    undecided = outcome == "undecided"
    flags = {
        "order": (outcome == "eliminate") & pl.col("mandatory") & certain,
        "adverse": outcome.is_in(ADVERSE),
        "open": undecided & check.is_in(ORDERING),
        "decided": check.is_in(DECIDING) & ~outcome.is_in(["undecided", "out_of_scope"]),
    }
    bits = [flag.fill_null(value=False).cast(pl.UInt8) * (1 << bit) for bit, flag in enumerate(flags.values())]
    facts = statements.select(
        flags=pl.sum_horizontal(bits).cast(pl.UInt8),
        missing=pl.when(undecided & check.is_in(DECIDING)).then("missing"),
    )
    true = told.select("sig", flags=facts["flags"].gather(told["statement"]))
    summary = true.group_by("sig").agg(pl.col("flags").bitwise_or())
    return summary.select(
        "sig", *[(pl.col("flags") & (1 << bit) != 0).alias(name) for bit, name in enumerate(flags)]
    ).join(_missing(facts["missing"], told), on="sig", how="left")


def _missing(missing: pl.Series, told: pl.DataFrame) -> pl.DataFrame:
    """Join what the undecided findings miss, each name once, in the order of the findings; few lists differ."""
    named = pl.DataFrame({"said": missing}).with_row_index("statement").drop_nulls("said")
    said = told.join(named, on="statement", maintain_order="left")
    texts = said.group_by("sig", maintain_order=True).agg(pl.col("said").str.join(";"))
    names = pl.col("said").str.split(";").list.eval(pl.element().filter(pl.element() != ""))
    distinct = texts.select("said").unique().with_columns(missing=names.list.unique(maintain_order=True).list.join(";"))
    return texts.join(distinct, on="said").select("sig", missing=pl.when(pl.col("missing") != "").then("missing"))
