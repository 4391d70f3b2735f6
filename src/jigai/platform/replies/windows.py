"""Tell enterprises of findings, and count from that day until when they may object (D22: days by the holidays)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Membership
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.notices.services import Group, send
from jigai.platform.registers.workdays import Calendar, Due, due
from jigai.platform.replies.data import period
from jigai.platform.replies.models import Told
from jigai.platform.screening.models import Finding
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope
from jigai.screening.verdict import ADVERSE

CONTESTABLE: Final = (*ADVERSE, "candidate", "listed")
"""Outcomes that go against the enterprise; what is merely undecided is settled by giving what is missing."""
READERS: Final = ("enterprise_head", "enterprise_equipment")
"""Who is told in an enterprise."""
SITES_A_ROUND: Final = 50


@dataclass(frozen=True)
class Window:
    """Until when an objection can be filed: ``due`` is None while the enterprise was not told yet.

    ``left`` is how many days there are still, by the calendar; negative once it is over.
    """

    told_on: date | None
    due: date | None
    left: int = 0
    certain: bool = True

    @property
    def over(self) -> bool:
        """Whether the last day has passed."""
        return self.due is not None and self.left < 0


def window_of(finding: Finding, today: date) -> Window:
    """Return the reply window of a finding as it stands on ``today``."""
    told = Told.objects.filter(
        device_id=finding.device_id,
        check_name=finding.check_name,
        outcome=finding.outcome,
        rule_id=finding.rule_id,
    ).first()
    return window(told, today)


def window(told: Told | None, today: date) -> Window:
    """Return the window that what an enterprise was told gives it; without that it has not begun."""
    if told is None:
        return Window(None, None)
    return Window(told.told_on, told.due, (told.due - today).days, told.certain)


def untold() -> QuerySet[Finding]:
    """Return the findings against an enterprise that it was not told of yet."""
    same = Told.objects.filter(
        device=OuterRef("device"),
        check_name=OuterRef("check_name"),
        outcome=OuterRef("outcome"),
        rule_id=OuterRef("rule_id"),
    )
    return Finding.objects.filter(~Exists(same), outcome__in=CONTESTABLE)


def tell_everyone(today: date, calendar: Calendar) -> int:
    """Tell the enterprises that have someone to tell of what is new; return at how many sites. A round at a time."""
    actor = command("tell of findings")
    with transaction.atomic(), use_scope(actor.scope):
        reading = Membership.objects.filter(active=True, user__is_active=True, role_key__in=READERS)
        sites = Site.objects.filter(org__in=reading.values("organisation"))
        waiting = sorted(set(sites.filter(pk__in=untold().order_by().values("site")).values_list("pk", flat=True)))
    for site in waiting[:SITES_A_ROUND]:
        with transaction.atomic(), use_scope(actor.scope):
            tell(site, today, calendar)
    return len(waiting[:SITES_A_ROUND])


def tell(site_id: int, today: date, calendar: Calendar) -> int:
    """Tell an enterprise of the new findings at one site, within a command's scope; return of how many."""
    actor = command("tell of findings")
    site = Site.objects.select_related("org").get(pk=site_id)
    new = list(untold().filter(site=site).order_by("device_id", "pk"))
    if not new or site.org is None:
        return 0
    last = due(today, *period("window"), known=calendar)
    Told.objects.bulk_create(_rows(new, site, today, last), ignore_conflicts=True, batch_size=1_000)
    devices = len({one.device_id for one in new})
    latest = max(one.run_id for one in new)
    send(
        actor,
        to=[Group(site.org, READERS)],
        kind="reply",
        title=_("%(n)d 行设备有新的不利判定") % {"n": devices},
        text=_("%(site)s。请逐台核对依据；与铭牌不符的，%(day)s 前可提出异议，逾期须说明。")
        % {"site": site.name, "day": last.day.isoformat()},
        url=reverse("replies:told"),
        due=last.day,
        key=f"told:{site.pk}:{latest}:{today.isoformat()}:{len(new)}",
    )
    record(actor, "finding.told", site, after={"findings": len(new), "devices": devices, "due": last.day.isoformat()})
    return len(new)


def _rows(new: Iterable[Finding], site: Site, today: date, last: Due) -> list[Told]:
    return [
        Told(
            device_id=one.device_id,
            check_name=one.check_name,
            outcome=one.outcome,
            rule_id=one.rule_id,
            run_id=one.run_id,
            told_on=today,
            due=last.day,
            certain=last.certain,
            **site.scope_columns(),
        )
        for one in new
    ]
