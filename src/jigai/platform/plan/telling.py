"""A plan as its page tells it: objectives, tasks and measures, and its text with every quoted sentence marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from jigai.plan.file import Plan, Subtask, Task, said
from jigai.reference.errors import Language


@dataclass(frozen=True)
class Piece:
    """A run of the stored text; ``ids`` are the objectives and tasks that rest on it, empty where none does."""

    text: str
    ids: tuple[str, ...]


def objectives(plan: Plan, language: Language) -> list[dict[str, Any]]:
    """Return the objectives with their targets in words, and who leads."""
    return [
        {
            "id": one.id,
            "title": one.title.say(language),
            "clause": one.clause,
            "targets": [said(target, plan, language) for target in one.targets],
            "lead": bodies(plan, one.lead, language),
            "note": one.note.say(language) if one.note else "",
        }
        for one in plan.objectives
    ]


def tasks(plan: Plan, language: Language) -> list[dict[str, Any]]:
    """Return the tasks by the action they belong to, then the measures, each with its sub-tasks."""
    found = []
    for part in plan.parts:
        own = [_task(plan, one, language) for one in plan.tasks if one.part == part.key]
        found.append({"title": part.title.say(language), "tasks": own})
    loose = [_task(plan, one, language) for one in plan.tasks if one.part is None]
    found.append({"title": _("重点任务"), "tasks": loose})
    found.append({"title": _("保障措施"), "tasks": [_task(plan, one, language) for one in plan.measures]})
    return [one for one in found if one["tasks"]]


def _task(plan: Plan, one: Task, language: Language) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title.say(language),
        "clause": one.clause,
        "lead": bodies(plan, one.lead, language),
        "subtasks": [_subtask(plan, sub, language) for sub in one.subtasks],
        "milestones": _milestones(one, language),
    }


def _subtask(plan: Plan, one: Subtask, language: Language) -> dict[str, Any]:
    return {"id": one.id, "title": one.title.say(language), "milestones": _milestones(one, language)}


def _milestones(one: Task | Subtask, language: Language) -> list[str]:
    return [f"{held.title.say(language)}（{held.by}）" for held in one.milestones]


def bodies(plan: Plan, keys: tuple[str, ...] | None, language: Language) -> str:
    """Return departments or units in words; empty while the city is asked who leads."""
    named = {one.key: one.short or one.name.say(language) for one in plan.departments}
    named |= {one.key: one.name.say(language) for one in plan.units} | {"units": _("各县（区）、园区")}
    return "、".join(named.get(key, key) for key in keys or ())


def kinds() -> dict[str, str]:
    """Return the words of what two plans can differ in."""
    return {
        "plan": _("方案"),
        "objective": _("目标"),
        "parameter": _("参数"),
        "task": _("任务和措施"),
        "unit": _("管理主体"),
        "scorecard": _("计分"),
        "text": _("原文"),
    }


def pieces(plan: Plan) -> list[Piece]:
    """Cut the stored text where quotations begin and end; each piece knows what rests on it."""
    holders: Iterable[Any] = (*plan.objectives, *plan.all_tasks())
    spans = [(quote.start, quote.end, one.id) for one in holders for quote in one.quotes]
    content = plan.text.content
    cuts = sorted({0, len(content), *(start for start, _end, _id in spans), *(end for _start, end, _id in spans)})
    found = []
    for start, end in pairwise(cuts):
        ids = tuple(dict.fromkeys(id for first, last, id in spans if first <= start and end <= last))
        found.append(Piece(content[start:end], ids))
    return found
