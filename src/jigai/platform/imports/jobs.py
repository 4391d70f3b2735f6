"""Take the good rows of an upload in, in steps that are done once."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.imports.models import Upload
from jigai.platform.imports.services import CAPABILITY, JOB, get_upload, good_rows
from jigai.platform.imports.subjects import Match, RowRefusedError, Subject
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task

STEP: Final = 200
"""Rows taken in and committed together."""
KEPT: Final = 500
"""Refused rows remembered with their reasons."""
COUNTS: Final = ("new", "changed", "same", "refused")


@handler(JOB, title=gettext_lazy("导入"), capability=CAPABILITY)
def accept(task: Task) -> dict[str, Any]:
    """Match and save every good row; a row that is refused leaves the others alone."""
    pk = task.arguments["upload"]
    with task.reading():
        upload, found = get_upload(task.actor, pk)
        if upload.state != Upload.State.ACCEPTING:
            raise JobError(_("这份上传已不在入库，没有可做的。"))
        rows = good_rows(upload, found)
    for start in range(0, len(rows), STEP):
        key = f"rows-{start}"
        if not task.is_done(key):
            with task.step(key):
                part = rows[start : start + STEP]
                counts, refused = _take(task, upload, found, found.match(task.actor, part, upload.context))
                _note(pk, counts, refused)
                task.progress(min(start + STEP, len(rows)), len(rows), str(found.title))
    if not task.is_done("end"):
        with task.step("end"):
            upload = Upload.objects.get(pk=pk)
            upload.state = Upload.State.DONE
            upload.version += 1
            upload.save(update_fields=["state", "version"])
    with task.reading():
        result = Upload.objects.get(pk=pk).result
    text = _("新增 %(new)d、更新 %(changed)d、未变 %(same)d、未入库 %(refused)d") % {
        name: result.get(name, 0) for name in COUNTS
    }
    return {"text": text, "url": reverse("imports:upload", args=[pk]), "url_text": _("查看结果")}


def _take(task: Task, upload: Upload, found: Subject, matched: Any) -> tuple[dict[str, int], list[dict[str, Any]]]:
    counts = dict.fromkeys(COUNTS, 0)
    refused: list[dict[str, Any]] = []
    for one in matched:
        state, why = one.state, one.why
        if state in {"new", "changed"}:
            try:
                with transaction.atomic():
                    why = found.save(task.actor, one, _source(upload, one), upload.context)
            except RowRefusedError as error:
                state, why = "refused", str(error)
        counts[state] += 1
        if why:
            refused.append({"sheet": one.row.sheet, "row": one.row.row, "title": one.title, "why": why})
    return counts, refused


def _source(upload: Upload, one: Match) -> str:
    """Say where a row came from; kept with the record, so in Chinese whatever the language of the page."""
    return f"{upload.file_name[:150]} 第 {one.row.row} 行"


def _note(pk: int, counts: dict[str, int], refused: list[dict[str, Any]]) -> None:
    """Add the counts of a step to the result, together with the rows it wrote."""
    upload = Upload.objects.select_for_update().get(pk=pk)
    result = dict(upload.result)
    for name, count in counts.items():
        result[name] = result.get(name, 0) + count
    result["reasons"] = [*result.get("reasons", []), *refused][:KEPT]
    upload.result = result
    upload.save(update_fields=["result"])
