"""Take a step with an entry: report, take back, send back, verify, extend; by ``steps.csv``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.campaigns import snapshots
from jigai.platform.campaigns.data import FLOW
from jigai.platform.campaigns.figures import Ledger, ledgers
from jigai.platform.campaigns.models import Campaign, Entry, Step
from jigai.platform.campaigns.standing import state_of
from jigai.platform.enterprises import reporting, sheets
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.ledger.models import Bulk, BulkFile
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import Actor
from jigai.platform.web.workflow import Step as Kind
from jigai.platform.web.workflow import kept_comment

REPORTS = ("submit", "submit_for")


def open_steps(actor: Actor, entry: Entry) -> list[Kind]:
    """Return the steps ``actor`` can take with an entry now."""
    if entry.campaign.status != Campaign.Status.RUNNING or entry.removed_at is not None:
        return []
    return FLOW.steps_from(actor, state_of(entry))


def faults(entry: Entry, *, nothing: bool = False) -> list[str]:
    """Return what stands in the way of a report, each with what to do."""
    if nothing:
        return []
    found: list[str] = []
    busy = BulkFile.objects.filter(for_site=entry.site, state=BulkFile.State.READ, bulk__state=Bulk.State.TAKING)
    if busy.exists():
        found.append(_("有台账正在入库，请等任务完成后再报送。"))
    elif not ledger_of(entry).lines:
        found.append(_("台账里还没有设备：请先上传设备台账；确无此类设备的，勾选“无此类设备”并说明。"))
    year = entry.campaign.facts_year
    person = LegalPerson.objects.filter(pk=entry.legal_person_id).first()  # not everyone who sees the site sees it
    if year and person and sheets.state_of(person, year).key not in reporting.REPORTED:
        found.append(_("本次摸排还要报 %(year)s 年年度数据，请先报送年度数据。") % {"year": year})
    return found


def ledger_of(entry: Entry) -> Ledger:
    """Return what the ledger of the site of an entry comes to now."""
    return ledgers(Entry.objects.filter(pk=entry.pk)).get(entry.site_id or 0, Ledger())


def take_step(
    actor: Actor,
    entry: Entry,
    version: int,
    key: str,
    *,
    comment: str = "",
    due: date | None = None,
    nothing: bool = False,
) -> Step:
    """Take a step with an entry.

    Args:
        actor: who takes it; needs the capability of the step.
        entry: the entry, seen in ``version``.
        version: of the entry when the page was drawn.
        key: of ``steps.csv``.
        comment: why, where the step asks for it, and always where there is nothing to report.
        due: until when, where the step asks for it.
        nothing: report that there is no such equipment.

    Raises:
        ValidationError: somebody was faster, the survey is not running, the state does not allow it, or something
            is missing or too long; says what to do.
    """
    wanted = FLOW.steps[key]
    actor.require(wanted.capability)
    with transaction.atomic():
        held = Entry.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=entry.pk)
        now = _allowed(held, version, wanted)
        comment = kept_comment(comment, Step.COMMENT)
        _complete(held, wanted, comment, due, nothing)
        today = timezone.localdate()
        taken = Step(
            entry=held,
            kind=key,
            state=wanted.target,
            comment=comment,
            due=due if wanted.yes("due") else None,
            nothing=nothing,
            late=key in REPORTS and today > held.deadline,
            recorded_at=timezone.now(),
            recorded_by=actor.label[:150],
            **held.scope_columns(),
        )
        if key in REPORTS:
            taken.content_hash = snapshots.freeze_site(held.site_id or 0)
            taken.figures = asdict(ledger_of(held))
        taken.save()
        if wanted.yes("due"):
            held.due = due
        held.version += 1
        held.save(update_fields=["due", "version"])
        after = {"state": wanted.after(now), "content": taken.content_hash, "due": taken.due}
        record(actor, f"campaign.{key}", held, before={"state": now}, after=after, reason=comment)
        _tell(actor, held, wanted, taken)
    return taken


def _allowed(held: Entry, version: int, wanted: Kind) -> str:
    if held.campaign.status != Campaign.Status.RUNNING:
        raise ValidationError(_("摸排已经结束或还没有开始，不能办理。"))
    if held.removed_at is not None:
        raise ValidationError(_("这个厂区已移出应报名单，不用再报。"))
    now = state_of(held)
    if now not in wanted.sources:
        said = {"state": FLOW.states[now].label, "step": wanted.label}
        raise ValidationError(_("现在是“%(state)s”，不能%(step)s；可能有人刚刚办理，请刷新查看。") % said)
    if held.version != version:
        raise ValidationError(_("刚被别人办理过，请刷新后再看。"))
    return now


def _complete(held: Entry, wanted: Kind, comment: str, due: date | None, nothing: bool) -> None:
    if (wanted.required or nothing) and not comment:
        raise ValidationError({"comment": _("请写明原因或意见。")})
    if wanted.yes("due") and (due is None or due < timezone.localdate()):
        raise ValidationError({"due": _("请写今天或以后的日期。")})
    if wanted.key == "extend" and due is not None and due <= held.deadline:
        raise ValidationError({"due": _("延期应晚于现在的期限 %(day)s。") % {"day": held.deadline}})
    if wanted.key in REPORTS and (found := faults(held, nothing=nothing)):
        raise ValidationError(found)


def _tell(actor: Actor, held: Entry, wanted: Kind, taken: Step) -> None:
    """Tell the enterprise what the authorities did; what it reports itself stands in the county's to-dos."""
    if wanted.capability != "campaign.verify" or held.org is None:
        return
    said = {"campaign": held.campaign.name, "step": wanted.label}
    send(
        actor,
        to=held.org,
        kind="campaign",
        title=_("%(campaign)s：您单位的报送已%(step)s") % said
        if wanted.key != "extend"
        else _("%(campaign)s：您单位的报送期限已延长") % said,
        text=taken.comment,
        url=reverse("campaigns:entry", args=[held.pk]),
        due=taken.due,
    )
