"""Report what a month brought, and note milestones; always added, never changed (D16)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.duties import claims, evidence, standing
from jigai.platform.duties.data import ACTIVE, FLOW, REPORT, RUN
from jigai.platform.duties.evidence import File
from jigai.platform.duties.models import Milestone, MilestoneStep, Report, Share
from jigai.platform.walls.actor import Actor
from jigai.platform.web.forms import tidy

_FIGURE = re.compile(r"(?P<name>[^:：=＝]+)[:：=＝]\s*(?P<value>[-－]?\d[\d,，]*(?:[.．]\d+)?)\s*(?P<unit>\S{0,20})")
Figure = tuple[str, str, str]
"""What was counted: its name, the value as written without separators, the unit."""


def read_figures(text: str) -> list[Figure]:
    """Return the figures written one a line, such as ``改造项目：12 项``; full-width signs are fine.

    Raises:
        ValidationError: naming every line that is none, and how one is written.
    """
    found: list[Figure] = []
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _FIGURE.fullmatch(line.strip())
        if match is None:
            said = {"n": number, "line": line.strip()}
            faults.append(_("第 %(n)d 行“%(line)s”看不懂：每行写一项，如“改造项目：12 项”。") % said)
        else:
            found.append((match["name"].strip(), tidy(match["value"]).replace(",", ""), match["unit"]))
    if faults:
        raise ValidationError({"figures": faults})
    return found


def report(
    actor: Actor,
    share: Share,
    month: date,
    text: str,
    percent: int,
    at: datetime,
    *,
    figures: Sequence[Figure] = (),
    files: Iterable[File] = (),
    reason: str = "",
) -> Report:
    """Report the progress of a month for one's own organisation.

    Args:
        actor: who reports.
        share: what their organisation has of the task.
        month: any day of the month.
        text: what was done.
        percent: how much of the whole is done [%].
        at: when.
        figures: what it counts.
        files: evidence.
        reason: why, where the month was reported before: the former report stays readable.

    Raises:
        ValidationError: not taken on, a month to come or before it was taken on, no text, no percentage of 0 to 100,
            the reason of a correction is missing, or a file is not taken.
    """
    actor.require(REPORT)
    first = month.replace(day=1)
    with transaction.atomic():
        held = Share.objects.select_for_update(of=("self",)).select_related("duty", "organisation").get(pk=share.pk)
        if not claims.own(actor, held):
            raise PermissionDenied(REPORT)
        again = Report.objects.filter(share=held, month=first).exists()
        _check(held, first, text, percent, timezone.localdate(at), reason if again else "-")
        made = Report(
            share=held,
            month=first,
            text=text.strip(),
            percent=percent,
            figures=[list(one) for one in figures],
            reason=reason.strip() if again else "",
            recorded_at=at,
            recorded_by=actor.label[:150],
            **held.scope_columns(),
        )
        made.save()
        kept = evidence.keep(files, made)
        if held.state in FLOW.steps["begin"].sources:
            claims.take(actor, held, FLOW.steps["begin"], at)
        last = Report.objects.filter(share=held).order_by("-month", "-pk").first()
        held.percent, held.version = last.percent if last else percent, held.version + 1
        held.save(update_fields=["percent", "version"])
        standing.settle(held.duty)
        after = {
            "month": first.isoformat()[:7],
            "percent": percent,
            "text": made.text[:200],
            "files": [one.content_hash for one in kept],
        }
        record(actor, "duty.reported", held.duty, after=after, reason=made.reason)
    return made


def _check(held: Share, first: date, text: str, percent: int, today: date, reason: str) -> None:
    faults: dict[str, str] = {}
    if held.state not in ACTIVE:
        raise ValidationError(_("现在是“%(state)s”，不能报进展。") % {"state": FLOW.states[held.state].label})
    if held.duty.ended_at:
        raise ValidationError(_("新版方案已没有这项任务，不能再办理。"))
    if first > today:
        faults["month"] = _("这个月还没有到，不能报。")
    elif held.since and first < held.since.replace(day=1):
        faults["month"] = _("%(day)s 才承担，只报这个月及以后的。") % {"day": held.since}
    if not text.strip():
        faults["text"] = _("请写本月做了什么。")
    if not 0 <= percent <= 100:
        faults["percent"] = _("进度填 0 到 100。")
    if not reason.strip():
        faults["reason"] = _("这个月已经报过：要更正，请写明原因，原来的仍可查看。")
    if faults:
        raise ValidationError(faults)


def may_note(actor: Actor, milestone: Milestone) -> bool:
    """Say whether ``actor`` may note a milestone: who leads the task (or one below it), and the city office."""
    if actor.may(RUN):
        return True
    if not actor.may(REPORT) or actor.organisation is None:
        return False
    duty = milestone.duty
    leads = Share.objects.filter(organisation=actor.organisation, role=Share.Role.LEAD)
    leads = leads.exclude(state__in=("unclaimed", "proposed", "refused", "released"))
    return leads.filter(duty__parent=duty).exists() or leads.filter(duty=duty).exists()


def note_milestone(
    actor: Actor,
    milestone: Milestone,
    reached_on: date | None,
    text: str,
    at: datetime,
    files: Iterable[File] = (),
    version: int | None = None,
) -> MilestoneStep:
    """Note that a milestone was reached on a day, or take that back (``reached_on`` None) with the reason.

    Args:
        actor: who leads the task or one below it, or the city office.
        milestone: which.
        reached_on: the day it was reached.
        text: by what it shows, or why it is taken back.
        at: when.
        files: evidence.
        version: of the milestone when the page was drawn, where there was one.

    Raises:
        ValidationError: somebody was faster, the plan no longer has it, a day to come, no words, or nothing to take
            back.
    """
    with transaction.atomic():
        held = Milestone.objects.select_for_update(of=("self",)).select_related("duty").get(pk=milestone.pk)
        if not may_note(actor, held):
            raise PermissionDenied(REPORT)
        if held.ended_at or held.duty.ended_at:
            raise ValidationError(_("新版方案已没有这个节点，不能再登记。"))
        if version is not None and held.version != version:
            raise ValidationError(_("刚被别人办理过，请刷新后再看。"))
        if reached_on and reached_on > timezone.localdate(at):
            raise ValidationError({"reached_on": _("还没有到这一天。")})
        if reached_on is None and held.reached_on is None:
            raise ValidationError({"reached_on": _("请写达到的日期；还没有达到的不用登记。")})
        if not text.strip():
            raise ValidationError({"text": _("请写明依据：哪份文件、验收或统计说明达到了，或为什么撤回。")})
        before = {"reached_on": held.reached_on, "version": held.version}
        held.reached_on, held.version = reached_on, held.version + 1
        held.save(update_fields=["reached_on", "version"])
        organisation = actor.organisation
        made = MilestoneStep(
            milestone=held,
            reached_on=reached_on,
            text=text.strip(),
            recorded_at=at,
            recorded_by=actor.label[:150],
            org=organisation,
            manager_code=organisation.manager_code if organisation else "",
        )
        made.save()
        evidence.keep(files, made)
        after = {"milestone": held.title_zh, "reached_on": reached_on, "version": held.version}
        record(actor, "duty.milestone", held.duty, before=before, after=after, reason=text)
    return made
