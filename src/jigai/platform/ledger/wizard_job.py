"""Take one ledger of the wizard in: five thousand lines at a time, whole at the end whatever happens between.

Before each step the whole ledger is matched anew with what is known by then: lines that are in already find their
devices unchanged, the others get what is left. So a worker that was killed, or somebody else who took another ledger
of the site in meanwhile, can neither double nor lose a line.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.enterprises.reference import reference
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import read
from jigai.platform.imports.services import get_upload
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.ledger import slips
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.taking import CAPABILITY, Plan, Taken, in_numbers, lock_sites, plan, silence, write
from jigai.platform.ledger.wizard import JOB, lines_of
from jigai.platform.screening import services as screening

STEP: Final = 5_000
"""Lines taken in and committed together."""


@handler(JOB, title=gettext_lazy("台账入库"), capability=CAPABILITY)
def accept(task: Task) -> dict[str, Any]:
    """Take the good lines in, mark what a whole ledger no longer names, and have the site screened."""
    pk = task.arguments["upload"]
    with task.reading():
        upload, found = get_upload(task.actor, pk)
        if upload.state != Upload.State.ACCEPTING:
            raise JobError(_("这份上传已不在入库，没有可做的。"))
        reading = read(upload, found)
        lines, good = lines_of(upload, reading), reading.good["device_id"].unique(maintain_order=True)
    for start in range(0, len(good), STEP):
        key = f"lines-{start}"
        if not task.is_done(key):
            with task.step(key):
                _take(task, pk, lines, good.slice(start, STEP))
                task.progress(min(start + STEP, len(good)), len(good), _("行入库"))
    if not task.is_done("end"):
        with task.step("end"):
            _end(task, pk, lines)
    with task.reading():
        result = Upload.objects.get(pk=pk).result
    said = in_numbers(Taken.of_result(result))
    return {"text": said, "url": reverse("imports:upload", args=[pk]), "url_text": _("查看结果")}


def _matched(lines: pl.DataFrame) -> tuple[Plan, dict[int, Any]]:
    sites = lock_sites(lines["site"].unique().to_list())
    return plan(lines, reference(timezone.localdate()), sites), sites


def _take(task: Task, pk: int, lines: pl.DataFrame, part: pl.Series) -> None:
    made, sites = _matched(lines)
    mine = made.lines.filter(pl.col("device_id").is_in(part.implode()))
    write(task.actor, made.said, mine, sites)
    upload = Upload.objects.select_for_update().get(pk=pk)
    counts = {str(what): count for what, count in mine["what"].value_counts().rows()}
    upload.result = upload.result | vars(Taken.of_result(upload.result) + Taken(**counts))
    upload.save(update_fields=["result"])


def _end(task: Task, pk: int, lines: pl.DataFrame) -> None:
    upload = Upload.objects.select_for_update().get(pk=pk)
    result = dict(upload.result)
    if upload.context["whole"]:
        made, sites = _matched(lines)
        quiet = Device.objects.filter(pk__in=made.gone, silent_since__isnull=True)
        result["quiet"] = list(quiet.order_by("pk").values_list("pk", flat=True))
        result["silent"] = sum(silence(made.gone, sites).values())
    if task.actor.may(screening.RUN):
        result["run"] = screening.start(task.actor, [upload.context["site"]], timezone.localdate()).pk
    slips.answered([upload.context["site"]])
    upload.result = result
    upload.state = Upload.State.DONE
    upload.version += 1
    upload.save(update_fields=["result", "state", "version"])
