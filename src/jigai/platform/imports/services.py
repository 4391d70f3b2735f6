"""Hand files in, settle how they are understood, put cells right, and have the good rows taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.ledger.corrections import is_reference
from jigai.platform.audit.services import record
from jigai.platform.imports import storage
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import RememberedMapping, Upload
from jigai.platform.imports.previews import change_counts, change_lines
from jigai.platform.imports.reading import Reading, read, rows_of
from jigai.platform.imports.subjects import Match, Preview, Row, Subject, subject, subjects
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import submit
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reports.returns.copies import with_problems

CAPABILITY: Final = "import.use"
JOB: Final = "imports.accept"
_LONGEST_CELL: Final = 500
_CHUNK: Final = 2_000


def allowed_subjects(actor: Actor) -> list[Subject]:
    """Return what ``actor`` may import into."""
    found = [one for one in subjects().values() if one.allowed(actor)]
    return sorted(
        found, key=lambda one: one.key.startswith("registers.")
    )  # enterprises before the long row of registers


def require_subject(actor: Actor, key: str) -> Subject:
    """Return a subject that ``actor`` may import into; 404 where there is none, refused where it is not theirs."""
    actor.require(CAPABILITY)
    found = subject(key)
    if found is None:
        raise Http404
    if not found.allowed(actor):
        raise PermissionDenied(found.capability)
    return found


def visible_uploads(actor: Actor) -> QuerySet[Upload]:
    """Return the uploads in scope, without files of others that may hold what ``actor`` may not see."""
    closed = [one.key for one in subjects().values() if one.opens and not actor.may(one.opens)]
    rows: QuerySet[Upload] = Upload.objects.all()
    if not closed:
        return rows
    return rows.filter(~Q(subject__in=closed) | Q(uploaded_by=actor.user) | Q(summary__closed=False))


def get_upload(actor: Actor, pk: int, *, lock: bool = False) -> tuple[Upload, Subject]:
    """Return an upload that ``actor`` may open with its subject; ``Http404`` for anything else."""
    rows = visible_uploads(actor)
    upload = (rows.select_for_update() if lock else rows).filter(pk=pk).first()
    if upload is None:
        raise Http404
    return upload, require_subject(actor, upload.subject)


def subject_of(upload: Upload) -> Subject:
    """Return the subject of an upload that was found in sight; ``Http404`` where it is no longer offered."""
    found = subject(upload.subject)
    if found is None:
        raise Http404
    return found


def take_in(actor: Actor, key: str, name: str, data: bytes, context: Mapping[str, Any] | None = None) -> Upload:
    """Keep a file that was handed in, read it, and return the upload.

    Args:
        actor: who hands it in; the upload belongs to their organisation.
        key: what it is to become.
        name: the name of the file.
        data: its content.
        context: what holds for the whole file, such as its year.

    Raises:
        ImportRefusedError: the file is larger than the site takes.
        storage.StorageFullError: there is no room for it.
    """
    upload, found = unsaved(actor, key, name, data, context)
    with transaction.atomic():
        upload.save()
        look_again(upload, found)
        if found.whole and upload.state == Upload.State.OPEN:
            upload.context = dict(found.whole.begin(actor, upload, read(upload, found)))
            upload.save()
        record(actor, "import.uploaded", upload, after={"file": upload.file_name, "hash": upload.content_hash})
    return upload


def unsaved(
    actor: Actor, key: str, name: str, data: bytes, context: Mapping[str, Any] | None = None
) -> tuple[Upload, Subject]:
    """Keep the content of a file and return what its upload would be, ready to be read; see :func:`take_in`."""
    found = require_subject(actor, key)
    check_size(len(data))
    organisation = actor.organisation
    upload = Upload(
        subject=key,
        file_name=file_name(name),
        content_hash=storage.keep(data),
        size=len(data),
        uploaded_by=actor.user,
        uploaded_by_label=str(actor.user or actor.label),
        context=dict(context or {}),
        org=organisation,
        manager_code=organisation.manager_code if organisation else "",
    )
    if organisation:
        # Taken over now, so that what somebody settles elsewhere does not change this file while it is taken in.
        known = RememberedMapping.objects.filter(org=organisation, subject=key)
        upload.mapping = {one.fingerprint: one.columns for one in known}
    return upload, found


def file_name(name: str) -> str:
    """Return the name a file is kept under: without folders, never empty."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][:200] or "文件"


