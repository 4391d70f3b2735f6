"""Pages of the import: put a file in, check and correct, take in."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jigai.ledger.single import read_one
from jigai.platform.imports import drafts, pages, pasted, services, storage
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import read
from jigai.platform.imports.subjects import NextStep, Preview, Subject
from jigai.platform.imports.tables import UPLOADS
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.wording import label
from jigai.reports.template import write_subject_template

AGAIN = {
    "same": gettext_lazy("“%(file)s”已在核对中，不用再传，接着办即可。"),
    "next": gettext_lazy(
        "认出这是“%(file)s”改后的一稿，已接着原来的办：网页上改过的还在。若不是同一份，请点“另作一份”。"
    ),
}
"""What is said of a file that was not new."""
PARTS = {
    "about": "",
    "changes": "imports/_changes.html",
    "result": "imports/_result.html",
}
"""Templates of the page of an upload that a subject may have of its own."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("import.use")
def upload_list(request: SiteRequest) -> HttpResponse:
    """Show what was handed in, and what one may import into."""
    answer = UPLOADS.answer(request, subjects=services.allowed_subjects(request.actor))
    return render(request, "web/_list.html" if request.htmx else "imports/list.html", {"listing": answer})


@needs("import.use")
def new(request: SiteRequest, key: str) -> HttpResponse:
    """Put a file in, or cells copied from a workbook; step one."""
    found = services.require_subject(request.actor, key)
    wrong = ""
    if request.method == "POST":
        try:
            upload, what = _handed_in(request, found)
        except (ImportRefusedError, storage.StorageFullError) as error:
            wrong = _why(error)
        else:
            if what in AGAIN:
                messages.info(request, str(AGAIN[what]) % {"file": upload.file_name})
            return redirect("imports:upload", upload.pk)
    context = {
        "subject": found,
        "wrong": wrong,
        "columns": pages.choices(found),
        "fills": _fills(found),
        "about": found.whole.about(request.actor, None) if found.whole else {},
        "pasted": request.POST.get("pasted", ""),
    }
    return render(request, "imports/new.html", context, status=422 if wrong else 200)


