"""Remind people of what is due: once for each due date and stage (soon, today, late)."""

from __future__ import annotations

import hashlib
from datetime import date

from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership
from jigai.platform.home.todo import Todo, todos_for
from jigai.platform.notices.data import Stage, stages
from jigai.platform.notices.models import Notice
from jigai.platform.notices.services import Receiver, send
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope


def remind(todo: Todo, to: Receiver, today: date, key: str = "") -> list[Notice]:
    """Send a reminder of ``todo`` to those not reminded in its present stage yet; nothing where it is not due soon.

    Args:
        todo: what is to be done, with its due date; a new due date is reminded of afresh.
        to: who is to do it.
        today: the day on which it is asked, in China.
        key: what the thing is called, the same on every day; made from title and address where empty.
    """
    stage = stage_of(todo, today)
    if stage is None:
        return []
    named = key or hashlib.sha256(f"{todo.title}|{todo.url}".encode()).hexdigest()[:24]
    return send(
        command("reminders"),
        to=to,
        kind="reminder",
        title=f"{stage.word}：{todo.title}",
        text=" ".join(part for part in (todo.subject, todo.detail) if part),
        url=todo.url,
        due=todo.due,
        key=f"remind:{named}:{todo.due}:{stage.key}",
    )


def stage_of(todo: Todo, today: date) -> Stage | None:
    """Return the latest stage of ``reminders.csv`` that has been reached."""
    if todo.due is None:
        return None
    left = (todo.due - today).days
    return next((one for one in stages() if left <= one.days_before), None)


def remind_post(post: Membership, today: date) -> int:
    """Remind one person, in one post, of everything of theirs that is due; return of how many things."""
    actor = actor_for(post)
    with use_scope(actor.scope):
        return sum(bool(remind(todo, post, today)) for todo in todos_for(actor))
