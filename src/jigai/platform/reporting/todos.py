"""What reports ask of people: to fill what is due, to confirm, to review, to sign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.home.todo import Todo
from jigai.platform.reporting.models import Form, Report
from jigai.platform.reporting.periods import Reported
from jigai.platform.reporting.services import FILL, VIEW
from jigai.platform.reporting.workflow import CONFIRM, words_of_units
from jigai.platform.walls.actor import Actor


def todos(actor: Actor) -> Iterable[Todo]:
    """Return what waits for ``actor``; what has a due date is also reminded of (``notices.reminders``)."""
    if not actor.may(VIEW):
        return
    waiting = list(Report.objects.exclude(state="frozen").select_related("form"))
    if actor.may(FILL):
        yield from _to_fill(waiting, timezone.localdate())
    asks = actor.may(CONFIRM) and bool(actor.scope.managers)
    for report in waiting:
        task = partial(_todo, report)
        if report.state == "review" and actor.may("report.review"):
            yield task(_("审核报表"), _("审核"))
        elif report.state == "sign" and actor.may("report.sign"):
            yield task(_("签发报表"), _("签发"))
        elif report.state == "confirming" and asks and None in words_of_units(report).values():
            yield task(_("确认本单位的报表数字"), _("确认"))


def _to_fill(waiting: list[Report], today: date) -> Iterable[Todo]:
    for report in waiting:
        if report.state in {"draft", "filled"}:
            yield _todo(report, _("生成并核对报表"), _("填报"))
        elif report.state == "confirming" and all(one and one.agreed for one in words_of_units(report).values()):
            yield _todo(report, _("各管理主体已确认，提交审核"), _("提交"))
    for form in Form.objects.filter(active=True):
        period = Reported.over(form.every, today)
        if not Report.objects.filter(form=form, period=period.key).exists():
            yield Todo(
                _("填报：%(form)s") % {"form": form.name},
                url=reverse("reporting:form", args=[form.pk]),
                action=_("填报"),
                subject=period.words,
                source=_("报表"),
                due=period.due(form.due_day),
            )


def _todo(report: Report, title: str, action: str) -> Todo:
    period = Reported.read(report.period)
    return Todo(
        f"{title}：{report.form.name}",
        url=reverse("reporting:report", args=[report.pk]),
        action=action,
        subject=period.words,
        source=_("报表"),
        due=period.due(report.form.due_day),
    )
