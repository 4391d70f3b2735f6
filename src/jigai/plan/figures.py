"""A figure from its contributions: value, coverage, why it is empty, and whether it may be reported.

Contributions are summed by breakdown and standing first (`partials`). Such sums can be kept and put together again
(`merge`); figures (`finish`) are made of nothing else, so a roll-up and a computation from scratch are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from jigai.plan.contributions import AMOUNT
from jigai.plan.parameters import parameters
from jigai.plan.registry import Indicator
from jigai.plan.standings import Reason, reasons, standings

BREAKDOWNS: Final = ("manager_code", "place_code", "division", "industry_code", "group", "legal_person", "site")
"""Columns a figure can be broken down by, alone or several together; none is the whole city."""
_SUMS: Final = ("numerator", "denominator", "should", "reported", "rows")
_DIGITS: Final = 9
"""Decimals of a value: far more than is shown, and few enough that three tenths is 0.3 and nothing else."""


@dataclass(frozen=True)
class Figure:
    """One figure that can be shown and opened.

    ``value`` is in the unit of the indicator (a share is 0.75, not 75) and None where there is none; ``reason`` then
    says why, and beside a zero that is none. ``detail`` is what the source says of itself. ``coverage`` is reported ÷
    should, None when nobody should. ``standings`` counts contributions by standing. ``grey``: coverage below the share
    of the plan; ``reportable`` (可上报): not grey, a value is there, and the indicator may be reported at all.
    """

    indicator: str
    value: float | None
    numerator: Decimal
    denominator: Decimal
    should: int
    reported: int
    coverage: float | None
    data_date: date | None
    standings: Mapping[str, int]
    reason: Reason | None
    detail: str | None
    grey: bool
    reportable: bool


def figure(indicator: Indicator, contributions: pl.DataFrame, share: Decimal | None = None) -> Figure:
    """Return the figure of all ``contributions`` together; see `figures`."""
    row: dict[str, Any] = figures(indicator, contributions, share=share).row(0, named=True)
    held = {one["standing"]: one["rows"] for one in row.pop("standings")}
    reason = reasons().get(row.pop("reason") or "")
    row.pop("rows")
    return Figure(indicator=indicator.id, standings=held, reason=reason, **row)


def figures(
    indicator: Indicator, contributions: pl.DataFrame, by: Sequence[str] = (), share: Decimal | None = None
) -> pl.DataFrame:
    """Return one figure per value of the columns ``by``; without any, one for all.

    Args:
        indicator: what the contributions are to.
        contributions: as `Indicator.compute` returns them, or some of them.
        by: columns of `BREAKDOWNS`; ``division`` is the first two digits of the industry code.
        share: least coverage of a figure that is not grey; None is the default of ``reportable_share``.

    Returns:
        the columns ``by``, then those of `Figure` with ``reason`` as a key of ``reasons.csv``, ``standings`` as a list
        of standing and rows, and ``rows``, the number of contributions. One row with empty ``by`` holds what belongs
        to nobody in particular, so that the rows add up to the whole.

    Raises:
        ValueError: a column that nothing can be broken down by.
    """
    return finish(indicator, partials(contributions, by), by, share)


def partials(contributions: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return the sums of contributions per value of ``by`` and standing, from which figures are made."""
    strange = [name for name in by if name not in BREAKDOWNS]
    if strange:
        raise ValueError(f"no breakdown {', '.join(strange)}; there are {', '.join(BREAKDOWNS)}")
    explained = [key for key, one in standings().items() if one.reason]
    division = pl.col("industry_code").str.slice(0, 2).replace("", None)
    frame = contributions.with_columns(division=division) if "division" in by else contributions
    return frame.group_by(*by, "standing").agg(
        pl.col("numerator", "denominator", "should", "reported").sum(),
        pl.len().cast(pl.Int64).alias("rows"),
        pl.col("data_date").max(),
        pl.col("group").replace("", None).min().alias("group_first"),
        pl.col("group").replace("", None).max().alias("group_last"),
        pl.when(pl.col("standing").is_in(explained)).then(pl.col("label")).min().alias("detail"),
    )


def merge(parts: Iterable[pl.DataFrame], by: Sequence[str] = ()) -> pl.DataFrame:
    """Put sums of distinct contributions together: the same as `partials` of all of them at once.

    ``by`` may be fewer columns than the parts have: sums per county and group merge into those per county.
    """
    held = pl.concat(part.select(*by, "standing", *_SUMS, *_EXTREMES) for part in parts)
    return held.group_by(*by, "standing").agg(
        pl.col(*_SUMS).sum(), *(getattr(pl.col(name), how)() for name, how in _EXTREMES.items())
    )


