"""The yearly sheet: fill, submit, return, confirm; the history of one figure; who has reported."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.enterprises import entry, facts, reporting, sheets
from jigai.platform.enterprises.attributes import visible_attributes
from jigai.platform.enterprises.completeness import lacking, submission_faults
from jigai.platform.enterprises.fact_values import shown
from jigai.platform.enterprises.forms import CommentForm, as_date
from jigai.platform.enterprises.models import LegalPerson, Line, Site
from jigai.platform.enterprises.views.pages import person_or_404
from jigai.platform.walls.guards import needs
from jigai.platform.web.pages import Done, done, form_page

YEARS = 6
"""Years one turns to from a page."""


def _year(year: int) -> int:
    if not 2000 <= year <= timezone.localdate().year:
        raise Http404
    return year


@needs("fact.view")
def latest(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the sheet of the year that is collected now."""
    person_or_404(pk)
    year = sheets.reporting_year(timezone.localdate())
    return HttpResponseRedirect(reverse("enterprises:facts", args=[pk, year]))


@needs("fact.view")
def sheet(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Show the sheet of a year, as it is or as it was known on a day; a POST saves all that was typed."""
    person = person_or_404(pk)
    on = as_date(request.GET.get("on", ""))
    found = entry.sections(request.actor, person, _year(year), on)  # type: ignore[attr-defined]
    if request.method == "POST":
        return _save_all(request, person, year, found)
    return render(request, "enterprises/sheet.html", _said(request, person, year, found))


def _said(request: HttpRequest, person: LegalPerson, year: int, found: list[entry.Section]) -> dict[str, Any]:
    on = as_date(request.GET.get("on", ""))
    state = sheets.state_of(person, year, on)
    rows = list(entry.rows_of(found))
    return {
        "person": person,
        "year": year,
        "years": _years(),
        "sections": found,
        "state": state,
        "taken": sheets.steps_of(person, year),
        "on": on,
        "filled": sum(row.outcome == "saved" for row in rows),
        "total": len(rows),
        "writes": on is None and request.actor.may("fact.enter") and state.row["editable"] != "0",  # type: ignore[attr-defined]
        "due": sheets.due("submit" if state.key in ("open", "returned") else "verify", year),
        **_todo(request, person, year, on),
    }


def _todo(request: HttpRequest, person: LegalPerson, year: int, on: date | None = None) -> dict[str, Any]:
    """Return what the card of next steps needs: what is missing, of whom, and the steps to take."""
    actor = request.actor  # type: ignore[attr-defined]
    own = visible_attributes(actor)
    missing = lacking(person, year)
    return {
        "missing": [one for one in missing if one.attribute.name in own],
        "hidden_missing": [one for one in missing if one.attribute.name not in own],
        "steps": sheets.open_steps(actor, person, year) if on is None else [],
    }


def _years() -> list[int]:
    """Return the years one turns to from a page."""
    last = sheets.reporting_year(timezone.localdate())
    return list(range(last, last - YEARS, -1))


def _typed(request: HttpRequest, row: entry.Row) -> str:
    values = request.POST.getlist(row.key)
    return ";".join(values) if row.many else (values[-1] if values else "")


@require_POST
@needs("fact.enter")
def enter(request: HttpRequest, pk: int, year: int, key: str) -> HttpResponse:
    """Save one figure while the sheet is filled; answers with its row and what is still missing."""
    person = person_or_404(pk)
    found = entry.sections(request.actor, person, _year(year))  # type: ignore[attr-defined]
    row = next((one for one in entry.rows_of(found) if one.key == key), None)
    if row is None:
        raise Http404
    again = entry.enter(request.actor, person, year, row, request.POST, _typed(request, row))  # type: ignore[attr-defined]
    said = {"row": again, "person": person, "year": year, "writes": True, "oob": True}
    return render(request, "enterprises/_entered.html", said | _todo(request, person, year))


def _save_all(request: HttpRequest, person: LegalPerson, year: int, found: list[entry.Section]) -> HttpResponse:
    """Save what was typed in the whole sheet; last year's values that nobody confirmed are left alone."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require("fact.enter")
    saved = open_rows = 0
    for section in found:
        for _group, rows in section.groups:
            for place, row in enumerate(rows):
                typed, same = _typed(request, row), f"same-{row.key}" in request.POST
                if not same and (row.key not in request.POST or typed == row.typed):
                    continue
                rows[place] = entry.enter(actor, person, year, row, request.POST, typed)
                saved += rows[place].outcome == "saved"
                open_rows += rows[place].outcome != "saved"
    url = reverse("enterprises:facts", args=[person.pk, year])
    if not open_rows:
        return done(request, Done(url, _("已保存 %(n)s 项。") % {"n": saved}))
    messages.warning(request, _("已保存 %(n)s 项，还有 %(m)s 项需要处理，见标出的行。") % {"n": saved, "m": open_rows})
    return render(request, "enterprises/sheet.html", _said(request, person, year, found))


@needs("fact.view")
def step(request: HttpRequest, pk: int, year: int, key: str) -> HttpResponse:
    """Take a step with the sheet: submit, take back, return, confirm."""
    actor = request.actor  # type: ignore[attr-defined]
    person = person_or_404(pk)
    url = reverse("enterprises:facts", args=[pk, _year(year)])
    wanted = sheets.FLOW.button(key)
    if wanted is None:
        raise Http404
    actor.require(wanted.capability)

    def act(values: dict[str, Any], version: int) -> Done:
        sheets.take_step(actor, person, year, key, values["comment"])
        return Done(url, wanted.done)

    faults = submission_faults(person, year, timezone.localdate()) if key == "submit" else []
    form = partial(CommentForm, required=wanted.required)
    return form_page(
        request,
        form,
        act,
        title=_("%(year)s 年年度数据：%(step)s") % {"year": year, "step": wanted.label},
        back=url,
        button=wanted.label,
        crumb=person.name,
        template="enterprises/step.html",
        faults=faults,
    )


@needs("fact.view")
def history(request: HttpRequest, pk: int, year: int, key: str) -> HttpResponse:
    """Show every value one figure had, since when, by whom, why."""
    actor = request.actor  # type: ignore[attr-defined]
    person = person_or_404(pk)
    name, _at, of = key.partition("@")
    attribute = visible_attributes(actor).get(name)
    number = of.removeprefix("L")
    if attribute is None or (of and not number.isdecimal()):
        raise Http404
    whose = int(number[:18]) if number else None
    site, line = (None, whose) if of.startswith("L") else (whose, None)
    rows = facts.history(actor, person, _year(year), name, site, line)
    said = {
        "person": person,
        "year": year,
        "attribute": attribute,
        "site": Site.objects.filter(pk=site).first() if site else None,
        "line": Line.objects.filter(pk=line).first() if line else None,
        "rows": [(row, shown(attribute, row.value)) for row in rows],
    }
    return render(request, "enterprises/figure.html", said)


@needs("fact.view")
def overview_latest(request: HttpRequest) -> HttpResponse:
    """Lead to the overview of the year that is collected now."""
    year = sheets.reporting_year(timezone.localdate())
    return HttpResponseRedirect(reverse("enterprises:reporting", args=[year]))


@needs("fact.view")
def overview(request: HttpRequest, year: int) -> HttpResponse:
    """Show who has reported for a year, by managing unit and by enterprise."""
    asked = request.GET.get("state", "")
    manager = request.GET.get("manager", "")
    found = reporting.overview(request.actor, _year(year))  # type: ignore[attr-defined]
    rows = found.waiting if asked == "waiting" else [*found.rows, *found.others]
    if asked and asked != "waiting":
        rows = [one for one in rows if one.state.key == asked]
    rows = [one for one in rows if not manager or one.manager == manager]
    said = {
        "year": year,
        "years": _years(),
        "found": found,
        "rows": rows,
        "states": sheets.FLOW.states.values(),
        "asked": asked,
        "manager": manager,
        "due": sheets.due("submit", year),
        "today": timezone.localdate(),
        "may_remind": request.actor.may("notice.send"),  # type: ignore[attr-defined]
        "minus_reported": -found.total.reported,
    }
    return render(request, "enterprises/reporting.html", said)


@require_POST
@needs("notice.send")
def remind(request: HttpRequest, year: int) -> HttpResponse:
    """Remind every enterprise in scope that has not reported, and say how many people were told."""
    sent = reporting.remind(request.actor, _year(year), timezone.localdate())  # type: ignore[attr-defined]
    if sent:
        messages.success(request, _("已提醒 %(n)d 人。") % {"n": sent})
    else:
        messages.info(request, _("没有要提醒的：都已报送、今天已提醒过，或企业还没有账号。"))
    return HttpResponseRedirect(reverse("enterprises:reporting", args=[year]))
