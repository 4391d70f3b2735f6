"""The list of uploads."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.imports.models import Upload
from jigai.platform.imports.services import allowed_subjects, visible_uploads
from jigai.platform.imports.subjects import subjects
from jigai.platform.web.listing import Cell, Column, Filter, Listing

STATES = {
    Upload.State.OPEN: "warn",
    Upload.State.REFUSED: "stop",
    Upload.State.ACCEPTING: "busy",
    Upload.State.DONE: "ok",
    Upload.State.WITHDRAWN: "idle",
}


def _rows(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    return visible_uploads(actor).filter(subject__in=[one.key for one in allowed_subjects(actor)])


def _title(upload: Upload) -> str:
    found = subjects().get(upload.subject)
    return str(found.title) if found else upload.subject


def _state(upload: Upload) -> Cell:
    state = Upload.State(upload.state)
    return Cell(state.label, state=STATES[state])


UPLOADS = Listing(
    key="uploads",
    title=_("导入"),
    rows=_rows,
    columns=[
        Column("file", _("文件"), lambda one: Cell(one.file_name, reverse("imports:upload", args=[one.pk]))),
        Column("subject", _("导入到"), _title),
        Column("state", _("状态"), _state, sort="state"),
        Column("rows", _("行"), lambda one: one.summary.get("rows"), numeric=True),
        Column("held", _("留存待改"), lambda one: one.summary.get("held"), numeric=True),
        Column("by", _("上传人"), lambda one: one.uploaded_by_label),
        Column(
            "at", _("上传时间"), lambda one: f"{timezone.localtime(one.uploaded_at):%Y-%m-%d %H:%M}", sort="uploaded_at"
        ),
    ],
    filters=[
        Filter("q", _("查找"), lambda rows, text: rows.filter(file_name__icontains=text), hint=_("文件名")),
        Filter("state", _("状态"), lambda rows, text: rows.filter(state=text), choices=lambda r: Upload.State.choices),
        Filter(
            "subject",
            _("导入到"),
            lambda rows, text: rows.filter(subject=text),
            choices=lambda r: [(one.key, str(one.title)) for one in allowed_subjects(r.actor)],  # type: ignore[attr-defined]
        ),
    ],
    order="-pk",
    empty=_("还没有上传过文件。选一个要导入到的地方，把手上的工作簿放进来。"),
)
