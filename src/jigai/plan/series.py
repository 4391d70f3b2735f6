"""The frames charts are drawn from: what was, what the path asks for, and what is forecast with its band."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from jigai.plan.forecast import Forecast
from jigai.plan.monthly import Monthly
from jigai.plan.paths import path
from jigai.plan.period import Period
from jigai.plan.targets import Target

CHART: Final = pl.Schema(
    {
        "series": pl.String(),
        "on": pl.Date(),
        "value": pl.Decimal(38, 6),
        "low": pl.Decimal(38, 6),
        "high": pl.Decimal(38, 6),
        "given": pl.Boolean(),
    }
)
"""``series`` is actual, path or forecast; ``low`` and ``high`` are the band of the forecast; ``given`` points of the
path are written in the plan, the others lie on the line between."""


def cumulative(monthly: Monthly, first: int, last: int) -> pl.DataFrame:
    """Return what the years ``first`` to ``last`` had added up to at the end of each known month: ``on``, ``value``.

    A month from which on the sum cannot be told (a year before it is not whole) is left out.
    """
    rows = []
    for slot, _ in monthly.figures:
        until = Monthly(tuple(one for one in monthly.figures if one[0] <= slot), monthly.joined)
        total = until.counted(first, last) if first <= slot[0] <= last else None
        if total is not None:
            rows.append((Period(*slot).end, total))
    return pl.DataFrame(rows, schema={"on": CHART["on"], "value": CHART["value"]}, orient="row")


def chart(actual: pl.DataFrame, target: Target | None = None, forecast: Forecast | None = None) -> pl.DataFrame:
    """Return everything a chart shows as one frame (`CHART`), each series in order of time.

    The forecast begins where the actual figures end, so that the two lines meet.

    Args:
        actual: figures with ``on`` (the last day each speaks of) and ``value``; rows without value are left out.
        target: where the path leads; without a value to reach there is none.
        forecast: what is carried on; one without a value adds nothing.
    """
    known = actual.select(pl.col("on").cast(pl.Date), pl.col("value").cast(CHART["value"])).drop_nulls().sort("on")
    rows: list[tuple[object, ...]] = [("actual", on, value, None, None, None) for on, value in known.iter_rows()]
    if target is not None:
        rows += [("path", point.on, point.value, None, None, point.given) for point in path(target)]
    if forecast is not None and forecast.track:
        begin: date | None = known["on"].max()  # type: ignore[assignment]
        ahead = [one for one in forecast.track if begin is None or one.on > begin]
        if begin is not None:
            at = known["value"][-1]
            rows.append(("forecast", begin, at, at, at, None))
        rows += [("forecast", one.on, one.value, one.low, one.high, None) for one in ahead]
    return pl.DataFrame(rows, schema=CHART, orient="row")


def yearly(chart_frame: pl.DataFrame) -> pl.DataFrame:
    """Return the last point of every year of each series: what a chart by years shows, with the column ``year``."""
    return (
        chart_frame.with_columns(year=pl.col("on").dt.year().cast(pl.Int64))
        .group_by("series", "year", maintain_order=True)
        .agg(pl.col("on", "value", "low", "high", "given").last())
    )
