"""The board (目标看板), the page of an objective, and the pages shown in meetings."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jigai import __version__
from jigai.plan import forecast_words
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.plan import charts, presenting, tables, words
from jigai.platform.plan.kept import Number
from jigai.platform.plan.models import Computing
from jigai.platform.plan.reading import Ask, Board, TargetView, read_board
from jigai.platform.plan.services import FINANCE, MANAGE, VIEW
from jigai.platform.plan.versions import InForce, in_force
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.period import When, when_of
from jigai.platform.web.wording import english

BREAKDOWNS: Final = ("year", "unit", "place", "division", "group")


def looked_at(request: SiteRequest, plan: InForce) -> When:
    """Return the period, day and partition a page of the board is looked at by; this year by the plan's partition."""
    return when_of(request, year=timezone.localdate().year, partition=f"{plan.plan.partition}_code", months=True)


def ask_of(when: When) -> Ask:
    """Return what the board is asked for."""
    return Ask(when.period, when.known_on if when.replay else None, when.partition.removesuffix("_code"))


def _read(request: SiteRequest, plan: InForce, when: When, **more: Any) -> Board:
    found = read_board(request.actor, ask_of(when), when.today, plan=plan, language=words.language(), **more)
    assert found is not None, "the plan is at hand"
    return found


def _frame(request: SiteRequest, board: Board, when: When) -> dict[str, Any]:
    """Return what every page of the board says: the filter, the plan, the days its figures rest on."""
    computed = None if when.replay else Computing.objects.values_list("upto", flat=True).first()
    return {
        "board": board,
        "when": when,
        "plan": board.plan,
        "plan_title": board.plan.title.say(words.language()),
        "computed": computed,
        "least": f"{board.share * 100:.0f}%",
        "engine": __version__,
        "may_manage": request.actor.may(MANAGE) and request.actor.scope.everything,
        "may_open": request.actor.may(FINANCE),
    }


@require_GET
@needs(VIEW)
def board(request: SiteRequest) -> HttpResponse:
    """Show where every objective stands, the chosen one in detail, and counties by objectives."""
    plan = in_force()
    if plan is None:
        return render(request, "plan/none.html", {"may_manage": request.actor.may(MANAGE)})
    when = looked_at(request, plan)
    found = _read(request, plan, when)
    ids = [one.objective.id for one in found.objectives]
    chosen = request.GET.get("o", "")
    view = found.objective(chosen if chosen in ids else ids[0])
    mapped = request.GET.get("m", "")
    shown = found.objective(mapped if mapped in ids else view.objective.id)
    context = {
        **_frame(request, found, when),
        "cards": [presenting.card(one, when) for one in found.objectives],
        "summary": summary(found, when),
        "headline": headline(found.objectives[0].main),
        "chosen": presenting.card(view, when),
        "detail": detail(view.main, when),
        "heat": presenting.heat(found, when),
        "tiles": presenting.tiles(found, shown.main, when),
        "mapped": shown,
        "chart": charts.chart(view.main, view.objective.title.say(words.language())),
    }
    return render(request, "plan/board.html", context)


def summary(found: Board, when: When) -> list[dict[str, Any]]:
    """Return how many objectives stand how, each with the objectives, the worst first."""
    return [
        {
            "state": words.state(outcome),
            "count": len(views),
            "views": [(one, presenting.objective_url(one, when)) for one in views],
        }
        for outcome, views in found.by_outcome.items()
    ]


def headline(view: TargetView) -> str:
    """Return what is forecast for the first objective, to be read aloud; empty where nothing is."""
    seen = view.forecast
    return words.here(forecast_words.say(seen, view.goal)) if seen and seen.value is not None else ""


def detail(view: TargetView, when: When) -> dict[str, Any]:
    """Return everything said about one target: sentences, units, figures beside it, how the forecast was made."""
    seen = view.forecast
    own_unit = "亿元" if seen and seen.base_year is not None else None
    return {
        "view": view,
        "state": words.state_of(view),
        "title": words.title(view.indicator),
        "unit": words.unit(view.indicator),
        "asked": words.asked(view),
        "by": view.written.by,
        "judged": words.judged(view),
        "ahead": words.here(forecast_words.say(seen, view.goal)) if seen else "",
        "reasons": [words.here(one) for one in forecast_words.reasons(seen)] if seen else [],
        "accuracy": [words.here(one) for one in forecast_words.accuracy(seen, own_unit)] if seen else [],
        "committed_unknown": seen is not None and seen.committed is None and not seen.asked.yearly,
        "units": presenting.unit_rows(view, when),
        "beside": [beside(one, when) for one in view.beside],
        "url": presenting.contributions_url(view.number, when),
        "period": words.period(view.number.period),
        "coverage": words.coverage(view.number),
        "reason": words.here(view.number.reason),
        "behind": view.behind,
        "shared": any(one.gap is not None for one in view.units),
    }


def beside(number: Number, when: When) -> dict[str, Any]:
    """Return a figure that stands beside another."""
    return {
        "title": words.title(number.indicator),
        "text": number.text,
        "unit": words.unit(number.indicator),
        "period": words.period(number.period),
        "coverage": number.percent,
        "reason": words.here(number.reason),
        "reportable": number.reportable,
        "grey": number.grey and number.value is not None,
        "url": presenting.contributions_url(number, when),
    }


