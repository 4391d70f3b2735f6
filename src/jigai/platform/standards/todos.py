"""What waits for standards officers: changes somebody else proposed."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.home.todo import Todo
from jigai.platform.standards.models import Change
from jigai.platform.standards.services import MANAGE
from jigai.platform.walls.actor import Actor


def todos(actor: Actor) -> Iterator[Todo]:
    """Offer the proposals this person may decide."""
    if not actor.may(MANAGE) or actor.user is None:
        return
    waiting = Change.objects.filter(state=Change.State.PROPOSED).exclude(proposer_id=actor.user.pk)
    for change in waiting.select_related("package", "back_to").order_by("pk"):
        yield Todo(
            title=_("审核依据变更：%(what)s") % {"what": change},
            url=reverse("standards:change", args=[change.pk]),
            action=_("去审核"),
            detail=change.reason,
            subject=change.proposed_by,
            source=_("标准库"),
            since=timezone.localdate(change.proposed_at),
        )
