"""Return slips (退回单): what each enterprise is asked to put right in its ledger files, sent all at once.

One slip's way: file 东风.xlsx with 12 bad cells → marked copy and one-page list, zipped and kept under their hash →
a row in the scope of the enterprise's site → a notice to its people → opened (seen) → a later ledger of the site
comes in (answered).
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.ledger import Ledger, read_ledger
from jigai.platform.accounts.models import Membership
from jigai.platform.audit.services import record
from jigai.platform.enterprises.reference import reference
from jigai.platform.imports import storage
from jigai.platform.jobs.services import submit
from jigai.platform.ledger.bulk import BulkRefusedError, get_bulk
from jigai.platform.ledger.models import Bulk, BulkFile, ReturnSlip
from jigai.platform.notices import services as notices
from jigai.platform.walls.actor import Actor
from jigai.reports.returns import write_returns
from jigai.reports.run import Run
from jigai.screening import screen

VIEW: Final = "ledger.view"
TO: Final = ("enterprise_equipment", "enterprise_head")
"""Roles of an enterprise that a slip goes to."""
_SHOWN: Final = 3


@dataclass(frozen=True)
class Tally:
    """How many files of a bulk have problems, how many of these can be sent, were sent, belong to nobody."""

    files: int
    ready: int
    sent: int
    nobody: int


def with_problems(bulk: int) -> QuerySet[BulkFile]:
    """Return the files of the bulk of this number that have something to put right, in the order they came."""
    bad = Q(errors__gt=0) | Q(questions__gt=0) | Q(state=BulkFile.State.REFUSED)
    skipped = (BulkFile.State.SKIPPED, BulkFile.State.OPENED, BulkFile.State.WAITING)
    return (
        BulkFile.objects.filter(bad, bulk=bulk)
        .exclude(state__in=skipped)
        .select_related("for_site__org")
        .order_by("pk")
    )


def tally(bulk: Bulk) -> Tally:
    """Count the files of a bulk that go back, or went."""
    files = with_problems(bulk.pk).annotate(gone_back=Exists(ReturnSlip.objects.filter(file=OuterRef("pk"))))
    known = Q(for_site__isnull=False)
    counts = files.aggregate(
        files=Count("pk"),
        ready=Count("pk", filter=known),
        sent=Count("pk", filter=Q(gone_back=True)),
        nobody=Count("pk", filter=~known),
    )
    return Tally(**counts)


def wanted(file: BulkFile) -> str:
    """Say in one sentence what is asked of the enterprise."""
    if file.state == BulkFile.State.REFUSED:
        return file.note
    parts = []
    if file.errors:
        parts.append(_("改正 %d 个不能用的单元格") % file.errors)
    if file.questions:
        parts.append(_("回答 %d 个问题") % file.questions)
    return _("请%(what)s，改好后重新上传。") % {"what": _("、").join(parts)}


def receivers() -> QuerySet[Membership]:
    """Return the posts of all enterprises that a slip reaches, in the order they are named."""
    posts = Membership.objects.select_related("user").filter(role_key__in=TO, active=True, user__is_active=True)
    return posts.order_by("organisation", "-role_key", "pk")


def contact(posts: Iterable[Membership]) -> str:
    """Return whom a slip reaches: names of the first few, with telephone where known."""
    named = dict.fromkeys(f"{post.user.name} {post.user.phone}".strip() for post in posts)
    return "、".join(list(named)[:_SHOWN])


def order(actor: Actor, bulk: Bulk, *, send: bool) -> Bulk:
    """Have the slips of a bulk made by a job: put into the notices of each enterprise, or only into one zip.

    Raises:
        BulkRefusedError: no file of the bulk has a problem, or it is still being read.
    """
    locked = get_bulk(actor, bulk.pk, lock=True)
    if locked.state == Bulk.State.READING:
        raise BulkRefusedError(_("还在识别，识别完再发退回单。"))
    files = list(with_problems(locked.pk).values_list("pk", flat=True))
    if not files:
        raise BulkRefusedError(_("这批文件没有要退回的问题。"))
    title = _("发出 %d 份退回单") if send else _("打包 %d 份退回单")
    job = submit(actor, "ledger.slips", {"bulk": locked.pk, "files": files, "send": send}, title % len(files))
    locked.slips_job_id = job.pk
    locked.save(update_fields=["slips_job_id"])
    return locked


def made(file: BulkFile, day: date) -> bytes:
    """Return the zip of a file: its marked copy and the one-page list; judged as on ``day``, so that what is missing
    for a verdict is asked too."""
    ledger = read_ledger(storage.read(file.content_hash), source_file=file.file_name) if file.content_hash else None
    if ledger is None:
        return _note_alone(file)
    with tempfile.TemporaryDirectory() as folder:
        written = _written(ledger, day, Path(folder))
        return _zipped([(path.name, path.read_bytes()) for path in written] or [_plain_note(file)])


def _written(ledger: Ledger, day: date, folder: Path) -> list[Path]:
    rules = reference(day)
    judged = screen(ledger.devices, rules, day)
    return write_returns([ledger], judged, ledger.problems, folder, Run.of(rules, [ledger], day))


def _note_alone(file: BulkFile) -> bytes:
    return _zipped([_plain_note(file)])


def _plain_note(file: BulkFile) -> tuple[str, bytes]:
    """A file that could not even be opened comes back as a note."""
    return "说明.txt", f"{file.file_name}\r\n{file.note}\r\n".encode("utf-8-sig")


def _zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return target.getvalue()


def deliver(actor: Actor, file: BulkFile, content_hash: str) -> ReturnSlip | None:
    """Put a slip into the scope of the enterprise and tell its people; one per file, None where nobody is known.

    Sent again, the former slip gets the new content, and those not told before are told.
    """
    site = file.for_site
    if site is None:
        return None
    now = timezone.now()
    said: dict[str, Any] = {
        "file_name": file.file_name,
        "content_hash": content_hash,
        "wanted": wanted(file)[:300],
        "sent_at": now,
        "sent_by": actor.label[:150],
        **site.scope_columns(),
    }
    slip, _new = ReturnSlip.objects.update_or_create(file=file, defaults=said)
    if site.org is not None:
        copies = notices.send(
            actor,
            to=[notices.Group(site.org, TO)],
            kind="fact",
            title=_("台账退回：%(file)s") % {"file": Path(file.file_name).name},
            text=slip.wanted,
            url=reverse("ledger:slip", args=[slip.pk]),
            key=f"slip {slip.pk}",
        )
        slip.told += len(copies)
        slip.save(update_fields=["told"])
    return slip


def get_slip(actor: Actor, pk: int) -> ReturnSlip:
    """Return a slip in scope; ``Http404`` for anything else."""
    actor.require(VIEW)
    slip = ReturnSlip.objects.select_related("site").filter(pk=pk).first()
    if slip is None:
        raise Http404
    return slip


def look(actor: Actor, slip: ReturnSlip) -> ReturnSlip:
    """Note that the enterprise has seen a slip, the first time one of its own people opens it."""
    if slip.seen_at is None and actor.organisation is not None and actor.organisation.pk == slip.org_id:
        slip.seen_at, slip.seen_by = timezone.now(), actor.label[:150]
        slip.save(update_fields=["seen_at", "seen_by"])
        record(actor, "ledger.slip_seen", slip)
    return slip


def open_slips() -> QuerySet[ReturnSlip]:
    """Return the slips of one's scope that wait for a better ledger."""
    return ReturnSlip.objects.filter(answered_at=None).select_related("site").order_by("pk")


def answered(sites: Iterable[int], since: Bulk | None = None) -> int:
    """Note that a ledger of these sites came in: slips sent before are answered; those of the same bulk are not.

    Call it wherever a ledger is taken in. Returns how many were answered.
    """
    waiting = ReturnSlip.objects.filter(site__in=list(sites), answered_at=None)
    if since is not None:  # by numbers: a join would lose slips whose file another office handed in
        waiting = waiting.exclude(file_id__in=list(since.files.values_list("pk", flat=True)))
    return waiting.update(answered_at=timezone.now())
