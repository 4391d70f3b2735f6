"""The list of enterprises, the page of one, its forms and its titles."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.enterprises import above_scale, profile, services, sheets, titles
from jigai.platform.enterprises.forms import EnterpriseForm, TitleForm
from jigai.platform.enterprises.gauge import standing_by_line
from jigai.platform.enterprises.models import LegalPerson, Title
from jigai.platform.enterprises.panels import panels_for
from jigai.platform.enterprises.rules import governs
from jigai.platform.enterprises.tables import ENTERPRISES
from jigai.platform.walls.guards import needs
from jigai.platform.web import undo
from jigai.platform.web.forms import ReasonForm
from jigai.platform.web.history import history_of
from jigai.platform.web.pages import Done, form_page

LIST = "enterprises:list"


def person_or_404(pk: int) -> LegalPerson:
    """Return an enterprise of one's scope."""
    return get_object_or_404(LegalPerson.objects.select_related("park"), pk=pk)


@needs("enterprise.view")
def index(request: HttpRequest) -> HttpResponse:
    """List enterprises; an enterprise's own people come straight to theirs."""
    actor = request.actor  # type: ignore[attr-defined]
    if not governs(actor):
        own = list(LegalPerson.objects.values_list("pk", flat=True)[:2])
        if len(own) == 1:
            return HttpResponseRedirect(reverse("enterprises:page", args=own))
    listing = ENTERPRISES.answer(request, subtitle=_sentence())
    template = "web/_list.html" if request.htmx else "enterprises/list.html"  # type: ignore[attr-defined]
    return render(request, template, {"listing": listing, "years": above_scale.years()})


def _sentence() -> str:
    held = above_scale.years()
    listed = above_scale.listed(held[0]).count() if held else 0
    rows = LegalPerson.objects.exclude(status="archived")
    if not held:
        return _("共 %(n)s 户，还没有规上名单。") % {"n": f"{rows.count():,}"}
    return _("共 %(n)s 户，其中 %(year)s 年规上 %(listed)s 户。") % {
        "n": f"{rows.count():,}",
        "year": held[0],
        "listed": f"{listed:,}",
    }


@needs("enterprise.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything about one enterprise."""
    actor = request.actor  # type: ignore[attr-defined]
    person = person_or_404(pk)
    year = sheets.reporting_year(timezone.localdate())
    said: dict[str, Any] = {
        "person": person,
        "head": profile.head(person),
        "titles": person.titles.filter(withdrawn_at__isnull=True),
        "years": list(above_scale_years(person)),
        "sites": profile.sites_with_lines(person),
        "panels": panels_for(actor, person),
        "events": history_of(*profile.subjects(person), limit=8),
        "year": year,
        "may_edit": actor.may(services.EDIT),
        "sees_facts": actor.may("fact.view"),
        "may_title": actor.may(titles.EDIT),
        "governs": governs(actor),
        "complete": profile.complete(person, year),
    }
    if actor.may("fact.view"):
        lines = [line for site in said["sites"] for line in site.its_lines]
        said |= {"standing": standing_by_line(lines)}
        said |= {"facts": profile.five_years(actor, person, year), "state": sheets.state_of(person, year)}
    return render(request, "enterprises/page.html", said)


def above_scale_years(person: LegalPerson) -> Any:
    """Return the years the enterprise is on the above-scale list, newest first."""
    return person.above_scale.filter(superseded_at__isnull=True).order_by("-year").values_list("year", flat=True)


@needs("enterprise.view")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what happened to an enterprise, its sites, lines and titles."""
    person = person_or_404(pk)
    events = history_of(*profile.subjects(person), limit=200)
    return render(request, "enterprises/history.html", {"person": person, "events": events})


@needs("enterprise.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Register an enterprise."""
    actor = request.actor  # type: ignore[attr-defined]

    def act(values: dict[str, Any], version: int) -> Done:
        person = services.create_enterprise(actor, values)
        url = reverse("enterprises:page", args=[person.pk])
        return Done(url, _("已新增“%(name)s”，请接着登记厂区和产线。") % {"name": person})

    initial = {"manager_code": next(iter(actor.scope.managers), ""), "status": "operating"}
    initial["place_code"] = initial["manager_code"]
    return form_page(
        request,
        partial(EnterpriseForm, actor=actor),
        act,
        title=_("新增企业"),
        back=reverse(LIST),
        crumb=_("企业"),
        initial=initial,
    )


@needs("enterprise.edit")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit an enterprise."""
    person = person_or_404(pk)
    url = reverse("enterprises:page", args=[pk])
    initial = {
        name: getattr(person, name)
        for name in (
            "name",
            "credit_code",
            "status",
            "manager_code",
            "place_code",
            "industry_code",
            "registered_on",
            "address",
        )
    }
    initial |= {"predecessors": "\n".join(person.predecessors), "park": person.park_id}

    def act(values: dict[str, Any], version: int) -> Done:
        services.edit_enterprise(request.actor, person, values, version)  # type: ignore[attr-defined]
        return Done(url, _("已保存。"))

    return form_page(
        request,
        partial(EnterpriseForm, actor=request.actor),  # type: ignore[attr-defined]
        act,
        title=_("修改企业"),
        back=url,
        crumb=person.name,
        initial=initial,
        version=person.version,
    )


@needs("enterprise.edit")
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an enterprise out of lists."""
    person = person_or_404(pk)
    url = reverse("enterprises:page", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        event = services.archive_enterprise(request.actor, person, values["reason"])  # type: ignore[attr-defined]
        said = _("“%(name)s”已归档。") % {"name": person}
        return Done(reverse(LIST), said, undo.offer(event, services.EDIT, url))

    sub = _("归档后不在列表中出现，历史数据和审计记录保留；五分钟内可以撤销。")
    title = _("归档“%(name)s”") % {"name": person}
    return form_page(request, ReasonForm, act, title=title, back=url, button=_("归档"), crumb=person.name, sub=sub)


@needs("title.edit")
def title_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a title."""
    person = person_or_404(pk)
    url = reverse("enterprises:page", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        made = titles.add_title(request.actor, person, **values)  # type: ignore[attr-defined]
        return Done(url, _("已登记“%(title)s”。") % {"title": titles.title_name(made.kind)})

    return form_page(request, TitleForm, act, title=_("登记称号"), back=url, crumb=person.name)


@needs("title.edit")
def title_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a title."""
    title = get_object_or_404(Title.objects.select_related("legal_person"), pk=pk, withdrawn_at__isnull=True)
    person = title.legal_person
    url = reverse("enterprises:page", args=[person.pk])
    name = titles.title_name(title.kind)

    def act(values: dict[str, Any], version: int) -> Done:
        event = titles.withdraw_title(request.actor, title, values["reason"])  # type: ignore[attr-defined]
        return Done(url, _("已撤下“%(title)s”。") % {"title": name}, undo.offer(event, titles.EDIT, url))

    heading = _("撤下“%(title)s”") % {"title": name}
    return form_page(request, ReasonForm, act, title=heading, back=url, button=_("撤下"), crumb=person.name)
