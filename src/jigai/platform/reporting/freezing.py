"""The workbook of a report, what is kept when it is signed (D25), and what has changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.imports import storage
from jigai.platform.reporting import words
from jigai.platform.reporting.computing import Bound, compute
from jigai.platform.reporting.data import FLOW, signs
from jigai.platform.reporting.figures import source
from jigai.platform.reporting.filling import asking, bound_of, note_step
from jigai.platform.reporting.models import Confirmation, Report, ReportStep, ReportValue
from jigai.platform.reporting.services import FILL, read_blank
from jigai.platform.walls.actor import Actor
from jigai.reports.filling import Block, Cell, FillingError, filled


@dataclass(frozen=True)
class Change:
    """A cell of a frozen report whose figure is another one now."""

    bound: Bound
    then: Any
    now: Any
    why: str = ""


def workbook(report: Report) -> bytes:
    """Return the province's workbook with what the report has in its cells, everything else as it was (D32).

    Raises:
        ValidationError: the blank is lost, or has no room for a list; says what to do.
    """
    held = dict(ReportValue.objects.filter(report=report).values_list("binding", "held"))
    signed = _signed(report)
    cells, blocks = [], []
    for one in bound_of(report):
        value = held.get(one.key)
        if one.kind == "list":
            rows = [[words.value_of(cell) for cell in row] for row in value or []]
            row_number = int("".join(sign for sign in one.address if sign.isdecimal()))
            letters = tuple(column["letter"] for column in one.said["columns"])
            blocks.append(Block(one.sheet, row_number, letters, rows))
        elif one.kind == "dimension" and one.said["field"] in signed:
            cells.append(Cell(one.sheet, one.address, signed[one.said["field"]]))
        else:
            cells.append(Cell(one.sheet, one.address, words.value_of(value)))
    try:
        return filled(read_blank(report.blank_hash), cells, blocks)
    except FillingError as error:
        raise words.refused(error) from error


def freeze(report: Report) -> None:
    """Keep a signed report: its data and its workbook, each under its hash. Saves nothing else of it."""
    report.frozen_at = timezone.now()
    report.data_hash = storage.keep(_canonical(gather(report)))
    report.file_hash = storage.keep(workbook(report))


def kept_workbook(report: Report) -> bytes:
    """Return the workbook of a report as it was frozen; of one that is not, as it would be now.

    Raises:
        ValidationError: the store has lost it and it cannot be made anew.
    """
    if report.state != "frozen":
        return workbook(report)
    try:
        return storage.read(report.file_hash)
    except FileNotFoundError as error:
        made = workbook(report)
        if hashlib.sha256(made).hexdigest() == report.file_hash:
            return made
        text = _("封存的文件不见了。请联系系统管理员从备份恢复 files/originals。")
        raise ValidationError(text) from error


def gather(report: Report) -> dict[str, Any]:
    """Return everything a report says, in a fixed order (D25)."""
    values = {one.binding: one for one in ReportValue.objects.filter(report=report)}
    said = Confirmation.objects.filter(report=report).order_by("pk")
    taken = ReportStep.objects.filter(report=report).order_by("pk")
    return {
        "form": {"name": report.form.name, "issuer": report.form.issuer, "blank": report.blank_hash},
        "period": report.period,
        "number": report.number,
        "known_on": report.known_on.isoformat() if report.known_on else "",
        "corrects": report.corrects.data_hash if report.corrects else "",
        "reason": report.reason,
        "reasons": report.reasons,
        "cells": [
            {
                "place": one.place,
                "label": one.label,
                "kind": one.kind,
                "said": dict(one.said),
                "value": values[one.key].held if one.key in values else None,
                "about": values[one.key].about if one.key in values else {},
                "warnings": values[one.key].warnings if one.key in values else [],
                "forced": report.forced.get(one.key, ""),
            }
            for one in bound_of(report)
        ],
        "confirmations": [
            {"unit": one.manager_code, "agreed": one.agreed, "reason": one.reason, "by": one.recorded_by}
            for one in said
        ],
        "steps": [{"kind": one.kind, "comment": one.comment, "by": one.recorded_by} for one in taken],
    }


def changes_since(report: Report, today: date) -> list[Change]:
    """Return which figures of a frozen report are others as known on ``today``; later versions are none of it."""
    figures = [one for one in bound_of(report) if one.kind in {"figure", "list"}]
    held = dict(ReportValue.objects.filter(report=report).values_list("binding", "held"))
    asked = asking(report)
    now = type(asked)(asked.period, today, asked.typed, asked.names, asked.units)
    made = compute([one for one in figures if one.key in held], now, source())
    return [Change(one.bound, held[one.bound.key], one.held) for one in made if one.held != held[one.bound.key]]


def changes_between(report: Report) -> list[Change]:
    """Return what a corrected version has otherwise than the one it corrects, with the reasons given."""
    if report.corrects is None:
        return []
    kept = dict(ReportValue.objects.filter(report=report.corrects).values_list("binding", "held"))
    then = {one.place: kept.get(one.key) for one in bound_of(report.corrects)}
    now = dict(ReportValue.objects.filter(report=report).values_list("binding", "held"))
    return [
        Change(one, then.get(one.place), now[one.key], report.reasons.get(one.place, ""))
        for one in bound_of(report)
        if one.key in now and then.get(one.place) != now[one.key] and one.kind != "dimension"
    ]


def correct(actor: Actor, report: Report, reason: str, reasons: Mapping[str, str]) -> Report:
    """Open a corrected version of a frozen report; both are kept.

    Args:
        actor: needs ``report.fill``.
        report: the newest version, frozen.
        reason: why it is corrected.
        reasons: why each figure is another one now, by its place (``月报!B4``).

    Raises:
        ValidationError: it is not frozen, or there is a newer version already.
    """
    actor.require(FILL)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明更正的原因。")})
    with transaction.atomic():
        held = Report.objects.select_for_update(of=("self",)).select_related("form").get(pk=report.pk)
        if held.state != "frozen":
            raise ValidationError(_("还没有封存的报表直接退回修改，不用更正。"))
        if Report.objects.filter(form=held.form, period=held.period, number__gt=held.number).exists():
            raise ValidationError(_("已经有更正稿，请打开最新一稿办理。"))
        made = Report.objects.create(
            form=held.form,
            period=held.period,
            number=held.number + 1,
            typed=held.typed,
            last_hash=held.last_hash,
            corrects=held,
            reason=reason.strip()[:200],
            reasons=dict(reasons),
            started_at=timezone.now(),
            started_by=actor.label[:150],
        )
        note_step(actor, made, "correct", reason)
        record(actor, "report.started", made, after={"corrects": held.pk, "reasons": reasons}, reason=reason)
    return made


def _signed(report: Report) -> dict[str, str]:
    """Return the names and the day that are known once people have signed."""
    found = {"filler": "", "reviewer": "", "signer": "", "day": ""}
    for one in ReportStep.objects.filter(report=report).order_by("pk"):
        role = signs(FLOW.steps.get(one.kind))
        if one.state == "filled":
            found = dict.fromkeys(found, "")
        elif role:
            found[role] = one.name
            if role == "signer":
                found["day"] = timezone.localdate(one.recorded_at).isoformat()
    return found


def _canonical(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
