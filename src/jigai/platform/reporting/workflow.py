"""How a report goes on: units confirm their figures, three people sign, it is frozen; corrected later with reasons."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.services import record
from jigai.platform.notices.services import send
from jigai.platform.places.models import ManagingUnit
from jigai.platform.reporting import freezing
from jigai.platform.reporting.checking import blocking
from jigai.platform.reporting.data import FLOW, signs
from jigai.platform.reporting.filling import note_step
from jigai.platform.reporting.models import Confirmation, Report, ReportStep, ReportValue
from jigai.platform.reporting.periods import Reported
from jigai.platform.walls.actor import Actor
from jigai.platform.web.workflow import Step, kept_comment

CONFIRM = "report.confirm"
FROZEN = FLOW.steps["sign"].target
COMMENT = 500
"""Letters of a comment that are kept."""


def units_of(report: Report) -> list[str]:
    """Return the managing units whose own figures stand in a report, within the scope in force."""
    rows = ReportValue.objects.filter(report=report).exclude(manager_code="")
    return sorted(set(rows.values_list("manager_code", flat=True)))


def words_of_units(report: Report) -> dict[str, Confirmation | None]:
    """Return every unit's word on its present figures, None where there is none."""
    return words_of([report]).get(report.pk, {})


def words_of(reports: Iterable[Report]) -> dict[int, dict[str, Confirmation | None]]:
    """Return every unit's word on its present figures for several reports at once; other figures need another word."""
    wanted = [one.pk for one in reports]
    hashes = _content_hashes(wanted)
    found: dict[int, dict[str, Confirmation | None]] = {}
    for pk, unit in sorted(hashes):
        found.setdefault(pk, {})[unit] = None
    for one in Confirmation.objects.filter(report__in=wanted).order_by("pk"):
        key = (one.report_id, one.manager_code)
        if key in hashes:
            found[one.report_id][one.manager_code] = one if one.content_hash == hashes[key] else None
    return found


def _content_hashes(reports: list[int]) -> dict[tuple[int, str], str]:
    """Return the hash of each unit's own figures in each report: what a confirmation is about."""
    rows = ReportValue.objects.filter(report__in=reports).exclude(manager_code="").order_by("binding")
    held: dict[tuple[int, str], list[Any]] = {}
    for report, unit, binding, value in rows.values_list("report", "manager_code", "binding", "held"):
        held.setdefault((report, unit), []).append([binding, value])
    return {
        key: hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest() for key, said in held.items()
    }


def confirm(actor: Actor, report: Report, unit: str, *, agreed: bool, reason: str = "") -> Confirmation:
    """Give a managing unit's word on its own figures.

    Raises:
        ValidationError: it is not asked for now, the unit has no figures here, or an objection has no reason.
    """
    actor.require(CONFIRM)
    if unit not in actor.scope.managers:
        raise ValidationError(_("只能确认本管理主体的数字。"))
    with transaction.atomic():
        # Held, so that the figures are not drawn anew while somebody puts their word to them.
        held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if held.state != "confirming" or unit not in units_of(held):
            raise ValidationError(_("现在不需要确认：报表不在确认中，或没有您单位的数字。"))
        if not agreed and not reason.strip():
            raise ValidationError({"reason": _("请写明哪个数不对、应为多少、依据什么。")})
        made = Confirmation.objects.create(
            report=held,
            agreed=agreed,
            reason=reason.strip()[:500],
            content_hash=_content_hashes([held.pk])[held.pk, unit],
            manager_code=unit,
            recorded_at=timezone.now(),
            recorded_by=actor.label[:150],
        )
        kind = "report.confirmed" if agreed else "report.objected"
        record(actor, kind, held, after={"unit": unit, "figures": made.content_hash}, reason=reason)
    return made


