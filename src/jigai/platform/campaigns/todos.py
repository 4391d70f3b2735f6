"""What surveys ask of people: the enterprise to report, the county to verify, the city to look after the slow ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.campaigns.data import OPEN, rule
from jigai.platform.campaigns.lists import RUN
from jigai.platform.campaigns.models import Campaign, Entry, Step
from jigai.platform.campaigns.standing import counts, with_standing
from jigai.platform.enterprises.rules import governs
from jigai.platform.home.todo import Todo
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.actor import Actor


def todos(actor: Actor) -> Iterable[Todo]:
    """Return what waits for ``actor``."""
    if not actor.may("campaign.view"):
        return
    running = list(Campaign.objects.filter(status=Campaign.Status.RUNNING))
    for campaign in running:
        if not governs(actor):
            yield from _to_report(actor, campaign)
        elif actor.scope.managers and actor.may("campaign.verify"):
            yield from _to_verify(campaign)
        elif actor.may(RUN):
            yield from _slow(campaign)


def _standing(campaign: Campaign) -> list[Entry]:
    rows = Entry.objects.filter(campaign=campaign, removed_at__isnull=True).select_related("campaign", "site")
    return list(with_standing(rows).order_by("pk"))


def _to_report(actor: Actor, campaign: Campaign) -> Iterable[Todo]:
    for entry in _standing(campaign):
        state = entry.state  # type: ignore[attr-defined]
        if state not in OPEN:
            continue
        task = partial(
            Todo,
            url=reverse("campaigns:entry", args=[entry.pk]),
            subject=str(entry.site),
            source=_("摸排"),
            due=entry.deadline,
        )
        if state == "returned":
            last = Step.objects.filter(entry=entry, kind="return").order_by("-pk").first()
            detail = last.comment if last else ""
            yield task(_("按退回意见补正后再报：%(name)s") % {"name": campaign.name}, action=_("补正"), detail=detail)
        elif state == "filling" and actor.may("campaign.report"):
            yield task(_("确认并报送设备台账：%(name)s") % {"name": campaign.name}, action=_("报送"))
        elif state == "filling":
            detail = _("台账已收到，等负责人报送")
            yield task(_("设备台账待报送：%(name)s") % {"name": campaign.name}, action=_("查看"), detail=detail)
        else:
            yield task(_("上传设备台账：%(name)s") % {"name": campaign.name}, action=_("填报"))


def _to_verify(campaign: Campaign) -> Iterable[Todo]:
    waiting = [one for one in _standing(campaign) if one.state == "submitted"]  # type: ignore[attr-defined]
    task = partial(Todo, action=_("核对"), source=_("摸排"))
    days = timedelta(days=rule("verify_days"))
    if len(waiting) > rule("shown_todos"):
        title = _("核对 %(n)d 个厂区的报送：%(name)s") % {"n": len(waiting), "name": campaign.name}
        url = reverse("campaigns:entries", args=[campaign.pk]) + "?state=submitted"
        first = min(timezone.localdate(one.since) for one in waiting)  # type: ignore[attr-defined]
        yield task(title, url=url, due=first + days, since=first)
        return
    for entry in waiting:
        since = timezone.localdate(entry.since)  # type: ignore[attr-defined]
        title = _("核对报送：%(name)s") % {"name": campaign.name}
        url = reverse("campaigns:entry", args=[entry.pk])
        yield task(title, url=url, subject=str(entry.site), due=since + days, since=since)


def _slow(campaign: Campaign) -> Iterable[Todo]:
    should: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for (manager, state), number in counts(campaign).items():
        should[manager] += number
        done[manager] += number * (state not in OPEN)
    low = rule("low_coverage")
    units = ManagingUnit.objects.filter(code__in=[key for key in should if done[key] * 100 < low * should[key]])
    slow = [str(one) for one in units]
    url = reverse("campaigns:page", args=[campaign.pk])
    task = partial(Todo, url=url, source=_("摸排"), subject=campaign.name)
    if slow:
        title = _("%(n)d 个管理主体覆盖率低于 %(low)d%%") % {"n": len(slow), "low": low}
        yield task(title, action=_("督促"), detail="、".join(slow), due=campaign.deadline)
    if campaign.deadline < timezone.localdate():
        yield task(_("报送期限已过：结束存档或延期"), action=_("办理"), due=campaign.deadline)
