"""The list of runs, the form that starts one, and what one came to beside another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.words import language, tone, word
from jigai.platform.screening import impact, impact_words, services
from jigai.platform.screening.forms import RunForm
from jigai.platform.screening.models import Run
from jigai.platform.screening.tables import RUNS
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page
from jigai.reports.labels import labels

HIT = 50
"""Devices shown of those a rehearsal hits."""
SHOWN = 200
"""Devices shown of those whose verdict differs."""


@needs("ledger.view")
def index(request: SiteRequest) -> HttpResponse:
    """List runs."""
    listing = RUNS.answer(request, may_start=request.actor.may(services.RUN))
    return render(request, "web/_list.html" if request.htmx else "screening/list.html", {"listing": listing})


@needs("screening.run")
def new(request: SiteRequest) -> HttpResponse:
    """Start a run."""

    def act(values: dict[str, Any], version: int) -> Done:
        form = RunForm(data=request.POST)
        form.is_valid()
        try:
            made = services.start(
                request.actor,
                form.sites(),
                values["as_of"],
                rehearsal=values["rehearsal"],
                afresh=values["afresh"],
            )
        except services.RunRefusedError as error:
            raise ValidationError(str(error)) from error
        return Done(reverse("screening:run", args=[made.pk]), _("已开始，判定完会通知您。"))

    return form_page(
        request, RunForm, act, title=_("发起筛查"), back=reverse("screening:list"), button=_("开始"),
        initial={"rehearsal": "rehearsal" in request.GET},
    )  # fmt: skip


@needs("ledger.view")
def run(request: SiteRequest, pk: int) -> HttpResponse:
    """Show what a run came to, by verdict, and what changed against another one."""
    one = services.get_run(request.actor, pk)
    others = Run.objects.filter(state=Run.State.DONE).exclude(pk=pk)[:20]
    asked = request.GET.get("with", "")
    other = next((each for each in others if str(each.pk) == asked), None)
    context = {
        "run": one,
        "verdicts": _verdicts(one, other),
        "machines": sum(count["machines"] for count in one.totals.values()),
        "others": others,
        "other": other,
        "moves": _moves(request, other, one) if other and one.output_hash else None,
        "job": Job.objects.filter(pk=one.job_id or 0).first() if one.state != Run.State.DONE else None,
        "may_replay": one.state == Run.State.DONE,
        "may_export": request.actor.may("export.make"),
        **_impact(request, one),
    }
    return render(request, "screening/run.html", context)


@require_POST
@needs("ledger.view")
def replay(request: SiteRequest, pk: int) -> HttpResponse:
    """Have a run computed again, and its hashes compared."""
    try:
        job = services.replay(request.actor, pk)
    except services.RunRefusedError as error:
        messages.error(request, str(error))
        return redirect("screening:run", pk)
    return redirect("jobs:job", job.pk)


@require_POST
@needs("export.make")
def export_impact(request: SiteRequest, pk: int) -> HttpResponse:
    """Have whom a rehearsal hits written as a workbook."""
    return redirect("jobs:job", services.export_impact(request.actor, pk).pk)


def _impact(request: SiteRequest, one: Run) -> dict[str, Any]:
    """Return whom a rehearsal hits, in figures, sums and the first devices; nothing for a formal run."""
    if not one.comparison_hash:
        return {}
    try:
        told = impact.told(one)
    except FileNotFoundError:
        messages.error(request, _("试算的比较结果不见了。请联系系统管理员从备份恢复 files/runs，或重新试算。"))
        return {}
    chosen = request.GET.get("verdict", "")
    hit = told.newly(chosen) if chosen in impact.WORSE else told.changed
    shown = hit.head(HIT)
    known = Device.objects.select_related("site").in_bulk(shown["device"].to_list())
    return {
        "impact": told,
        "figures": impact_words.headline(told),
        "tables": impact_words.tables(told, timezone.localdate()),
        "chosen": chosen,
        "hit": [
            {
                "device": known[row["device"]],
                "before": (tone("verdict", row["before"]), word("verdict", row["before"])) if row["before"] else None,
                "after": (tone("verdict", row["after"]), word("verdict", row["after"])),
                "document": row["document"],
                "clause": row["clause"],
                "deadline": row["deadline"],
                "reason": row[f"reason_{language()}"],
            }
            for row in shown.iter_rows(named=True)
            if row["device"] in known
        ],
        "hit_more": max(0, hit.height - HIT),
    }


def _verdicts(one: Run, other: Run | None) -> list[dict[str, Any]]:
    """Return lines and machines by verdict, beside those of the other run."""
    told = []
    for key in labels("verdict"):
        count = one.totals.get(key, {"lines": 0, "machines": 0})
        before = other.totals.get(key, {"machines": 0})["machines"] if other else None
        told.append(
            {
                "key": key,
                "state": tone("verdict", key),
                "word": word("verdict", key),
                **count,
                "before": before,
                "more": None if before is None else count["machines"] - before,
            }
        )
    return told


def _moves(request: SiteRequest, other: Run, one: Run) -> dict[str, Any] | None:
    """Return the devices whose verdict differs, as links; those out of sight or gone are counted only."""
    try:
        changed = services.compare(request.actor, other, one)
    except FileNotFoundError:
        messages.error(request, _("有一次筛查的结果文件不见了，不能比较。请联系系统管理员从备份恢复 files/runs。"))
        return None
    shown = changed.head(SHOWN)
    known = Device.objects.select_related("site").in_bulk(shown["device"].to_list())
    rows = [
        {
            "device": known[row["device"]],
            "before": (tone("verdict", row["before"]), word("verdict", row["before"])) if row["before"] else None,
            "after": (tone("verdict", row["after"]), word("verdict", row["after"])) if row["after"] else None,
        }
        for row in shown.iter_rows(named=True)
        if row["device"] in known
    ]
    return {"rows": rows, "all": changed.height, "more": changed.height - len(rows)}