def _handed_in(request: SiteRequest, found: Subject) -> tuple[Upload, str]:
    """Take in the file of the form, or what was pasted into it."""
    context = _context(request, found)
    if found.whole:
        context |= found.whole.given(request.actor, request.POST.dict())
    file = request.FILES.get("file")
    if file is not None:
        services.check_size(file.size or 0)
        return drafts.hand_in(request.actor, found.key, file.name or "", file.read(), context)
    name, data = pasted.as_file(request.POST.get("pasted", ""), timezone.localtime())
    return drafts.hand_in(request.actor, found.key, name, data, context)


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
    listed, counts = pages.problems(reading, request.GET.get("show", ""), found)
    sheet = request.GET.get("sheet", "")
    page = next((one for one in reading.preview if one["name"] == sheet), None)
    page = page or next((one for one in reading.preview if one["tables"]), next(iter(reading.preview), None))
    for row in page["rows"] if page else ():
        row["pairs"] = list(zip(row["cells"], row["tones"], strict=True))
    working = upload.state in {Upload.State.OPEN, Upload.State.DONE}
    whole = found.whole
    shown = services.preview(request.actor, upload, found) if working else Preview({}, [], 0)
    context = {
        "upload": upload,
        "subject": found,
        "parts": PARTS | dict(whole.parts if whole else {}),
        "reading": reading,
        "page": page,
        "heads": pages.heads(page, reading, found) if page else [],
        "problems": listed,
        "counts": counts,
        "suggested": sum(1 for one in listed if one.meant),
        "show": request.GET.get("show", ""),
        "layouts": pages.column_lines(upload, found, reading),
        "choices": pages.choices(found),
        "changes": shown.counts,
        "lines": shown.lines,
        "more": shown.more,
        "why_not": shown.why_not,
        "working": working,
        "takes": shown.takes,
        "about": whole.about(request.actor, upload) if whole and working else {},
        "told": whole.told(request.actor, upload) if whole and upload.state == Upload.State.DONE else {},
        "put_right": pages.corrections(upload),
        "draft": upload.drafts[-1] if upload.drafts else None,
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
    done = sum(upload.result.get(name, 0) for name in ("new", "changed", "same", "asked", "refused"))
    total = upload.summary.get("good", 0)
    return {"done": done, "total": total}


@needs("import.use")
def progress(request: SiteRequest, pk: int) -> HttpResponse:
    """Tell how far taking in is; the page asks every second and is shown anew when it is over."""
    upload, found = services.get_upload(request.actor, pk)
    if "run" in request.GET:
        waiting = found.whole is not None and bool(found.whole.told(request.actor, upload).get("waiting"))
        return HttpResponse(status=204 if waiting else 200, headers={} if waiting else {"HX-Refresh": "true"})
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
    """Put one cell right, or take over everything that was suggested."""
    upload, found = services.get_upload(request.actor, pk)
    if "suggested" in request.POST:
        listed, _counts = pages.problems(read(upload, found), "", found)
        cells = [(one.sheet, one.cell, one.meant) for one in listed if one.meant]
        done = _("已采纳 %(n)d 条建议，可逐条撤销。") % {"n": len(cells)}
    else:
        cells = [(request.POST.get("sheet", ""), request.POST.get("cell", ""), request.POST.get("text", ""))]
        done = _("%(cell)s 已改正。") % {"cell": cells[0][1]}
    _attempt(request, lambda: services.correct(request.actor, upload, _version(request), cells), done)
    return redirect(f"{reverse('imports:upload', args=[pk])}#problems")


@require_POST
@needs("import.use")
def take_back(request: SiteRequest, pk: int) -> HttpResponse:
    """Undo one correction, or all of them."""
    upload, _found = services.get_upload(request.actor, pk)
    cell = (request.POST.get("sheet", ""), request.POST.get("cell", ""))
    cells = None if "all" in request.POST else [cell]
    done = _("改正都已撤销，按原件读取。") if cells is None else _("%(cell)s 已恢复原样。") % {"cell": cell[1]}
    _attempt(request, lambda: services.take_back(request.actor, upload, _version(request), cells), done)
    return redirect(f"{reverse('imports:upload', args=[pk])}#problems")


@require_POST
@needs("import.use")
def tell(request: SiteRequest, pk: int) -> HttpResponse:
    """Say what the file is as a whole: whose it is, whether it is all of it."""
    upload, _found = services.get_upload(request.actor, pk)
    form = request.POST.dict()
    _attempt(request, lambda: services.tell(request.actor, upload, _version(request), form), _("已记下。"))
    return redirect("imports:upload", pk)


@require_POST
@needs("import.use")
def next_draft(request: SiteRequest, pk: int) -> HttpResponse:
    """Hand the workbook in again after putting it right."""
    upload, _found = services.get_upload(request.actor, pk)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("请选择改好的文件。"))
        return redirect("imports:upload", pk)
    try:
        services.check_size(file.size or 0)
        drafts.replace(request.actor, upload, _version(request), file.name or "", file.read())
    except (ImportRefusedError, storage.StorageFullError) as error:
        messages.error(request, _why(error))
    else:
        messages.success(request, _("已换成改后的文件，上一稿仍保存。"))
    return redirect("imports:upload", pk)


@require_POST
@needs("import.use")
def apart(request: SiteRequest, pk: int) -> HttpResponse:
    """Make the newest draft a file of its own."""
    upload, _found = services.get_upload(request.actor, pk)
    try:
        made = drafts.split(request.actor, upload, _version(request))
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("imports:upload", pk)
    messages.success(request, _("已另作一份，上一稿恢复原样。"))
    return redirect("imports:upload", made.pk)


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
    wanted = request.GET.get("draft", "")
    if wanted:
        former = upload.drafts[int(wanted)] if wanted.isdecimal() and int(wanted) < len(upload.drafts) else None
        if former is None:
            raise Http404
        return _file(storage.read(former["hash"]), former["name"])
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
    if found.template:
        name, data = found.template(request.GET.get("which", ""))
        return _file(data, name)
    target = io.BytesIO()
    write_subject_template(found.table, target, found.advice)
    return _file(target.getvalue(), f"{found.table.zh}填报表.xlsx")


def _file(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    kind = XLSX if name.lower().endswith((".xlsx", ".xlsm")) else "application/octet-stream"
    return HttpResponse(data, content_type=kind, headers=headers)


def _why(error: Exception) -> str:
    """Return why a file was not taken, as it is said to people."""
    return (error.strerror if isinstance(error, OSError) else "") or str(error)


def _version(request: SiteRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else -1


def _attempt(request: SiteRequest, action: Any, done: str) -> None:
    """Do something and say that it is done, or why it cannot be."""
    try:
        action()
    except ImportRefusedError as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
