"""Production lines against benchmark and baseline level (D24, O3 and O4), weighted by their energy of the year.

Lines in the fields of the sector benchmarks are the population. Only lines with twelve full months are judged. Judged
by the 2023 table itself they are *confirmed*; judged by a named stand-in they are counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import NOTHING, ONE, last_day, made, text
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources

Parameters = Mapping[str, object]
_ENERGY = pl.col("energy")
_AT_BENCHMARK = pl.col("level") == "at_benchmark"
_BELOW = pl.col("level") == "below_baseline"
_YEAR = ("energy", "months", "capacity", "capacity_unit", "level", "ground", "deadline", "data_date")
_FULL = 12


def _lines(sources: Sources, period: Period) -> pl.DataFrame:
    """Return every line of a benchmark field there is in the year, with its year's figures where it has reported.

    A line known from another year belongs to it too, unless it was commissioned later: silence is no exit.
    """
    every = sources.frame("line_years").filter(pl.col("field").fill_null("") != "")
    begun = pl.col("commissioned").fill_null(pl.col("year").min().over("line")) <= period.year
    nearest = (pl.col("year") - period.year).abs()
    lines = (
        every.filter(begun).sort(nearest, "year", maintain_order=True).unique("line", keep="first", maintain_order=True)
    )
    this = pl.col("year") == period.year
    return lines.with_columns(pl.when(this).then(pl.col(name)).alias(name) for name in _YEAR)


def _standing(proxy: str, unjudged: str = "not_judged") -> pl.Expr:
    """Return how each line stands; ``proxy`` and ``unjudged`` are those of lines judged by a stand-in or by nothing."""
    year = pl.col("_year")
    return (
        pl.when(pl.col("retired") <= year)
        .then(pl.lit("retired"))
        .when((pl.col("months").fill_null(0) < _FULL) & (pl.col("commissioned") == year))
        .then(pl.lit("new_line"))
        .when(pl.col("months").is_null() | _ENERGY.is_null())
        .then(pl.lit("not_reported"))
        .when(pl.col("months") < _FULL)
        .then(pl.lit("months_missing"))
        .when(pl.col("level").is_null() | (pl.col("level") == "not_judged"))
        .then(pl.lit(unjudged))
        .when(pl.col("ground") == "proxy")
        .then(pl.lit(proxy))
        .otherwise(pl.lit("counted"))
    )


def _made(
    sources: Sources,
    period: Period,
    numerator: pl.Expr,
    denominator: pl.Expr = NOTHING,
    *,
    standing: pl.Expr | None = None,
    group: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return contributions of lines; by default the confirmed ones count, by product."""
    frame = _lines(sources, period).with_columns(
        _year=pl.lit(period.year, pl.Int64), _day=pl.lit(last_day(sources, period))
    )
    return made(
        frame,
        kind="line",
        key="line",
        label=text("{} {}", "name", "line_name"),
        standing=_standing("proxy_apart") if standing is None else standing,
        group=pl.col("product") if group is None else group,
        numerator=numerator,
        denominator=denominator,
    )


def _if(condition: pl.Expr, amount: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(amount).otherwise(NOTHING)


_DEADLINE = pl.col("deadline").cast(pl.String).fill_null("未载期限")
_BY_DEADLINE = pl.when(_BELOW).then(_DEADLINE)


@indicator("capacity_at_benchmark")
def capacity_at_benchmark(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return energy at the benchmark level and energy judged [tce] of confirmed lines."""
    return _made(sources, period, _if(_AT_BENCHMARK, _ENERGY), _ENERGY)


@indicator("capacity_at_benchmark_with_proxies")
def capacity_at_benchmark_with_proxies(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the same with the lines judged by a named stand-in."""
    return _made(sources, period, _if(_AT_BENCHMARK, _ENERGY), _ENERGY, standing=_standing("by_proxy"))


@indicator("capacity_not_judged")
def capacity_not_judged(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return energy that nothing could judge, and all energy of lines with twelve months [tce]."""
    unjudged = pl.col("level").is_null() | (pl.col("level") == "not_judged")
    return _made(sources, period, _if(unjudged, _ENERGY), _ENERGY, standing=_standing("by_proxy", "counted"))


@indicator("capacity_at_benchmark_by_count")
def capacity_at_benchmark_by_count(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return confirmed lines at the benchmark level, of confirmed lines."""
    return _made(sources, period, _AT_BENCHMARK.cast(pl.Int64), ONE)


@indicator("capacity_at_benchmark_by_product")
def capacity_at_benchmark_by_product(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return capacity at the benchmark level and capacity judged, each in the unit of its product."""
    stands = _standing("proxy_apart")
    unknown = (stands == "counted") & pl.col("capacity").is_null()
    return _made(
        sources,
        period,
        _if(_AT_BENCHMARK, pl.col("capacity")),
        pl.col("capacity"),
        standing=pl.when(unknown).then(pl.lit("incomplete")).otherwise(stands),
        group=text("{}（{}）", "product", "capacity_unit"),
    )


@indicator("capacity_below_baseline")
def capacity_below_baseline(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return confirmed lines below the baseline level, by the day by which they must be better or gone."""
    return _made(sources, period, _BELOW.cast(pl.Int64), group=_BY_DEADLINE)


@indicator("capacity_below_baseline_with_proxies")
def capacity_below_baseline_with_proxies(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the same with the lines judged by a named stand-in."""
    return _made(sources, period, _BELOW.cast(pl.Int64), standing=_standing("by_proxy"), group=_BY_DEADLINE)


@indicator("capacity_below_baseline_overdue")
def capacity_below_baseline_overdue(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return confirmed lines below the baseline whose day has passed."""
    late = _BELOW & (pl.col("deadline") < pl.col("_day")).fill_null(False)
    return _made(sources, period, late.cast(pl.Int64), group=_BY_DEADLINE)


@indicator("capacity_below_baseline_energy")
def capacity_below_baseline_energy(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the energy of confirmed lines below the baseline [tce]."""
    return _made(sources, period, _if(_BELOW, _ENERGY))


@indicator("capacity_below_baseline_share")
def capacity_below_baseline_share(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return energy below the baseline and energy judged [tce] of confirmed lines."""
    return _made(sources, period, _if(_BELOW, _ENERGY), _ENERGY)
