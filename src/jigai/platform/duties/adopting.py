"""Make tasks from a plan, and bring them in line with a later version of it without losing what was reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jigai.plan.file import Plan
from jigai.platform.audit.services import record
from jigai.platform.duties import bodies, standing
from jigai.platform.duties.data import RUN
from jigai.platform.duties.drafting import Draft, drafts
from jigai.platform.duties.models import Adoption, Body, Duty, Milestone, MilestoneTerm
from jigai.platform.walls.actor import Actor

_TOLD: Final = ("title_zh", "clause", "quotes", "sectors", "note_zh", "lead", "support", "part_zh")
"""What of a task is told as changed where a new version says it otherwise, in this order."""


@dataclass(frozen=True)
class Change:
    """A task a version of the plan adds, ends, or says otherwise: ``before`` and ``after`` by column.

    ``names`` are what the departments and units are called, by their keys.
    """

    key: str
    title: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """What is said otherwise: the name of the column, before, after, in words."""
        names = {name: str(Duty._meta.get_field(name).verbose_name) for name in self.before}  # type: ignore[union-attr]
        plain = partial(_plain, self.names)
        return [(names[name], plain(self.before[name]), plain(self.after[name])) for name in self.before]


def _plain(names: Mapping[str, str], value: Any) -> str:
    """Write a column as a person reads it."""
    if value is None:
        return _("由市里定")
    if not isinstance(value, list):
        return str(value)
    return "、".join(
        one["words"] if isinstance(one, dict) else one[0] if isinstance(one, list) else names.get(one, one)
        for one in value
    )


@dataclass(frozen=True)
class Differences:
    """What adopting a plan would do: tasks added, changed, ended; milestones likewise, as ``key title day``."""

    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    ended: tuple[Change, ...]
    milestones_added: tuple[str, ...]
    milestones_moved: tuple[str, ...]
    milestones_ended: tuple[str, ...]
    first: bool

    @property
    def nothing(self) -> bool:
        """Whether everything is as it was."""
        return not any(
            (self.added, self.changed, self.ended, self.milestones_added, self.milestones_moved, self.milestones_ended)
        )

    def counts(self) -> dict[str, int]:
        """Return how many of each, for the record."""
        return {name: len(getattr(self, name)) for name in self.__dataclass_fields__ if name != "first"}


def differences(plan: Plan) -> Differences:
    """Return what adopting ``plan`` would change, compared with the tasks there are of the plan of its id."""
    known = {duty.key: duty for duty in Duty.objects.filter(plan_id=plan.id).prefetch_related("milestones")}
    wanted = {draft.key: draft for draft in drafts(plan)}
    added = [
        Change(one.key, one.values["title_zh"])
        for one in wanted.values()
        if one.key not in known or known[one.key].ended_at
    ]
    ended = [Change(one.key, one.title_zh) for one in known.values() if one.key not in wanted and not one.ended_at]
    changed, points, names = [], _Points(), _names(plan)
    for key, draft in wanted.items():
        duty = known.get(key)
        points.compare(duty, draft)
        if duty and not duty.ended_at and (told := _told(duty, draft)):
            changed.append(
                Change(key, draft.values["title_zh"], {name: getattr(duty, name) for name in told},
                       {name: draft.values[name] for name in told}, names)
            )  # fmt: skip
    return Differences(
        tuple(added), tuple(changed), tuple(ended), tuple(points.added), tuple(points.moved), tuple(points.ended),
        first=not known,
    )  # fmt: skip


def _names(plan: Plan) -> dict[str, str]:
    """Return what the departments and units are called, those a former version named too."""
    names = {one.key: one.short or one.name for one in Body.objects.filter(plan_id=plan.id)}
    names |= {one.key: one.short or one.name.zh for one in plan.departments}
    return names | {one.key: one.name.zh for one in plan.units}


def adopt(actor: Actor, plan: Plan, at: datetime) -> Differences:
    """Make the tasks of a plan, or bring them in line with a new version of it, and return what that changed.

    Texts and dates become those of the new version; tasks and milestones it no longer has are ended; shares, reports
    and what was noted stay with the task of the same key. Whom the plan names gets a share, not taken on as yet.

    Args:
        actor: who adopts it; needs ``duty.run``.
        plan: the plan as read.
        at: when.

    Raises:
        ValidationError: this version is the one in use already.
    """
    actor.require(RUN)
    with transaction.atomic():
        last = current(plan.id, lock=True)
        if last and last.version_hash == plan.content_hash:
            raise ValidationError(_("这个版本的方案已经采用，任务没有变化。"))
        changes = differences(plan)
        bodies.keep(plan)
        _store(plan, at)
        made = Adoption.objects.create(
            plan_id=plan.id,
            version_hash=plan.content_hash,
            title_zh=plan.title.zh,
            title_en=plan.title.en or "",
            text=plan.text.content,
            first_day=plan.period.first,
            last_day=plan.period.last,
            changes=changes.counts(),
            recorded_at=at,
            recorded_by=actor.label[:150],
        )
        bodies.name_shares(actor, plan.id, at)
        standing.settle_all(plan.id)
        record(actor, "duty.adopted", made, after={"plan": plan.id, "version": plan.content_hash, **changes.counts()})
    return changes


def current(plan_id: str = "", *, lock: bool = False) -> Adoption | None:
    """Return the adopted version that counts: of a plan, or of the plan adopted last; None where there is none."""
    rows = Adoption.objects.select_for_update() if lock else Adoption.objects.all()
    return (rows.filter(plan_id=plan_id) if plan_id else rows).order_by("-pk").first()


def _told(duty: Duty, draft: Draft) -> list[str]:
    return [name for name in _TOLD if getattr(duty, name) != draft.values[name] and not _only_moved(duty, draft, name)]


def _only_moved(duty: Duty, draft: Draft, name: str) -> bool:
    """Say whether only the place of the same sentences changed, since something was put in before them."""
    return name == "quotes" and [one["words"] for one in duty.quotes] == [one["words"] for one in draft.values[name]]


def _store(plan: Plan, at: datetime) -> None:
    known = {duty.key: duty for duty in Duty.objects.filter(plan_id=plan.id).prefetch_related("milestones")}
    stored: dict[str, Duty] = {}
    for draft in drafts(plan):
        duty = known.pop(draft.key, None) or Duty(plan_id=plan.id, key=draft.key, version=0)
        for name, value in draft.values.items():
            setattr(duty, name, value)
        duty.version_hash, duty.ended_at, duty.parent = plan.content_hash, None, stored.get(draft.parent)
        duty.version += 1
        duty.save()
        stored[draft.key] = duty
        _store_points(duty, draft, at)
    for duty in known.values():
        if not duty.ended_at:
            duty.ended_at = at
            duty.version += 1
            duty.save(update_fields=["ended_at", "version"])
            _end_points(duty.milestones.all(), at)


def _store_points(duty: Duty, draft: Draft, at: datetime) -> None:
    pairs, left = _paired(list(duty.milestones.all()), draft)
    for held, (title, day) in pairs:
        point = held or Milestone(duty=duty)
        before = (point.title_zh, point.title_en, point.due, point.ended_at) if held else None
        point.title_zh, point.title_en, point.due, point.ended_at = title.zh, title.en or "", day, None
        if before != (point.title_zh, point.title_en, point.due, None):
            point.save()
            _note_term(point, at)
    _end_points(left, at)


def _end_points(points: Iterable[Milestone], at: datetime) -> None:
    for point in points:
        if not point.ended_at:
            point.ended_at = at
            point.save(update_fields=["ended_at"])
            _note_term(point, at)


def _note_term(point: Milestone, at: datetime) -> None:
    """Keep what is said of a milestone from now on, beside what was said before."""
    said = {"title_zh": point.title_zh, "title_en": point.title_en, "due": point.due, "ended": bool(point.ended_at)}
    MilestoneTerm.objects.create(milestone=point, recorded_at=at, **said)


Pair = tuple[Milestone | None, tuple[Any, date]]


def _paired(held: list[Milestone], draft: Draft) -> tuple[list[Pair], list[Milestone]]:
    """Return which milestone there is for each the plan has, and those it has no longer.

    The same title and day; else the same title in that year (it was moved); else the same day (it was put otherwise).
    """
    left, found = list(held), dict[int, Milestone | None]()
    tests: tuple[Callable[[Milestone, Any, date], bool], ...] = (
        lambda one, title, day: one.title_zh == title.zh and one.due == day,
        lambda one, title, day: one.title_zh == title.zh and one.due.year == day.year,
        lambda one, title, day: one.due == day,
    )
    for test in tests:
        for place, (title, day) in enumerate(draft.milestones):
            if place not in found and (same := next((one for one in left if test(one, title, day)), None)):
                found[place] = same
                left.remove(same)
    return [(found.get(place), point) for place, point in enumerate(draft.milestones)], left


class _Points:
    """Gathers what happens to milestones, in words."""

    def __init__(self) -> None:
        self.added: list[str] = []
        self.moved: list[str] = []
        self.ended: list[str] = []

    def compare(self, duty: Duty | None, draft: Draft) -> None:
        pairs, left = _paired(list(duty.milestones.all()) if duty else [], draft)
        for held, (title, day) in pairs:
            if held is None or held.ended_at:
                self.added.append(f"{draft.key} {title.zh} {day}")
            elif (held.title_zh, held.due) != (title.zh, day):
                self.moved.append(f"{draft.key} {held.title_zh} {held.due} → {title.zh} {day}")
        self.ended += [f"{draft.key} {one.title_zh} {one.due}" for one in left if not one.ended_at]
