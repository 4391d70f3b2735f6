"""Pages of the registers."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.jobs.services import submit
from jigai.platform.registers import services
from jigai.platform.registers.definition import Register, registers
from jigai.platform.registers.evaluation import evaluate
from jigai.platform.registers.forms import EntryForm, RemovalForm, initial
from jigai.platform.registers.overview import overview
from jigai.platform.registers.pages import column_rows, differences, due_said, evaluation_page, facts
from jigai.platform.registers.shipped import load_shipped
from jigai.platform.registers.tables import listing
from jigai.platform.registers.values import from_json
from jigai.platform.registers.versions import data_date, history
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.reports.template import write_subject_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _register(key: str) -> Register:
    found = registers().get(key)
    if found is None:
        raise Http404
    return found


@needs("register.view")
def register_list(request: SiteRequest) -> HttpResponse:
    """Show every register with how many entries it has and when it was last kept."""
    return render(request, "registers/list.html", {"groups": overview()})


@needs("register.view")
def register_page(request: SiteRequest, key: str) -> HttpResponse:
    """Show the entries of one register."""
    register = _register(key)
    answer = listing(register).answer(
        request,
        register=register,
        data_date=data_date(register),
        may_keep=services.may_keep(request.actor, register),
        import_url=reverse("imports:new", args=[register.table.key]),
        shipped=register.shipped_rows is not None,
    )
    template = "web/_list.html" if request.htmx else "registers/register.html"
    return render(request, template, {"listing": answer, "register": register})


@needs("register.view")
def entry_page(request: SiteRequest, key: str, pk: int) -> HttpResponse:
    """Show one entry: what counts now, what is computed and from what, and everything recorded before."""
    register = _register(key)
    entry = services.get_entry(register, pk)
    past = list(history(register, entry))
    now = past[0]
    values = from_json(register.table, now.values)
    context = {
        "register": register,
        "entry": entry,
        "now": now,
        **due_said(now.due_on),
        "facts": facts(register, now),
        "evaluation": evaluation_page(register, evaluate(register, values)),
        "history": differences(register, past),
        "may_keep": services.may_keep(request.actor, register),
        "removal": RemovalForm(initial={"version": entry.version}),
    }
    return render(request, "registers/entry.html", context)


@needs("register.edit")
def add(request: SiteRequest, key: str) -> HttpResponse:
    """Enter a new entry."""
    register = _register(key)
    services.require_keeper(request.actor, register)
    form = EntryForm(request.actor, register, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.add(request.actor, register, form.values, source=services.BY_PAGE)
        except services.AlreadyThereError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已登记。"))
            return redirect("registers:entry", key, version.entry_id)
    return _form_page(request, register, form, _("登记一条"))


@needs("register.edit")
def edit(request: SiteRequest, key: str, pk: int) -> HttpResponse:
    """Change an entry; what was recorded before stays in the history."""
    register = _register(key)
    services.require_keeper(request.actor, register)
    entry = services.get_entry(register, pk)
    now = services.current(register, entry)
    if now.removed and request.method != "POST":  # what was typed before somebody else ended it is shown again
        messages.error(request, str(services.EndedError()))
        return redirect("registers:entry", key, pk)
    start = initial(register, now.values) | {"version": entry.version}
    form = EntryForm(
        request.actor, register, request.POST if request.method == "POST" else None, fixed=True, initial=start
    )
    conflict = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            services.change(
                request.actor,
                register,
                entry,
                form.values,
                version=typed["version"] or 0,  # a form without its version is no newer than any other
                reason=typed["reason"],
                source=services.BY_PAGE,
            )
        except services.EditedMeanwhileError as error:
            conflict = differences(register, [error.current], typed=form.values)[0]
            form.add_error(None, str(error))
            # Whoever saves again has seen what changed meanwhile.
            form.data = {**form.data.dict(), "version": str(services.get_entry(register, pk).version)}  # type: ignore[attr-defined]
        except (services.AlreadyThereError, services.EndedError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已保存，原来的内容留在历史里。"))
            return redirect("registers:entry", key, pk)
    return _form_page(request, register, form, entry.title, entry=entry, conflict=conflict)


def _form_page(request: SiteRequest, register: Register, form: EntryForm, title: str, **more: Any) -> HttpResponse:
    context = {"register": register, "form": form, "title": title, **more}
    return render(request, "registers/form.html", context, status=422 if form.errors else 200)


@require_POST
@needs("register.edit")
def remove(request: SiteRequest, key: str, pk: int) -> HttpResponse:
    """End an entry, with the reason."""
    register = _register(key)
    services.require_keeper(request.actor, register)
    entry = services.get_entry(register, pk)
    form = RemovalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明注销原因。"))
        return redirect("registers:entry", key, pk)
    typed = form.cleaned_data
    try:
        services.remove(request.actor, register, entry, version=typed["version"], reason=typed["reason"])
    except (services.EditedMeanwhileError, services.EndedError) as error:
        messages.error(request, str(error))
        return redirect("registers:entry", key, pk)
    messages.success(request, _("已注销，历史仍可查看。"))
    return redirect("registers:register", key)


@require_POST
@needs("register.edit")
def shipped(request: SiteRequest, key: str) -> HttpResponse:
    """Take over the rows that come with a register."""
    register = _register(key)
    services.require_keeper(request.actor, register)
    count = load_shipped(request.actor, register)
    messages.success(request, _("载入了 %(n)d 条随附数据，请对照原文核对。") % {"n": count})
    return redirect("registers:register", key)


@needs("register.view")
def columns(request: SiteRequest, key: str) -> HttpResponse:
    """Explain the columns of a register: meaning, unit, what may be written, and where it is laid down."""
    register = _register(key)
    return render(request, "registers/columns.html", {"register": register, "rows": column_rows(register)})


@needs("register.view")
def template(request: SiteRequest, key: str) -> HttpResponse:
    """Hand out the workbook to fill in."""
    register = _register(key)
    target = io.BytesIO()
    write_subject_template(register.table, target, [register.about["zh"]])
    name = f"{register.table.zh}填报表.xlsx"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return HttpResponse(target.getvalue(), content_type=XLSX, headers=headers)


@require_POST
@needs("export.make")
def export(request: SiteRequest, key: str) -> HttpResponse:
    """Have the list written as a workbook, with the filters of the page."""
    register = _register(key)
    request.actor.require("register.view")
    query = {name: value for name, value in request.GET.items() if name not in {"after", "columns", "sort"}}
    title = _("导出%(register)s") % {"register": register.table.zh}
    job = submit(request.actor, "registers.export", {"register": key, "query": query}, title)
    return redirect("jobs:job", job.pk)
