"""Two-integration (两化融合, O9): index, rank and tier of the own city among those of the province, as imported."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import NOTHING, ONE, made, nobody, register, text
from jigai.plan.parameters import wholes, word
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources
from jigai.plan.standings import ranked

Parameters = Mapping[str, object]
_COLUMNS: dict[str, pl.DataType] = {
    "city_name": pl.String(),
    "year": pl.Int64(),
    "index": pl.Float64(),
    "rank": pl.Int64(),
    "tier": pl.String(),
}


def _cities(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the cities of the year with ``own``; without the own city there is a row of it, empty."""
    frame = register(sources, "two-integration", _COLUMNS).filter(pl.col("year") == period.year)
    frame = frame.unique("city_name", keep="last", maintain_order=True)
    name = word(parameters, "own_city_name").removesuffix("市")
    code = word(parameters, "own_city_code")
    own = (pl.col("city_name").str.strip_suffix("市") == name) & pl.lit(name != "")
    own |= (pl.col("place_code") == code) & pl.lit(code != "")
    frame = frame.with_columns(own=own.fill_null(False))
    if not frame["own"].any():
        missing = nobody({"city_name": pl.String()}, [{"city_name": name or code or "本市"}])
        frame = pl.concat([frame, missing.with_columns(own=pl.lit(True))], how="diagonal_relaxed")
    return frame


def _made(frame: pl.DataFrame, standing: pl.Expr, numerator: pl.Expr, denominator: pl.Expr = ONE) -> pl.DataFrame:
    """Return contributions of cities; ``standing`` is that of the own one, others are only compared."""
    unknown = pl.col("own") & pl.col("index").is_null()
    others = pl.when("_ahead").then(pl.lit("ahead")).otherwise(pl.lit("compared"))
    named = text("{}（指数 {}，第 {} 位）", "city_name", "index", "rank")
    return made(
        frame if "_ahead" in frame.columns else frame.with_columns(_ahead=pl.lit(False)),
        kind="city",
        key="city_name",
        label=pl.when(pl.col("index").is_null()).then("city_name").otherwise(named),
        standing=pl.when(unknown)
        .then(pl.lit("own_city_missing"))
        .when(~pl.col("own"))
        .then(others)
        .otherwise(standing),
        numerator=numerator,
        denominator=denominator,
    )


@indicator("two_integration")
def two_integration(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the index of the own city; the others stand beside."""
    return _made(_cities(sources, period, parameters), pl.lit("counted"), pl.col("index"))


@indicator("two_integration_rank")
def two_integration_rank(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the rank as published; else one more than the cities of a higher index, each of which then counts."""
    frame = _cities(sources, period, parameters)
    own = frame.filter("own")
    published, index = own["rank"][0], own["index"][0]
    if published is not None:
        return _made(frame, pl.lit("counted"), pl.col("rank"), NOTHING)
    ahead = ~pl.col("own") & (pl.col("index") > pl.lit(index, pl.Float64)).fill_null(False)
    return _made(frame.with_columns(_ahead=ahead), pl.lit("computed"), ONE, NOTHING)


@indicator("two_integration_tier")
def two_integration_tier(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the tier (1 is the first) as published, else by the last ranks of ``two_integration_tiers``."""
    last = wholes(parameters, "two_integration_tiers")
    below = pl.sum_horizontal(pl.col("rank") > limit for limit in sorted(last)) if last else pl.lit(None, pl.Int64)
    ruled = pl.when(pl.col("rank").is_not_null()).then(below + 1)
    frame = _cities(sources, period, parameters).with_columns(
        step=pl.coalesce(ranked("tier", "tier"), ruled.cast(pl.Int64))
    )
    known = pl.when(pl.col("step").is_null()).then(pl.lit("rule_missing")).otherwise(pl.lit("counted"))
    return _made(frame, known, pl.col("step"))
