"""Read the files of a bulk, and take them in: a step at a time, so that nothing is done twice after a crash."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.enterprises.reference import reference
from jigai.platform.imports import storage
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger import bulk_undo, slips, wizard_job
from jigai.platform.ledger.models import Act, Bulk, BulkFile, ReturnSlip
from jigai.platform.ledger.taking import CAPABILITY, Taken, in_numbers, take
from jigai.platform.screening import services as screening
from jigai.platform.walls.afterwards import afterwards

__all__ = ["read", "take_in", "wizard_job"]
FILES_PER_STEP: Final = 10
Step = list[BulkFile]


@handler("ledger.bulk_read", title=gettext_lazy("识别台账"), capability=CAPABILITY)
def read(task: Task) -> dict[str, Any]:
    """Open the zips of a bulk, read its files, and propose whose each is."""
    pk = task.arguments["bulk"]
    if not task.is_done("opened"):
        with task.step("opened"):
            _open_zips(pk)
    with task.reading():
        waiting = list(BulkFile.objects.filter(bulk=pk, state=BulkFile.State.WAITING).order_by("pk"))
        known = bulks.firms()
        sender = _sender(task)
    for done, files in enumerate(_parts(waiting)):
        key = f"read-{files[0].pk}"
        if not task.is_done(key):
            with task.step(key):
                for file in files:
                    bulks.read_file(file, known, sender).save()
                task.progress(min((done + 1) * FILES_PER_STEP, len(waiting)), len(waiting), files[-1].file_name)
    if not task.is_done("end"):
        with task.step("end"):
            bulks.address_refused(pk, known, sender)
            Bulk.objects.filter(pk=pk).update(state=Bulk.State.OPEN)
            if task.arguments["at_once"]:
                _accept(task, pk)
    with task.reading():
        files = list(BulkFile.objects.filter(bulk=pk, state__in=("read", "refused")))
    sure = sum(1 for one in files if one.for_site_id and one.state == BulkFile.State.READ)
    text = _("%(files)d 个文件，%(sure)d 个已认出企业") % {"files": len(files), "sure": sure}
    return {"text": text, "url": reverse("ledger:bulk", args=[pk]), "url_text": _("核对并入库")}


def _accept(task: Task, pk: int) -> None:
    """Take in at once what has a site; where nothing has, the bulk waits for a person."""
    bulk = Bulk.objects.get(pk=pk)
    with suppress(bulks.BulkRefusedError):
        bulks.accept(task.actor, bulk, bulk.version)


def _open_zips(pk: int) -> None:
    for file in BulkFile.objects.filter(bulk=pk, state=BulkFile.State.WAITING).order_by("pk"):
        inside = bulks.opened(file)
        if file.state == BulkFile.State.OPENED:
            BulkFile.objects.bulk_create(inside)
        file.save(update_fields=["state", "note"])


def _sender(task: Task) -> int | None:
    """Return the enterprise of whoever handed the files in, if they are one's own."""
    organisation = task.actor.organisation
    person = LegalPerson.objects.filter(org=organisation).first() if organisation else None
    return person.pk if person else None


def _parts(files: list[BulkFile]) -> Iterator[Step]:
    for start in range(0, len(files), FILES_PER_STEP):
        yield files[start : start + FILES_PER_STEP]


@handler("ledger.bulk_take", title=gettext_lazy("台账入库"), capability=CAPABILITY)
def take_in(task: Task) -> dict[str, Any]:
    """Take the lines of the files in, site by site, then have the sites screened."""
    pk = task.arguments["bulk"]
    with task.reading():
        steps = bulks.groups(task.arguments["files"])
    total, done = sum(file.lines for files in steps for file in files), 0
    for files in steps:
        key = f"take-{files[0].pk}"
        if not task.is_done(key):
            with task.step(key):
                _take(task, files)
                task.progress(done + sum(file.lines for file in files), total, _("行入库"))
        done += sum(file.lines for file in files)
    if not task.is_done("end"):
        with task.step("end"):
            _end(task, pk, sorted({file.for_site_id for files in steps for file in files if file.for_site_id}))
    with task.reading():
        taken = sum((Taken(**file.result) for file in BulkFile.objects.filter(bulk=pk, state="taken")), Taken())
    return {"text": in_numbers(taken), "url": reverse("ledger:bulk", args=[pk]), "url_text": _("查看结果")}


