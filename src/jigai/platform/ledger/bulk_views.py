"""Pages of bulk uploads: many files in, one table to say whose they are, one button to take them in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jigai.platform.imports.storage import StorageFullError
from jigai.platform.jobs.models import Job
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger import bulk_undo, slips
from jigai.platform.ledger.models import Bulk, BulkFile
from jigai.platform.ledger.sites import site_words
from jigai.platform.ledger.taking import CAPABILITY, Taken
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.forms import ReasonForm
from jigai.platform.web.pages import Done, form_page

WHY = {
    "code": gettext_lazy("信用代码"),
    "cell": gettext_lazy("表内单位名称"),
    "file": gettext_lazy("文件名"),
    "sender": gettext_lazy("上传单位"),
    "alike": gettext_lazy("名称相近"),
}
"""By which sign a file was given to an enterprise."""


@needs(CAPABILITY)
def index(request: SiteRequest) -> HttpResponse:
    """Hand files in, and see what was handed in before."""
    wrong = ""
    if request.method == "POST":
        try:
            files = [(one.name or "", one.read()) for one in request.FILES.getlist("files")]
            made = bulks.receive(request.actor, files, at_once="at_once" in request.POST)
            return redirect("ledger:bulk", made.pk)
        except bulks.BulkRefusedError as error:
            wrong = str(error)
        except StorageFullError as error:
            wrong = error.strerror or str(error)
    context = {"wrong": wrong, "bulks": Bulk.objects.prefetch_related("files")[:50]}
    return render(request, "ledger/bulks.html", context, status=422 if wrong else 200)


@needs(CAPABILITY)
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show the files of a bulk: whose each is, what was found in it, what came of it."""
    bulk = bulks.get_bulk(request.actor, pk)
    files = list(bulk.files.exclude(state=BulkFile.State.OPENED).select_related("for_site"))
    words = site_words()
    states = Counter(file.state for file in files)
    ready = [file for file in files if file.state == "read" and file.for_site_id]
    context = {
        "bulk": bulk,
        "files": [_row(file, words) for file in files],
        "sites": words.values() if bulk.state == Bulk.State.OPEN else (),
        "states": states,
        "ready": len(ready),
        "lines": sum(file.lines for file in ready),
        "open": sum(1 for file in files if file.state == "read" and not file.for_site_id),
        "taken": sum((Taken(**file.result) for file in files if file.result), Taken()),
        "returns": slips.with_problems(bulk.pk).count(),
        "may_undo": bulk.state != Bulk.State.TAKING and bulk.acts.filter(undone_at=None).exists(),
        "kept": bulk_undo.kept_of(bulk) if bulk.undone_at else [],
        "job": Job.objects.filter(pk=bulk.job_id or 0).first(),
    }
    return render(request, "ledger/bulk.html", context)


def _row(file: BulkFile, words: dict[int, str]) -> dict[str, Any]:
    site = file.for_site
    return {
        "file": file,
        "site": words.get(file.for_site_id or 0, site.enterprise_name if site else ""),
        "why": WHY[file.proposal["why"]] if file.proposal.get("why") else "",
        "hint": _hint(file),
        "state": {"refused": "stop", "taken": "ok", "skipped": "idle"}.get(file.state, "ok" if site else "ask"),
        "taken": Taken(**file.result) if file.result else None,
    }


def _hint(file: BulkFile) -> str:
    """Say what is left to do where a file was given to an enterprise by a sign."""
    if file.for_site_id or not file.proposal.get("why"):
        return "" if file.proposal.get("sure") or not file.proposal.get("why") else _("请核对")
    return _("有几个厂区，请选") if file.proposal.get("sure") else _("请核对")


@require_POST
@needs(CAPABILITY)
def give(request: SiteRequest, pk: int) -> HttpResponse:
    """Say whose each file is, by what is typed beside it; an empty field leaves the file out."""
    bulk = bulks.get_bulk(request.actor, pk)
    by_word = {word: number for number, word in site_words().items()}
    chosen: dict[int, int | None] = {}
    unknown = []
    for file in bulk.files.filter(state__in=("read", "skipped", "refused")):
        text = request.POST.get(f"site-{file.pk}")
        if text is None:
            continue
        if text.strip() and text.strip() not in by_word:
            unknown.append(text.strip())
            continue
        wanted = by_word.get(text.strip())
        if wanted != file.for_site_id:
            chosen[file.pk] = wanted
    try:
        bulks.give(request.actor, bulk, _version(request), chosen)
    except bulks.BulkRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已保存，改了 %d 个文件的归属。") % len(chosen))
    for text in unknown[:3]:
        messages.error(request, _("没有找到“%s”。请从下拉里选，或先登记企业和厂区。") % text)
    return redirect("ledger:bulk", pk)


@require_POST
@needs(CAPABILITY)
def accept(request: SiteRequest, pk: int) -> HttpResponse:
    """Have the files with a site taken in."""
    try:
        bulk = bulks.get_bulk(request.actor, pk)
        bulks.accept(request.actor, bulk, _version(request), whole="whole" in request.POST)
    except bulks.BulkRefusedError as error:
        messages.error(request, str(error))
    return redirect("ledger:bulk", pk)


@needs(CAPABILITY)
def undo(request: SiteRequest, pk: int) -> HttpResponse:
    """Take a bulk back, with the reason."""
    bulk = bulks.get_bulk(request.actor, pk)
    url = reverse("ledger:bulk", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        try:
            bulk_undo.order(request.actor, bulk, version, values["reason"])
        except bulks.BulkRefusedError as error:
            raise ValidationError(str(error)) from error
        return Done(url, _("已开始撤销，完成后在本页显示结果。"))

    return form_page(
        request,
        ReasonForm,
        act,
        title=_("撤销这一批"),
        back=url,
        crumb=_("批量上传"),
        button=_("撤销"),
        version=bulk.version,
        sub=_("这一批新增的设备移出清单，改过的恢复原值；之后又有登记、上报或挂了照片的不动，并逐台说明。文件保留。"),
    )


def _version(request: SiteRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