def take_step(actor: Actor, report: Report, version: int, key: str, comment: str = "") -> Report:
    """Take a step of ``steps.csv`` with a report.

    Args:
        actor: who takes it; needs its capability, and must not have signed the same version in another function.
        report: the report, seen in ``version``.
        version: of the report when the page was drawn.
        key: of ``steps.csv``.
        comment: why, where the step asks for it.

    Raises:
        ValidationError: the state does not allow it, somebody was faster, or something is missing; says what to do.
    """
    wanted = FLOW.steps[key]
    actor.require(wanted.capability)
    with transaction.atomic():
        held = Report.objects.select_for_update(of=("self",)).select_related("form", "corrects").get(pk=report.pk)
        if held.state not in wanted.sources:
            told = {"state": FLOW.states[held.state].label, "step": wanted.label}
            raise ValidationError(_("现在是“%(state)s”，不能%(step)s；可能有人刚刚办理，请刷新查看。") % told)
        if held.version != version:
            raise ValidationError(_("刚被别人办理过，请刷新后再看。"))
        said = kept_comment(comment, COMMENT)
        if wanted.required and not said:
            raise ValidationError({"comment": _("请写明原因或意见。")})
        if signs(wanted):
            _may_sign(actor, held, wanted)
        if faults := list(_in_the_way(held, key)):
            raise ValidationError(faults)
        before = held.state
        held.state, held.version = wanted.after(before), held.version + 1
        note_step(actor, held, key, said)
        if held.state == FROZEN:
            freezing.freeze(held)
        held.save()
        after = {"state": held.state, "data": held.data_hash, "file": held.file_hash}
        record(actor, f"report.{key}", held, before={"state": before}, after=after, reason=comment)
        if key == "ask":
            _tell_units(actor, held)
    return held


def signatures(report: Report) -> dict[str, ReportStep]:
    """Return who signed a report as what (filler, reviewer, signer) since it was last filled or sent back."""
    found: dict[str, ReportStep] = {}
    for one in ReportStep.objects.filter(report=report).order_by("pk"):
        role = signs(FLOW.steps.get(one.kind))
        if one.state == "filled":
            found = {}
        elif role:
            found[role] = one
    return found


def _may_sign(actor: Actor, held: Report, wanted: Step) -> None:
    if actor.user is None:
        raise ValidationError(_("签署须由本人登录办理。"))
    mine = [role for role, one in signatures(held).items() if one.user_id == actor.user.pk]
    if mine:
        raise ValidationError(_("填报、审核、签发须由三个人分别办理；您已签署过本稿，请由他人办理这一步。"))


def _in_the_way(held: Report, key: str) -> Iterable[str]:
    """Yield what has to be done before a step."""
    if key in {"ask", "submit"}:
        stopped = blocking(list(ReportValue.objects.filter(report=held).values_list("warnings", flat=True)))
        if stopped:
            yield _("还有 %(n)d 格没有数、不可上报或没有填写。请补齐，或逐格写明原因。") % {"n": stopped}
    if key == "submit":
        names = {one.code: str(one) for one in ManagingUnit.objects.all()}
        said = words_of_units(held)
        waiting = [names.get(unit, unit) for unit, one in said.items() if one is None]
        against = [names.get(unit, unit) for unit, one in said.items() if one and not one.agreed]
        if waiting:
            yield _("还没有确认的：%(units)s。请督促，或撤回修改。") % {"units": "、".join(waiting)}
        if against:
            yield _("有异议的：%(units)s。请撤回，核实处理后重新生成并再次确认。") % {"units": "、".join(against)}
    if key == "sign" and connection.vendor != "postgresql":
        yield _("单机版不能封存正式报表：可以导出草稿；正式报送请在服务器版（PostgreSQL）上办理。")


def _tell_units(actor: Actor, held: Report) -> None:
    offices = Organisation.objects.filter(kind="county_bureau", manager_code__in=units_of(held))
    period = Reported.read(held.period)
    send(
        actor,
        to=list(offices),
        kind="report",
        title=_("请确认本单位数字：%(form)s（%(period)s）") % {"form": held.form.name, "period": period.words},
        url=reverse("reporting:report", args=[held.pk]),
        due=period.due(held.form.due_day),
    )
