"""Production lines across the city: the list with their levels, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jigai.platform.enterprises import services, sheets
from jigai.platform.enterprises.gauge import standings
from jigai.platform.enterprises.line_tables import LINES
from jigai.platform.enterprises.line_years import judged_lines
from jigai.platform.enterprises.models import LegalPerson, Line
from jigai.platform.walls.guards import needs
from jigai.platform.web.history import history_of

YEARS = 5
"""Years the page of a line shows."""


@needs("fact.view")
def index(request: HttpRequest) -> HttpResponse:
    """List production lines with the level of the last full year."""
    year = sheets.reporting_year(timezone.localdate())
    listing = LINES.answer(request, subtitle=_("能效水平按 %(year)s 年数据和当年末施行的文件判定。") % {"year": year})
    template = "web/_list.html" if request.htmx else "enterprises/lines.html"  # type: ignore[attr-defined]
    return render(request, template, {"listing": listing})


@needs("fact.view")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a production line: where it stands, on what that rests, and its figures of five years."""
    one = get_object_or_404(Line.objects.select_related("site"), pk=pk)
    today, language = timezone.localdate(), get_language() or ""
    last = sheets.reporting_year(today)
    rows = Line.objects.filter(pk=pk)
    judged = [judged_lines(rows, year, today) for year in range(last, last - YEARS, -1)]
    years = [said for frame in judged for said in standings(frame, language)]
    said: dict[str, Any] = {
        "line": one,
        "now": years[0],
        "years": years,
        "person": LegalPerson.objects.filter(pk=one.site.legal_person_id).first() if one.site else None,
        "events": history_of(one, limit=8),
        "may_edit": request.actor.may(services.EDIT),  # type: ignore[attr-defined]
    }
    return render(request, "enterprises/line.html", said)
