"""What one enterprise adds to each figure of the plan."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from jigai.plan.registry import registry
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.plan import drill, services, tables, words
from jigai.platform.plan.models import Contribution
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest


@require_GET
@needs("fact.enter")
def own(request: SiteRequest) -> HttpResponse:
    """Lead an enterprise to what it adds itself."""
    person = LegalPerson.objects.filter(org=request.actor.organisation).first()
    if person is None:
        raise Http404
    return redirect("plan:enterprise", person.pk)


@require_GET
@needs(services.OWN)
def enterprise(request: SiteRequest, pk: int) -> HttpResponse:
    """Show what an enterprise adds to each figure an objective is judged by, and why where it adds nothing."""
    person = get_object_or_404(LegalPerson.objects, pk=pk)
    context = {"person": person, "groups": _groups(request, person)}
    return render(request, "plan/enterprise.html", context)


def _groups(request: SiteRequest, person: LegalPerson) -> list[dict[str, Any]]:
    """Return the contributions of the latest year each, by objective."""
    financial = request.actor.may(services.FINANCE)
    shown = services.objectives_by_indicator()
    rows = Contribution.objects.filter(legal_person=person, known_on=None, indicator__in=shown)
    latest: dict[str, list[Contribution]] = {}
    for row in rows.order_by("-period", "pk"):
        held = latest.setdefault(row.indicator, [])
        if len(row.period) == 4 and (not held or held[0].period == row.period or not any(one.reported for one in held)):
            latest[row.indicator] = [*(held if held and held[0].period == row.period else []), row]
    found = []
    for id, objective in shown.items():
        indicator = registry()[id]
        if indicator.finance and not financial:
            continue
        lines = [
            {
                "row": row,
                "url": drill.url(row, indicator),
                "standing": words.standing(row.standing),
                "period": words.period(row.period),
                "upper": tables.written(row.numerator / (10_000 if indicator.unit == "元" else 1)),
                "lower": tables.written(row.denominator / (10_000 if indicator.unit == "元" else 1)),
            }
            for row in latest.get(id, ())
        ]
        if lines:
            name = objective.title.say(words.language())
            found.append(
                {
                    "objective": objective,
                    "name": name,
                    "indicator": indicator,
                    "title": words.title(indicator),
                    "rows": lines,
                }
            )
    return found
