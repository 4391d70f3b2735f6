"""Figures computed in the background: after something changed, from scratch, as known on an earlier day."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.jobs.handlers import handler, recurring
from jigai.platform.jobs.task import Task
from jigai.platform.plan import checking, refreshing
from jigai.platform.plan.papers import jobs as papers
from jigai.platform.plan.scores import jobs as scores
from jigai.platform.plan.services import MANAGE
from jigai.platform.plan.versions import in_force
from jigai.platform.plan.work import in_use
from jigai.platform.walls.scope import command_scope, use_scope

__all__ = ["papers", "scores"]  # each registers a kind of job of its own
log = logging.getLogger("jigai.plan")


@recurring("plan.refresh", every=120)
def refresh() -> None:
    """Compute anew whom something was recorded of, a run that came into force included; on a new day, everybody.

    Without a plan in force there is nothing that figures are judged by, and none are computed.
    """
    work = in_use()
    if not work.registry or in_force() is None:
        return
    with transaction.atomic(), use_scope(command_scope("plan figures")):
        refreshing.refresh(work, timezone.now(), timezone.localdate())


@recurring("plan.check", every=86_400)
def check() -> None:
    """Compare with a computation from scratch; what differs is in the log and in ``Computing``."""
    work = in_use()
    if not work.registry or in_force() is None:
        return
    with transaction.atomic(), use_scope(command_scope("plan figures")):
        for said in checking.differences(work, timezone.now(), timezone.localdate()):
            log.error("plan: %s", said)


@handler("plan.refresh", title=gettext_lazy("指标重算"), capability=MANAGE)
def recompute(task: Task) -> dict[str, Any]:
    """Bring the figures up to date, or compute all of them from scratch."""
    done = None
    if not task.is_done("computed"):
        with task.step("computed"):
            done = refreshing.refresh(
                in_use(),
                timezone.now(),
                timezone.localdate(),
                scratch=bool(task.arguments.get("scratch")),
                progress=_teller(task),
            )
    if done is None or done.scratch:
        return {"text": _("已全部重算")}
    return {"text": _("重算 %(owners)d 家，%(rows)d 行有变化") % {"owners": done.owners, "rows": done.rows}}


@handler("plan.as_known", title=gettext_lazy("按往日已知重算"), capability=MANAGE)
def as_known(task: Task) -> dict[str, Any]:
    """Compute all figures as they were known at the end of a day and keep them beside."""
    day = date.fromisoformat(task.arguments["day"])
    if not task.is_done("computed"):
        with task.step("computed"):
            refreshing.as_known_on(in_use(), day, timezone.now(), _teller(task))
    return {
        "text": _("已按 %(day)s 已知的数据算好") % {"day": day},
        "url": f"{reverse('plan:board')}?known_on={day}",
        "url_text": _("目标看板"),
    }


def _teller(task: Task) -> refreshing.Progress:
    def tell(done: int, parts: int) -> None:
        task.check()
        task.progress(done, parts, _("计算指标"))

    return tell
