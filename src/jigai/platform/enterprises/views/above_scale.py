"""The yearly above-scale list."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.enterprises import above_scale
from jigai.platform.enterprises.forms import ListedForm, YearChoiceForm
from jigai.platform.enterprises.models import AboveScale
from jigai.platform.enterprises.tables import with_manager
from jigai.platform.walls.guards import needs
from jigai.platform.web import undo
from jigai.platform.web.forms import Form, ReasonForm
from jigai.platform.web.pages import Done, form_page


def _year(year: int) -> int:
    if not 2000 <= year <= timezone.localdate().year + 1:
        raise Http404
    return year


@needs("enterprise.view")
def latest(request: HttpRequest) -> HttpResponse:
    """Lead to the newest list, or this year's where there is none."""
    year = next(iter(above_scale.years()), timezone.localdate().year)
    return HttpResponseRedirect(reverse("enterprises:above_scale", args=[year]))


@needs("enterprise.view")
def index(request: HttpRequest, year: int) -> HttpResponse:
    """Show the list of a year, by managing unit, and what changed since it was frozen."""
    held = above_scale.frozen(_year(year))
    before = request.GET.get("as") == "frozen" and held is not None
    rows = above_scale.listed(year, held.frozen_at if before and held else None)
    words = request.GET.get("q", "").strip()
    found = with_manager(rows.select_related("legal_person")).order_by("manager_code", "legal_person__name")
    if words:
        found = found.filter(legal_person__name__icontains=words) | found.filter(
            legal_person__initials__contains=words.lower()
        )
    counts: dict[str, int] = {}
    for manager in with_manager(rows).order_by("manager_code").values_list("manager_name", flat=True):
        counts[manager or "—"] = counts.get(manager or "—", 0) + 1
    added, removed = above_scale.changed_since_frozen(year)
    said = {
        "year": year,
        "years": sorted({*above_scale.years(), year}, reverse=True),
        "rows": found,
        "counts": counts,
        "total": sum(counts.values()),
        "frozen": held,
        "before": before,
        "added": added,
        "removed": removed,
        "words": words,
        "others": [other for other in above_scale.years() if other != year],
        "may_edit": request.actor.may(above_scale.EDIT) and not before,  # type: ignore[attr-defined]
    }
    return render(request, "enterprises/above_scale.html", said)


def _back(year: int) -> str:
    return reverse("enterprises:above_scale", args=[year])


def _title(year: int) -> str:
    return _("%(year)s 年规上名单") % {"year": year}


@needs("above_scale.edit")
def copy(request: HttpRequest, year: int) -> HttpResponse:
    """Start from the list of another year."""
    _year(year)
    others = [other for other in above_scale.years() if other != year]

    def act(values: dict[str, Any], version: int) -> Done:
        n = above_scale.copy_list(request.actor, values["source"], year)  # type: ignore[attr-defined]
        return Done(_back(year), _("沿用 %(source)s 年名单，列入 %(n)s 户。") % {"source": values["source"], "n": n})

    form = partial(YearChoiceForm, years=others)
    sub = _("已在名单中的不重复列入；已注销、已归档的不列入。")
    title = _("沿用往年名单")
    return form_page(request, form, act, title=title, back=_back(year), button=_("沿用"), crumb=_title(year), sub=sub)


@needs("above_scale.edit")
def add(request: HttpRequest, year: int) -> HttpResponse:
    """Put an enterprise on the list."""

    _year(year)

    def act(values: dict[str, Any], version: int) -> Done:
        above_scale.add_to_list(request.actor, values["person"], year, values["reason"])  # type: ignore[attr-defined]
        return Done(_back(year), _("已列入“%(name)s”。") % {"name": values["person"]})

    return form_page(
        request, ListedForm, act, title=_("列入企业"), back=_back(year), button=_("列入"), crumb=_title(year)
    )


@needs("above_scale.edit")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an enterprise off the list."""
    row = get_object_or_404(AboveScale.objects.select_related("legal_person"), pk=pk, superseded_at__isnull=True)

    def act(values: dict[str, Any], version: int) -> Done:
        event = above_scale.take_off_list(request.actor, row, values["reason"])  # type: ignore[attr-defined]
        said = _("已将“%(name)s”移出名单。") % {"name": row.legal_person}
        return Done(_back(row.year), said, undo.offer(event, above_scale.EDIT, _back(row.year)))

    title = _("将“%(name)s”移出名单") % {"name": row.legal_person}
    return form_page(
        request, ReasonForm, act, title=title, back=_back(row.year), button=_("移出"), crumb=_title(row.year)
    )


@needs("above_scale.edit")
def freeze(request: HttpRequest, year: int) -> HttpResponse:
    """Make the list final."""

    _year(year)

    def act(values: dict[str, Any], version: int) -> Done:
        above_scale.freeze(request.actor, year)  # type: ignore[attr-defined]
        return Done(_back(year), _("%(year)s 年名单已定稿。") % {"year": year})

    sub = _("定稿后仍可更正，但每一处都要写明原因；定稿时的名单随时可以查看。")
    title = _("%(year)s 年名单定稿") % {"year": year}
    return form_page(request, Form, act, title=title, back=_back(year), button=_("定稿"), crumb=_title(year), sub=sub)


@needs("enterprise.view")
def compare(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Compare the lists of two years."""
    found = above_scale.compare(_year(first), _year(second))
    said = {"first": first, "second": second, "found": found, "years": above_scale.years()}
    return render(request, "enterprises/above_scale_compare.html", said)
