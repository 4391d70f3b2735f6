"""What the functions of all indicators need: one way to make contributions, one way to pick a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from jigai.plan.contributions import AMOUNT, CONTRIBUTION
from jigai.plan.period import Period
from jigai.plan.sources import REGISTER, SourceError, Sources
from jigai.plan.standings import marked

OWNER: Final = ("legal_person", "site", "manager_code", "place_code", "industry_code")
ONE: Final = pl.lit(1)
NOTHING: Final = pl.lit(0)


def last_day(sources: Sources, period: Period) -> date:
    """Return the day something at a date is counted for: the end of the period, or the day known before it."""
    return min(period.end, sources.known_on)


def made(
    frame: pl.DataFrame,
    *,
    kind: str,
    key: str | pl.Expr,
    standing: pl.Expr,
    numerator: pl.Expr,
    denominator: pl.Expr = NOTHING,
    label: str | pl.Expr = "name",
    group: pl.Expr | None = None,
    should: pl.Expr = ONE,
    reported: pl.Expr = ONE,
) -> pl.DataFrame:
    """Return contributions of ``frame``, which has the columns of an owner and ``data_date``.

    The standing settles the rest (``data/standings.csv``): where it does not count the numbers are 0; where it is not
    one who should report, or has not, ``should`` and ``reported`` are 0. Whoever is deregistered is shown, and counts
    nowhere.
    """
    gone = pl.col("deregistered").fill_null(False)
    named = frame.with_columns(
        standing=pl.when(gone).then(pl.lit("deregistered")).otherwise(standing),
        label=pl.col(label) if isinstance(label, str) else label,
        key=(pl.col(key) if isinstance(key, str) else key).cast(pl.String),
        group=pl.lit(None, pl.String) if group is None else group.cast(pl.String),
    )
    counts = marked("standing", "counts") == 1
    asked = marked("standing", "should") * should
    return named.select(
        pl.lit(kind).alias("kind"),
        "key",
        pl.coalesce("label", "key").alias("label"),
        *(*OWNER, "group"),
        numerator=pl.when(counts).then(numerator.cast(AMOUNT)).otherwise(NOTHING.cast(AMOUNT)),
        denominator=pl.when(counts).then(denominator.cast(AMOUNT)).otherwise(NOTHING.cast(AMOUNT)),
        should=asked.cast(pl.Int64),
        reported=(marked("standing", "reported") * reported).cast(pl.Int64),
        standing="standing",
        data_date="data_date",
    )


def nobody(columns: Mapping[str, pl.DataType], rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows that belong to nobody: an owner without values, and ``columns`` of their own."""
    owner = {name: dtype for name, dtype in CONTRIBUTION.items() if name in (*OWNER, "data_date")}
    schema = {**owner, "name": pl.String(), "deregistered": pl.Boolean(), **columns}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def register(sources: Sources, key: str, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return the entries of a register that are not ended, with ``columns`` of its own in these types.

    Raises:
        SourceError: the register has no such column.
    """
    frame = sources.frame(REGISTER + key).filter(~pl.col("removed").fill_null(False))
    missing = [name for name in columns if name not in frame.columns]
    if missing and not frame.is_empty():
        raise SourceError(f"source {REGISTER}{key}: columns missing: {', '.join(missing)}")
    frame = frame.with_columns(pl.lit(None, columns[name]).alias(name) for name in missing)
    # Registers keep days as ISO text.
    written = [name for name, dtype in columns.items() if dtype == pl.Date and frame.schema[name] == pl.String]
    frame = frame.with_columns(pl.col(name).str.to_date("%Y-%m-%d") for name in written)
    return frame.with_columns(pl.col(name).cast(dtype) for name, dtype in columns.items())


def valid(day: date) -> pl.Expr:
    """Say which entries hold on ``day``; one without dates always holds."""
    begun = pl.col("valid_from").fill_null(date.min) <= day
    return begun & (pl.col("valid_to").fill_null(date.max) >= day)


def text(template: str, *columns: str) -> pl.Expr:
    """Return ``template`` with each ``{}`` replaced by a column; what is empty leaves nothing."""
    shown = [pl.col(name).cast(pl.String).str.strip_suffix(".0").fill_null("") for name in columns]
    return pl.format(template, *shown)
