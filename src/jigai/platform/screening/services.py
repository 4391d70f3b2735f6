"""Ask for a run, read what runs said, compare two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import polars as pl
from django.http import Http404
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import submit
from jigai.platform.screening import storage
from jigai.platform.screening.models import Run
from jigai.platform.walls.actor import Actor

RUN: Final = "screening.run"
VIEW: Final = "ledger.view"


class RunRefusedError(ValueError):
    """A run that cannot be made; the text says why and what to do."""


def start(
    actor: Actor,
    sites: Sequence[int],
    as_of: date,
    *,
    rehearsal: bool = False,
    title: str = "",
    afresh: bool = False,
    change: int | None = None,
) -> Run:
    """Have the devices of ``sites`` screened by what is in force on ``as_of``; a job does it.

    Args:
        actor: who asks; sees the sites.
        sites: numbers of the sites.
        as_of: any day.
        rehearsal: only look; the verdicts in force stay.
        title: how it is called in lists.
        afresh: judge every line, also those that stood like this in the run in force; what comes out is the same.
        change: number of a proposed change of the standards library to rehearse.

    Raises:
        RunRefusedError: no site is given, or one is out of sight; a change is to be more than rehearsed.
    """
    actor.require(RUN)
    if change is not None and not rehearsal:
        raise RunRefusedError(_("没有启用的依据只能试算。"))
    found = list(Site.objects.filter(pk__in=list(sites)).order_by("pk"))
    if not found or len(found) != len(set(sites)):
        raise RunRefusedError(_("请选择要筛查的厂区；有的厂区不在您的管辖范围内。"))
    run = Run.objects.create(
        title=(title or _title(found, as_of, rehearsal))[:200],
        as_of=as_of,
        rehearsal=rehearsal,
        sites=[one.pk for one in found],
        afresh=afresh,
        change_id=change,
        started_by=actor.label[:150],
        **_common(found),
    )
    run.job_id = submit(actor, "screening.run", {"run": run.pk}, run.title).pk
    run.save(update_fields=["job_id"])
    record(actor, "screening.started", run, after={"as_of": as_of.isoformat(), "sites": len(found)})
    return run


def get_run(actor: Actor, pk: int) -> Run:
    """Return a run in scope; ``Http404`` for anything else."""
    actor.require(VIEW)
    run = Run.objects.filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def replay(actor: Actor, pk: int) -> Job:
    """Have a run computed again from the input it kept, and the hashes compared; a job does it."""
    run = get_run(actor, pk)
    if run.state != Run.State.DONE:
        raise RunRefusedError(_("还没有完成，不能复算。"))
    job = submit(actor, "screening.replay", {"run": run.pk}, _("复算“%(title)s”") % {"title": run.title})
    record(actor, "screening.replayed", run, after={"job": job.pk})
    return job


def export_impact(actor: Actor, pk: int) -> Job:
    """Have whom a rehearsal hits written as a workbook; a job does it."""
    actor.require("export.make")
    run = get_run(actor, pk)
    if not run.comparison_hash:
        raise Http404
    job = submit(actor, "screening.impact", {"run": run.pk}, _("导出“%(title)s”的影响") % {"title": run.title})
    record(actor, "screening.impact_exported", run, after={"job": job.pk})
    return job


def compare(actor: Actor, before: Run, after: Run) -> pl.DataFrame:
    """Return the devices whose verdict differs between two runs: ``device``, ``before``, ``after`` (null: not in it).

    A join of two files; the database is not asked.
    """
    actor.require(VIEW)
    sides = [
        storage.frame(run.output_hash, "devices", ["device", "verdict"]).rename({"verdict": name})
        for run, name in ((before, "before"), (after, "after"))
    ]
    both = sides[0].join(sides[1], on="device", how="full", coalesce=True)
    return both.filter(pl.col("before").ne_missing(pl.col("after"))).sort("device")


def _title(sites: Sequence[Site], as_of: date, rehearsal: bool) -> str:
    what = sites[0].enterprise_name if len({one.legal_person_id for one in sites}) == 1 else _("%d 个厂区") % len(sites)
    kind = _("试算") if rehearsal else _("筛查")
    return f"{what} {kind}（{as_of.isoformat()}）"


def _common(sites: Sequence[Site]) -> dict[str, Any]:
    """Return the narrowest owner all sites share: whoever sees all of them sees the run."""
    common: dict[str, Any] = {}
    for name in ("manager_code", "place_code", "org_id"):
        values = {getattr(one, name) for one in sites}
        if len(values) == 1:
            common[name] = values.pop()
    if len(sites) == 1:
        common["site_id"] = sites[0].pk
    return common
