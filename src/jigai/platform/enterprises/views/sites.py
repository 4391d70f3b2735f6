"""Sites and production lines."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.enterprises import profile, services
from jigai.platform.enterprises.forms import LineForm, RetireForm, SiteForm
from jigai.platform.enterprises.gauge import standing_by_line
from jigai.platform.enterprises.models import LegalPerson, Line, Site
from jigai.platform.enterprises.views.pages import person_or_404
from jigai.platform.walls.guards import needs
from jigai.platform.web import undo
from jigai.platform.web.forms import ReasonForm
from jigai.platform.web.history import history_of
from jigai.platform.web.pages import Done, form_page


def site_or_404(pk: int) -> Site:
    """Return a site of one's scope."""
    return get_object_or_404(Site.objects.select_related("park"), pk=pk)


@needs("enterprise.view")
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a site with its lines; a county sees it even where it does not see the legal person."""
    one = site_or_404(pk)
    lines = list(Line.objects.filter(site=one))
    sees_facts = request.actor.may("fact.view")  # type: ignore[attr-defined]
    said = {
        "site": one,
        "head": profile.head(one),
        "lines": lines,
        "person": LegalPerson.objects.filter(pk=one.legal_person_id).first(),
        "events": history_of(one, *lines, limit=12),
        "sees_facts": sees_facts,
        "standing": standing_by_line(lines) if sees_facts else {},
        "may_edit": request.actor.may(services.EDIT),  # type: ignore[attr-defined]
    }
    return render(request, "enterprises/site.html", said)


@needs("enterprise.edit")
def site_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a site."""
    person = person_or_404(pk)
    actor = request.actor  # type: ignore[attr-defined]

    def act(values: dict[str, Any], version: int) -> Done:
        made = services.create_site(actor, person, values)
        return Done(reverse("enterprises:site", args=[made.pk]), _("已新增厂区“%(site)s”。") % {"site": made})

    initial = {
        "manager_code": person.manager_code,
        "place_code": person.place_code,
        "park": person.park_id if person.park and person.park.active else None,
        "fixed_manager": True,
    }
    back = reverse("enterprises:page", args=[pk])
    form = partial(SiteForm, actor=actor)
    return form_page(request, form, act, title=_("新增厂区"), back=back, crumb=person.name, initial=initial)


@needs("enterprise.edit")
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a site."""
    one = site_or_404(pk)
    url = reverse("enterprises:site", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        services.edit_site(request.actor, one, values, version)  # type: ignore[attr-defined]
        return Done(url, _("已保存。"))

    initial = {name: getattr(one, name) for name in ("name", "address", "industry_code", "manager_code", "place_code")}
    initial |= {"park": one.park_id, "fixed_manager": True}
    form = partial(SiteForm, actor=request.actor)  # type: ignore[attr-defined]
    return form_page(
        request, form, act, title=_("修改厂区"), back=url, crumb=one.name, initial=initial, version=one.version
    )


@needs("enterprise.edit")
def site_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a site as no longer used."""
    one = site_or_404(pk)
    url = reverse("enterprises:site", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        event = services.close_site(request.actor, one, values["reason"])  # type: ignore[attr-defined]
        return Done(url, _("厂区“%(site)s”已停用。") % {"site": one}, undo.offer(event, services.EDIT, url))

    title = _("停用厂区“%(site)s”") % {"site": one}
    sub = _("停用后不再要求填报，已有数据不变；五分钟内可以撤销。")
    return form_page(request, ReasonForm, act, title=title, back=url, button=_("停用"), crumb=one.name, sub=sub)


@needs("enterprise.edit")
def line_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a production line."""
    one = site_or_404(pk)
    url = reverse("enterprises:site", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        made = services.create_line(request.actor, one, values)  # type: ignore[attr-defined]
        return Done(url, _("已新增产线“%(line)s”。") % {"line": made})

    return form_page(request, LineForm, act, title=_("新增产线"), back=url, crumb=one.name)


def _line_or_404(pk: int) -> Line:
    return get_object_or_404(Line.objects.select_related("site"), pk=pk)


@needs("enterprise.edit")
def line_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a production line."""
    line = _line_or_404(pk)
    url = reverse("enterprises:site", args=[line.site_id])

    def act(values: dict[str, Any], version: int) -> Done:
        services.edit_line(request.actor, line, values, version)  # type: ignore[attr-defined]
        return Done(url, _("已保存。"))

    initial = {name: getattr(line, name) for name in LineForm.base_fields}
    return form_page(
        request,
        LineForm,
        act,
        title=_("修改产线"),
        back=url,
        crumb=str(line.site),
        initial=initial,
        version=line.version,
    )


@needs("enterprise.edit")
def line_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a line left production."""
    line = _line_or_404(pk)
    url = reverse("enterprises:site", args=[line.site_id])

    def act(values: dict[str, Any], version: int) -> Done:
        event = services.retire_line(request.actor, line, values["year"], values["reason"])  # type: ignore[attr-defined]
        return Done(url, _("已登记产线“%(line)s”退出。") % {"line": line}, undo.offer(event, services.EDIT, url))

    title = _("产线“%(line)s”退出") % {"line": line}
    return form_page(request, RetireForm, act, title=title, back=url, button=_("登记退出"), crumb=str(line.site))
