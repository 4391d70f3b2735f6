"""A survey from draft to record: created, started (its list frozen), extended, closed, copied for next year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.campaigns import lists
from jigai.platform.campaigns.lists import RUN
from jigai.platform.campaigns.models import Campaign, Deadline, Entry
from jigai.platform.enterprises import above_scale
from jigai.platform.enterprises.rules import reason_given
from jigai.platform.walls.actor import Actor
from jigai.platform.web.editing import save_edit

VIEW: Final = "campaign.view"
_COPIED: Final = ("units", "industries", "instructions", "contact")


def get_campaign(actor: Actor, pk: int) -> Campaign:
    """Return a survey; ``Http404`` for none, and for a draft to those who do not run surveys."""
    actor.require(VIEW)
    found = Campaign.objects.filter(pk=pk).first()
    if found is None or (found.status == Campaign.Status.DRAFT and not actor.may(RUN)):
        raise Http404
    return found


def get_entry(actor: Actor, pk: int) -> Entry:
    """Return an entry in scope, of a survey one sees; ``Http404`` for anything else."""
    actor.require(VIEW)
    found = Entry.objects.select_related("campaign", "site", "org").filter(pk=pk).first()
    if found is None:
        raise Http404
    get_campaign(actor, found.campaign_id)
    return found


def create(actor: Actor, values: Mapping[str, Any]) -> Campaign:
    """Create a survey as a draft: ``name, year, counts_from, deadline`` needed; ``units, industries, instructions,
    contact, facts_year`` may be given."""
    actor.require(RUN)
    _in_order(values)
    with transaction.atomic():
        made = Campaign.objects.create(**values)
        record(actor, "campaign.created", made, after=dict(values))
    return made


def edit(actor: Actor, campaign: Campaign, changes: Mapping[str, Any], version: int) -> Campaign:
    """Change a survey. Once it runs only what is told (instructions, contact, name) changes; scope and list stay
    frozen, and the deadline has a way of its own."""
    actor.require(RUN)
    wanted = dict(changes)
    if campaign.status != Campaign.Status.DRAFT:
        wanted = {name: value for name, value in wanted.items() if name in ("name", "instructions", "contact")}
    if campaign.status == Campaign.Status.CLOSED:
        raise ValidationError(_("摸排已经结束存档，不能再改。"))
    _in_order({name: wanted.get(name, getattr(campaign, name)) for name in ("counts_from", "deadline")})
    return save_edit(actor, campaign, wanted, version, action="campaign.edited")


def start(actor: Actor, campaign: Campaign, version: int) -> Campaign:
    """Start a survey: who should report is frozen from the above-scale list and those named.

    Raises:
        ValidationError: it runs already, nobody would be on the list, the deadline is past, or somebody changed it.
    """
    actor.require(RUN)
    with transaction.atomic():
        held = _held(campaign, version, Campaign.Status.DRAFT)
        if held.deadline < timezone.localdate():
            raise ValidationError(_("报送期限已过，请先修改期限。"))
        if not above_scale.listed(held.year).exists() and not lists.on_list(held).exists():
            raise ValidationError(_("%(year)s 年规上名单还没有建立，也没有点名列入的企业。") % {"year": held.year})
        number = lists.freeze(actor, held)
        if not number:
            raise ValidationError(_("按所选范围没有一个厂区应报，请调整管理主体或行业。"))
        held.status, held.started_at, held.started_by = Campaign.Status.RUNNING, timezone.now(), actor.label[:150]
        _saved(held)
        _set_deadline(actor, held, held.deadline, "")
        record(actor, "campaign.started", held, after={"entries": number, "deadline": held.deadline})
    return held


def change_deadline(actor: Actor, campaign: Campaign, version: int, day: date, reason: str) -> Campaign:
    """Set another deadline for all, with the reason; those that have one of their own keep it."""
    actor.require(RUN)
    reason_given(reason)
    with transaction.atomic():
        held = _held(campaign, version, Campaign.Status.RUNNING)
        if day < timezone.localdate():
            raise ValidationError({"deadline": _("请写今天或以后的日期。")})
        if day == held.deadline:
            raise ValidationError({"deadline": _("与现在的期限相同。")})
        before = {"deadline": held.deadline, "version": held.version}
        held.deadline = day
        _saved(held)
        _set_deadline(actor, held, day, reason)
        after = {"deadline": day, "version": held.version}
        record(actor, "campaign.deadline", held, before=before, after=after, reason=reason)
    return held


def copy(actor: Actor, campaign: Campaign, name: str) -> Campaign:
    """Make a draft for the next year from a survey: scope, instructions, contact; dates a year later, no list."""
    actor.require(RUN)
    with transaction.atomic():
        made = Campaign.objects.create(
            name=name,
            year=campaign.year + 1,
            counts_from=_a_year_on(campaign.counts_from),
            deadline=_a_year_on(campaign.deadline),
            facts_year=campaign.facts_year + 1 if campaign.facts_year else None,
            copied_from=campaign,
            **{one: getattr(campaign, one) for one in _COPIED},
        )
        record(actor, "campaign.copied", made, after={"from": campaign.pk, "name": name})
    return made


def locked_for_close(campaign: Campaign, version: int) -> Campaign:
    """Return a running survey, held against others; ``ValidationError`` where it is over or was changed."""
    return _held(campaign, version, Campaign.Status.RUNNING)


def _held(campaign: Campaign, version: int, status: str) -> Campaign:
    held: Any = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.status != status:
        raise ValidationError(_("摸排现在是“%(state)s”，不能这样办理。") % {"state": held.get_status_display()})
    if held.version != version:
        raise ValidationError(_("刚被别人改动过，请刷新后再办理。"))
    return held


def _saved(held: Campaign) -> None:
    held.version += 1
    held.save()


def _set_deadline(actor: Actor, campaign: Campaign, day: date, reason: str) -> None:
    Deadline.objects.create(
        campaign=campaign, day=day, reason=reason[:200], recorded_at=timezone.now(), recorded_by=actor.label[:150]
    )


def _in_order(values: Mapping[str, Any]) -> None:
    if values["counts_from"] > values["deadline"]:
        raise ValidationError({"deadline": _("报送期限早于台账起算日。")})


def _a_year_on(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else day + timedelta(days=365)
