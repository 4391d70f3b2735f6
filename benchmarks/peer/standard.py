"""One efficiency standard on one device: which rows may apply, which grade they all agree on."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from benchmarks.peer.conditions import Device, compile_rule, exact
from benchmarks.peer.findings import Finding
from benchmarks.peer.tables import Limit, Table
from jigai.screening.efficiency.standards import Metric, ProductRule

BELOW = 9
_ROOM = Decimal("1e-9")
Number = Decimal | float
Answer = bool | None


@dataclass(frozen=True)
class Compared:
    """A device beside one limit row: what may be asked for each grade, and whether it is met."""

    limit: Limit
    metric: Metric
    value: Number | None
    bounds: dict[int, tuple[Number | None, Number | None]]
    met: dict[int, Answer]


class Standard:
    """One standard for one product."""

    def __init__(self, rule: ProductRule) -> None:
        """Read its table, corrections and classes once."""
        self.rule = rule
        self.table = Table.read(rule)
        self.metrics = {metric.key: metric for metric in rule.metrics}
        self.order = {metric.key: place for place, metric in enumerate(rule.metrics)}
        corrections = rule.table("corrections")
        self.corrections = [
            (compile_rule(row["condition"]), row["operation"], {g: exact(row.get(f"grade_{g}")) for g in rule.grades})
            for row in ([] if corrections is None else corrections.iter_rows(named=True))
        ]
        classes = rule.table("classes")
        self.classes = [
            (row["attribute"], row["value"], compile_rule(row["condition"]), int(row["grade"]))
            for row in ([] if classes is None else classes.iter_rows(named=True))
        ]
        terms = rule.dataset.tables.get("coefficients")
        self.terms = [] if terms is None else list(terms.iter_rows(named=True))

    def judge(self, device: Device) -> Finding:
        """Return graded, below the limit, undecided, or out of scope."""
        codes = self.table.codes(device)
        found = self.table.candidates(codes)
        if not found:
            return self._finding("out_of_scope", None, None)
        needs = self.table.needs(codes, found)
        blocked = any(need and axis.required for need, axis in zip(needs, self.rule.axes, strict=True))
        compared = [] if blocked else [self._compare(limit, device) for limit in found]
        grade = self._settle(compared)
        if grade is not None:
            return self._finding(_word(grade), *self._evidence(compared, grade))
        hint = self._hint(device)
        if hint is not None:
            return self._finding(_word(hint), None, None)
        asked = [name for need, axis in zip(needs, self.rule.axes, strict=True) if need for name in axis.ask]
        asked += [name for one in compared if one.value is None for name in one.metric.ask]
        missing = dict.fromkeys(name for name in asked if device.get(name) is None)
        return self._finding("undecided", None, None, ";".join(missing))

    def _compare(self, limit: Limit, device: Device) -> Compared:
        metric = self.metrics[limit.row["metric"]]
        value = _valid(metric, device.get(metric.attribute))
        bounds = {grade: self._bounds(grade, limit, metric, device) for grade in self.rule.grades}
        met = {grade: self._met(grade, limit, metric, value, *bounds[grade]) for grade in self.rule.grades}
        return Compared(limit, metric, value, bounds, met)

    def _bounds(self, grade: int, limit: Limit, metric: Metric, device: Device) -> tuple[Number | None, Number | None]:
        easy, hard = self._base(grade, limit, metric, device)
        for rule, operation, values in self.corrections:
            value = values[grade]
            if value is None or easy is None or hard is None:
                continue
            holds = rule.test(device)
            if holds is False:
                continue
            low = easy + value if operation == "add" else max(easy, value)
            high = hard + value if operation == "add" else max(hard, value)
            easy, hard = (low, high) if holds else (min(easy, low), max(hard, high))
        return (hard, easy) if metric.direction == "max" else (easy, hard)

    def _base(self, grade: int, limit: Limit, metric: Metric, device: Device) -> tuple[Any, Any]:
        cell = limit.row.get(f"grade_{grade}")
        if limit.start is not None and limit.end is not None:
            axis = next(axis for axis in self.rule.axes if axis.how == "interpolate")
            low, high = limit.start.get(f"grade_{grade}"), limit.end.get(f"grade_{grade}")
            x0: Any = limit.start.get(axis.attribute, limit.start.get(f"{axis.attribute}_max"))
            x1: Any = limit.end.get(axis.attribute, limit.end.get(f"{axis.attribute}_min"))
            x = device[axis.attribute]
            cell = None if low is None or high is None else low + (high - low) * ((x - x0) / (x1 - x0))
        if metric.rule in ("pump_water", "pump_petrochemical"):
            base = self._pump(metric.rule, limit, device)
            if base is None or cell is None:
                return None, None
            cell = base - float(cell) if metric.rule == "pump_water" else base + float(cell)
        elif metric.rule == "specified_efficiency":
            stated, room = device.get("specified_efficiency_pct"), device.get("efficiency_tolerance_pp")
            if grade == self.rule.grades[-1]:
                least = None if stated is None or room is None else stated - room
                return least, stated if least is None else least
            cell = None if stated is None or cell is None else stated + cell
        return cell, cell

    def _pump(self, rule: str, limit: Limit, device: Device) -> float | None:
        speed, flow = device.get("specific_speed"), device.get("flow_m3h")
        if speed is None or flow is None:
            return None
        speed, flow = float(speed), float(flow)
        if rule == "pump_water":
            return self._series("water_base", limit, math.log(speed), math.log(flow))
        flow = math.log(min(flow, 3000.0))
        base = self._series("petrochemical_base", limit, speed, flow)
        return base - self._series("petrochemical_delta", limit, speed, flow)

    def _series(self, formula: str, limit: Limit, speed: float, flow: float) -> float:
        total = 0.0
        for term in self.terms:
            if term["formula"] != formula or term["formula_class"] != limit.row["formula_class"]:
                continue
            low, high = term["specific_speed_min"], term["specific_speed_max"]
            if low is not None and not (speed >= low if term["specific_speed_min_incl"] else speed > low):
                continue
            if high is not None and not (speed <= high if term["specific_speed_max_incl"] else speed < high):
                continue
            total += term["coefficient"] * speed ** term["power_speed"] * flow ** term["power_flow"]
        return total

    def _met(
        self, grade: int, limit: Limit, metric: Metric, value: Number | None, easy: Number | None, hard: Number | None
    ) -> Answer:
        if limit.row["not_held_zh"] is not None:
            return None
        last = metric.rule == "specified_efficiency" and grade == self.rule.grades[-1]
        if not last and limit.row.get(f"grade_{grade}") is None:
            return bool(limit.row["role"] == "gate")
        if value is None:
            return None
        if metric.direction == "min":
            if hard is not None and _at_least(value, hard):
                return True
            return False if easy is not None and not _at_least(value, easy) else None
        if hard is not None and _at_least(hard, value):
            return True
        return False if easy is not None and not _at_least(easy, value) else None

    def _settle(self, compared: list[Compared]) -> int | None:
        """Return the grade all readings agree on, or None."""
        blocks: dict[str, dict[str, list[dict[int, Answer]]]] = defaultdict(lambda: defaultdict(list))
        for one in compared:
            blocks[one.limit.row["block"]][one.metric.key].append(one.met)
        best, worst = [], []
        for metrics in blocks.values():
            answers: dict[int, Answer] = {}
            for grade in self.rule.grades:
                each = [_agreed([met[grade] for met in mets]) for mets in metrics.values()]
                answers[grade] = False if False in each else None if None in each else True
            best.append(next((grade for grade, answer in answers.items() if answer is not False), BELOW))
            worst.append(next((grade for grade, answer in answers.items() if answer is True), BELOW))
        return min(best) if best and min(best) == max(worst) else None

    def _evidence(self, compared: list[Compared], grade: int) -> tuple[Compared, Number | None]:
        """Choose the row that decided, and the limit to state."""
        last = self.rule.grades[-1]
        asked = last if grade == BELOW else grade - 1

        def stated(one: Compared) -> Number | None:
            return one.bounds[last][0] if grade == BELOW else one.bounds[grade][1]

        def rank(one: Compared) -> tuple[Any, ...]:
            limit = stated(one)
            upward = (grade == BELOW) != (one.metric.direction == "max")
            number = 0.0 if limit is None else float(limit) if upward else -float(limit)
            failed = one.met.get(asked) is False
            return (
                not failed,
                one.limit.row["role"] == "gate",
                self.order[one.metric.key],
                limit is None,
                number,
                one.limit.number,
            )

        chosen = min(compared, key=rank)
        return chosen, stated(chosen)

    def _hint(self, device: Device) -> int | None:
        grades = {
            grade
            for attribute, value, rule, grade in self.classes
            if device.get(attribute) == value and rule.test(device) is True
        }
        return grades.pop() if len(grades) == 1 else None

    def _finding(
        self, outcome: str, evidence: Compared | None, limit: Number | None, missing: str | None = None
    ) -> Finding:
        rule, judged = self.rule, outcome.startswith(("grade", "below"))
        table = None if evidence is None else f"表{evidence.limit.row['table']}"
        value = None if evidence is None else evidence.value
        text, shown = table or "", "" if limit is None else f"{float(limit):.6g}"
        measured = "" if value is None else f"{float(value):.6g}"
        return Finding(
            "efficiency",
            outcome,
            basis="ledger" if judged else None,
            rule_id=f"{rule.dataset.id}:{rule.product}" if judged else None,
            document=rule.document,
            clause=table,
            certainty=str(evidence.limit.row["certainty"]) if evidence else None,
            metric=None if evidence is None else evidence.metric.attribute,
            value=None if value is None else Decimal(repr(float(value))),
            limit=None if limit is None else round(Decimal(repr(float(limit))), 6),
            unit=None if evidence is None else evidence.metric.unit,
            missing=missing,
            reason_zh=(
                f"按 {rule.document} {text}，限值 {shown}，实际 {measured}，结论 {outcome}，缺少 {missing or '无'}。"
            ),
            reason_en=(
                f"By {rule.dataset.number} {text}, limit {shown}, value {measured}: "
                f"{outcome}; missing {missing or 'nothing'}."
            ),
            dataset=rule.dataset.id,
        )


def _word(grade: int) -> str:
    return "below_limit" if grade == BELOW else f"grade_{grade}"


def _valid(metric: Metric, value: Number | None) -> Number | None:
    if value is None or not math.isfinite(value):
        return None
    if metric.valid_above is not None and value <= Decimal(repr(metric.valid_above)):
        return None
    if metric.valid_to is not None and value > Decimal(repr(metric.valid_to)):
        return None
    return value


def _at_least(value: Number, limit: Number) -> bool:
    """Compare exactly; a computed figure gets the room of its own arithmetic."""
    if isinstance(value, Decimal) and isinstance(limit, Decimal):
        return value >= limit
    return Decimal(repr(float(value))) >= Decimal(repr(float(limit))) - _ROOM


def _agreed(answers: list[Answer]) -> Answer:
    if all(answer is True for answer in answers):
        return True
    return False if all(answer is False for answer in answers) else None
