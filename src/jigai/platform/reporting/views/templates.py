"""Forms of the province: their list, their blank workbook, what their cells are bound to, their reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.reporting import services, suggesting
from jigai.platform.reporting.data import FLOW, kinds, options
from jigai.platform.reporting.figures import source
from jigai.platform.reporting.filling import start as start_report
from jigai.platform.reporting.forms import BindForm, EditFormForm, FormForm, StartForm, columns_text
from jigai.platform.reporting.grid import drawn
from jigai.platform.reporting.models import Binding, Report
from jigai.platform.reporting.pages import in_order
from jigai.platform.reporting.parts import whose
from jigai.platform.reporting.periods import Reported
from jigai.platform.reporting.tables import FORMS
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page
from jigai.reports.filling.asked import place_of


@needs("report.view")
def index(request: SiteRequest) -> HttpResponse:
    """List forms, each with its newest report."""
    listing = FORMS.answer(request, may_fill=request.actor.may(services.FILL))
    return render(request, "web/_list.html" if request.htmx else "reporting/list.html", {"listing": listing})


@needs("report.fill")
def new(request: SiteRequest) -> HttpResponse:
    """Take in a form with its blank workbook."""

    def act(values: dict[str, Any], version: int) -> Done:
        made = services.create(request.actor, values)
        return Done(reverse("reporting:bind", args=[made.pk]), _("已收下空白表，请点选要填的单元格。"))

    return form_page(request, FormForm, act, title=_("新增报表"), back=reverse("reporting:list"), crumb=_("报表"))


@needs("report.view")
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a form: what is bound, and its reports."""
    form = services.get_form(request.actor, pk)
    reports = Report.objects.filter(form=form)
    context = {
        "form": form,
        "bindings": [(one, kinds()[one.kind], _told(one)) for one in in_order(form.bindings.all())],
        "reports": [(one, Reported.read(one.period), FLOW.states[one.state]) for one in reports],
        "may_fill": request.actor.may(services.FILL),
        "next": Reported.over(form.every, timezone.localdate()),
    }
    return render(request, "reporting/form.html", context)


@needs("report.fill")
def edit(request: SiteRequest, pk: int) -> HttpResponse:
    """Change a form, or give it a new blank."""
    form = services.get_form(request.actor, pk)
    url = reverse("reporting:form", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        services.edit(request.actor, form, version, values)
        return Done(url, _("已保存。"))

    initial = {name: getattr(form, name) for name in ("name", "every", "issuer", "due_day", "active")}
    return form_page(
        request,
        EditFormForm,
        act,
        title=_("修改报表"),
        back=url,
        crumb=form.name,
        initial=initial,
        version=form.version,
    )


@needs("report.fill")
def bind(request: SiteRequest, pk: int) -> HttpResponse:
    """Show the blank as a table; a click on a cell asks what goes in."""
    form = services.get_form(request.actor, pk)
    try:
        blank = services.blank_of(form)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("reporting:form", pk)
    name = request.GET.get("sheet", "") or blank.names[0]
    if name not in blank.names:
        raise Http404
    sheet = blank.sheet(name)
    bindings = {one.address: one for one in form.bindings.filter(sheet=name)}
    address = request.GET.get("cell", "").upper()
    place = place_of(address)
    here = reverse("reporting:bind", args=[pk]) + "?" + urlencode({"sheet": name})
    context: dict[str, Any] = {
        "report_form": form,
        "sheets": blank.names,
        "sheet": name,
        "drawn": drawn(sheet, bindings),
        "cell": address if place else "",
        "bound": bindings.get(address),
        "here": here,
        "kinds": kinds(),
    }
    if place is None:
        return render(request, "reporting/bind.html", context)
    initial = _initial(bindings[address]) if address in bindings else {}
    initial = initial or suggesting.suggested(suggesting.heading_of(sheet, *place), source().indicators())

    def act(values: dict[str, Any], version: int) -> Done:
        made = services.bind(request.actor, form, name, address, values)
        return Done(here, _("%(cell)s 已绑定：%(label)s。") % {"cell": made.address, "label": made.label})

    return form_page(
        request,
        BindForm,
        act,
        title=form.name,
        back=here,
        button=_("绑定"),
        initial=initial,
        template="reporting/bind.html",
        **context,
    )


@require_POST
@needs("report.fill")
def unbind(request: SiteRequest, pk: int) -> HttpResponse:
    """Say that nothing goes into a cell any more."""
    form = services.get_form(request.actor, pk)
    sheet, address = request.POST.get("sheet", ""), request.POST.get("cell", "")
    if services.unbind(request.actor, form, sheet, address):
        messages.success(request, _("%(cell)s 已解除绑定。") % {"cell": address})
    return redirect(f"{reverse('reporting:bind', args=[pk])}?{urlencode({'sheet': sheet})}")


@needs("report.fill")
def start(request: SiteRequest, pk: int) -> HttpResponse:
    """Open the report of a period."""
    form = services.get_form(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        last = values["last"]
        made = start_report(request.actor, form, values["period"].strip(), last[1] if last else None)
        return Done(reverse("reporting:report", args=[made.pk]), _("已建立，请生成数字。"))

    return form_page(
        request,
        StartForm,
        act,
        title=_("开始填报"),
        back=reverse("reporting:form", args=[pk]),
        crumb=form.name,
        button=_("建立"),
        initial={"period": Reported.over(form.every, timezone.localdate()).key},
    )


def _initial(one: Binding) -> dict[str, Any]:
    said = dict(one.said)
    if "columns" in said:
        said["columns"] = columns_text(said["columns"])
    if "value" in said:
        said["text"] = said["value"][1]
    return {"label": one.label, "kind": one.kind, **said}


def _told(one: Binding) -> str:
    """Say in words what a binding puts in."""
    said = one.said
    if one.kind == "dimension":
        return options("field")[said["field"]].label
    if one.kind == "constant":
        return str(said["value"][1])
    if "indicator" not in said:
        return ""
    named = {each.id: each.zh for each in source().indicators()}
    span = options("span")[said["span"]].label
    parts = [named.get(said["indicator"], said["indicator"]), whose(said["key"]), span]
    if one.kind == "figure":
        parts.append(options("part")[said["part"]].label)
    return " · ".join(parts)
