"""Pages of the import: put a file in, check and correct, take in."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.ledger.single import read_one
from jigai.platform.imports import pages, services, storage
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import read
from jigai.platform.imports.subjects import NextStep, Subject
from jigai.platform.imports.tables import UPLOADS
from jigai.platform.registers.values import label
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.reports.template import write_subject_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("import.use")
def upload_list(request: SiteRequest) -> HttpResponse:
    """Show what was handed in, and what one may import into."""
    answer = UPLOADS.answer(request, subjects=services.allowed_subjects(request.actor))
    return render(request, "web/_list.html" if request.htmx else "imports/list.html", {"listing": answer})


@needs("import.use")
def new(request: SiteRequest, key: str) -> HttpResponse:
    """Put a file in; step one."""
    found = services.require_subject(request.actor, key)
    wrong = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            wrong = _("请选择文件。")
        else:
            try:
                services.check_size(file.size or 0)
                upload = services.take_in(request.actor, key, file.name or "", file.read(), _context(request, found))
            except (services.ImportRefusedError, storage.StorageFullError) as error:
                wrong = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            else:
                return redirect("imports:upload", upload.pk)
    context = {"subject": found, "wrong": wrong, "columns": pages.choices(found), "fills": _fills(found)}
    return render(request, "imports/new.html", context, status=422 if wrong else 200)


def _fills(found: Subject) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": label(found.table.attribute(name)), "value": value}
        for name, value in found.fills().items()
    ]


def _context(request: SiteRequest, found: Subject) -> dict[str, Any]:
    given = {name: read_one(request.POST.get(name), found.table.attribute(name)).value for name in found.fills()}
    return {name: value for name, value in given.items() if value is not None}


@needs("import.use")
def upload_page(request: SiteRequest, pk: int) -> HttpResponse:
    """Check what was recognised, correct it, see what would change; after taking in, what came of it."""
    upload, found = services.get_upload(request.actor, pk)
    reading = read(upload, found)
    listed, counts = pages.problems(reading, request.GET.get("show", ""))
    sheet = request.GET.get("sheet", "")
    page = next((one for one in reading.preview if one["name"] == sheet), None)
    page = page or next((one for one in reading.preview if one["tables"]), next(iter(reading.preview), None))
    for row in page["rows"] if page else ():
        row["pairs"] = list(zip(row["cells"], row["tones"], strict=True))
    working = upload.state in {Upload.State.OPEN, Upload.State.DONE}
    rows = services.good_rows(upload, found) if working else []
    matched = services.matches(request.actor, upload, found, rows)
    context = {
        "upload": upload,
        "subject": found,
        "reading": reading,
        "page": page,
        "problems": listed,
        "counts": counts,
        "show": request.GET.get("show", ""),
        "layouts": pages.column_lines(upload, found, reading),
        "choices": pages.choices(found),
        "changes": pages.change_counts(matched),
        "lines": pages.change_lines(matched),
        "working": working,
        "takes": sum(1 for one in matched if one.state in {"new", "changed"}),
        "running": upload.state == Upload.State.ACCEPTING and services.job_open(upload),
        "steps": _next_steps(request, upload, found, reading) if upload.state == Upload.State.DONE else [],
        **_progress(upload),
    }
    return render(request, "imports/upload.html", context)


def _next_steps(request: SiteRequest, upload: Upload, found: Subject, reading: Any) -> list[NextStep]:
    held = reading.held.height + upload.result.get("refused", 0)
    first = (
        [NextStep(_("先改 %(n)d 行未入库的：在下面改，或下载标注副本改好再传。") % {"n": held}, "#problems")]
        if held
        else []
    )
    return [*first, *found.after(request.actor, upload.context)]


def _progress(upload: Upload) -> dict[str, int]:
    done = sum(upload.result.get(name, 0) for name in ("new", "changed", "same", "refused"))
    total = upload.summary.get("good", 0)
    return {"done": done, "total": total}


@needs("import.use")
def progress(request: SiteRequest, pk: int) -> HttpResponse:
    """Tell how far taking in is; the page asks every second and is shown anew when it is over."""
    upload, _found = services.get_upload(request.actor, pk)
    if upload.state != Upload.State.ACCEPTING or not services.job_open(upload):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "imports/_progress.html", {"upload": upload, **_progress(upload)})


@require_POST
@needs("import.use")
def settle(request: SiteRequest, pk: int) -> HttpResponse:
    """Settle which column is what."""
    upload, found = services.get_upload(request.actor, pk)
    chosen: dict[str, dict[str, str | None]] = {}
    for layout in pages.column_lines(upload, found, read(upload, found)):
        for line in layout["lines"]:
            wanted = request.POST.get(line.field)
            if wanted is not None and (wanted != line.attribute or "all" in request.POST):
                chosen.setdefault(layout["fingerprint"], {})[line.label] = wanted or None
    if chosen:
        _attempt(
            request, lambda: services.settle(request.actor, upload, _version(request), chosen), _("已按您的认列重读。")
        )
    else:
        messages.info(request, _("认列没有变化。"))
    return redirect("imports:upload", pk)


@require_POST
@needs("import.use")
def correct(request: SiteRequest, pk: int) -> HttpResponse:
    """Put one cell right."""
    upload, _found = services.get_upload(request.actor, pk)
    cell = (request.POST.get("sheet", ""), request.POST.get("cell", ""), request.POST.get("text", ""))
    _attempt(
        request,
        lambda: services.correct(request.actor, upload, _version(request), [cell]),
        _("%(cell)s 已改正。") % {"cell": cell[1]},
    )
    return redirect(f"{reverse('imports:upload', args=[pk])}#problems")


@require_POST
@needs("import.use")
def accept(request: SiteRequest, pk: int) -> HttpResponse:
    """Have the good rows taken in."""
    upload, _found = services.get_upload(request.actor, pk)
    _attempt(request, lambda: services.accept(request.actor, upload, _version(request)), "")
    return redirect("imports:upload", pk)


@require_POST
@needs("import.use")
def reopen(request: SiteRequest, pk: int) -> HttpResponse:
    """Go back to checking after a job that failed."""
    upload, _found = services.get_upload(request.actor, pk)
    _attempt(request, lambda: services.reopen(request.actor, upload), _("已退回核对，入了库的行还在。"))
    return redirect("imports:upload", pk)


@require_POST
@needs("import.use")
def withdraw(request: SiteRequest, pk: int) -> HttpResponse:
    """Put an upload aside."""
    upload, _found = services.get_upload(request.actor, pk)
    _attempt(request, lambda: services.withdraw(request.actor, upload, _version(request)), _("已作废，原件仍保存。"))
    return redirect("imports:list")


@needs("import.use")
def original(request: SiteRequest, pk: int) -> HttpResponse:
    """Hand back the file as it came."""
    upload, _found = services.get_upload(request.actor, pk)
    return _file(storage.read(upload.content_hash), upload.file_name)


@needs("import.use")
def marked(request: SiteRequest, pk: int) -> HttpResponse:
    """Hand back the file with its problems marked in the cells."""
    upload, found = services.get_upload(request.actor, pk)
    return _file(*services.marked(upload, found))


@needs("import.use")
def template(request: SiteRequest, key: str) -> HttpResponse:
    """Hand out the workbook to fill in."""
    found = services.require_subject(request.actor, key)
    target = io.BytesIO()
    write_subject_template(found.table, target, found.advice)
    return _file(target.getvalue(), f"{found.table.zh}填报表.xlsx")


def _file(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    kind = XLSX if name.lower().endswith((".xlsx", ".xlsm")) else "application/octet-stream"
    return HttpResponse(data, content_type=kind, headers=headers)


def _version(request: SiteRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else -1


def _attempt(request: SiteRequest, action: Any, done: str) -> None:
    """Do something and say that it is done, or why it cannot be."""
    try:
        action()
    except services.ImportRefusedError as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
