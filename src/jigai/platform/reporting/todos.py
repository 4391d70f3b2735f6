"""What reports ask of people: to fill what is due, to confirm, to review, to sign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.home.todo import Todo
from jigai.platform.reporting.models import Confirmation, Form, Report
from jigai.platform.reporting.periods import Reported
from jigai.platform.reporting.services import FILL, VIEW
from jigai.platform.reporting.workflow import CONFIRM, words_of
from jigai.platform.walls.actor import Actor

Words = dict[int, dict[str, Confirmation | None]]


def todos(actor: Actor) -> Iterable[Todo]:
    """Return what waits for ``actor``; what has a due date is also reminded of (``notices.reminders``)."""
    if not actor.may(VIEW):
        return
    waiting = list(Report.objects.exclude(state="frozen").select_related("form"))
    said = words_of(one for one in waiting if one.state == "confirming")
    if actor.may(FILL):
        yield from _to_fill(waiting, said, timezone.localdate())
    asks = actor.may(CONFIRM) and bool(actor.scope.managers)
    for report in waiting:
        task = partial(_todo, report)
        if report.state == "review" and actor.may("report.review"):
            yield task(_("审核报表"), _("审核"))
        elif report.state == "sign" and actor.may("report.sign"):
            yield task(_("签发报表"), _("签发"))
        elif report.state == "confirming" and asks and None in said.get(report.pk, {}).values():
            yield task(_("确认本单位的报表数字"), _("确认"))


def _to_fill(waiting: list[Report], words: Words, today: date) -> Iterable[Todo]:
    for report in waiting:
        if report.state in {"draft", "filled"}:
            yield _todo(report, _("生成并核对报表"), _("填报"))
        elif report.state == "confirming" and all(one and one.agreed for one in words.get(report.pk, {}).values()):
            yield _todo(report, _("各管理主体已确认，提交审核"), _("提交"))
    periods = {every: Reported.over(every, today) for every in Form.Every.values}
    known = set(Report.objects.filter(period__in=[one.key for one in periods.values()]).values_list("form", "period"))
    for form in Form.objects.filter(active=True):
        period = periods[form.every]
        if (form.pk, period.key) not in known:
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
