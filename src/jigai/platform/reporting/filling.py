"""A report from its start to figures that are ready: filled, typed into, explained where a figure falls short."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.imports import storage
from jigai.platform.places.models import ManagingUnit
from jigai.platform.reporting import words
from jigai.platform.reporting.checking import check, not_typed, shown
from jigai.platform.reporting.computing import Asking, Bound, Made, compute
from jigai.platform.reporting.data import FLOW
from jigai.platform.reporting.figures import FigureSource, source
from jigai.platform.reporting.models import Form, Report, ReportStep, ReportValue
from jigai.platform.reporting.periods import Reported
from jigai.platform.reporting.services import FILL, VIEW
from jigai.platform.walls.actor import Actor
from jigai.reports.filling import Blank, FillingError

OPEN = FLOW.steps["fill"].sources
"""States in which figures may still be drawn anew."""


def get_report(actor: Actor, pk: int) -> Report:
    """Return a report; ``Http404`` for none."""
    actor.require(VIEW)
    found = Report.objects.select_related("form", "corrects").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def start(actor: Actor, form: Form, period: str, last: bytes | None = None) -> Report:
    """Open the report of a period.

    Args:
        actor: needs ``report.fill``.
        form: the form; must have something bound.
        period: its key, of the kind the form is asked for.
        last: the workbook reported for the period before, where that was done without this site.

    Raises:
        ValidationError: there is one already, nothing is bound, it is no such period, or ``last`` is no workbook.
    """
    actor.require(FILL)
    try:
        wanted = Reported.read(period)
    except ValueError:
        wanted = None
    if wanted is None or wanted.every != form.every:
        text = _("“%(text)s”不是这张表的报告期。请写成 %(example)s 这样。")
        example = Reported.over(form.every, timezone.localdate()).key
        raise ValidationError({"period": text % {"text": period, "example": example}})
    if not form.bindings.exists():
        raise ValidationError(_("这张表还没有绑定单元格。请先在“绑定单元格”页点选要填的格。"))
    if Report.objects.filter(form=form, period=wanted.key).exists():
        raise ValidationError({"period": _("这一期已经建立，请从列表打开。")})
    made = Report(form=form, period=wanted.key, started_at=timezone.now(), started_by=actor.label[:150])
    if last is not None:
        try:
            Blank(last)
        except FillingError as error:
            raise words.refused(error, "last") from error
        made.last_hash = storage.keep(last)
    with transaction.atomic():
        made.save()
        record(actor, "report.started", made, after={"period": made.period, "last": made.last_hash})
    return made


def fill(actor: Actor, report: Report, today: date) -> Report:
    """Draw the figures of a report as known on ``today``, and look them over.

    What was typed stays. A reason given for a figure stays while the figure is the same.

    Raises:
        ValidationError: it has gone too far to be drawn anew.
    """
    actor.require(FILL)
    with transaction.atomic():
        held = Report.objects.select_for_update(of=("self",)).select_related("form").get(pk=report.pk)
        if held.state not in OPEN:
            raise ValidationError(_("报表已进入确认或审核，不能重新生成；请先撤回或退回。"))
        bound = [Bound.of(one) for one in held.form.bindings.all()]
        held.bindings = [vars(one) for one in bound]
        held.blank_hash, held.known_on = held.form.blank_hash, today
        held.state, held.version = FLOW.steps["fill"].target, held.version + 1
        former = {one.binding: one.held for one in ReportValue.objects.filter(report=held)}
        kept = source()
        made = compute(bound, asking(held), kept)
        held.forced = {
            one.bound.key: held.forced[one.bound.key]
            for one in made
            if one.bound.key in held.forced and former.get(one.bound.key) == one.held
        }
        held.save()
        _write(held, made, kept)
        note_step(actor, held, "fill")
        record(actor, "report.filled", held, after={"known_on": today.isoformat(), "cells": len(made)})
    return held


def type_in(actor: Actor, report: Report, version: int, key: str, text: str) -> None:
    """Write what is typed each period into a cell; empty takes it away.

    Raises:
        Http404: nothing is typed there.
        ValidationError: the report has gone on, somebody was faster, or a number was to be written.
    """
    held, bound = _open(actor, report, version, key, "typed")
    value: Any = text.strip()
    if value and bound.said.get("number"):
        from jigai.platform.web.forms import read_number

        try:
            value = read_number(value)
        except ValueError:
            said = {"text": text}
            raise ValidationError({"text": _("“%(text)s”不是数字：只填数字，不带单位。") % said}) from None
    with transaction.atomic():
        before = held.typed.get(key)
        held.typed = {**held.typed, key: words.held(value)}
        _again(held, key)
        record(actor, "report.typed", held, before={bound.place: before}, after={bound.place: held.typed[key]})


def force(actor: Actor, report: Report, version: int, key: str, reason: str) -> None:
    """Report a figure that is not reportable, or report it empty, with a reason; no reason takes that back.

    Raises:
        Http404: no figure stands there.
        ValidationError: the report has gone on, or somebody was faster.
    """
    held, bound = _open(actor, report, version, key, "figure")
    with transaction.atomic():
        before = held.forced.get(key, "")
        held.forced = {**{one: why for one, why in held.forced.items() if one != key}}
        if reason.strip():
            held.forced[key] = reason.strip()[:200]
        _again(held, key)
        record(actor, "report.forced", held, before={bound.place: before}, after={bound.place: reason}, reason=reason)


def asking(report: Report, names: Mapping[str, str] | None = None) -> Asking:
    """Return the period and day a report asks figures for, and what people said in it."""
    with translation.override("zh-hans"):  # official papers are Chinese, whoever asks
        units = {one.code: str(one) for one in ManagingUnit.objects.filter(active=True)}
        said = {"unit": str(settings.CITY_NAME), **(names or {})}
    return Asking(Reported.read(report.period), report.known_on or date.min, report.typed, said, units)


def bound_of(report: Report) -> list[Bound]:
    """Return the bindings a report was filled with."""
    return [Bound(**one) for one in report.bindings]


def last_values(report: Report) -> dict[tuple[str, str], Any]:
    """Return what the bound cells had in the period before: as reported here, else as in the workbook given."""
    before = Reported.read(report.period).before.key
    frozen = Report.objects.filter(form=report.form_id, period=before, state="frozen").order_by("-number").first()
    if frozen is not None:
        kept = dict(ReportValue.objects.filter(report=frozen).values_list("binding", "held"))
        bound = bound_of(frozen)
        return {(one.sheet, one.address): words.value_of(kept[one.key]) for one in bound if _single(one, kept)}
    if report.last_hash:
        wanted = [(one.sheet, one.address) for one in bound_of(report) if one.kind != "list"]
        return dict(Blank(storage.read(report.last_hash)).values(wanted))
    return {}


def _single(one: Bound, kept: Mapping[str, Any]) -> bool:
    return one.kind != "list" and one.key in kept


def _open(actor: Actor, report: Report, version: int, key: str, kind: str) -> tuple[Report, Bound]:
    actor.require(FILL)
    bound = next((one for one in bound_of(report) if one.key == key and one.kind == kind), None)
    if bound is None:
        raise Http404
    held = Report.objects.select_for_update(of=("self",)).select_related("form").get(pk=report.pk)
    if held.state != "filled":
        raise ValidationError(_("报表已进入确认或审核，不能再改；请先撤回或退回。"))
    if held.version != version:
        raise ValidationError(_("刚被别人改过，请刷新后再看。"))
    return held, bound


def _again(held: Report, key: str) -> None:
    """Look over the one cell that was typed into or explained; every figure stays as it was drawn."""
    held.version += 1
    held.save(update_fields=["typed", "forced", "version"])
    one = ReportValue.objects.get(report=held, binding=key)
    if key in held.typed:
        one.held = held.typed[key]
        one.warnings = [not_typed()] if one.held is None else []
    else:
        one.warnings = shown(one.about["found"], explained=key in held.forced)
    one.save(update_fields=["held", "warnings"])


def _write(held: Report, made: list[Made], kept: FigureSource) -> None:
    last, asked = last_values(held), asking(held)
    found = [check(one, asked, kept, last) for one in made]
    ReportValue.objects.filter(report=held).delete()
    ReportValue.objects.bulk_create(
        ReportValue(
            report=held,
            binding=one.bound.key,
            held=one.held,
            about={**one.about, "found": warned},
            warnings=shown(warned, explained=one.bound.key in held.forced),
            manager_code=one.bound.unit,
        )
        for one, warned in zip(made, found, strict=True)
    )


def note_step(actor: Actor, report: Report, kind: str, comment: str = "") -> ReportStep:
    """Write down what was done, and in whose name."""
    return ReportStep.objects.create(
        report=report,
        kind=kind,
        state=report.state,
        comment=comment[:500],
        user=actor.user,
        name=(actor.user.name if actor.user else "")[:60],
        recorded_at=timezone.now(),
        recorded_by=actor.label[:150],
    )
