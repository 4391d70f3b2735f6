"""From a table's cell to the limit a device must meet.

Every limit is a pair: ``easy_g`` is the least and ``hard_g`` the most that may be asked for grade ``g``. They are equal
unless something that moves the limit is unknown (an inlet box nobody noted, a tolerance not stated): then a figure
beyond both decides, and one in between does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import add
from typing import Any

import polars as pl

from jigai.reference import Dataset
from jigai.screening.efficiency.conditions import condition
from jigai.screening.efficiency.standards import Metric, ProductRule

SPECIFIED, TOLERANCE = "specified_efficiency_pct", "efficiency_tolerance_pp"
_BASE = "base_figure"
_FLOW_CAP_M3H = 3000.0
"""GB 19762 caps the flow at 3000 m³/h inside the petrochemical base efficiency, not in the choice of the band."""


@lru_cache(maxsize=512)
def bounds(rule: ProductRule, metric: Metric) -> tuple[tuple[pl.Expr, ...], ...]:
    """Return the steps to ``easy_g`` and ``hard_g`` of every grade, from a matched row and its device.

    Each step builds on the columns of the one before: what all grades start from, the cells, then one correction after
    the other. As one expression a correction would repeat all before it several times over.
    """
    steps = [
        _start(rule, metric),
        [column for grade in rule.grades for column in _pair(grade, _cell(rule, metric, grade))],
    ]
    for row in _rows(rule.table("corrections")):
        holds = condition(row["condition"]).expr()
        steps.append(
            [
                column
                for grade in rule.grades
                if (value := row.get(f"grade_{grade}")) is not None
                for column in _pair(grade, _corrected(row["operation"], value, holds, *_names(grade)))
            ]
        )
    if metric.direction == "max":
        steps.append([column for grade in rule.grades for column in _pair(grade, _names(grade)[::-1])])
    return tuple(tuple(step) for step in steps if step)


def _names(grade: int) -> tuple[pl.Expr, pl.Expr]:
    return pl.col(f"easy_{grade}"), pl.col(f"hard_{grade}")


def _pair(grade: int, limits: tuple[pl.Expr, pl.Expr]) -> tuple[pl.Expr, pl.Expr]:
    easy, hard = limits
    return easy.alias(f"easy_{grade}"), hard.alias(f"hard_{grade}")


def _start(rule: ProductRule, metric: Metric) -> list[pl.Expr]:
    """Return the figure that all grades of a pump start from."""
    formulas = {"pump_water": _pump_water, "pump_petrochemical": _pump_petrochemical}
    return [formulas[metric.rule](rule.dataset).alias(_BASE)] if metric.rule in formulas else []


def _cell(rule: ProductRule, metric: Metric, grade: int) -> tuple[pl.Expr, pl.Expr]:
    cell = _interpolated(rule, grade)
    if metric.rule == "pump_water":
        cell = pl.col(_BASE) - cell
    elif metric.rule == "pump_petrochemical":
        cell = pl.col(_BASE) + cell
    elif metric.rule == "specified_efficiency":
        if grade == rule.grades[-1]:
            # the tolerance lowers the limit, so without it the specified efficiency itself is the most that is asked
            least = pl.col(SPECIFIED) - pl.col(TOLERANCE)
            return least, pl.coalesce(least, SPECIFIED)
        cell = pl.col(SPECIFIED) + cell
    return cell, cell


def _interpolated(rule: ProductRule, grade: int) -> pl.Expr:
    """Linear between the ends of a segment, x in the unit of the axis."""
    low, high = pl.col(f"grade_{grade}"), pl.col(f"grade_{grade}_end")
    axis = next((axis for axis in rule.axes if axis.how == "interpolate"), None)
    if axis is None:
        return low
    share = (pl.col(axis.attribute) - pl.col("x0")) / (pl.col("x1") - pl.col("x0"))
    return pl.when(pl.col("x0").is_null()).then(low).otherwise(low + (high - low) * share)


def _pump_water(dataset: Dataset) -> pl.Expr:
    """Base efficiency of a clean-water pump in per cent, before the grade's constant is taken off (GB 19762-2025)."""
    return _series(dataset, "water_base", pl.col("specific_speed").log(), pl.col("flow_m3h").log())


def _pump_petrochemical(dataset: Dataset) -> pl.Expr:
    """Base efficiency of a petrochemical pump in per cent: a polynomial in ln Q less one in the specific speed."""
    flow = pl.min_horizontal("flow_m3h", pl.lit(_FLOW_CAP_M3H)).log()
    speed = pl.col("specific_speed")
    return _series(dataset, "petrochemical_base", speed, flow) - _series(dataset, "petrochemical_delta", speed, flow)


def _series(dataset: Dataset, formula: str, speed: pl.Expr, flow: pl.Expr) -> pl.Expr:
    """Sum of coefficient · speed^p · flow^q over the terms that apply to the row's class and specific speed."""
    terms = dataset.tables["coefficients"].filter(pl.col("formula") == formula)
    return reduce(
        add,
        [
            pl.when(_applies(term))
            .then(term["coefficient"] * speed ** term["power_speed"] * flow ** term["power_flow"])
            .otherwise(0.0)
            for term in terms.iter_rows(named=True)
        ],
    ) + 0.0 * (speed + flow)


def _applies(term: dict[str, Any]) -> pl.Expr:
    speed = pl.col("specific_speed")
    holds: pl.Expr = pl.col("formula_class") == term["formula_class"]
    low, high = term["specific_speed_min"], term["specific_speed_max"]
    if low is not None:
        holds &= speed >= low if term["specific_speed_min_incl"] else speed > low
    if high is not None:
        holds &= speed <= high if term["specific_speed_max_incl"] else speed < high
    return holds


def _rows(table: pl.DataFrame | None) -> Iterable[dict[str, Any]]:
    return () if table is None else table.iter_rows(named=True)


def _corrected(operation: str, value: float, holds: pl.Expr, easy: pl.Expr, hard: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Apply one correction; where it is unknown whether it applies, the pair widens."""
    if operation == "add":
        low, high = easy + value, hard + value
    else:
        low, high = pl.max_horizontal(easy, pl.lit(value)), pl.max_horizontal(hard, pl.lit(value))
    return (
        pl.when(holds.is_null()).then(pl.min_horizontal(easy, low)).when(holds).then(low).otherwise(easy),
        pl.when(holds.is_null()).then(pl.max_horizontal(hard, high)).when(holds).then(high).otherwise(hard),
    )