@require_GET
@needs(VIEW)
def objective(request: SiteRequest, id: str) -> HttpResponse:
    """Show one objective: its figure, path and forecast, and broken down by year, unit, county, division, group."""
    plan = in_force()
    if plan is None or id not in {one.id for one in plan.plan.objectives}:
        raise Http404
    when = looked_at(request, plan)
    by = request.GET.get("by", "")
    by = by if by in BREAKDOWNS else "year"
    parts = {"unit": ask_of(when).partition}.get(by, by)
    found = _read(request, plan, when, only=id, parts=() if by == "year" else (parts,))
    view = found.objective(id)
    number = int(text) if (text := request.GET.get("t", "0")).isdecimal() and int(text) < len(view.targets) else 0
    target = view.targets[number]
    rows = breakdown(found, target, by, when)
    context = {
        **_frame(request, found, when),
        "view": view,
        "objective_title": view.objective.title.say(words.language()),
        "number": number,
        "targets": [(place, words.title(one.indicator)) for place, one in enumerate(view.targets)],
        "detail": detail(target, when),
        "by": by,
        "breakdowns": breakdowns(target),
        "rows": rows,
        "hidden": any(row["number"].hidden for row in rows),
        "amounts": request.actor.may(FINANCE) or not target.indicator.finance,
        "openable": request.actor.may(FINANCE) or not target.indicator.finance,
        "chart": charts.chart(target, words.title(target.indicator)),
        "bars": charts.bars(target, rows) if by != "year" else None,
        "neighbours": neighbours(plan, id),
        "quotes": view.objective.quotes,
        "lead": bodies(found, view.objective.lead),
        "note": view.objective.note.say(words.language()) if view.objective.note else "",
    }
    return render(request, "plan/objective.html", context)


def neighbours(plan: InForce, id: str) -> tuple[str, str]:
    """Return the objectives before and after one, empty at the ends."""
    ids = [one.id for one in plan.plan.objectives]
    place = ids.index(id)
    return ids[place - 1] if place else "", ids[place + 1] if place + 1 < len(ids) else ""


def bodies(found: Board, keys: tuple[str, ...] | None) -> str:
    """Return who leads, in words; empty while the city is asked."""
    named = {one.key: one.short or one.name.say() for one in found.plan.departments}
    named |= {one.key: one.name.say() for one in found.plan.units}
    return "、".join(named.get(key, key) for key in keys or ())


def breakdowns(view: TargetView) -> list[tuple[str, str]]:
    """Return by what a figure can be broken down, with the words of the tabs."""
    found = [("year", _("分年")), ("unit", _("按管理主体")), ("place", _("按属地")), ("division", _("按行业"))]
    if view.indicator.group_zh:
        name = view.indicator.group_en if english() else view.indicator.group_zh
        found.append(("group", _("按%(name)s") % {"name": name}))
    return found


def breakdown(found: Board, view: TargetView, by: str, when: When) -> list[dict[str, Any]]:
    """Return the rows of the table behind the chart."""
    if by == "year":
        told = [one for one in view.history if one.should or one.reported or one.period == view.number.period]
        numbers = [(words.period(one.period), one) for one in told]
        return [_row(name, one, when) for name, one in numbers]
    partition = found.ask.partition if by == "unit" else by
    names = dict(found.units) if partition == found.ask.partition else names_of(partition, when.today)
    kept = {key[1]: one for key, one in view.numbers.items() if key[0] == partition and key[2] == view.number.period}
    order = [key for key in names if key in kept] + sorted(key for key in kept if key not in names and key)
    rows = [_row(words.part(view.indicator, partition, key, names), kept[key], when) for key in order]
    return rows + ([_row(words.part(view.indicator, partition, "", names), kept[""], when)] if "" in kept else [])


def names_of(partition: str, today: date) -> dict[str, str]:
    """Return the names of the parts of a partition that is not that of the units."""
    if partition == "division":
        return words.divisions(today)
    if partition == "manager":
        return {one.code: str(one) for one in ManagingUnit.objects.all()}
    if partition == "place":
        return dict(Place.objects.filter(level="county").values_list("code", "name"))
    return {}


def _row(name: str, number: Number, when: When) -> dict[str, Any]:
    money = 10_000 if number.indicator.unit == "元" else 1
    return {
        "name": name,
        "number": number,
        "reason": words.here(number.reason) if number.value is None or not number.reported else "",
        "url": presenting.contributions_url(number, when),
        "upper": tables.written(number.numerator / money),
        "lower": tables.written(number.denominator / money),
    }


@require_GET
@needs(VIEW)
def meeting(request: SiteRequest) -> HttpResponse:
    """Show the board full screen, one objective after the other, readable from the back row."""
    plan = in_force()
    if plan is None:
        return render(request, "plan/none.html", {"may_manage": request.actor.may(MANAGE)})
    when = looked_at(request, plan)
    found = _read(request, plan, when)
    context = {
        **_frame(request, found, when),
        "summary": summary(found, when),
        "slides": [(presenting.card(one, when), detail(one.main, when)) for one in found.objectives],
    }
    return render(request, "plan/meeting.html", context)
