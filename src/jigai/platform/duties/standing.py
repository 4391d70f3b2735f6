"""How far a task is, told from its shares; and how far a task with sub-tasks is, told from these."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jigai.platform.duties.models import Duty, Share

_PASSED = ("unclaimed", "refused", "released")
"""States of a share that nobody works in."""


def state_from(states: Collection[str]) -> str:
    """Return the state of a task from those of the shares that lead it, or of its sub-tasks.

    Completed only where all are; sent back where one is; under way where one is; to be confirmed where one is and
    none is under way.
    """
    counted = [state for state in states if state not in ("refused", "released")]
    if not counted or all(state == "unclaimed" for state in counted):
        return "unclaimed"
    for whole in ("done", "proposed"):
        if all(state == whole for state in counted):
            return whole
    if all(state in ("done", "finishing") for state in counted):
        return "finishing"
    for one in ("returned", "doing"):
        if one in counted:
            return one
    if "done" in counted or "finishing" in counted:
        return "doing"
    return "claimed" if "claimed" in counted else "proposed"


def mean(percents: Sequence[int | None]) -> int | None:
    """Return the mean of what was reported [%], rounded down; None where nobody has: silence is not nothing done."""
    said = [one for one in percents if one is not None]
    return sum(said) // len(said) if said else None


def settle(duty: Duty) -> None:
    """Bring state and percentage of a task, and of the one it belongs to, in line with its shares."""
    _follow(duty)
    if duty.parent_id:
        parent = Duty.objects.select_for_update(of=("self",)).get(pk=duty.parent_id)
        _gather(parent)


def settle_all(plan_id: str) -> None:
    """Bring every task of a plan in line: after a new version was adopted."""
    for duty in Duty.objects.filter(plan_id=plan_id, gathers=False):
        _follow(duty)
    for duty in Duty.objects.filter(plan_id=plan_id, gathers=True):
        _gather(duty)


def _follow(duty: Duty) -> None:
    """Bring a task in line with the shares that lead it; what somebody released or refused once said counts no more."""
    leads = list(Share.objects.filter(duty=duty, role=Share.Role.LEAD).values_list("state", "percent"))
    percents = [percent for state, percent in leads if state not in _PASSED]
    _keep(duty, state_from([state for state, _percent in leads]), mean(percents))


def _gather(duty: Duty) -> None:
    below = list(Duty.objects.filter(parent=duty, ended_at__isnull=True).values_list("state", "percent"))
    _keep(duty, state_from([state for state, _percent in below]), mean([percent for _state, percent in below]))


def _keep(duty: Duty, state: str, percent: int | None) -> None:
    if (duty.state, duty.percent) != (state, percent):
        duty.state, duty.percent = state, percent
        duty.save(update_fields=["state", "percent"])
