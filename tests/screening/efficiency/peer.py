"""A slow second opinion: one device at a time, exact decimals, straight from the CSV files.

It shares nothing with the check but the data. Every axis of a device must be known.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from decimal import Decimal, getcontext
from functools import cache
from importlib.resources import files
from typing import Any

getcontext().prec = 50
Row = dict[str, str]


@cache
def rows_of(dataset: str, table: str) -> tuple[Row, ...]:
    place = files("jigai.reference").joinpath("data", dataset, f"{table}.csv")
    if not place.is_file():
        return ()
    return tuple(csv.DictReader(place.read_text(encoding="utf-8").splitlines()))


def exact(value: object) -> Decimal:
    return Decimal(str(value))


@dataclass(frozen=True)
class Limit:
    """One metric's row as it applies to the device: limits by grade, None where the grade does not exist."""

    block: str
    metric: str
    role: str
    grades: dict[int, Decimal | None]
    held: bool


def grade(dataset: str, product: str, device: dict[str, Any]) -> str:
    """Return the outcome of a device whose product, axes and figures are all known."""
    found = matching(dataset, product, device)
    if not found:
        return "out_of_scope"
    if any(not limit.held for limit in found):
        return "undecided"
    metrics = {row["metric"]: row for row in rows_of(dataset, "metrics") if row["product"] == product}
    outcomes = {outcome_of_block(block, found, metrics, device) for block in {limit.block for limit in found}}
    return outcomes.pop() if len(outcomes) == 1 else "undecided"


def outcome_of_block(block: str, found: list[Limit], metrics: dict[str, Row], device: dict[str, Any]) -> str:
    mine = [limit for limit in found if limit.block == block]
    for level in sorted(mine[0].grades):
        if all(meets(limit, level, metrics[limit.metric], device) for limit in mine):
            return f"grade_{level}"
    return "below_limit"


def meets(limit: Limit, level: int, metric: Row, device: dict[str, Any]) -> bool:
    asked = limit.grades[level]
    if asked is None:
        return limit.role == "gate"
    value = exact(device[metric["attribute"]])
    near = Decimal("1e-9")
    return value >= asked - near if metric["direction"] == "min" else value <= asked + near


def matching(dataset: str, product: str, device: dict[str, Any]) -> list[Limit]:
    axes = [row for row in rows_of(dataset, "axes") if row["product"] == product]
    table = [row for row in rows_of(dataset, "limits") if row["product"] == product]
    sliding = next((axis for axis in axes if axis["how"] in ("interpolate", "between")), None)
    fixed = [axis for axis in axes if axis is not sliding]
    table = [row for row in table if all(fits(dataset, row, axis, device) for axis in fixed)]
    if sliding is None:
        return [limit(dataset, product, row, device) for row in table]
    hits = [row for row in table if fits(dataset, row, sliding, device)]
    if hits:
        return [limit(dataset, product, row, device) for row in hits]
    return neighbours(dataset, product, table, sliding, device)


def neighbours(dataset: str, product: str, table: list[Row], axis: Row, device: dict[str, Any]) -> list[Limit]:
    name, value = axis["attribute"], exact(device[axis["attribute"]])
    found: list[Limit] = []
    for key in {(row["block"], row["metric"]) for row in table}:
        mine = [row for row in table if (row["block"], row["metric"]) == key and not row["not_held_zh"]]
        below = [row for row in mine if (top := end(row, name, "max")) is not None and top < value]
        above = [row for row in mine if (bottom := end(row, name, "min")) is not None and bottom > value]
        if not below or not above:
            continue
        left = max(below, key=lambda row: end(row, name, "max") or Decimal(0))
        right = min(above, key=lambda row: end(row, name, "min") or Decimal(0))
        if row_flag(left, name, "max") and row_flag(right, name, "min"):
            one, other = limit(dataset, product, left, device), limit(dataset, product, right, device)
            if axis["how"] == "between":
                found += [replace(one, block=f"{one.block} left"), replace(other, block=f"{one.block} right")]
            else:
                x0, x1 = end(left, name, "max"), end(right, name, "min")
                assert x0 is not None and x1 is not None
                found.append(mixed(one, other, (value - x0) / (x1 - x0)))
    return found


def mixed(one: Limit, other: Limit, share: Decimal) -> Limit:
    grades = {}
    for level, low in one.grades.items():
        high = other.grades[level]
        grades[level] = None if low is None or high is None else low + (high - low) * share
    return Limit(one.block, one.metric, one.role, grades, held=True)


