"""The workbench: to-dos grouped by how pressing they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from jigai.platform.home.todo import Todo


@dataclass(frozen=True)
class Row:
    """A to-do as shown: ``state`` is one of the states of a badge, ``left`` says how long there is."""

    todo: Todo
    state: str
    left: str
    waited: int | None


@dataclass(frozen=True)
class Group:
    """To-dos that are equally pressing; ``number`` counts them all, ``rows`` may be the first only."""

    name: str
    rows: list[Row]
    number: int = 0


def groups(todos: Iterable[Todo], today: date) -> list[Group]:
    """Return overdue, today, this week (until Sunday) and later; empty groups are left out."""
    sunday = today + timedelta(days=6 - today.weekday())
    names = {"overdue": _("逾期"), "today": _("今天"), "week": _("本周"), "later": _("之后")}
    found: dict[str, list[Row]] = {key: [] for key in names}
    for todo in todos:
        key = "later"
        if todo.due is not None and todo.due < today:
            key = "overdue"
        elif todo.due == today:
            key = "today"
        elif todo.due is not None and todo.due <= sunday:
            key = "week"
        found[key].append(_row(todo, key, today))
    return [Group(names[key], rows, len(rows)) for key, rows in found.items() if rows]


def _row(todo: Todo, key: str, today: date) -> Row:
    state = {"overdue": "stop", "today": "warn", "week": "warn", "later": "idle"}[key]
    days = abs((todo.due - today).days) if todo.due else 0
    left = ""
    if key == "overdue":
        left = _("逾期 %(days)d 天") % {"days": days}
    elif key == "today":
        left = _("今天")
    elif todo.due:
        left = _("余 %(days)d 天") % {"days": days}
    return Row(todo, state, left, (today - todo.since).days if todo.since else None)


def first(found: list[Group], most: int) -> list[Group]:
    """Return the ``most`` most pressing to-dos of all groups; groups of which none is left are left out."""
    kept = []
    for group in found:
        if most > 0:
            kept.append(Group(group.name, group.rows[:most], group.number))
        most -= len(group.rows)
    return kept


def summary(found: list[Group]) -> str:
    """Say in one line what waits: 待办 14 项：逾期 2，今天 1."""
    number = sum(len(group.rows) for group in found)
    if not number:
        return _("没有待办事项。")
    parts = "，".join(f"{group.name} {len(group.rows)}" for group in found)
    return _("待办 %(number)d 项：%(parts)s") % {"number": number, "parts": parts}
