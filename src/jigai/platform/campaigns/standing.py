"""How far each entry is: derived from what really happened, never typed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncDate

from jigai.platform.accounts.models import Membership, SignIn
from jigai.platform.campaigns.models import Campaign, Entry, Reminder, Step
from jigai.platform.imports.models import Upload
from jigai.platform.ledger.models import Act, DeviceState, OpenLine

EXTEND = "extend"
"""The step that changes no state."""


def with_standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add to each entry: ``state``, when it was taken (``since``), whether the report was ``late`` or the ledger
    ``changed`` afterwards, and when it was last reminded.

    The last step decides; before any (or after one was taken back) the ledger of the site, then the sign-ins.
    """
    last = Step.objects.filter(entry=OuterRef("pk")).exclude(kind=EXTEND).order_by("-pk")
    report = Step.objects.filter(entry=OuterRef("pk"), state="submitted").order_by("-pk")
    reminders = Reminder.objects.filter(entry=OuterRef("pk")).order_by("-pk")
    said = DeviceState.objects.filter(site=OuterRef("site"))
    members = Membership.objects.filter(organisation=OuterRef(OuterRef("org"))).values("user")
    signed_in = SignIn.objects.filter(user__in=members, started_at__gte=OuterRef("campaign__started_at"))
    return rows.annotate(
        stepped=Subquery(last.values("state")[:1]),
        since=Subquery(last.values("recorded_at")[:1]),
        state=Case(
            When(~Q(stepped="") & Q(stepped__isnull=False), then=F("stepped")),
            When(filled(), then=Value("filling")),
            When(Exists(signed_in), then=Value("empty")),
            default=Value("unseen"),
            output_field=CharField(),
        ),
        report_at=Subquery(report.values("recorded_at")[:1]),
        late=Subquery(report.values("late")[:1]),
        changed=Exists(said.filter(recorded_at__gt=OuterRef("report_at"))),
        reminded_at=Subquery(reminders.values("recorded_at")[:1]),
        reminded_people=Subquery(reminders.values("people")[:1]),
    )


def filled(before: datetime | None = None) -> Q:
    """Return whether anything came into the ledger of the site from the day on that counts, and until ``before``.

    What was said of a device, or is asked of a line; and a ledger that was taken in although it changed nothing, by
    itself or in a bulk. Such a ledger belongs to the site, whoever handed it in, so everybody sees the same state.
    """
    recorded = F("recorded_at")
    undone = Q(undone_at=None) | Q(undone_at__gte=before) if before else Q(undone_at=None)
    came = (
        (DeviceState.objects.all(), recorded),
        (OpenLine.objects.all(), recorded),
        (Act.objects.filter(undone, what="bulk"), recorded),
        (Upload.objects.filter(subject="ledger", state=Upload.State.DONE), Cast(KT("result__since"), DateTimeField())),
    )
    found = Q()
    for rows, moment in came:
        of_site = rows.filter(site=OuterRef("site")).annotate(came_at=moment, came_on=TruncDate(moment))
        until = {"came_at__lt": before} if before else {}
        found |= Q(Exists(of_site.filter(came_on__gte=OuterRef("campaign__counts_from"), **until)))
    return found


def counts(campaign: Campaign) -> Counter[tuple[str, str]]:
    """Count the entries on the list of a running survey by managing unit and state, within the scope in force."""
    listed = Entry.objects.filter(campaign=campaign, removed_at__isnull=True)
    return Counter(with_standing(listed).order_by().values_list("manager_code", "state"))


def state_of(entry: Entry) -> str:
    """Return the state of one entry now; that of the record where the survey is closed."""
    if entry.final is not None:
        return str(entry.final["state"])
    return str(with_standing(Entry.objects.filter(pk=entry.pk)).values_list("state", flat=True)[0])


def last_report(entry: Entry) -> Step | None:
    """Return the report in force: the last one, unless it was taken back."""
    last = Step.objects.filter(entry=entry).exclude(kind=EXTEND).order_by("-pk").first()
    if last is None or not last.state:
        return None
    found: Any = Step.objects.filter(entry=entry, state="submitted").order_by("-pk").first()
    return found