def end(row: Row, name: str, side: str) -> Decimal | None:
    text = row[name] if name in row else row[f"{name}_{side}"]
    return Decimal(text) if text else None


def row_flag(row: Row, name: str, side: str) -> bool:
    return row.get(f"{name}_{side}_incl", "true") != "false"


def fits(dataset: str, row: Row, axis: Row, device: dict[str, Any]) -> bool:
    name, how = axis["attribute"], axis["how"]
    value = device.get(name)
    if how in ("text", "words"):
        listed = row[name].split(";") if row[name] else None
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return listed is None or text in listed
    if how == "group":
        return not row[name] or row[name] == group(dataset, name, exact(value))
    low, high = end(row, name, "min"), end(row, name, "max")
    if low is None and high is None:
        return True
    number = exact(value)
    over = low is None or number > low or (number == low and row_flag(row, name, "min"))
    under = high is None or number < high or (number == high and row_flag(row, name, "max"))
    return over and under


def group(dataset: str, name: str, value: Decimal) -> str | None:
    for row in rows_of(dataset, "groups"):
        if row["attribute"] == name and Decimal(row["min"]) <= value <= Decimal(row["max"]):
            return row["label"]
    return None


def limit(dataset: str, product: str, row: Row, device: dict[str, Any]) -> Limit:
    levels = sorted(int(name[-1]) for name in row if name.startswith("grade_"))
    cells = {level: Decimal(text) if (text := row[f"grade_{level}"]) else None for level in levels}
    rule = next(
        m["rule"] for m in rows_of(dataset, "metrics") if (m["product"], m["metric"]) == (product, row["metric"])
    )
    if rule.startswith("pump"):
        cells = {level: pump_limit(dataset, rule, row, cell, device) for level, cell in cells.items()}
    elif rule == "specified_efficiency":
        base = exact(device["specified_efficiency_pct"])
        cells = {level: base + cell if cell is not None else None for level, cell in cells.items()}
        cells[3] = base - exact(device["efficiency_tolerance_pp"])
    for correction in rows_of(dataset, "corrections"):
        if correction["product"] == product and holds(correction["condition"], device):
            cells = {level: corrected(correction, level, cell) for level, cell in cells.items()}
    return Limit(row["block"], row["metric"], row.get("role", "primary"), cells, not row["not_held_zh"])


def holds(condition: str, device: dict[str, Any]) -> bool:
    tests = [test.split(" = ") for test in condition.split("; ")]
    return all(str(device[name]).lower() == wanted for name, wanted in tests)


def corrected(correction: Row, level: int, cell: Decimal | None) -> Decimal | None:
    text = correction.get(f"grade_{level}")
    if cell is None or not text:
        return cell
    return cell + Decimal(text) if correction["operation"] == "add" else max(cell, Decimal(text))


def pump_limit(dataset: str, rule: str, row: Row, cell: Decimal | None, device: dict[str, Any]) -> Decimal | None:
    if cell is None:
        return None
    speed, flow = specific_speed(device), exact(device["flow_m3h"])
    if rule == "pump_water":
        return series(dataset, "water_base", row, speed, speed.ln(), flow.ln()) - cell
    logarithm = min(flow, Decimal(3000)).ln()
    base = series(dataset, "petrochemical_base", row, speed, speed, logarithm)
    return base - series(dataset, "petrochemical_delta", row, speed, speed, logarithm) + cell


def specific_speed(device: dict[str, Any]) -> Decimal:
    sides = 2 if device["double_suction"] else 1
    flow = exact(device["flow_m3h"]) / sides / 3600
    head = exact(device["head_m"]) / device["stages"]
    return Decimal("3.65") * exact(device["speed_rpm"]) * flow.sqrt() / head ** Decimal("0.75")


def series(dataset: str, formula: str, row: Row, speed: Decimal, x: Decimal, y: Decimal) -> Decimal:
    total = Decimal(0)
    for term in rows_of(dataset, "coefficients"):
        if (term["formula"], term["formula_class"]) == (formula, row["formula_class"]) and fits(
            dataset, term, {"attribute": "specific_speed", "how": "band"}, {"specific_speed": speed}
        ):
            total += Decimal(term["coefficient"]) * x ** int(term["power_speed"]) * y ** int(term["power_flow"])
    return total
