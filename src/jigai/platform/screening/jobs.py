"""Do a run: freeze what is judged, judge it, and put it in force site by site."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import jigai
from jigai.platform.enterprises.models import Site
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.screening import judging, storage
from jigai.platform.screening.models import Run
from jigai.platform.screening.services import RUN
from jigai.reference import Reference
from jigai.screening import screen


@handler("screening.run", title=gettext_lazy("筛查"), capability=RUN)
def run_screening(task: Task) -> dict[str, Any]:
    """Screen the sites of a run; a step per site, so that a killed worker goes on where it was."""
    with task.reading():
        run = Run.objects.get(pk=task.arguments["run"])
        given = judging.inputs(run.sites)
    if not task.is_done("judged"):
        task.progress(0, len(run.sites) + 1, _("判定"))
        facts = _judge(run, given)
        with task.step("judged"):
            Run.objects.filter(pk=run.pk).update(state=Run.State.JUDGED, **facts)
            task.progress(1, len(run.sites) + 1, _("判定"))
    with task.reading():
        run.refresh_from_db()
    if not run.rehearsal:
        _put_in_force(task, run)
    if not task.is_done("end"):
        with task.step("end"):
            Run.objects.filter(pk=run.pk).update(state=Run.State.DONE)
    machines = sum(one["machines"] for one in run.totals.values())
    return {"text": _("判定 %(lines)d 行、%(machines)d 台") % {"lines": _lines(run), "machines": machines}}


def _lines(run: Run) -> int:
    return sum(one["lines"] for one in run.totals.values())


def _judge(run: Run, given: pl.DataFrame) -> dict[str, Any]:
    """Judge and keep everything; return the facts of the run."""
    reference = Reference.load(run.as_of)
    result = screen(given.drop("device", "site"), reference, run.as_of)
    numbers = given.select("device_id", "device", "site")
    devices = result.devices.join(numbers, on="device_id", maintain_order="left")
    facts = {
        "engine_version": jigai.__version__,
        "reference_hash": reference.content_hash,
        "input_hash": judging.hash_of(given),
        "totals": judging.totals(devices),
    }
    told = {**facts, "as_of": run.as_of.isoformat(), "sites": run.sites}
    frames = {"input": given, "devices": devices, "findings": result.findings, "problems": result.problems}
    return {**facts, "output_hash": storage.keep(frames, told)}


def _put_in_force(task: Task, run: Run) -> None:
    open_sites = [pk for pk in run.sites if not task.is_done(f"site-{pk}")]
    if not open_sites:
        return
    devices = storage.frame(run.output_hash, "devices")
    numbers = devices.select("device_id", "device", "site")
    findings = storage.frame(run.output_hash, "findings").join(numbers, on="device_id", maintain_order="left")
    by_site = {key[0]: part for key, part in devices.partition_by("site", as_dict=True).items()}
    said = {key[0]: part for key, part in findings.partition_by("site", as_dict=True).items()}
    for place, pk in enumerate(open_sites, len(run.sites) - len(open_sites) + 1):
        with task.step(f"site-{pk}"):
            site = Site.objects.filter(pk=pk).first()
            if site is not None:
                judging.put_in_force(
                    run, site, by_site.get(pk, devices.clear()), said.get(pk, findings.clear()), timezone.now()
                )
            task.progress(place + 1, len(run.sites) + 1, _("写入结论"))
