"""Pages of divisions, managing units and parks."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.places import services
from jigai.platform.places.forms import NewUnitForm, ParkForm, UnitForm
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.walls.guards import needs
from jigai.platform.web import undo
from jigai.platform.web.forms import ReasonForm
from jigai.platform.web.history import history_of
from jigai.platform.web.pages import Done, form_page

LIST = "places:list"


@needs("place.view")
def index(request: HttpRequest) -> HttpResponse:
    """Show divisions, managing units and parks, with how many enterprises and sites of one's scope are in each."""
    by_place = dict(Site.objects.filter(active=True).values_list("place_code").annotate(n=Count("pk")))
    persons = LegalPerson.objects.exclude(status="archived")
    by_manager = dict(persons.values_list("manager_code").annotate(n=Count("pk")))
    by_park = dict(Site.objects.filter(active=True, park__isnull=False).values_list("park").annotate(n=Count("pk")))
    places = list(Place.objects.order_by("order", "code"))
    tree = [
        {
            "place": one,
            "sites": by_place.get(one.code, 0),
            "below": [other for other in places if other.parent_id == one.code],
        }
        for one in places
        if one.level == "county"
    ]
    units = ManagingUnit.objects.select_related("place")
    parks = Park.objects.select_related("manager", "place")
    return render(
        request,
        "places/index.html",
        {
            "city_place": next((one for one in places if one.level == "city"), None),
            "tree": tree,
            "units": [(one, by_manager.get(one.code, 0)) for one in units],
            "parks": [(one, by_park.get(one.pk, 0)) for one in parks],
            "may_edit": request.actor.may(services.EDIT),  # type: ignore[attr-defined]
        },
    )


@needs("place.edit")
def unit_new(request: HttpRequest) -> HttpResponse:
    """Create a managing unit."""

    def act(values: dict, version: int) -> Done:
        unit = services.create_unit(request.actor, values)  # type: ignore[attr-defined]
        return Done(reverse("places:unit", args=[unit.pk]), _("已新增管理主体“%(unit)s”。") % {"unit": unit})

    return form_page(request, NewUnitForm, act, title=_("新增管理主体"), back=reverse(LIST), crumb=_("区划园区"))


@needs("place.view")
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a managing unit with its parks and history."""
    one = get_object_or_404(ManagingUnit.objects.select_related("place"), pk=code)
    enterprises = LegalPerson.objects.filter(manager_code=code).exclude(status="archived").count()
    said = {"unit": one, "parks": one.park_set.all(), "enterprises": enterprises, "events": history_of(one)}
    return render(request, "places/unit.html", said)


@needs("place.edit")
def unit_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit a managing unit."""
    one = get_object_or_404(ManagingUnit, pk=code)
    url = reverse("places:unit", args=[code])

    def act(values: dict, version: int) -> Done:
        services.edit_unit(request.actor, one, values, version)  # type: ignore[attr-defined]
        return Done(url, _("已保存。"))

    initial = {"name": one.name, "short": one.short, "place": one.place_id, "order": one.order}
    return form_page(
        request,
        UnitForm,
        act,
        title=_("修改管理主体"),
        back=url,
        crumb=str(one),
        initial=initial,
        version=one.version,
    )


@needs("place.edit")
def park_new(request: HttpRequest) -> HttpResponse:
    """Create a park."""

    def act(values: dict, version: int) -> Done:
        park = services.create_park(request.actor, values)  # type: ignore[attr-defined]
        return Done(reverse("places:park", args=[park.pk]), _("已新增园区“%(park)s”。") % {"park": park})

    return form_page(request, ParkForm, act, title=_("新增园区"), back=reverse(LIST), crumb=_("区划园区"))


@needs("place.view")
def park(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a park with the sites in it and its history."""
    one = get_object_or_404(Park.objects.select_related("manager", "place"), pk=pk)
    sites = Site.objects.filter(park=one, active=True)
    return render(request, "places/park.html", {"park": one, "sites": sites, "events": history_of(one)})


@needs("place.edit")
def park_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a park."""
    one = get_object_or_404(Park, pk=pk)
    url = reverse("places:park", args=[pk])

    def act(values: dict, version: int) -> Done:
        services.edit_park(request.actor, one, values, version)  # type: ignore[attr-defined]
        return Done(url, _("已保存。"))

    initial = {"name": one.name, "manager": one.manager_id, "place": one.place_id, "chemical": one.chemical}
    return form_page(
        request, ParkForm, act, title=_("修改园区"), back=url, crumb=one.name, initial=initial, version=one.version
    )


@needs("place.edit")
def set_active(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Take a managing unit or park out of use, or bring it back, with the reason."""
    subject = get_object_or_404(Park, pk=key) if kind == "parks" else get_object_or_404(ManagingUnit, pk=key)
    url = reverse("places:park" if kind == "parks" else "places:unit", args=[subject.pk])
    wanted = not subject.active

    def act(values: dict, version: int) -> Done:
        event = services.set_active(request.actor, subject, wanted, values["reason"])  # type: ignore[attr-defined]
        said = _("已启用“%(what)s”。") if wanted else _("已停用“%(what)s”。")
        return Done(url, said % {"what": subject}, undo.offer(event, services.EDIT, url))

    title = _("启用“%(what)s”") if wanted else _("停用“%(what)s”")
    sub = "" if wanted else _("停用后不能再选，已有记录不变。")
    return form_page(request, ReasonForm, act, title=title % {"what": subject}, back=url, button=_("确定"), sub=sub)
