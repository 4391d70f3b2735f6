"""Do a run: freeze, judge, put in force site by site; compute one again; export whom a rehearsal hits."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.enterprises.models import Site
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.screening import force, impact, impact_book, replaying, running, storage
from jigai.platform.screening.models import Run
from jigai.platform.screening.services import RUN, VIEW
from jigai.platform.standards import active
from jigai.platform.standards.candidates import packages_of


@handler("screening.run", title=gettext_lazy("筛查"), capability=RUN)
def run_screening(task: Task) -> dict[str, Any]:
    """Screen the sites of a run; a step per site, so that a killed worker goes on where it was."""
    with task.reading():
        run = Run.objects.get(pk=task.arguments["run"])
    if not task.is_done("judged"):
        facts = _judge(task, run)
        with task.step("judged"):
            Run.objects.filter(pk=run.pk).update(state=Run.State.JUDGED, **facts)
    with task.reading():
        run.refresh_from_db()
    if run.rehearsal:
        _compare(task, run)
    else:
        _put_in_force(task, run)
    if not task.is_done("end"):
        with task.step("end"):
            Run.objects.filter(pk=run.pk).update(state=Run.State.DONE)
    machines = sum(one["machines"] for one in run.totals.values())
    lines = sum(one["lines"] for one in run.totals.values())
    text = _("判定 %(lines)d 行、%(machines)d 台") % {"lines": lines, "machines": machines}
    if run.reused:
        text += _("，其中 %(reused)d 行没有变化，沿用原结论") % {"reused": run.reused}
    return {"text": text, "url": reverse("screening:run", args=[run.pk]), "url_text": _("看结果")}


def _judge(task: Task, run: Run) -> dict[str, Any]:
    """Judge and keep everything; return the facts of the run.

    When other facts come into use meanwhile, it is judged by those: nothing is ever put in force by former ones.
    """
    while True:
        packages = packages_of(run.change_id) if run.change_id else active.in_use().packages
        candidate = active.reference_with(packages, run.as_of) if run.change_id else None
        reference = candidate or active.reference(run.as_of)
        with storage.Draft(f"{run.pk}-{task.job.pk}") as draft:
            task.progress(0, None, _("读取台账"))
            with task.reading():
                frozen = running.freeze(run, draft, reference)
            facts = running.judge_parts(run, draft, frozen, reference, _teller(task))
        if run.change_id or active.in_use().packages == packages:
            break
    return {**facts, "packages": list(packages)}


def _teller(task: Task) -> running.Progress:
    def tell(done: int, lines: int) -> None:
        task.check()
        task.progress(done, lines, _("判定"))

    return tell


def _put_in_force(task: Task, run: Run) -> None:
    done = 0
    for number, group in enumerate(storage.parts(run.output_hash)):
        open_sites = [pk for pk in group if not task.is_done(f"site-{pk}")]
        done += len(group) - len(open_sites)
        if not open_sites:
            continue
        devices = storage.part_of(run.output_hash, "devices", number)
        findings = storage.part_of(run.output_hash, "findings", number)
        findings = findings.join(devices.select("device_id", "device", "site"), on="device_id", maintain_order="left")
        by_site = {key[0]: part for key, part in devices.partition_by("site", as_dict=True).items()}
        said = {key[0]: part for key, part in findings.partition_by("site", as_dict=True).items()}
        for pk in open_sites:
            done += 1
            with task.step(f"site-{pk}"):
                site = Site.objects.filter(pk=pk).first()
                if site is not None:
                    _one_site(run, site, by_site.get(pk, devices.clear()), said.get(pk, findings.clear()))
                task.progress(done, len(run.sites), _("写入结论"))


def _one_site(run: Run, site: Site, devices: pl.DataFrame, findings: pl.DataFrame) -> None:
    now = timezone.now()
    former = run.same.get(str(site.pk))
    if former is None or not force.confirm(run, site, former, now):
        force.put_in_force(run, site, devices, findings, now)


def _compare(task: Task, run: Run) -> None:
    if task.is_done("compared"):
        return
    with task.reading():
        kept = impact.keep(run)
    with task.step("compared"):
        Run.objects.filter(pk=run.pk).update(comparison_hash=kept)


@handler("screening.replay", title=gettext_lazy("复算筛查"), capability=VIEW)
def replay(task: Task) -> dict[str, Any]:
    """Compute a run again from the input it kept, and compare the hashes."""
    with task.reading():
        run = Run.objects.get(pk=task.arguments["run"])
    outcome = replaying.replay(run, f"replay-{task.job.pk}", _teller(task))
    with task.step("said"):
        Run.objects.filter(pk=run.pk).update(replayed=outcome.as_data(timezone.now()))
    return {"text": outcome.text, "url": reverse("screening:run", args=[run.pk]), "url_text": _("看这次筛查")}


@handler("screening.impact", title=gettext_lazy("导出试算影响"), capability="export.make")
def export_impact(task: Task) -> dict[str, Any]:
    """Write whom a rehearsal hits as a workbook."""
    with task.reading():
        run = Run.objects.get(pk=task.arguments["run"])
        told = impact.told(run)
        name = f"{_('试算影响')}-{run.pk}.xlsx"
        with task.writing(name) as path:
            impact_book.write(path, run, told, task.actor)
    return {
        "text": _("%(lines)d 行设备受影响") % {"lines": told.changed.height},
        "files": [task.described(name, run.title)],
    }
