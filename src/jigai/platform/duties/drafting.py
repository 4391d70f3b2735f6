"""What tasks a plan asks for, as plain values: to be compared with those there are, and stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jigai.plan.file import Milestone, Plan, Quote, Subtask, Task, Words

Values = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """One task as the plan says it: ``values`` are columns of `Duty`, ``milestones`` titles and days."""

    key: str
    parent: str
    values: Values
    milestones: tuple[tuple[Words, date], ...]


def drafts(plan: Plan) -> list[Draft]:
    """Return the key tasks, measures and sub-tasks of a plan in its order."""
    found: list[Draft] = []
    for kind, tasks in (("task", plan.tasks), ("measure", plan.measures)):
        for task in tasks:
            found.append(_draft(plan, kind, task, task, len(found)))
            for one in task.subtasks:
                found.append(_draft(plan, kind, task, one, len(found)))
    return found


def _draft(plan: Plan, kind: str, task: Task, one: Task | Subtask, position: int) -> Draft:
    part = next((each for each in plan.parts if each.key == task.part), None)
    sectors = {each.key: each.title for each in plan.sectors}
    values: Values = {
        "kind": kind,
        "gathers": one is task and bool(task.subtasks),
        "position": position,
        "part": part.key if part else "",
        "part_zh": part.title.zh if part else "",
        "part_en": (part.title.en if part else None) or "",
        "title_zh": one.title.zh,
        "title_en": one.title.en or "",
        "clause": task.clause,
        "quotes": [_quote(each) for each in one.quotes],
        "sectors": [[sectors[key].zh, sectors[key].en or ""] for key in one.sectors],
        "note_zh": one.note.zh if one.note else "",
        "note_en": (one.note.en if one.note else None) or "",
        "lead": None if one.lead is None else list(_spelled(plan, one.lead)),
        "support": list(_spelled(plan, one.support)),
    }
    dated = tuple(point for each in one.milestones for point in _points(plan, each))
    return Draft(one.id, "" if one is task else task.id, values, dated)


def _quote(quote: Quote) -> dict[str, Any]:
    return {"words": quote.words, "start": quote.start, "end": quote.end}


def _spelled(plan: Plan, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the bodies that are meant: *units* stands for every unit of the plan."""
    for key in keys:
        if key == "units":
            yield from (unit.key for unit in plan.units)
        else:
            yield key


def _points(plan: Plan, milestone: Milestone) -> Iterator[tuple[Words, date]]:
    """Yield when a milestone falls due: one of every year falls on the same day of each year of the plan."""
    last = milestone.by.last
    if not milestone.each_year:
        yield milestone.title, last
        return
    for year in range(plan.period.first.year, last.year + 1):
        day = last if year == last.year else _same_day(last, year)
        if day >= plan.period.first:
            yield milestone.title, day


def _same_day(day: date, year: int) -> date:
    """Return the same day of another year; the end of a month stays its end."""
    after = day + timedelta(days=1)
    return date(year, after.month, 1) - timedelta(days=1) if after.day == 1 and after.month > 1 else _dated(day, year)


def _dated(day: date, year: int) -> date:
    return date(year, 12, 31) if (day.month, day.day) == (12, 31) else day.replace(year=year)
