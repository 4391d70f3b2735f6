"""The scorecard of counties and zones: open weights, every point explained, what is missing never counted as full.

What was decided and why: ``docs/decisions/0009-scorecard.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

import polars as pl

from jigai.plan.amounts import SIX
from jigai.plan.score_words import Given, tell
from jigai.plan.scoring import MEASURES, Cell, Measure, Score, scores
from jigai.plan.targets import Operator

_POINTS: Final = pl.Decimal(38, 2)
_FIGURE: Final = pl.Decimal(38, 6)
_CENT: Final = Decimal("0.01")
ROWS: Final = pl.Schema(
    {
        "unit": pl.String(),
        "item": pl.String(),
        "measure": pl.String(),
        "value": _FIGURE,
        "target": _FIGURE,
        "coverage": _FIGURE,
        "score": _FIGURE,
        "weight": _POINTS,
        "points": _POINTS,
        "max": _POINTS,
        "state": pl.String(),
        "reason_zh": pl.String(),
        "reason_en": pl.String(),
        "drill": pl.String(),
    }
)
"""One row per unit and item. ``weight`` is that of the unit after redistribution, ``max`` the most points it can give,
``score`` the share after cap and floor. ``state``: counted, grey (coverage too low), missing, not_applicable."""
TOTALS: Final = pl.Schema(
    {
        "unit": pl.String(),
        "points": _POINTS,
        "max": _POINTS,
        "grey_points": _POINTS,
        "missing": pl.Int64(),
        "rank": pl.Int64(),
        "tied": pl.Boolean(),
    }
)
"""One row per unit, the first rank first: the sum of its points, how many of them are grey, how many items are missing;
``rank`` is shared by those with equal points (1, 2, 2, 4) and empty where no item applies."""


class ScorecardError(ValueError):
    """A scorecard that cannot be: the text names the item or unit and what is wrong with it."""


@dataclass(frozen=True)
class Item:
    """One item of the scorecard, from the plan file.

    Attributes:
        objective: key of the objective, which is the key of the item.
        weight: points, with at most two decimals.
        measure: how points are given: a key of ``data/score_measures.csv``.
        operator: of the objective's target: whether more or less is better.
        unit: unit its figures are told in.
        cap, floor: bounds of the score (1 is full, 1.2 lets a unit earn a fifth beyond).
    """

    objective: str
    weight: Decimal
    measure: Measure
    operator: Operator = ">="
    unit: str = ""
    cap: Decimal = Decimal(1)
    floor: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise ScorecardError(f"{self.objective}: no measure {self.measure!r}; there are {', '.join(MEASURES)}")
        if self.weight <= 0 or self.weight != self.weight.quantize(_CENT):
            raise ScorecardError(f"{self.objective}: weight {self.weight}: above zero, with two decimals at most")
        if not 0 <= self.floor <= self.cap or self.cap <= 0:
            raise ScorecardError(
                f"{self.objective}: a floor of {self.floor} and a cap of {self.cap} leave nothing between"
            )


@dataclass(frozen=True)
class Scorecard:
    """The points of every unit and what they rest on; ``rows`` as `ROWS`, ``totals`` as `TOTALS`."""

    items: tuple[Item, ...]
    share: Decimal
    rows: pl.DataFrame
    totals: pl.DataFrame


def scorecard(
    items: Sequence[Item], units: Sequence[str], cells: Sequence[Cell], share: Decimal = Decimal("0.8")
) -> Scorecard:
    """Return the scorecard of ``units``.

    A cell that is not there is a figure that is missing: no points. Points whose coverage is below ``share`` (0–1)
    count and are grey. The weight of an item that does not apply goes to the unit's other items in proportion.

    Raises:
        ScorecardError: an item, unit or cell is there twice, or a cell is of an unknown unit or item.
    """
    known = _placed(items, units, cells)
    made = {item.objective: scores(item.measure, item.operator, [known[unit, item.objective] for unit in units])
            for item in items}  # fmt: skip
    rows = []
    for unit in units:
        weights = _weights(items, [known[unit, item.objective].not_applicable is None for item in items])
        for item, weight in zip(items, weights, strict=True):
            cell = known[unit, item.objective]
            rows.append(_row(item, weight, cell, made[item.objective].get(unit), share))
    frame = pl.DataFrame(rows, schema=ROWS, orient="row")
    return Scorecard(tuple(items), share, frame, _totals(frame, units))


def _placed(items: Sequence[Item], units: Sequence[str], cells: Sequence[Cell]) -> dict[tuple[str, str], Cell]:
    """Return one cell for each unit and item, an empty one where none was given."""
    keys = [item.objective for item in items]
    for what, names in (("item", keys), ("unit", list(units))):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ScorecardError(f"{what} there twice: {', '.join(twice)}")
    known = {(unit, key): Cell(unit, key) for unit in units for key in keys}
    seen = set()
    for cell in cells:
        place = cell.unit, cell.item
        if place not in known:
            raise ScorecardError(f"no unit {cell.unit!r} with an item {cell.item!r}")
        if place in seen:
            raise ScorecardError(f"{cell.unit}, {cell.item}: there twice")
        seen.add(place)
        known[place] = cell
    return known


def _weights(items: Sequence[Item], applies: Sequence[bool]) -> list[Decimal]:
    """Return the weights of one unit: those that apply share out the rest in proportion, to the hundredth.

    Hundredths left over by rounding go to the largest remainders, so that they sum to the same total for everybody.
    """
    held = [item.weight if applied else Decimal(0) for item, applied in zip(items, applies, strict=True)]
    total, left = sum((item.weight for item in items), Decimal(0)), sum(held, Decimal(0))
    if not left:
        return held
    exact = [weight * total / left for weight in held]
    cut = [weight.quantize(_CENT, ROUND_DOWN) for weight in exact]
    order = sorted(range(len(cut)), key=lambda number: (cut[number] - exact[number], number))
    for number in order[: int((total - sum(cut, Decimal(0))) / _CENT)]:
        cut[number] += _CENT
    return cut


def _row(item: Item, weight: Decimal, cell: Cell, score: Score | None, share: Decimal) -> tuple[object, ...]:
    bounded = None if score is None or score.share is None else min(max(score.share, item.floor), item.cap)
    points = (weight * (bounded or Decimal(0))).quantize(_CENT, ROUND_HALF_UP)
    most = (weight * item.cap).quantize(_CENT, ROUND_HALF_UP)
    grey = item.measure != "coverage" and cell.coverage is not None and cell.coverage < share
    state = "not_applicable" if score is None else "missing" if bounded is None else "grey" if grey else "counted"
    given = Given(item.weight, weight, most, points)
    told = tell(item.unit, given, cell, score, share if state == "grey" else None)
    held = cell.value, cell.target, cell.coverage, bounded
    figures = [None if number is None else number.quantize(SIX) for number in held]
    return (
        cell.unit, item.objective, item.measure, *figures, weight, points, most, state, told.zh, told.en, cell.drill,
    )  # fmt: skip


def _totals(rows: pl.DataFrame, units: Sequence[str]) -> pl.DataFrame:
    grey = pl.when(pl.col("state") == "grey").then("points").otherwise(0).cast(_POINTS)
    sums = rows.group_by("unit").agg(
        pl.col("points", "max").sum().cast(_POINTS),
        grey.sum().cast(_POINTS).alias("grey_points"),
        (pl.col("state") == "missing").sum().cast(pl.Int64).alias("missing"),
        (pl.col("state") != "not_applicable").any().alias("applies"),
    )
    ranked = pl.when("applies").then("points")
    return (
        pl.DataFrame({"unit": list(units)}, schema={"unit": pl.String()})
        .join(sums, on="unit", how="inner")
        .with_columns(rank=ranked.rank("min", descending=True).cast(pl.Int64))
        .with_columns(tied=pl.col("rank").is_not_null() & (pl.len().over("rank") > 1))
        .sort("rank", "unit", nulls_last=True)
        .select(TOTALS.names())
    )