def _take(task: Task, files: Step) -> None:
    """Take one step in; what came of each file stands with it, devices no longer named with the first of their site."""
    lines = bulks.lines_of(files)
    whole = bulks.whole_sites(files) if task.arguments["whole"] else set()
    sites = {file.for_site_id for file in files if file.for_site_id}
    with bulk_undo.noted(task.actor, files[0].bulk, sites):
        came = take(task.actor, lines, reference(timezone.localdate()), whole)
    slips.answered(sites, files[0].bulk)
    silent = dict(came.silent)
    for file in files:
        mine = came.of(lines.filter(pl.col("file") == file.pk)["device_id"])
        mine += Taken(silent=silent.pop(file.for_site_id or 0, 0))
        file.state, file.result = BulkFile.State.TAKEN, vars(mine)
        file.save(update_fields=["state", "result"])


def _end(task: Task, pk: int, sites: list[int]) -> None:
    run = None
    if sites and task.actor.may(screening.RUN):
        run = screening.start(task.actor, sites, timezone.localdate())
    bulk = Bulk.objects.select_for_update().get(pk=pk)
    left = bulk.files.filter(state=BulkFile.State.READ).exists()
    bulk.state = Bulk.State.OPEN if left else Bulk.State.DONE  # what has no site yet can still be given one
    bulk.run_id = run.pk if run else bulk.run_id
    bulk.version += 1
    bulk.save()


@handler("ledger.slips", title=gettext_lazy("退回单"), capability=CAPABILITY)
def return_slips(task: Task) -> dict[str, Any]:
    """Make the return slips of a bulk, a file a step; send them where that was asked, and put all into one zip."""
    pk, day, sent = task.arguments["bulk"], timezone.localdate(), 0
    with task.reading():
        files = list(BulkFile.objects.filter(pk__in=task.arguments["files"]).select_related("for_site").order_by("pk"))
    name = _("退回单") + f"_{day:%Y%m%d}.zip"
    with (
        afterwards(),  # those not sent are in the zip alone
        task.writing(name) as draft,
        zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for done, file in enumerate(files, 1):
            content = storage.keep(slips.made(file, day))
            _into(archive, _place_in_zip(file, done), storage.path_of(content))
            key = f"slip-{file.pk}"
            if task.arguments["send"] and not task.is_done(key):
                with task.step(key):
                    slips.deliver(task.actor, file, content)
            task.progress(done, len(files), file.file_name)
    if task.arguments["send"] and not task.is_done("end"):
        with task.step("end"):
            record(task.actor, "ledger.slips_sent", Bulk.objects.get(pk=pk), after={"slips": len(files)})
    with task.reading():
        sent = ReturnSlip.objects.filter(file__in=files).count() if task.arguments["send"] else 0
    text = _("做好 %(made)d 份，发出 %(sent)d 份") % {"made": len(files), "sent": sent}
    url = reverse("ledger:bulk_slips", args=[pk])
    return {"text": text, "files": [task.described(name)], "url": url, "url_text": _("看退回单")}


def _into(archive: zipfile.ZipFile, folder: str, slip: Path) -> None:
    with zipfile.ZipFile(slip) as one:
        for member in one.namelist():
            archive.writestr(f"{folder}/{member}", one.read(member))


def _place_in_zip(file: BulkFile, number: int) -> str:
    """Name the folder of a file in the zip by its enterprise, apart from others of the same name."""
    owner = file.for_site.enterprise_name if file.for_site else _("没有归属")
    plain = re.sub(r"[^\w（）()-]+", "_", owner)
    return f"{number:03d}_{plain}"


@handler("ledger.bulk_undo", title=gettext_lazy("撤销批量入库"), capability=CAPABILITY)
def undo_bulk(task: Task) -> dict[str, Any]:
    """Take a bulk back, the last site first, a step each; then have the sites screened."""
    pk, reason = task.arguments["bulk"], task.arguments["reason"]
    with task.reading():
        acts = list(Act.objects.filter(bulk=pk).order_by("-pk"))
    for done, act in enumerate(acts, 1):
        key = f"act-{act.pk}"
        if not task.is_done(key):
            with task.step(key):
                fresh = Act.objects.select_for_update(of=("self",)).get(pk=act.pk)
                if fresh.undone_at is None:
                    bulk_undo.take_back_act(task.actor, fresh, reason)
                task.progress(done, len(acts), _("个厂区"))
    if not task.is_done("end"):
        with task.step("end"):
            bulk_undo.close(task.actor, pk, reason)
            sites = sorted({act.site_id for act in acts if act.site_id})
            if sites and task.actor.may(screening.RUN):
                screening.start(task.actor, sites, timezone.localdate())
    with task.reading():
        kept = bulk_undo.kept_of(Bulk.objects.get(pk=pk))
    text = _("已撤销；%(n)d 台之后另有登记，没有动") % {"n": len(kept)} if kept else _("已全部撤销")
    return {"text": text, "url": reverse("ledger:bulk", args=[pk]), "url_text": _("查看结果")}