def check_size(size: int) -> None:
    """Refuse a file of ``size`` bytes that is larger than the site takes; asked before it is read into memory."""
    limit = settings.ENV["upload_mb"]
    if size > limit * 2**20:
        raise ImportRefusedError(
            _("文件有 %(size)d MB，超过上限 %(limit)d MB。请拆成几个文件再传。")
            % {"size": size // 2**20, "limit": limit}
        )


def settle(actor: Actor, upload: Upload, version: int, columns: Mapping[str, Mapping[str, str | None]]) -> Upload:
    """Settle which header is which attribute, for this file and for the next ones of the organisation.

    ``columns`` is header layout → header → attribute (None: not used).

    Raises:
        ImportRefusedError: an attribute is not in the table, or is named for two headers of one layout.
    """
    upload, found = open_for_work(actor, upload, version)
    for fingerprint, chosen in columns.items():
        names = [name for name in chosen.values() if name]
        if strays := [name for name in names if name not in found.table.by_name]:
            raise ImportRefusedError(_("没有“%(name)s”这一栏。") % {"name": strays[0]})
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise ImportRefusedError(
                _("“%(name)s”认给了两列，请只留一列。") % {"name": found.table.attribute(twice[0]).zh}
            )
        before = upload.mapping.get(fingerprint, {})
        upload.mapping = {**upload.mapping, fingerprint: dict(before) | dict(chosen)}
        _remember(actor, upload, fingerprint)
    record(actor, "import.mapped", upload, after={"columns": columns})
    return look_again(upload, found)


def _remember(actor: Actor, upload: Upload, fingerprint: str) -> None:
    """Keep how headers are understood for whoever handed the file in; a ledger of a site for whoever settles it.

    A clerk who puts ledgers of many enterprises right settles each layout once.
    """
    organisation = actor.organisation if upload.site_id else upload.org
    if organisation is None:
        return
    RememberedMapping.objects.update_or_create(
        org=organisation,
        subject=upload.subject,
        fingerprint=fingerprint,
        defaults={
            "columns": upload.mapping[fingerprint],
            "recorded_by": actor.label,
            "manager_code": organisation.manager_code if upload.site_id else upload.manager_code,
        },
    )


def tell(actor: Actor, upload: Upload, version: int, form: Mapping[str, str]) -> Upload:
    """Say what a file is as a whole: whose it is, whether it is all of it.

    Raises:
        ImportRefusedError: an answer cannot be used.
    """
    upload, found = open_for_work(actor, upload, version)
    if found.whole is None:
        raise ImportRefusedError(_("这类文件逐行说明归属，不用整份说明。"))
    before = dict(upload.context)
    found.whole.settle(actor, upload, form)
    record(actor, "import.told", upload, before=before, after=dict(upload.context))
    return look_again(upload, found)


def take_back(actor: Actor, upload: Upload, version: int, cells: Sequence[tuple[str, str]] | None = None) -> Upload:
    """Undo corrections: of some cells (sheet, reference), or all of them; the file counts there again.

    Raises:
        ImportRefusedError: none of the cells was put right.
    """
    upload, found = open_for_work(actor, upload, version)
    wanted = (
        [(sheet, cell) for sheet, texts in upload.corrections.items() for cell in texts] if cells is None else cells
    )
    undone = [(sheet, cell, upload.corrections.get(sheet, {}).get(cell)) for sheet, cell in wanted]
    if not any(text is not None for _sheet, _cell, text in undone):
        raise ImportRefusedError(_("这里没有改过，不用撤销。"))
    gone = {(sheet, cell) for sheet, cell, _text in undone}
    left = {
        sheet: {cell: text for cell, text in texts.items() if (sheet, cell) not in gone}
        for sheet, texts in upload.corrections.items()
    }
    upload.corrections = {sheet: texts for sheet, texts in left.items() if texts}
    record(actor, "import.taken_back", upload, before={"cells": [list(one) for one in undone if one[2] is not None]})
    return look_again(upload, found)


def correct(actor: Actor, upload: Upload, version: int, cells: Sequence[tuple[str, str, str]]) -> Upload:
    """Put cells right: (sheet, reference, text); the file itself stays as it came."""
    upload, found = open_for_work(actor, upload, version)
    corrections = {sheet: dict(texts) for sheet, texts in upload.corrections.items()}
    for sheet, reference, text in cells:
        if not is_reference(reference):
            raise ImportRefusedError(_("“%(cell)s”不是单元格位置。") % {"cell": reference})
        corrections.setdefault(sheet, {})[reference] = text.strip()[:_LONGEST_CELL]
    upload.corrections = corrections
    record(actor, "import.corrected", upload, after={"cells": [list(cell) for cell in cells]})
    return look_again(upload, found)


def accept(actor: Actor, upload: Upload, version: int) -> Upload:
    """Have the good rows taken in by a job; what is held stays with the upload and can be put right later.

    Raises:
        ImportRefusedError: there is nothing to take in, or it is being done already.
    """
    upload, found = open_for_work(actor, upload, version)
    reading = read(upload, found)
    if not reading.good.height:
        raise ImportRefusedError(_("没有可入库的行。请先改正必填的内容，或在认列中指明各列。"))
    if found.whole and (why := found.whole.preview(actor, upload, reading).why_not):
        raise ImportRefusedError(why)
    title = _("导入%(what)s：%(file)s") % {"what": found.title, "file": upload.file_name}
    upload.state = Upload.State.ACCEPTING
    upload.result = {"since": timezone.now().isoformat()}
    upload.version += 1
    upload.save()
    job = submit(
        actor, found.whole.job if found.whole else JOB, {"upload": upload.pk, "version": upload.version}, str(title)
    )
    upload.job_id = job.pk
    upload.save(update_fields=["job_id"])
    record(actor, "import.accepted", upload)
    return upload


def withdraw(actor: Actor, upload: Upload, version: int) -> Upload:
    """Put an upload aside; rows that were taken in stay, and so does the original."""
    upload, _found = open_for_work(actor, upload, version)
    upload.state = Upload.State.WITHDRAWN
    upload.version += 1
    upload.save()
    record(actor, "import.withdrawn", upload)
    return upload


def reopen(actor: Actor, upload: Upload) -> Upload:
    """Go back to checking: after the job that took rows in has failed or was cancelled (rows already in stay), or
    with a file that was put aside.
    """
    with transaction.atomic():
        upload, _found = get_upload(actor, upload.pk, lock=True)
        aside = upload.state == Upload.State.WITHDRAWN
        if not aside and (upload.state != Upload.State.ACCEPTING or job_open(upload)):
            raise ImportRefusedError(_("入库还在进行，请等它结束或在任务页取消。"))
        upload.state = Upload.State.OPEN
        upload.version += 1
        upload.save()
        record(actor, "import.reopened", upload)
    return upload


def job_open(upload: Upload) -> bool:
    """Say whether the job that takes rows in is still waiting or running; it may be somebody else's."""
    with transaction.atomic(), use_scope(command_scope("look at the job of an upload")):
        job = Job.objects.filter(pk=upload.job_id).first()
        return job is not None and job.open


def preview(actor: Actor, upload: Upload, found: Subject) -> Preview:
    """Return what taking the good rows in would do now."""
    if found.whole:
        return found.whole.preview(actor, upload, read(upload, found))
    matched = matches(actor, upload, found, good_rows(upload, found))
    counts = change_counts(matched)
    return Preview(counts, change_lines(matched), counts["new"] + counts["changed"])


def matches(actor: Actor, upload: Upload, found: Subject, rows: Sequence[Row]) -> list[Match]:
    """Return what each of ``rows`` would do now."""
    result: list[Match] = []
    for start in range(0, len(rows), _CHUNK):
        result += found.match(actor, rows[start : start + _CHUNK], upload.context)
    return result


def good_rows(upload: Upload, found: Subject) -> list[Row]:
    """Return the rows that can be taken in."""
    return rows_of(read(upload, found).good, found)


def marked(upload: Upload, found: Subject) -> tuple[bytes, str]:
    """Return the file with its problems marked in the cells, and its name."""
    reading = read(upload, found)
    return with_problems(storage.read(upload.content_hash), reading.format, upload.file_name, reading.problems)


def open_for_work(actor: Actor, upload: Upload, version: int) -> tuple[Upload, Subject]:
    """Lock an upload that can still be worked on, as the page that was shown knew it."""
    locked, found = get_upload(actor, upload.pk, lock=True)
    if locked.version != version:
        raise ImportRefusedError(_("这份文件刚被别人改动过，已为您刷新，请核对后再操作。"))
    if locked.state in {Upload.State.ACCEPTING, Upload.State.WITHDRAWN}:
        raise ImportRefusedError(_("这份文件正在入库或已作废，不能再改。"))
    return locked, found


def look_again(upload: Upload, found: Subject) -> Upload:
    """Read a file as it is understood now, note what was found, and save the upload."""
    reading: Reading = read(upload, found)
    severities = Counter(reading.problems["severity"].to_list())
    upload.format = reading.format
    if upload.state in {Upload.State.OPEN, Upload.State.REFUSED}:
        upload.state = Upload.State.REFUSED if reading.refused else Upload.State.OPEN
    upload.summary = {
        "rows": reading.rows.height,
        "good": reading.good.height,
        "held": reading.held.height,
        "errors": severities["error"],
        "questions": severities["question"],
        "closed": bool(found.opens) and found.closed(reading),
        "layouts": sorted({sheet["fingerprint"] for sheet in reading.sheets}),
    }
    upload.version += 1
    upload.save()
    return upload
