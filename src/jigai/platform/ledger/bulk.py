"""Many ledger files at once: kept, read, given to their sites, taken in."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from jigai.ledger import Ledger, read_ledger
from jigai.ledger.limits import Refused
from jigai.ledger.problems import Problems
from jigai.ledger.sources import Source, open_inside
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.imports import storage
from jigai.platform.jobs.services import submit
from jigai.platform.ledger.models import Bulk, BulkFile
from jigai.platform.ledger.owners import Firm, Proposal, propose
from jigai.platform.ledger.returned import with_formers
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.walls.actor import Actor
from jigai.reports.labels import label

MOST_FILES: Final = 2_000
"""Files of one zip."""
LINES_PER_STEP: Final = 5_000
"""Lines taken in and committed together, about; files of one site always together."""
_SHOWN: Final = 3


class BulkRefusedError(ValueError):
    """Something about a bulk that cannot be done; the text says why and what to do."""


def receive(
    actor: Actor, files: Iterable[tuple[str, bytes]], *, sites: Mapping[str, int] | None = None, at_once: bool = False
) -> Bulk:
    """Keep files that were handed in together and have them read by a job.

    Args:
        actor: who hands them in.
        files: names (folders included) and contents; zips are opened by the job.
        sites: whose a file is where that is known beforehand, by its name.
        at_once: take in whatever has a site as soon as all are read, without asking; the rest stays open.

    Raises:
        BulkRefusedError: no file was given, or one is larger than the site takes.
        storage.StorageFullError: there is no room.
    """
    actor.require(CAPABILITY)
    limit = settings.ENV["upload_mb"] * 2**20
    kept = []
    for name, data in files:
        if len(data) > limit:
            text = _("“%(name)s”有 %(size)d MB，超过上限 %(limit)d MB。请拆开再传。")
            raise BulkRefusedError(text % {"name": name, "size": len(data) // 2**20, "limit": limit // 2**20})
        kept.append((name.replace("\\", "/")[-300:], storage.keep(data)))
    if not kept:
        raise BulkRefusedError(_("请选择文件。"))
    with transaction.atomic():
        bulk = Bulk.objects.create(sent_by=actor.label[:150], **_owner(actor))
        BulkFile.objects.bulk_create(
            [
                BulkFile(
                    bulk=bulk,
                    file_name=name,
                    content_hash=digest,
                    for_site_id=(sites or {}).get(name),
                    **_owner(actor),
                )
                for name, digest in kept
            ]
        )
        wanted = {"bulk": bulk.pk, "at_once": at_once}
        bulk.job_id = submit(actor, "ledger.bulk_read", wanted, _("识别 %d 个台账文件") % len(kept)).pk
        bulk.save(update_fields=["job_id"])
        record(actor, "ledger.received", bulk, after={"files": len(kept)})
    return bulk


def get_bulk(actor: Actor, pk: int, *, lock: bool = False) -> Bulk:
    """Return a bulk in scope; ``Http404`` for anything else."""
    actor.require(CAPABILITY)
    rows = Bulk.objects.select_for_update() if lock else Bulk.objects.all()
    bulk = rows.filter(pk=pk).first()
    if bulk is None:
        raise Http404
    return bulk


def give(actor: Actor, bulk: Bulk, version: int, sites: Mapping[int, int | None]) -> Bulk:
    """Say whose each file is (file → site, or None: not used).

    Raises:
        BulkRefusedError: somebody else changed it meanwhile, it is being taken in, or a site is out of sight.
    """
    locked = _open(actor, bulk, version)
    known = set(Site.objects.filter(pk__in=[one for one in sites.values() if one]).values_list("pk", flat=True))
    for file in BulkFile.objects.filter(bulk=locked, pk__in=list(sites), state__in=("read", "skipped", "refused")):
        wanted = sites[file.pk]
        if wanted is not None and wanted not in known:
            raise BulkRefusedError(_("“%(name)s”选的厂区不在您的管辖范围内。") % {"name": file.file_name})
        file.for_site_id = wanted
        if file.state != BulkFile.State.REFUSED:
            file.state = BulkFile.State.READ if wanted else BulkFile.State.SKIPPED
        file.save(update_fields=["for_site", "state"])
    record(actor, "ledger.given", locked, after={"files": {str(file): site for file, site in sites.items()}})
    return _saved(locked)


def accept(actor: Actor, bulk: Bulk, version: int, *, whole: bool = True) -> Bulk:
    """Have the lines of all files with a site taken in by a job, and the sites screened afterwards.

    With ``whole`` the files of a site are its whole ledger: devices they do not name become silent.

    Raises:
        BulkRefusedError: no file has a site, or it is being done already.
    """
    locked = _open(actor, bulk, version)
    ready = BulkFile.objects.filter(bulk=locked, state=BulkFile.State.READ, for_site__isnull=False)
    if not ready.exists():
        raise BulkRefusedError(_("还没有认定是哪家企业的文件，请先在表里选厂区。"))
    locked.state = Bulk.State.TAKING
    files = list(ready.order_by("pk").values_list("pk", flat=True))
    wanted = {"bulk": locked.pk, "files": files, "whole": whole}
    locked.job_id = submit(actor, "ledger.bulk_take", wanted, _("%d 个台账文件入库") % len(files)).pk
    record(actor, "ledger.accepted", locked, after={"files": len(files), "whole": whole})
    return _saved(locked)


def firms() -> list[Firm]:
    """Return the enterprises in scope that have a site, as a file may be proposed to them."""
    with_sites = Site.objects.filter(active=True).values("legal_person")
    rows = LegalPerson.objects.filter(pk__in=with_sites).values_list("pk", "name", "credit_code")
    return [Firm(*row) for row in rows]


def opened(file: BulkFile) -> list[BulkFile]:
    """Return a file itself, or for a zip the files inside, kept like those handed in; what is no ledger is left out.

    A member that cannot be read comes refused, with the step to take.
    """
    sources = [one for one in open_inside(storage.read(file.content_hash), file.file_name) if not one.skipped]
    if len(sources) == 1 and sources[0].name == file.file_name:
        if sources[0].refusal is not None:
            _refuse(file, sources[0].refusal)
        return [file]
    if len(sources) > MOST_FILES:
        text = _("压缩包里有 %(count)d 个文件，一次最多 %(most)d 个，没有展开。请分成几个压缩包再传。")
        file.state = BulkFile.State.REFUSED
        file.note = text % {"count": len(sources), "most": MOST_FILES}
        return [file]
    file.state = BulkFile.State.OPENED
    return [_inside(file, one) for one in sources]


def _inside(file: BulkFile, source: Source) -> BulkFile:
    made = BulkFile(
        bulk_id=file.bulk_id,
        file_name=source.name[-300:],
        content_hash=storage.keep(source.data) if source.refusal is None else "",
        org_id=file.org_id,
        manager_code=file.manager_code,
    )
    if source.refusal is not None:
        _refuse(made, source.refusal)
    return made


def _refuse(file: BulkFile, refusal: Refused) -> None:
    """Say why a file is not read, and the step to take."""
    told = Problems(file.file_name)
    told.add_for_file(refusal.code, refusal.fields)
    file.state, file.note = BulkFile.State.REFUSED, told.frame()["message_zh"][0][:500]


def read_file(file: BulkFile, known: Sequence[Firm], sender: int | None) -> BulkFile:
    """Read one file: keep its lines, count its problems, and propose whose it is."""
    ledger = read_ledger(storage.read(file.content_hash), source_file=file.file_name)
    severities = Counter(ledger.problems["severity"].to_list())
    file.lines, file.errors, file.questions = ledger.devices.height, severities["error"], severities["question"]
    if ledger.refused or not ledger.devices.height:
        file.state = BulkFile.State.REFUSED
        file.note = (ledger.problems["message_zh"].to_list() or [label("severity", "refused")])[0][:500]
        return file
    file.state = BulkFile.State.READ
    file.reading = keep_reading(ledger)
    _propose(file, known, _named(ledger), sender)
    return file


def _propose(file: BulkFile, known: Sequence[Firm], cells: Sequence[str], sender: int | None) -> None:
    if file.for_site_id:
        return
    proposal = propose(known, cells=cells, file_name=file.file_name, sender=sender)
    file.proposal = {
        "why": proposal.why,
        "sure": proposal.sure,
        "firms": [one.number for one in proposal.firms[:_SHOWN]],
    }
    file.for_site_id = _site_of(proposal)


def address_refused(bulk: int, known: Sequence[Firm], sender: int | None) -> None:
    """Propose whose the files are that could not be read, by their names: a slip goes back with what to do."""
    for file in BulkFile.objects.filter(bulk=bulk, state=BulkFile.State.REFUSED, for_site=None):
        _propose(file, known, [], sender)
        file.save(update_fields=["proposal", "for_site"])


def keep_reading(ledger: Ledger) -> str:
    """Keep the lines of a ledger under the hash of their content, and return it."""
    target = io.BytesIO()
    ledger.devices.write_parquet(target)
    return storage.keep(target.getvalue())


def groups(files: Sequence[int]) -> list[list[BulkFile]]:
    """Return the files to take in, cut into steps: all files of a site together, about :data:`LINES_PER_STEP` lines.

    The same after a restart, whatever was taken in already.
    """
    rows = BulkFile.objects.filter(pk__in=list(files), for_site__isnull=False)
    found: list[list[BulkFile]] = []
    size = LINES_PER_STEP
    for file in rows.order_by("for_site", "pk"):
        same_site = bool(found) and found[-1][-1].for_site_id == file.for_site_id
        if size >= LINES_PER_STEP and not same_site:
            found.append([])
            size = 0
        found[-1].append(file)
        size += file.lines
    return found


def whole_sites(files: Sequence[BulkFile]) -> set[int]:
    """Return the sites of which these files are all that the bulk has: nothing of theirs was taken in before."""
    sites = {file.for_site_id for file in files if file.for_site_id}
    before = BulkFile.objects.filter(bulk_id=files[0].bulk_id, state=BulkFile.State.TAKEN, for_site__in=sites)
    return sites - set(before.exclude(pk__in=[file.pk for file in files]).values_list("for_site", flat=True))


def lines_of(files: Sequence[BulkFile]) -> pl.DataFrame:
    """Return the lines of files of one step, each with its site and ``file``."""
    frames = [
        with_formers(pl.read_parquet(storage.path_of(file.reading)), file.content_hash).with_columns(
            site=pl.lit(file.for_site_id, pl.Int64), upload=pl.lit(None, pl.Int64), file=pl.lit(file.pk, pl.Int64)
        )
        for file in files
    ]
    # The same content handed in twice has the same lines.
    return pl.concat(frames, how="diagonal").unique("device_id", keep="first", maintain_order=True)


def _named(ledger: Ledger) -> list[str]:
    if "enterprise" not in ledger.devices.columns:
        return []
    return ledger.devices["enterprise"].drop_nulls().unique(maintain_order=True).head(_SHOWN).to_list()


def _site_of(proposal: Proposal) -> int | None:
    """Return the site a sure proposal leads to, where the enterprise has but one."""
    if not proposal.sure:
        return None
    sites = list(
        Site.objects.filter(legal_person_id=proposal.firms[0].number, active=True).values_list("pk", flat=True)
    )
    return sites[0] if len(sites) == 1 else None


def _owner(actor: Actor) -> dict[str, Any]:
    organisation = actor.organisation
    return {"org": organisation, "manager_code": organisation.manager_code if organisation else ""}


def _open(actor: Actor, bulk: Bulk, version: int) -> Bulk:
    locked = get_bulk(actor, bulk.pk, lock=True)
    if locked.version != version:
        raise BulkRefusedError(_("刚被别人改动过，已为您刷新，请核对后再操作。"))
    if locked.state != Bulk.State.OPEN:
        raise BulkRefusedError(_("正在识别或已经入库，现在不能改。"))
    return locked


def _saved(bulk: Bulk) -> Bulk:
    bulk.version += 1
    bulk.save()
    return bulk
