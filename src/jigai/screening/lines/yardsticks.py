"""What lines are measured with on a day: rows of the sector table, and standards that stand in or stand alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from jigai.reference import Dataset, Reference
from jigai.screening.documents import document_name
from jigai.screening.lines.schema import CHECK

ROW, STAND_IN, OUTSIDE = "row", "stand_in", "outside"
NO_VALUE, NOT_YET = "no_value", "not_yet"
"""How a yardstick came: figures of the table; a standard in place of figures not held; a standard for a product
outside the table; no figures and no standard; no figures, and a standard that is not in force."""

YARDSTICK: Final[dict[str, pl.DataType]] = {
    "how": pl.String(),
    "rule_id": pl.String(),
    "field": pl.String(),
    "product": pl.String(),
    "process": pl.String(),
    "condition": pl.String(),
    "metric": pl.String(),
    "unit": pl.String(),
    "benchmark": pl.Float64(),
    "baseline": pl.Float64(),
    "sign": pl.Float64(),
    "deadline": pl.Date(),
    "certainty": pl.String(),
    "document": pl.String(),
    "document_en": pl.String(),
    "clause": pl.String(),
    "dataset": pl.String(),
    "standard": pl.String(),
    "day_open": pl.Boolean(),
    "limit_id": pl.String(),
}
"""Columns of a yardstick. ``sign`` is 1 where less is better and -1 where more is; ``limit_id`` the row of a standard
whose allowances apply; ``day_open`` whether the day the standard came into force is not known."""


def in_force(reference: Reference, table: str, as_of: date) -> list[Dataset]:
    """Return the datasets of the check in force on ``as_of`` that have a table of that name."""
    held = reference.all_datasets.values()
    return [one for one in held if one.check == CHECK and table in one.tables and one.in_force(as_of)]


def yardsticks(reference: Reference, as_of: date, *, awaited: bool = False) -> pl.DataFrame:
    """Return every yardstick of ``as_of``; none where no edition of the sector table is in force.

    With ``awaited`` standards count that are not in force yet: what they will ask for is a fact of the year.
    """
    tables = in_force(reference, "benchmarks", as_of)
    if not tables:
        return pl.DataFrame(schema=YARDSTICK)
    limits = standards(reference, as_of)
    limits = limits.with_columns(usable=pl.lit(value=True)) if awaited else limits
    parts = [part for one in tables for part in _of_table(one, limits)]
    found = pl.concat(parts)
    named = pl.concat([found.select("product"), *(_linked(one, limits).select("product") for one in tables)])
    outside = limits.filter("usable").join(named, on="product", how="anti").with_columns(how=pl.lit(OUTSIDE))
    return pl.concat([found, _shaped(outside)])


def links(reference: Reference, as_of: date) -> pl.DataFrame:
    """Return ``product``, ``process`` and ``limit_id``: rows of the table with the rows of standards behind them,
    in force or not."""
    parts = [pl.DataFrame(schema={name: pl.String() for name in ("product", "process", "limit_id")})]
    for one in in_force(reference, "stand_ins", as_of):
        rows = one.tables["stand_ins"].join(one.tables["benchmarks"], on="benchmark_id", maintain_order="left")
        parts.append(rows.select("product", "process", "limit_id"))
    return pl.concat(parts)


def standards(reference: Reference, as_of: date) -> pl.DataFrame:
    """Return the rows of mandatory quota standards, ``usable`` where in force on ``as_of``.

    Level 1 stands for the benchmark, level 3 for the baseline. Of a standard whose day is not known it is taken that
    it was not in force in the year it carries in its number (decision 0008).
    """
    parts = [_of_standards(one, as_of) for one in in_force(reference, "limits", as_of)]
    empty = pl.DataFrame(schema={**YARDSTICK, "usable": pl.Boolean()})
    return pl.concat(parts) if parts else empty


def _of_standards(dataset: Dataset, as_of: date) -> pl.DataFrame:
    since = pl.coalesce("in_force_from", pl.date(pl.col("edition") + 1, 1, 1))
    frame = dataset.tables["limits"].with_columns(
        usable=since <= as_of,
        day_open=pl.col("in_force_from").is_null(),
        rule_id="limit_id",
        benchmark="level1",
        baseline="level3",
        document=pl.format("《{}》（{}）", "title", "standard"),
        document_en=pl.col("standard"),
        dataset=pl.lit(dataset.id),
        **_common(),
    )
    return _shaped(frame, "usable")


def _of_table(dataset: Dataset, limits: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """Yield the rows with figures, with what stands in for those without, and those that nothing stands in for."""
    rows = dataset.tables["benchmarks"].with_columns(
        rule_id="benchmark_id",
        document=pl.lit(document_name(dataset, "zh")),
        document_en=pl.lit(document_name(dataset, "en")),
        dataset=pl.lit(dataset.id),
        standard="proxy_standard",
        **{**_common(), "clause": _clause("field", "product", "process")},
    )
    links = _linked(dataset, limits)
    usable = links.filter("usable")
    held = rows.filter(pl.col("baseline").is_not_null())
    allowing = usable.unique("benchmark_id", keep="first").select("benchmark_id", "limit_id")
    yield _shaped(held.join(allowing, on="benchmark_id", how="left").with_columns(how=pl.lit(ROW)))
    open_rows = rows.filter(pl.col("baseline").is_null())
    own = open_rows.select("benchmark_id", "field", "product", "deadline", own_process="process")
    stands = usable.drop("field", "product", "deadline").join(own, on="benchmark_id")
    yield _shaped(stands.with_columns(how=pl.lit(STAND_IN), process=pl.coalesce("own_process", "process")))
    alone = open_rows.join(usable, on="benchmark_id", how="anti")
    awaited = pl.col("benchmark_id").is_in(links["benchmark_id"].to_list())
    yield _shaped(alone.with_columns(how=pl.when(awaited).then(pl.lit(NOT_YET)).otherwise(pl.lit(NO_VALUE))))


def _linked(dataset: Dataset, limits: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of standards that stand in, with ``benchmark_id``."""
    links = dataset.tables.get("stand_ins")
    if links is None:
        return limits.clear().with_columns(benchmark_id=pl.lit(None, pl.String))
    return links.select("benchmark_id", "limit_id").join(limits, on="limit_id", maintain_order="left")


def _common() -> dict[str, pl.Expr]:
    return {
        "sign": pl.when(pl.col("direction") == "higher_is_better").then(-1.0).otherwise(1.0),
        "clause": _clause("product", "process"),
    }


def _clause(*columns: str) -> pl.Expr:
    return pl.concat_str(*columns, separator=" ", ignore_nulls=True)


def _shaped(frame: pl.DataFrame, *more: str) -> pl.DataFrame:
    made = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in YARDSTICK.items()
    ]
    return frame.select(*made, *more)
