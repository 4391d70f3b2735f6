"""The tasks at a glance: by state, by organisation, and what one month brought, for the heads and the bulletin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from jigai.platform.accounts.models import Organisation
from jigai.platform.duties.data import FLOW, rule
from jigai.platform.duties.models import Milestone, Report, Share, ShareStep
from jigai.platform.duties.overdue import Late, active_at_end, overdue
from jigai.platform.duties.services import in_force
from jigai.platform.duties.standing import mean
from jigai.platform.web.workflow import Word

NOT_COUNTED = ("refused", "released")


@dataclass
class Office:
    """What one organisation has: how many tasks it leads and supports, how far they are, what is late."""

    organisation: Organisation
    leads: int = 0
    supports: int = 0
    unclaimed: int = 0
    done: int = 0
    owed: int = 0
    reported: int = 0
    late: int = 0
    longest: int = 0
    percents: list[int | None] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        """The mean of what it reported of the tasks it leads [%]; None where it reported nothing."""
        return mean(self.percents)


@dataclass(frozen=True)
class Month:
    """What a month brought: reports owed and given, milestones reached, due and next, completions, what is late."""

    month: date
    states: tuple[tuple[Word, int], ...]
    total: int
    owed: int
    reported: int
    reached: tuple[Milestone, ...]
    missed: tuple[Milestone, ...]
    coming: tuple[Milestone, ...]
    completed: tuple[Share, ...]
    late: tuple[Late, ...]
    offices: tuple[Office, ...]


def states() -> tuple[tuple[Word, int], ...]:
    """Return how many tasks there are in each state, without those that gather others; states nobody is in too."""
    found = Counter(in_force().filter(gathers=False).order_by().values_list("state", flat=True))
    shown = ("unclaimed", "proposed", "claimed", "doing", "returned", "finishing", "done")
    return tuple((FLOW.states[key], found[key]) for key in shown)


def offices(month: date, late: Iterable[Late]) -> tuple[Office, ...]:
    """Return what each organisation has, those with most to lead first; ``month`` is the one reports are counted of."""
    found: dict[int, Office] = {}
    rows = Share.objects.filter(duty__ended_at__isnull=True).exclude(state__in=NOT_COUNTED)
    shares = list(rows.select_related("organisation"))
    active = active_at_end(month)
    said = set(Report.objects.filter(month=month).values_list("share", flat=True))
    for share in shares:
        office = found.setdefault(share.organisation_id, Office(share.organisation))
        lead = share.role == Share.Role.LEAD
        office.leads += lead
        office.supports += not lead
        office.unclaimed += share.state == "unclaimed"
        office.done += share.state == "done"
        if lead and share.state != "unclaimed":
            office.percents.append(share.percent)
        if share.pk in said or (share.pk in active and (lead or rule("support_reports"))):
            office.owed += 1
            office.reported += share.pk in said
    for one in late:
        if one.share is not None and one.share.organisation_id in found:
            office = found[one.share.organisation_id]
            office.late += 1
            office.longest = max(office.longest, one.days)
    return tuple(sorted(found.values(), key=lambda one: (-one.leads, -one.supports, one.organisation.pk)))


def month_of(month: date, on: date) -> Month:
    """Return what a month brought as it stands on a day, in the scope in force."""
    first, last = month.replace(day=1), _next(month) - timedelta(days=1)
    late = overdue(on)
    points = list(Milestone.objects.filter(ended_at__isnull=True, duty__ended_at__isnull=True).select_related("duty"))
    after = _next(_next(month))
    confirmed: dict[int, Share] = {}
    begin, end = _start(first), _start(_next(month))
    steps = ShareStep.objects.filter(kind="confirm", recorded_at__gte=begin, recorded_at__lt=end)
    for step in steps.select_related("share__duty", "share__organisation"):
        if step.share.state == "done":
            confirmed[step.share_id] = step.share
    held = offices(first, late)
    counted = states()
    return Month(
        month=first,
        states=counted,
        total=sum(number for _word, number in counted),
        owed=sum(one.owed for one in held),
        reported=sum(one.reported for one in held),
        reached=tuple(one for one in points if one.reached_on and first <= one.reached_on <= last),
        missed=tuple(one for one in points if not one.reached_on and one.due < min(on, _next(month))),
        coming=tuple(one for one in points if not one.reached_on and on <= one.due < after),
        completed=tuple(confirmed.values()),
        late=tuple(late),
        offices=held,
    )


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
