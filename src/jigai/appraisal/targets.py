"""What a replacement should reach: the limit of a grade in the efficiency standard in force, for each device's size.

The screening engine finds the row of the standard; no table of a standard is read a second way here. Where an unknown
attribute leaves several rows possible, the least demanding limit is taken, which tells the saving too low.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.reference import Reference
from jigai.screening.batch import Batch
from jigai.screening.cases import cases
from jigai.screening.efficiency import prepare, scope
from jigai.screening.efficiency.grade import certainty_name, compare
from jigai.screening.efficiency.judge import attributes_of
from jigai.screening.efficiency.match import match
from jigai.screening.efficiency.standards import ProductRule, rules_in_force

METRICS: Final = ("efficiency", "no_load_loss", "load_loss", "specific_power")
"""Metrics of the standards that replacements are appraised by, in the unit of the standard (%, W, W, kW/(m³/min))."""

GRADE: Final = 2
"""Grade 2 (节能水平): what a replacement should reach at least."""

_SHAPE = {
    "row": pl.UInt32(),
    **{f"target_{name}": pl.Float64() for name in METRICS},
    "target_certainty": pl.String(),
    "target_document": pl.String(),
    "target_missing": pl.String(),
}


def targets(devices: pl.DataFrame, reference: Reference, grade: int = GRADE) -> pl.DataFrame:
    """Return ``devices`` with ``target_<metric>``, ``target_certainty``, ``target_document`` and ``target_missing``.

    ``devices`` holds the columns of a screened ledger (``kind`` and attributes of ``ledger/columns.csv``). A target is
    null where no standard in force grades the device, where the grade has no limit, or where the row cannot be found;
    then ``target_missing`` names the attributes to ask for, joined by semicolons, when that would help.
    """
    rules = rules_in_force(reference)
    wanted = sorted({"kind", "subkind", *scope.needed(reference), *prepare.NEEDED, *_attributes(rules)})
    numbered = devices.with_row_index("sig")
    frame = Batch(numbered, reference, reference.as_of).with_columns_for(wanted).select("sig", *wanted)
    kinds = scope.products(reference)["kind"].unique().to_list()
    distinct, members = cases(frame.filter(pl.col("kind").is_in(kinds)))
    ready = prepare.prepare(distinct, reference)
    assigned = scope.assign(ready, reference).filter(pl.col("product").is_in(list(rules)))
    parts = [pl.DataFrame(schema=_SHAPE)]
    for product in sorted(assigned["product"].unique().to_list()):
        mine = assigned.filter(pl.col("product") == product).select("sig", product_inferred="inferred")
        columns = [name for name in attributes_of(rules[product]) if name in ready.columns]
        parts.append(_of_product(mine.join(ready.select("sig", *columns), on="sig"), rules[product], grade))
    told = pl.concat(parts)
    of_row = members.join(told, left_on="case", right_on="row", how="inner").drop("case")
    return numbered.join(of_row, on="sig", how="left", maintain_order="left").drop("sig")


def _attributes(rules: dict[str, ProductRule]) -> set[str]:
    computed = set(prepare.INPUTS) - prepare.NEEDED
    return {name for rule in rules.values() for name in attributes_of(rule)} - computed - {"sig"}


def _of_product(devices: pl.DataFrame, rule: ProductRule, grade: int) -> pl.DataFrame:
    matches = match(devices, rule)
    limit = f"hard_{grade}" if grade in rule.grades else None
    compared = compare(devices, matches, rule)
    easiest = [
        _easiest(limit, metric.key, metric.direction).alias(f"target_{metric.key}")
        for metric in rule.metrics
        if metric.key in METRICS and limit is not None
    ]
    found = compared.group_by("sig").agg(*easiest, rank=pl.col("rank").max())
    asked = [pl.when(f"need_{place}").then(pl.lit(";".join(axis.ask))) for place, axis in enumerate(rule.axes)]
    missing = pl.concat_str(asked, separator=";", ignore_nulls=True) if asked else pl.lit("")
    open_axes = matches.devices.join(matches.codes, on="d").select("sig", target_missing=missing)
    told = devices.select("sig").join(found, on="sig", how="left").join(open_axes, on="sig", how="left")
    return told.select(
        row="sig",
        **{
            f"target_{name}": pl.col(f"target_{name}") if f"target_{name}" in told.columns else pl.lit(None, pl.Float64)
            for name in METRICS
        },
        target_certainty=certainty_name(pl.col("rank")),
        target_document=pl.lit(rule.document),
        target_missing=pl.when(pl.col("target_missing") != "").then("target_missing"),
    )


def _easiest(limit: str | None, metric: str, direction: str) -> pl.Expr:
    mine = pl.col(str(limit)).filter(pl.col("metric") == metric)
    return mine.min() if direction == "min" else mine.max()
