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
from jigai.platform.enterprises.tables import ABOVE_SCALE
from jigai.platform.walls.guards import needs
from jigai.platform.web import undo
from jigai.platform.web.forms import Form, ReasonForm
from jigai.platform.web.pages import Done, form_page

NAMED = 5
"""Changes after the list was frozen that are named on the page, of each kind; all of them are a filter away."""


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
    """List who is on the list of a year, with what changed since it was frozen."""
    held = above_scale.frozen(_year(year))
    may_edit = request.actor.may(above_scale.EDIT)  # type: ignore[attr-defined]
    others = [other for other in above_scale.years() if other != year]
    units = above_scale.by_unit(year)
    added, removed = above_scale.changed_since_frozen(year)
    listing = ABOVE_SCALE.answer(
        request,
        title=_title(year),
        year=year,
        years=sorted({*others, year}, reverse=True),
        others=others,
        frozen=held,
        units=units,
        on_list=sum(n for _name, n in units),
        added=added.count(),
        removed=removed.count(),
        changes=[*added[:NAMED], *removed[:NAMED]],
        may_edit=may_edit,
        empty=_("%(year)s 年还没有名单。") % {"year": year},
        empty_step=_("沿用往年名单，再逐户增减"),
        empty_url=reverse("enterprises:above_scale_copy", args=[year]) if may_edit and others else "",
    )
    template = "web/_list.html" if request.htmx else "enterprises/above_scale.html"  # type: ignore[attr-defined]
    return render(request, template, {"listing": listing})


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
