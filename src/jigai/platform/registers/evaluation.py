"""Columns computed out of a dataset, as ``register.yaml`` says which: a score out of parts, a level out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from jigai.attributes.scoring import Score, Step, Weight, level, score
from jigai.platform.registers.definition import Register, said
from jigai.platform.standards import active
from jigai.platform.web.wording import word
from jigai.reference import Reference


@dataclass(frozen=True)
class Outcome:
    """What was computed: the ``score`` with its parts (None for a plain score), the ``level`` and its wording.

    ``note`` says what the level rests on where that is not the rule itself; ``document`` is the dataset, ``basis``
    its id and content, kept with every version so that the result can be computed again.
    """

    score: Score | None
    points: float | None
    level: str
    word: str
    note: str
    document: str
    basis: str
    limits: tuple[Step, ...] = ()


def facts(day: date) -> Reference:
    """Return the datasets in force on ``day`` by the set in use."""
    return active.reference(day)


def evaluate(register: Register, values: Mapping[str, Any], day: date | None = None) -> Outcome | None:
    """Compute what the register computes for one entry; None where it computes nothing.

    ``day`` chooses the datasets in force, by default today.
    """
    plan = register.evaluation
    if not plan:
        return None
    reference = facts(day or timezone.localdate())
    dataset = reference.dataset(plan["dataset"])
    basis = f"{dataset.id}@{dataset.content_hash[:16]}"
    document = f"{dataset.title_zh} {dataset.number or ''}".strip()
    if plan["kind"] == "bands":
        columns = plan["columns"]
        steps = tuple(
            Step(row[columns["condition"]], row[columns["result"]])
            for row in _rows(reference, plan, plan["table"], plan["where"])
        )
        value = values.get(plan["score"])
        found = level(steps, None, value)
        return Outcome(None, value, _key(found), _word(register, found), "", document, basis, steps)
    result = score(_weights(reference, plan), {key: values.get(name) for name, key in plan["parts"].items()})
    steps, inferred = _levels(reference, plan)
    found = level(steps, result)
    return Outcome(
        result,
        result.least if result.complete else None,
        _key(found),
        _word(register, found),
        said(inferred) if found else "",
        document,
        basis,
        steps,
    )


def _key(found: Step | None) -> str:
    """Return a level as it is kept: ``3`` for the 3.0 of a table of numbers."""
    result = found.result if found else ""
    return f"{result:g}" if isinstance(result, float) else str(result)


def _word(register: Register, found: Step | None) -> str:
    """Return a level as people read it, by the choices of its column."""
    return word(register.table.attribute(register.evaluation["level"]), _key(found)) if found else ""


def limits(register: Register, outcome: Outcome) -> list[tuple[str, str]]:
    """Return the limits of the levels as people read them: condition and level."""
    return [(step.condition, _word(register, step)) for step in outcome.limits]


def computed(register: Register, values: Mapping[str, Any], day: date | None = None) -> tuple[dict[str, Any], str]:
    """Return the computed columns of an entry, and what they rest on (empty where nothing is computed)."""
    outcome = evaluate(register, values, day)
    if outcome is None:
        return {}, ""
    plan = register.evaluation
    found: dict[str, Any] = {plan["level"]: outcome.level or None}
    if outcome.score is not None:
        found[plan["score"]] = outcome.points
    return found, outcome.basis


def _rows(reference: Reference, plan: Mapping[str, Any], table: str, where: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = reference.table(plan["dataset"], table).to_dicts()
    return [row for row in rows if all(row.get(name) == wanted for name, wanted in where.items())]


def _weights(reference: Reference, plan: Mapping[str, Any]) -> list[Weight]:
    names, bands = plan["columns"], plan.get("bands") or {}
    steps: dict[str, list[Step]] = {}
    if bands:
        for row in reference.table(plan["dataset"], bands["table"]).to_dicts():
            steps.setdefault(row[bands["id"]], []).append(Step(row[bands["condition"]], row[bands["result"]]))
    return [
        Weight(
            row[names["id"]],
            row[names["item"]],
            row[names["parent"]] or "",
            float(row[names["points"]] or 0),
            tuple(steps.get(row.get(names.get("band", "")) or "", ())),
        )
        for row in _rows(reference, plan, plan["table"], plan["where"])
    ]


def _levels(reference: Reference, plan: Mapping[str, Any]) -> tuple[tuple[Step, ...], Mapping[str, str]]:
    limits = plan.get("levels") or {}
    if not limits:
        return (), {}
    rows = _rows(reference, plan, limits["table"], limits["where"])
    return tuple(Step(row[limits["condition"]], row[limits["result"]]) for row in rows), plan.get("inferred") or {}