_TOLD: Final[dict[str, pl.DataType]] = {
    "standing": pl.String(),
    "rows": pl.Int64(),
    "data_date": pl.Date(),
    **dict.fromkeys(("group_first", "group_last", "detail"), pl.String()),
}
_EXTREMES: Final = {"data_date": "max", "group_first": "min", "group_last": "max", "detail": "min"}


def finish(
    indicator: Indicator, sums: pl.DataFrame, by: Sequence[str] = (), share: Decimal | None = None
) -> pl.DataFrame:
    """Return the figures of such sums; see `figures`.

    Sums that were kept without standing still have a value and a coverage; why one is empty is then told less exactly.
    """
    lacking = [name for name in _TOLD if name not in sums.columns]
    sums = sums.with_columns(pl.lit(None, _TOLD[name]).alias(name) for name in lacking)
    blind = "group_first" in lacking and "group" not in by
    least = share if share is not None else parameters()["reportable_share"].default
    order = {key: number for number, key in enumerate(standings())}
    ranked = sums.with_columns(
        _place=pl.col("standing").replace_strict(list(order), list(order.values()), return_dtype=pl.Int64),
        _reason=pl.col("standing").replace_strict({key: one.reason or None for key, one in standings().items()}),
    ).sort("_place")
    made = [
        *(pl.col(name).sum() for name in _SUMS),
        *(getattr(pl.col(name), how)() for name, how in _EXTREMES.items()),
        pl.struct("standing", "rows").filter(pl.col("standing").is_not_null()).alias("standings"),
        pl.col("_reason").drop_nulls().first().alias("said"),
    ]
    whole = ranked.group_by(*by, maintain_order=True).agg(made) if by else ranked.select(_gathered(made))
    several = pl.lit(True) if blind else pl.col("group_first").ne_missing(pl.col("group_last"))
    mixed = pl.lit(False) if indicator.addable else several
    done = (
        whole.with_columns(pl.col("numerator", "denominator").cast(AMOUNT))
        .with_columns(coverage=_divided("reported", "should"), **{"value": _value(indicator), "_mixed": mixed})
        .with_columns(value=pl.when(~pl.col("_mixed")).then("value"))
        .with_columns(reason=_reason(indicator))
        .with_columns(grey=pl.col("coverage").fill_null(-1) < float(str(least)))
        .with_columns(reportable=pl.lit(indicator.reportable) & ~pl.col("grey") & pl.col("value").is_not_null())
    )
    shown = ("numerator", "denominator", "should", "reported", "coverage", "data_date", "standings", "reason", "detail")
    return (
        done.select(*by, "value", *shown, "grey", "reportable", "rows").sort(*by)
        if by
        else done.select("value", *shown, "grey", "reportable", "rows")
    )


def _gathered(made: list[pl.Expr]) -> list[pl.Expr]:
    """Make one row of all: the list of standings is put into one cell."""
    return [one.implode() if one.meta.output_name() == "standings" else one for one in made]


def _divided(above: str, below: str) -> pl.Expr:
    """Return the quotient rounded to `_DIGITS` decimals; null when there is nothing to divide by."""
    quotient = pl.col(above).cast(pl.Float64) / pl.col(below).cast(pl.Float64)
    return pl.when(pl.col(below) != 0).then(quotient.round(_DIGITS))


def _value(indicator: Indicator) -> pl.Expr:
    """Return the value; nobody having reported is no zero, unless the register of indicators says so."""
    if indicator.aggregate == "growth":
        return (_divided("numerator", "denominator") - 1).round(_DIGITS)
    if indicator.aggregate not in ("sum", "count"):
        return _divided("numerator", "denominator")
    unknown = (pl.col("should") > 0) & (pl.col("reported") == 0)
    if indicator.zero_when_absent:
        unknown &= pl.col("said").ne_missing("source_absent")
    return pl.when(~unknown).then(pl.col("numerator").cast(pl.Float64))


def _reason(indicator: Indicator) -> pl.Expr:
    """Return why there is no value, or why a zero is none."""
    silent = pl.col("reported") == 0
    return (
        pl.when("_mixed")
        .then(pl.lit("mixed_groups"))
        .when(silent & pl.col("said").is_not_null())
        .then("said")
        .when(silent & (pl.col("should") == 0) & (pl.col("numerator") == 0))
        .then(pl.lit("nobody"))
        .when(pl.col("value").is_null() & silent)
        .then(pl.lit("nothing_reported"))
        .when(pl.col("value").is_null())
        .then(pl.lit("zero_denominator"))
    )
