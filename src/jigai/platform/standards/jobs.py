"""What workers do for the standards library: bring approved changes into use on their day, keep the file in line."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from jigai.platform.jobs.handlers import recurring
from jigai.platform.standards import sets
from jigai.platform.standards.models import Change
from jigai.platform.standards.services import ChangeRefusedError, carry_out, give_up
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

log = logging.getLogger("jigai.standards")


@recurring("standards.due", every=60)
def bring_into_use() -> None:
    """Carry out the approved changes whose day has come."""
    due = Change.objects.filter(state=Change.State.PLANNED, effective_on__lte=timezone.localdate())
    for pk in list(due.order_by("effective_on", "pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic(), use_scope(command_scope("reference data comes into use")):
                change = Change.objects.select_for_update(of=("self",)).get(pk=pk)
                if change.state == Change.State.PLANNED:
                    carry_out(command("standards.due"), change)
        except ChangeRefusedError as error:
            log.error("change %s of the reference data: %s", pk, error)
            with transaction.atomic(), use_scope(command_scope("reference data cannot come into use")):
                give_up(command("standards.due"), pk, str(error))
    sets.settle()
