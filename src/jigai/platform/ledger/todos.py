"""What waits for people about devices: lines to claim, silent devices, ledgers to put right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.home.todo import Todo
from jigai.platform.ledger import slips
from jigai.platform.ledger.claiming import open_lines
from jigai.platform.ledger.silent import silent
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.walls.actor import Actor

SINGLE = 5
"""Enterprises and slips that are named one by one; more are gathered in one line."""


def todos(actor: Actor) -> Iterable[Todo]:
    """Return what waits for ``actor``: for an enterprise its own, for a county or the city theirs by enterprise."""
    if not actor.may(CAPABILITY):
        return
    yield from _by_enterprise(
        open_lines(), "recorded_at", reverse("ledger:claims") + "?state=open", _("认领 %(n)s 行台账"), _("认领")
    )
    yield from _by_enterprise(
        silent(), "silent_since", reverse("ledger:list") + "?problem=silent", _("登记 %(n)s 行设备的去向"), _("登记")
    )
    if actor.organisation is not None:
        yield from _slips(actor)


def _by_enterprise(rows: QuerySet, since: str, url: str, title: str, action: str) -> Iterable[Todo]:
    groups = list(
        rows.order_by().values("site__legal_person", "site__enterprise_name").annotate(n=Count("pk"), first=Min(since))
    )
    if not groups:
        return
    total, first = sum(one["n"] for one in groups), min(one["first"] for one in groups)
    if len(groups) > SINGLE:
        subject = _("%(n)s 家企业") % {"n": len(groups)}
        yield Todo(title % {"n": f"{total:,}"}, url, action, subject=subject, source=_("设备台账"), since=_day(first))
        return
    for one in sorted(groups, key=lambda row: row["site__enterprise_name"] or ""):
        yield Todo(
            title % {"n": f"{one['n']:,}"},
            f"{url}&enterprise={one['site__legal_person']}",
            action,
            subject=one["site__enterprise_name"] or "",
            source=_("设备台账"),
            since=_day(one["first"]),
        )


def _slips(actor: Actor) -> Iterable[Todo]:
    """Offer an enterprise the slips sent to it; the offices see theirs in the list."""
    assert actor.organisation is not None
    own = list(slips.open_slips().filter(org=actor.organisation)[: SINGLE + 1])
    for one in own[:SINGLE]:
        yield Todo(
            _("改好退回的台账"),
            reverse("ledger:slip", args=[one.pk]),
            _("改正"),
            detail=one.wanted,
            subject=one.file_name,
            source=_("设备台账"),
            since=_day(one.sent_at),
        )
    if len(own) > SINGLE:
        yield Todo(_("还有其他退回的台账"), reverse("ledger:slips"), _("查看"), source=_("设备台账"))


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
