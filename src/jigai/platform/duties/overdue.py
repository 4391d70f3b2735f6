"""What is owed and what is late on a day, by ``rules.csv``: monthly reports, milestones, tasks that do not move.

The day is passed in, and everything is told as it was known on it (D16), so that the list of any past day comes out
again. Months are counted by the calendar, the day a report is due by the register of holidays (D22).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.duties.data import ACTIVE, rule, rules
from jigai.platform.duties.models import Duty, Milestone, MilestoneStep, MilestoneTerm, Report, Share, ShareStep
from jigai.platform.registers.workdays import Calendar, calendar, due
from jigai.platform.walls.scope import current_scope


@dataclass(frozen=True)
class Owed:
    """Something owed for a task: by which ``rule``, by whom (no share: nobody leads it), since when it is due.

    ``about`` is the month (``2026-10``) or the number of the milestone; ``words`` say what it is, ``detail`` more.
    """

    duty: Duty
    share: Share | None
    rule: str
    about: str
    words: str
    detail: str
    due: date

    @property
    def key(self) -> tuple[int, int, str, str]:
        """What makes it the same thing on another day."""
        return self.duty.pk, self.share.pk if self.share else 0, self.rule, self.about


@dataclass(frozen=True)
class Late(Owed):
    """Something owed whose day has passed, ``days`` ago [natural days]."""

    days: int = 0

    @property
    def organisation(self) -> str:
        """Who is late; empty where nobody leads the task."""
        return str(self.share.organisation) if self.share else ""

    @property
    def rule_name(self) -> str:
        """Which rule says so, in the language of the page."""
        return rules()[self.rule].word.label


class _Said(NamedTuple):
    month: date
    percent: int
    on: date


@dataclass
class _Known:
    """What was known on the day of one share: its state, since when it counts, what was reported."""

    state: str = "unclaimed"
    since: date | None = None
    states: list[tuple[date, str]] = field(default_factory=list)
    reports: list[_Said] = field(default_factory=list)

    def step(self, kind: str, state: str, day: date) -> None:
        self.state = state
        self.states.append((day, state))
        if kind in ("claim", "assign", "confirm_claim"):
            self.since = day

    def active_in(self, month: date) -> bool:
        """Say whether it was worked at when a month ended: what was completed by then owes no report of it."""
        end = _month_on(month, 1)
        return next((state for day, state in reversed(self.states) if day < end), "") in ACTIVE

    def say(self, month: date, percent: int, day: date) -> None:
        """Put a report behind those before it, or in the place of the one it corrects.

        A correction that says no more than what it corrects is no movement: the day of the former stays.
        """
        former = self.reports.pop() if self.reports and self.reports[-1].month == month else None
        self.reports.append(_Said(month, percent, former.on if former and percent <= former.percent else day))


def overdue(on: date, known: Calendar | None = None) -> list[Late]:
    """Return what is late on a day, the longest first, in the scope in force.

    Args:
        on: the day; also one past, as things were known then.
        known: the calendar of holidays, where it is at hand.
    """
    late = [Late(**{**vars(one), "days": (on - one.due).days}) for one in owed(on, known) if one.due < on]
    return sorted(late, key=lambda one: (-one.days, one.duty.position, one.organisation))


def owed(on: date, known: Calendar | None = None) -> list[Owed]:
    """Return everything owed on a day, late or not: reports of months that are over, milestones of the days ahead."""
    shares = list(
        Share.objects.select_related("duty", "organisation").filter(
            Q(duty__ended_at__isnull=True) | Q(duty__ended_at__gt=_end(on))
        )
    )
    told = _known(shares, on)
    counted = known or calendar()
    points = _points(on)
    reached = _reached([one.milestone for one in points], on)
    moved: dict[int, date] = {}
    for one in points:
        if day := reached.get(one.milestone_id):
            moved[one.milestone.duty_id] = max(day, moved.get(one.milestone.duty_id, day))
    found: list[Owed] = []
    for share in shares:
        if told[share.pk].state in ACTIVE and (share.role == Share.Role.LEAD or rule("support_reports")):
            found += _reports(share, told[share.pk], on, counted)
            if share.role == Share.Role.LEAD:
                found += _stalled(share, told[share.pk], on, moved.get(share.duty_id))
    return [*found, *_milestones(points, shares, told, on, reached)]


def report_due(month: date, known: Calendar) -> date:
    """Return the day by which a month is reported: so many working days into the next one."""
    said = rules()["report_day"]
    return due(_month_on(month, 1) - timedelta(days=1), said.value, said.unit, known=known).day


def months_owed(since: date, on: date) -> list[date]:
    """Return the months that are over on a day, from the one in which a share was taken on."""
    found, month = [], since.replace(day=1)
    while _month_on(month, 1) <= on:
        found.append(month)
        month = _month_on(month, 1)
    return found


def _end(on: date) -> datetime:
    """Return the end of a day in China."""
    return timezone.make_aware(datetime(on.year, on.month, on.day)) + timedelta(days=1)


def _month_on(month: date, count: int) -> date:
    year, place = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, place + 1, 1)


def _known(shares: Sequence[Share], on: date) -> dict[int, _Known]:
    """Return what was known of each share on a day. Read within the scope of who asks: others' steps are not there,
    and their shares count as not taken on."""
    told: dict[int, _Known] = defaultdict(_Known)
    steps = ShareStep.objects.filter(share__in=shares, recorded_at__lt=_end(on)).order_by("pk")
    for step in steps.only("share_id", "kind", "state", "recorded_at"):
        told[step.share_id].step(step.kind, step.state, timezone.localdate(step.recorded_at))
    rows = Report.objects.filter(share__in=shares, recorded_at__lt=_end(on)).order_by("month", "pk")
    for share, month, percent, at in rows.values_list("share_id", "month", "percent", "recorded_at"):
        told[share].say(month, percent, timezone.localdate(at))
    return told


def active_at_end(month: date) -> set[int]:
    """Return the numbers of the shares that were worked at when a month ended (or are, where it is not over), in the
    scope in force: these owe its report."""
    told: dict[int, _Known] = defaultdict(_Known)
    steps = ShareStep.objects.filter(recorded_at__lt=_end(_month_on(month, 1) - timedelta(days=1))).order_by("pk")
    for share, kind, state, at in steps.values_list("share_id", "kind", "state", "recorded_at"):
        told[share].step(kind, state, timezone.localdate(at))
    return {pk for pk, one in told.items() if one.active_in(month)}


def _points(on: date) -> list[MilestoneTerm]:
    """Return the milestones in force on a day, as the version of the plan said them that was in use on it.

    What the first version of a plan says counted before it was adopted here too.
    """
    first: dict[str, datetime] = {}
    said: dict[int, MilestoneTerm] = {}
    for term in MilestoneTerm.objects.select_related("milestone__duty").order_by("pk"):
        begun = first.setdefault(term.milestone.duty.plan_id, term.recorded_at)
        if term.recorded_at < _end(on) or term.recorded_at == begun:
            said[term.milestone_id] = term
    return sorted((one for one in said.values() if not one.ended), key=lambda one: (one.due, one.milestone_id))


def _reached(points: Sequence[Milestone], on: date) -> dict[int, date]:
    """Return the milestones that were known on a day to be reached, with when they were.

    Of one whose notes are not in scope (somebody else's), the day that stands at it is taken.
    """
    found: dict[int, date | None] = {}
    noted = set(MilestoneStep.objects.values_list("milestone_id", flat=True))
    found.update((one.pk, one.reached_on) for one in points if one.pk not in noted)
    steps = MilestoneStep.objects.filter(recorded_at__lt=_end(on)).order_by("pk")
    found.update(steps.values_list("milestone_id", "reached_on"))
    return {pk: day for pk, day in found.items() if day is not None}


def _reports(share: Share, told: _Known, on: date, known: Calendar) -> Iterator[Owed]:
    if told.since is None:
        return
    said = {one.month for one in told.reports}
    missing = [month for month in months_owed(told.since, on) if month not in said and told.active_in(month)]
    if missing:
        first = missing[0]
        words = _("%(month)s 月报") % {"month": f"{first:%Y-%m}"}
        detail = _("共缺 %(n)d 个月") % {"n": len(missing)} if len(missing) > 1 else ""
        yield Owed(share.duty, share, "report_day", f"{first:%Y-%m}", words, detail, report_due(first, known))


def _stalled(share: Share, told: _Known, on: date, reached: date | None) -> Iterator[Owed]:
    """Yield that a share does not move: since it was taken on, last rose, or a milestone of the task was reached."""
    if told.since is None:
        return
    moved, highest = told.since, 0
    for one in told.reports:
        if one.percent > highest:
            moved, highest = max(moved, one.on), one.percent
    moved = max(moved, reached or moved)
    if highest == 100:
        return
    said = rules()["stalled"]
    last = due(moved, said.value, said.unit, known=_PLAIN).day
    if last < on:
        words = _("%(day)s 以来没有新进展") % {"day": moved}
        yield Owed(share.duty, share, "stalled", f"{moved}", words, _("进度 %(n)d%%") % {"n": highest}, last)


_PLAIN = Calendar(frozenset(), frozenset())
"""Months need no register of holidays."""


def _milestones(
    points: Sequence[MilestoneTerm],
    shares: Sequence[Share],
    told: dict[int, _Known],
    on: date,
    reached: dict[int, date],
) -> Iterator[Owed]:
    """Yield milestones not reached that are past or near, once for each who leads the task or one below it.

    Those nobody leads are the city's; whoever does not see the whole cannot tell that nobody does.
    """
    near, whole = on + timedelta(days=rule("milestone_ahead")), current_scope().everything
    leads: dict[int, list[Share]] = defaultdict(list)
    for share in shares:
        if share.role == Share.Role.LEAD and told[share.pk].state in (*ACTIVE, "finishing"):
            leads[share.duty_id].append(share)
            if share.duty.parent_id:
                leads[share.duty.parent_id].append(share)
    for point in points:
        if point.milestone_id in reached or point.due > near:
            continue
        duty = point.milestone.duty
        once: dict[int, Share | None] = {share.organisation_id: share for share in leads.get(duty.pk, ())}
        for held in once.values() if once or not whole else [None]:
            yield Owed(duty, held, "milestone", str(point.milestone_id), point.title, "", point.due)
