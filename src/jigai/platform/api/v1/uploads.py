"""Operations on ledgers: hand files in, follow them, and see what is wrong with each, cell by cell."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, File, Form, Header, Path, Query, Router, Schema
from ninja.files import UploadedFile

from jigai.ledger import read_ledger
from jigai.platform.api.v1.auth import Token
from jigai.platform.api.v1.pages import LARGEST, Page, Paging, page
from jigai.platform.api.v1.problems import ERRORS
from jigai.platform.enterprises.models import Site
from jigai.platform.imports import storage
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger.models import Bulk, BulkFile
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.web.once import once

router = Router(tags=["uploads"])
TAKE = Token(CAPABILITY)
Id = Path(..., ge=1, le=LARGEST)
Files = File(..., description=_("台账文件或压缩包，可多个"))
Key = Header(
    "",
    alias="Idempotency-Key",
    max_length=36,
    description=_("幂等键：同一键和同样的文件再次提交，返回第一次的结果；同一键换了文件则拒绝"),
)


class UploadFileOut(Schema):
    """One file of an upload: how far it is, whose it is, what was found in it, what came of it."""

    id: int
    file_name: str
    state: str
    site: int | None = Field(None, alias="for_site_id")
    lines: int
    errors: int
    questions: int
    note: str
    result: dict[str, Any]


class UploadOut(Schema):
    """Ledgers handed in together (批量上传): reading, open (whose is each?), taking, done; and the run after it."""

    id: int
    state: str
    sent_at: datetime
    sent_by: str
    manager_code: str
    job: int | None = Field(None, alias="job_id")
    run: int | None = Field(None, alias="run_id")


class WholeUploadOut(UploadOut):
    """An upload with its files."""

    files: list[UploadFileOut]


class ProblemOut(Schema):
    """Something wrong in a file, with its place."""

    source_file: str | None
    sheet: str | None
    row: int | None
    column: str | None
    severity: str
    code: str
    message_zh: str
    message_en: str
    raw: str | None


class UploadForm(Schema):
    """Whose the files are, where that is known, and whether to ask."""

    site: int | None = Field(None, ge=1, le=LARGEST, description=_("全部文件所属厂区的 id；不填则由系统识别"))
    at_once: bool = Field(False, description=_("认得准的识别后直接入库并筛查，其余留着在页面上核对"))


@router.post("/uploads", response={200: WholeUploadOut, **ERRORS}, auth=TAKE)
def hand_in(
    request: HttpRequest,
    form: Form[UploadForm],
    files: list[UploadedFile] = Files,
    idempotency_key: str = Key,
) -> Any:
    """Hand ledgers in; a job reads them.

    The same ``Idempotency-Key`` with the same files again gives the upload of the first time; with other files, another
    site or another ``at_once`` it is refused (422, ``key_reused``).
    """
    actor = request.actor  # type: ignore[attr-defined]
    if form.site and not Site.objects.filter(pk=form.site).exists():
        raise Http404
    given = [(one.name or "", one.read()) for one in files]
    sites = {name: form.site for name, _data in given} if form.site else {}
    key = f"api:{idempotency_key}" if idempotency_key else ""
    try:
        made = once(
            actor,
            key,
            lambda: str(bulks.receive(actor, given, sites=sites, at_once=form.at_once).pk),
            _content(form, [data for _name, data in given]),
        )
    except bulks.BulkRefusedError as error:
        raise Refused({"files": str(error)}) from error
    return _whole(bulks.get_bulk(actor, int(made.result)))


@router.get("/uploads", response={200: Page[UploadOut], **ERRORS}, auth=TAKE)
def uploads(request: HttpRequest, paging: Query[Paging]) -> Any:
    """List what was handed in."""
    return page(Bulk.objects.all(), paging)


@router.get("/uploads/{int:id}", response={200: WholeUploadOut, **ERRORS}, auth=TAKE)
def upload(request: HttpRequest, id: int = Id) -> Any:
    """Show how far an upload is, with its files."""
    return _whole(bulks.get_bulk(request.actor, id))  # type: ignore[attr-defined]


@router.get("/upload-files/{int:id}/problems", response={200: Page[ProblemOut], **ERRORS}, auth=TAKE)
def problems(request: HttpRequest, paging: Query[Paging], id: int = Id) -> Any:
    """List what is wrong in a file, cell by cell, in the order of the file."""
    file = BulkFile.objects.filter(pk=id).exclude(content_hash="").first()
    if file is None:
        raise Http404
    try:
        found = read_ledger(storage.read(file.content_hash), source_file=file.file_name).problems
    except FileNotFoundError as error:
        raise Http404 from error
    start = min(paging.cursor, found.height)
    shown = found.slice(start, paging.limit).select(list(ProblemOut.model_fields)).to_dicts()
    end = start + len(shown)
    return {"items": shown, "next": end if end < found.height else None}


def _content(form: UploadForm, files: list[bytes]) -> str:
    """Return a hash of what is handed in: the contents of the files, in any order, and what is said of them."""
    hashes = sorted(hashlib.sha256(data).hexdigest() for data in files)
    return hashlib.sha256(" ".join([*hashes, str(form.site), str(form.at_once)]).encode()).hexdigest()


def _whole(bulk: Bulk) -> dict[str, Any]:
    plain = UploadOut.from_orm(bulk).dict(by_alias=True)
    files = bulk.files.exclude(state=BulkFile.State.OPENED)
    return {**plain, "files": [UploadFileOut.from_orm(one).dict(by_alias=True) for one in files]}
