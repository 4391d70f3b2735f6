"""What the city still has to say: everything a plan file leaves open, in one list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jigai.plan.file.faults import table
from jigai.plan.file.model import Bodies, Parameter, Plan, Subtask, Unknown, Words
from jigai.reference.errors import Language


@dataclass(frozen=True)
class Question:
    """One thing asked of the city.

    ``kind`` is *number*, *parameter*, *baseline*, *lead* or *scorecard*; ``about`` the id or key it concerns; ``whom``
    who is to answer, where that is known.
    """

    kind: str
    about: str
    text: Words
    whom: Words | None


def questions(plan: Plan) -> tuple[Question, ...]:
    """Return everything the plan asks of the city, in the order of the file."""
    return tuple(_questions(plan))


def _questions(plan: Plan) -> Iterator[Question]:
    if isinstance(plan.number, Unknown):
        yield Question("number", plan.id, _text("number", why=plan.number.missing), plan.number.whom)
    for parameter in plan.parameters:
        if parameter.ask:
            kind = "parameter_open" if parameter.value is None else "parameter"
            value = Words(written(parameter, plan), written(parameter, plan, "en"))
            text = _text(kind, title=parameter.title, value=value, why=parameter.why or Words(""))
            yield Question("parameter", parameter.key, text, parameter.whom)
    for objective in plan.objectives:
        for target in objective.targets:
            if target.baseline and target.baseline.missing:
                text = _text("baseline", title=objective.title, why=target.baseline.missing)
                yield Question("baseline", objective.id, text, target.baseline.whom)
    yield from _leads(plan)
    if plan.scorecard.ask:
        why = plan.scorecard.why or Words("")
        yield Question("scorecard", plan.id, _text("scorecard", why=why), plan.scorecard.whom)


def _leads(plan: Plan) -> Iterator[Question]:
    """Ask who leads; a sub-task is asked about only where its task has a lead and it has none."""
    above: Bodies = ()
    for one in (*plan.objectives, *plan.all_tasks()):
        is_part = isinstance(one, Subtask)
        if one.lead is None and not (is_part and above is None):
            yield Question("lead", one.id, _text("lead", title=one.title), None)
        if not is_part:
            above = one.lead


def written(parameter: Parameter, plan: Plan, language: Language = "zh") -> str:
    """Return the value of a parameter as people write it, with its unit; empty while there is none."""
    value = parameter.value
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(value)
    if isinstance(value, bool):
        return _templates()["yes" if value else "no"][language]
    if isinstance(value, Decimal):
        return f"{value:f} {plan.unit_called(parameter.unit or '', language)}".replace(" %", "%")
    return value or ""


def _text(kind: str, **values: Words) -> Words:
    return Words(*(_fill(kind, language, values) for language in ("zh", "en")))


def _fill(kind: str, language: Language, values: dict[str, Words]) -> str:
    return _templates()[kind][language].format(**{name: words.say(language) for name, words in values.items()})


@cache
def _templates() -> dict[str, dict[str, str]]:
    return {row["kind"]: row for row in table("questions")}
