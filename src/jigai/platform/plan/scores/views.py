"""Pages of the scorecard: as it stands, of one unit, with other weights, and to have it kept or exported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.jobs.services import submit
from jigai.platform.plan.scores import services, shown
from jigai.platform.plan.scores.asked import Asked, asked_of
from jigai.platform.plan.scores.forms import KeepForm
from jigai.platform.plan.scores.services import SCORE, NoPlanError, Sheet
from jigai.platform.plan.services import FINANCE, VIEW
from jigai.platform.plan.versions import in_force
from jigai.platform.plan.work import in_use
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page
from jigai.platform.web.wording import english

EXPORT = "export.make"


@needs(VIEW)
def index(request: SiteRequest) -> HttpResponse:
    """Show the points of every unit and objective, and what is kept."""
    asked = asked_of(request)
    context: dict[str, Any] = {
        "asked": asked,
        "saved": services.saved(request.actor),
        "pilots": services.pilots(request.actor).values(),
        "may_score": request.actor.may(SCORE) and request.actor.scope.everything,
        "may_export": request.actor.may(EXPORT),
    }
    try:
        sheet, asked = _drawn(request.actor, asked)
    except NoPlanError as error:
        return render(request, "plan/scores/index.html", context | {"nothing": str(error)})
    beside = _drawn(request.actor, replace(asked, weights=None))[0] if sheet.tried else None
    context |= card_context(request.actor, sheet, beside) | {"asked": asked, "weights": _weights(asked)}
    return render(request, "plan/scores/index.html", context)


@needs(VIEW)
def unit(request: SiteRequest, code: str) -> HttpResponse:
    """Explain the points of one unit, item by item."""
    asked = asked_of(request)
    try:
        sheet, asked = _drawn(request.actor, asked)
    except NoPlanError as error:
        raise Http404 from error
    more = {"asked": asked, "live": True, "known_on": asked.known_on.isoformat() if asked.replay else ""}
    return unit_page(request, sheet, code, reverse("scores:index"), more)


@needs(SCORE)
def keep(request: SiteRequest) -> HttpResponse:
    """Keep the scorecard of a year for good."""
    asked = asked_of(request)
    back = f"{reverse('scores:index')}?year={asked.period.year}"

    def act(values: dict[str, Any], version: int) -> Done:
        try:
            made = services.keep(request.actor, asked.period, values["reason"], timezone.now(), asked.today)
        except NoPlanError as error:
            raise ValidationError(str(error)) from error
        return Done(reverse("scores:saved", args=[made.pk]), _("已存档为第 %(number)s 号。") % {"number": made.pk})

    title = _("存档 %(year)s 年县区得分") % {"year": asked.period.key}
    sub = _("按方案文件的权重和今天已知的数。存档后原样保留，不再重算。")
    return form_page(request, KeepForm, act, title=title, back=back, button=_("存档"), sub=sub)


@require_POST
@needs(VIEW)
def export(request: SiteRequest) -> HttpResponse:
    """Have the workbook of a scorecard made, and go to its job."""
    asked = asked_of(request)
    job = submit(request.actor, "plan.scorecard", asked.arguments, _("县区得分 %(year)s") % {"year": asked.period.key})
    return redirect("jobs:job", job.pk)


def card_context(actor: Actor, sheet: Sheet, beside: Sheet | None = None) -> dict[str, Any]:
    """Return what every page of a scorecard shows."""
    rows = shown.rows_of(sheet, hidden_from(actor, sheet), beside)
    heads = shown.heads_of(sheet)
    ranked = [row for row in rows if row.rank]
    return {
        "sheet": sheet,
        "rows": rows,
        "heads": heads,
        "gaps": [head for head in heads if head.gap],
        "total_weight": shown.total_weight(sheet),
        "first": ranked[0] if ranked else None,
        "last": ranked[-1] if len(ranked) > 1 else None,
        "greys": sum(bool(row.grey) for row in rows),
        "states": shown.STATES.values(),
        "measures": shown.measure_words().values(),
        "may_export": actor.may(EXPORT),
    }


def unit_page(request: SiteRequest, sheet: Sheet, code: str, back: str, more: dict[str, Any]) -> HttpResponse:
    """Show one unit of a scorecard; ``Http404`` where it has no such unit."""
    rows = shown.rows_of(sheet, hidden_from(request.actor, sheet), known_on=more.get("known_on", ""))
    row = next((one for one in rows if one.code == code), None)
    if row is None:
        raise Http404
    context = {"sheet": sheet, "row": row, "units": rows, "back": back, "states": shown.STATES.values(), **more}
    return render(request, "plan/scores/unit.html", context)


def hidden_from(actor: Actor, sheet: Sheet) -> frozenset[str]:
    """Return the items whose figures are financial and not for this reader; their points are for everybody."""
    if actor.may(FINANCE):
        return frozenset()
    work = in_use()
    drills = sheet.card.rows.select("item", "drill").unique().iter_rows()
    return frozenset(item for item, drill in drills if work.is_financial(drill.partition("/")[0]))


def _drawn(actor: Actor, asked: Asked) -> tuple[Sheet, Asked]:
    """Return the scorecard asked for; with weights that cannot be, the plan's own and what is wrong."""
    try:
        sheet, _version = services.drawn(actor, asked.period, asked.known_on, asked.today, asked.weights)
    except ValidationError as error:
        asked = replace(asked, weights=None, wrong=[*asked.wrong, *error.messages])
        sheet, _version = services.drawn(actor, asked.period, asked.known_on, asked.today)
    return sheet, asked


def _weights(asked: Asked) -> list[dict[str, Any]]:
    """Return a field for the weight of every objective of the plan in force."""
    held = in_force()
    if held is None:
        return []
    tried = asked.weights or {}
    return [
        {
            "key": one.objective,
            "title": held.plan.objective(one.objective).title.say("en" if english() else "zh"),
            "planned": f"{one.weight.normalize():f}",
            "value": f"{tried.get(one.objective, one.weight).normalize():f}",
        }
        for one in held.plan.scorecard.items
    ]
