"""Figures and what adds up to them, for whoever may see them; have them computed."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jigai.plan.file import Objective
from jigai.plan.registry import registry
from jigai.platform.audit.services import record
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import submit
from jigai.platform.plan.models import Contribution, IndicatorValue
from jigai.platform.plan.versions import in_force
from jigai.platform.plan.work import Work, in_use
from jigai.platform.walls.actor import Actor

VIEW: Final = "plan.view"
MANAGE: Final = "plan.manage"
OWN: Final = "fact.view"
"""What one needs to see what one's own enterprise adds to a figure."""
FINANCE: Final = "finance.view"


def figures(
    actor: Actor, indicator: str, partition: str = "city", known_on: date | None = None
) -> QuerySet[IndicatorValue]:
    """Return the kept sums of an indicator by the parts of a partition, of every period; the same for everybody.

    Raises:
        PermissionDenied: without plan.view.
    """
    actor.require(VIEW)
    rows: QuerySet[IndicatorValue] = IndicatorValue.objects.filter(
        indicator=indicator, partition=partition, known_on=known_on
    )
    return rows.order_by("period", "key")


def contributions(
    actor: Actor, indicator: str, period: str, known_on: date | None = None, work: Work | None = None
) -> QuerySet[Contribution]:
    """Return what adds up to a figure, within scope: an enterprise sees what is its own.

    Raises:
        PermissionDenied: neither plan.view nor fact.view; or what each adds is financial and finance.view is missing.
    """
    if not actor.may(VIEW):
        actor.require(OWN)
    if (work or in_use()).is_financial(indicator) and not actor.may(FINANCE):
        raise PermissionDenied(FINANCE)
    rows: QuerySet[Contribution] = Contribution.objects.filter(indicator=indicator, period=period, known_on=known_on)
    return rows.order_by("pk")


def objectives_by_indicator() -> dict[str, Objective]:
    """Return the objective of the plan in force that each indicator is judged for; empty before there is a plan."""
    plan = in_force()
    if plan is None:
        return {}
    found: dict[str, Objective] = {}
    for one in plan.plan.objectives:
        for target in one.targets:
            if target.indicator in registry():
                found.setdefault(target.indicator, one)
    return found


def objective_of(indicator: str) -> Objective | None:
    """Return the objective an indicator, or one it stands beside, is judged for."""
    found = objectives_by_indicator()
    near = (id for id in found if indicator in registry()[id].beside)
    return found.get(indicator) or found.get(next(near, ""))


def recompute(actor: Actor, *, scratch: bool = False) -> Job:
    """Have the figures brought up to date, or all of them computed from scratch; a job does it."""
    _whole(actor)
    job = submit(actor, "plan.refresh", {"scratch": scratch}, _("指标重算"))
    record(actor, "plan.recomputed", after={"scratch": scratch, "job": job.pk})
    return job


def compute_as_known(actor: Actor, day: date, today: date) -> Job:
    """Have all figures computed as they were known at the end of an earlier day, and kept; a job does it.

    Raises:
        ValidationError: the day is not over, or not the whole city is in scope.
    """
    _whole(actor)
    if day >= today:
        raise ValidationError(_("请选今天以前的一天。"))
    job = submit(actor, "plan.as_known", {"day": day.isoformat()}, _("按 %(day)s 已知重算") % {"day": day})
    record(actor, "plan.replayed", after={"day": day.isoformat(), "job": job.pk})
    return job


def _whole(actor: Actor) -> None:
    actor.require(MANAGE)
    if not actor.scope.everything:
        raise ValidationError(_("指标按全市计算，请由市级办理。"))
