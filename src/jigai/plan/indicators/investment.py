"""Equipment investment as the statistics bureau counts it (统计口径, D23): added up (O1), and its growth (O2).

The city's own project library (调度口径) is an indicator beside it; the two are never added.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.contributions import AMOUNT
from jigai.plan.indicators.bureau import BY, due, latest, parts, tables, totals
from jigai.plan.indicators.frames import ONE, made, nobody, text
from jigai.plan.parameters import whole
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources

Parameters = Mapping[str, object]
_PART = pl.when("part").then(pl.col("name").fill_null("")).otherwise(pl.lit("未分解部分"))
_WHO = pl.concat_str(pl.col("manager_code", "place_code", "industry_code").fill_null(""), separator="/")
_KEY = pl.format("{}/{}", "year", pl.when("part").then(_WHO).otherwise(pl.lit("rest")))


def _cumulative(sources: Sources, period: Period, parameters: Parameters, by: str) -> pl.DataFrame:
    """Return the last known month of each year from ``investment_from_year`` on; a year without any is there too.

    ``should`` and ``reported`` are months: those that are over, and those the last table covers.
    """
    years = range(whole(parameters, "investment_from_year"), period.year + 1)
    over = {year: due(year, period, sources.known_on) for year in years}
    months = {year: month for year, month in over.items() if month}
    limit = nobody({"year": pl.Int64(), "limit": pl.Int64()}, [{"year": y, "limit": m} for y, m in months.items()])
    limit = limit.select("year", "limit")
    held = tables(sources).join(limit, on="year").filter(pl.col("month") <= pl.col("limit"))
    held = latest(held, by)
    missing = limit.join(held, on="year", how="anti").select("year", part=pl.lit(True))
    rows = pl.concat([held, missing], how="diagonal_relaxed").join(limit, on="year")
    label = pl.when(pl.col("month").is_null()).then(text("{}年", "year"))
    return made(
        _owned(rows),
        kind="report",
        key=_KEY,
        label=label.otherwise(pl.concat_str(text("{}年1—{}月 ", "year", "month"), _PART)).str.strip_chars(),
        group=pl.col("year"),
        standing=pl.when(pl.col("month").is_null())
        .then(pl.lit("not_reported"))
        .when("part")
        .then(pl.lit("counted"))
        .otherwise(pl.lit("remainder")),
        numerator=pl.col("equipment"),
        should=pl.col("limit"),
        reported=pl.col("month").fill_null(0),
    )


def _owned(rows: pl.DataFrame) -> pl.DataFrame:
    """Give rows of tables the columns of an owner: a table belongs to no enterprise; its division is the industry."""
    empty = nobody({}, [])
    absent = [name for name in empty.columns if name not in rows.columns and name != "industry_code"]
    division = pl.col("division") if "division" in rows.columns else pl.lit(None, pl.String)
    return rows.with_columns(division.alias("industry_code"), *(pl.lit(None, empty.schema[n]).alias(n) for n in absent))


@indicator("equipment_investment_cumulative")
def equipment_investment_cumulative(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the equipment investment of each year [yuan], by county where the tables say."""
    return _cumulative(sources, period, parameters, "place")


@indicator("equipment_investment_by_division")
def equipment_investment_by_division(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the equipment investment of each year [yuan], by division where the tables say."""
    return _cumulative(sources, period, parameters, "division")


@indicator("equipment_investment_growth")
def equipment_investment_growth(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the year's and the base year's investment [yuan] up to the last month that is known in both."""
    base, year = whole(parameters, "base_year"), period.year
    held = tables(sources).filter(pl.col("year").is_in([base, year]))
    every = set(held["year"])
    held = held.filter(pl.col("month") <= due(year, period, sources.known_on))
    month, rows = _same_month(held, base, year)
    if not month:
        why = "base_missing" if base not in every else "months_differ"
        return _refused(f"{year}年比{base}年", period, "year_missing" if year not in set(held["year"]) else why)
    both = rows.group_by(*BY["place"], "part", maintain_order=True).agg(
        pl.col("equipment").filter(pl.col("year") == year).sum().alias("now"),
        pl.col("equipment").filter(pl.col("year") == base).sum().alias("before"),
        pl.col("alone").any(),
        pl.col("name").drop_nulls().first(),
        pl.col("data_date").max(),
    )
    until = "" if month == 12 else f"1—{month}月"
    return made(
        _owned(both.with_columns(year=pl.lit(year))),
        kind="report",
        key=_KEY,
        label=pl.concat_str(pl.lit(f"{year}年{until} 比 {base}年{until} "), _PART).str.strip_chars(),
        standing=pl.when("alone")
        .then(pl.lit("not_reported"))
        .when(~pl.col("part"))
        .then(pl.lit("remainder"))
        .otherwise(pl.lit("part_year" if until else "counted")),
        numerator=pl.col("now"),
        denominator=pl.col("before"),
    )


def _same_month(held: pl.DataFrame, base: int, year: int) -> tuple[int, pl.DataFrame]:
    """Return the last month known in both years with the rows of it; 0 when there is none.

    Without totals only parts known in both years are compared; one known in a single year is ``alone``.
    """
    known = totals(held, "place").group_by("month").agg(pl.col("year").n_unique()).filter(pl.col("year") == 2)
    if not known.is_empty():
        month = max(known["month"])
        return month, latest(held.filter(pl.col("month") == month), "place").with_columns(alone=pl.lit(False))
    loose = parts(held, "place").with_columns(part=pl.lit(True))
    loose = loose.with_columns(alone=pl.col("year").n_unique().over("month", *BY["place"]) < 2)
    months = loose.filter(~pl.col("alone"))["month"]
    month = 0 if months.is_empty() else max(months)
    return month, loose.filter(pl.col("month") == month)


def _refused(label: str, period: Period, why: str) -> pl.DataFrame:
    """Return the one row that says why there is no growth."""
    rows = nobody({"key": pl.String()}, [{"name": label, "key": period.key}])
    nothing = pl.lit(0).cast(AMOUNT)
    return made(
        rows, kind="report", key="key", standing=pl.lit(why), numerator=nothing, denominator=nothing, should=ONE
    )
