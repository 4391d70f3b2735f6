"""How far a unit fulfils one item of its scorecard, between 0 and 1 before weights; a key says why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from jigai.plan.targets import Operator

Measure = Literal["target", "progress", "coverage", "growth", "share"]
MEASURES: Final[tuple[Measure, ...]] = ("target", "progress", "coverage", "growth", "share")
"""Keys of ``data/score_measures.csv``."""


@dataclass(frozen=True)
class Cell:
    """What is known of one unit for one item; all figures in the unit of the item.

    Attributes:
        unit, item: keys of the managing unit and of the item.
        value: the unit's own figure; None where there is none.
        target: what the unit shall reach (for ``up`` and ``down`` nothing); None where none was set.
        baseline: where it started; expected: where its path stands now.
        coverage: reported ÷ should (0–1); None where nobody should report.
        before: its figure of the same months a year before.
        size: its number of above-scale enterprises.
        not_applicable: why the item does not apply to it, in Chinese and English; None where it does.
        drill: what opens the figure: an address or key of the site, kept as it is.
    """

    unit: str
    item: str
    value: Decimal | None = None
    target: Decimal | None = None
    baseline: Decimal | None = None
    expected: Decimal | None = None
    coverage: Decimal | None = None
    before: Decimal | None = None
    size: Decimal | None = None
    not_applicable: tuple[str, str] | None = None
    drill: str = ""


@dataclass(frozen=True)
class Score:
    """A share of full points before cap and floor, or None and why; ``said`` is the sentence that tells it."""

    share: Decimal | None
    said: str
    figures: Mapping[str, Decimal]


def scores(measure: Measure, operator: Operator, cells: Sequence[Cell]) -> dict[str, Score]:
    """Return the score of every unit the item applies to, by unit; two measures need all units at once."""
    held = [cell for cell in cells if cell.not_applicable is None]
    if measure == "growth":
        return _growth(operator, held)
    if measure == "share":
        return _share(held)
    one = {"target": _target, "progress": _progress, "coverage": _coverage}[measure]
    return {cell.unit: one(operator, cell) for cell in held}


def _none(said: str) -> Score:
    return Score(None, said, {})


def _target(operator: Operator, cell: Cell) -> Score:
    """Return value ÷ target where more is better; where less is, the share of the way down from the baseline."""
    value = cell.value
    if value is None:
        return _none("no_value")
    against = cell.baseline if operator in ("up", "down") else cell.target
    if against is None:
        return _none("no_baseline" if operator in ("up", "down") else "no_target")
    figures = {"value": value, "against": against}
    if operator in ("up", "down"):
        return Score(Decimal(value > against if operator == "up" else value < against), "target", figures)
    if operator in (">", ">="):
        # A share of nothing, or of less than nothing, says nothing: reached or not.
        return Score(value / against if against > 0 else Decimal(value >= against), "target", figures)
    if value == against or (operator != "=" and value < against):
        return Score(Decimal(1), "target", figures)
    if cell.baseline is None:
        return _none("no_baseline")
    if cell.baseline == against:
        return Score(Decimal(0), "target", figures)
    way = (value - cell.baseline) / (against - cell.baseline)
    # Beyond a target that is to be met exactly is as far off as before it.
    return Score(2 - way if operator == "=" and way > 1 else way, "target", figures)


def _progress(operator: Operator, cell: Cell) -> Score:
    """Return the way come ÷ the way asked for by now; before the path begins, standing still is enough."""
    value, baseline, expected = cell.value, cell.baseline, cell.expected
    if value is None:
        return _none("no_value")
    if baseline is None or expected is None:
        return _none("no_path")
    figures = {"value": value, "expected": expected}
    if expected == baseline:
        kept = value <= expected if operator in ("<", "<=", "down") else value >= expected
        return Score(Decimal(kept), "progress", figures)
    return Score((value - baseline) / (expected - baseline), "progress", figures)


def _coverage(_operator: Operator, cell: Cell) -> Score:
    if cell.coverage is None:
        return _none("no_coverage")
    return Score(cell.coverage, "coverage", {"coverage": cell.coverage})


def _growth(operator: Operator, cells: Sequence[Cell]) -> dict[str, Score]:
    """Return each unit's rank by growth, spread evenly from 1 to 0; one alone in the comparison gets all."""
    grown = {
        cell.unit: (cell.value / cell.before - 1, cell)
        for cell in cells
        if cell.value is not None and cell.before is not None and cell.before > 0
    }
    made = {cell.unit: _none("no_value" if cell.value is None else "no_before") for cell in cells}
    sign = -1 if operator in ("<", "<=", "down") else 1
    for unit, (growth, cell) in grown.items():
        better = sum(sign * other > sign * growth for other, _ in grown.values())
        alike = sum(other == growth for other, _ in grown.values()) - 1
        peers = len(grown)
        # Those who are alike share the places they take together.
        share = Decimal(1) if peers == 1 else 1 - (better + Decimal(alike) / 2) / (peers - 1)
        figures = {"value": cell.value or Decimal(0), "before": cell.before or Decimal(0), "growth": growth}
        made[unit] = Score(share, "growth", {**figures, "place": Decimal(better + 1), "peers": Decimal(peers)})
    return made


def _share(cells: Sequence[Cell]) -> dict[str, Score]:
    """Return each unit's share of the city's figure over its share of the city's enterprises.

    The city is all units the item applies to; one whose size is missing leaves nobody to compare with.
    """
    total = sum((cell.value for cell in cells if cell.value is not None), Decimal(0))
    sizes = [cell.size for cell in cells]
    size = Decimal(0) if None in sizes else sum((one for one in sizes if one is not None), Decimal(0))
    made = {}
    for cell in cells:
        if cell.value is None:
            made[cell.unit] = _none("no_value")
        elif total <= 0 or size <= 0 or not cell.size:
            made[cell.unit] = _none("no_size")
        else:
            part, own = cell.value / total, cell.size / size
            made[cell.unit] = Score(part / own, "share", {"value": cell.value, "part": part, "size": own})
    return made
