"""What other apps call: adopt a plan, find a task, say what is late."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from jigai.platform.duties.adopting import Differences, adopt, current, differences
from jigai.platform.duties.data import VIEW
from jigai.platform.duties.models import Duty, Milestone, Share
from jigai.platform.duties.overdue import Late, overdue
from jigai.platform.walls.actor import Actor

__all__ = ["Differences", "Late", "adopt", "current", "differences", "get_duty", "get_milestone", "get_share",
           "in_force", "of_organisation", "overdue"]  # fmt: skip


def in_force() -> QuerySet[Duty]:
    """Return the tasks of the plans in use; those a later version has ended are left out."""
    return Duty.objects.filter(ended_at__isnull=True)


def get_duty(actor: Actor, pk: int) -> Duty:
    """Return a task, also one that has ended; ``Http404`` where there is none."""
    actor.require(VIEW)
    found = Duty.objects.select_related("parent").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_share(actor: Actor, pk: int) -> Share:
    """Return what an organisation has of a task; ``Http404`` where there is none."""
    actor.require(VIEW)
    found = Share.objects.select_related("duty", "organisation").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_milestone(actor: Actor, pk: int) -> Milestone:
    """Return a milestone; ``Http404`` where there is none."""
    actor.require(VIEW)
    found = Milestone.objects.select_related("duty").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def of_organisation(organisation_id: int) -> QuerySet[Share]:
    """Return what an organisation has of the tasks in force, without what it was released from or refused."""
    rows = Share.objects.filter(organisation=organisation_id, duty__ended_at__isnull=True)
    return rows.exclude(Q(state="released") | Q(state="refused")).select_related("duty", "organisation")
