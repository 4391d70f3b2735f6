"""The yearly sheet of an enterprise (年度填报): from filling to confirmed, by the steps of ``sheet_steps.csv``.

A sheet has no row of its own: its state is that of its last step, so that the state of any day can be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.enterprises.data import keyed
from jigai.platform.enterprises.models import LegalPerson, SheetStep
from jigai.platform.walls.actor import Actor
from jigai.platform.web.workflow import Step, Word, kept_comment, workflow

FLOW: Final = workflow("jigai.platform.enterprises", "sheet_")
"""The states and steps of a sheet; ``editable`` of a state is 1, 0, or *reason* (a change asks why)."""


def steps_of(person: LegalPerson, year: int) -> list[SheetStep]:
    """Return the steps taken, the newest first."""
    return list(SheetStep.objects.filter(legal_person=person, year=year).order_by("-pk"))


def state_of(person: LegalPerson, year: int, on: date | None = None) -> Word:
    """Return the state of a sheet now, or at the end of the day ``on``."""
    from jigai.platform.enterprises.facts import end_of

    taken = SheetStep.objects.filter(legal_person=person, year=year).order_by("-pk")
    if on is not None:
        taken = taken.filter(recorded_at__lt=end_of(on))
    last = taken.first()
    return FLOW.states[last.state if last else "open"]


def years_in(states: Iterable[str], person: LegalPerson | None = None) -> list[int]:
    """Return the years of which a sheet in scope (of ``person`` alone) is in one of ``states`` now, newest first."""
    later = SheetStep.objects.filter(
        legal_person=OuterRef("legal_person"), year=OuterRef("year"), pk__gt=OuterRef("pk")
    )
    found = SheetStep.objects.filter(~Exists(later), state__in=list(states))
    if person is not None:
        found = found.filter(legal_person=person)
    return sorted(set(found.values_list("year", flat=True)), reverse=True)


def open_steps(actor: Actor, person: LegalPerson, year: int) -> list[Step]:
    """Return the steps ``actor`` can take now."""
    return FLOW.steps_from(actor, state_of(person, year).key)


def take_step(actor: Actor, person: LegalPerson, year: int, key: str, comment: str = "") -> SheetStep:
    """Take a step: submit, withdraw, return, confirm.

    ``ValidationError`` where the sheet is in another state by now, a comment is missing or too long, or a sheet to be
    submitted still lacks figures or explanations.
    """
    from jigai.platform.enterprises.completeness import submission_faults

    wanted = FLOW.steps[key]
    actor.require(wanted.capability)
    with transaction.atomic():
        LegalPerson.objects.select_for_update(of=("self",)).get(pk=person.pk)
        now = state_of(person, year)
        if now.key not in wanted.sources:
            said = {"state": now.label, "step": wanted.label}
            raise ValidationError(_("这张表现在是“%(state)s”，不能%(step)s；可能有人刚刚办理，请刷新查看。") % said)
        comment = kept_comment(comment, SheetStep.COMMENT)
        if wanted.required and not comment:
            raise ValidationError({"comment": _("请写明意见。")})
        if key == "submit":
            faults = submission_faults(person, year, timezone.localdate())
            if faults:
                raise ValidationError(faults)
        taken = add_step(actor, person, year, key, comment)
        record(
            actor,
            f"sheet.{key}",
            taken,
            before={"state": now.key},
            after={"state": wanted.target, "year": year},
            reason=comment,
        )
    return taken


def add_step(actor: Actor, person: LegalPerson, year: int, key: str, comment: str) -> SheetStep:
    """Write a step down; for the services of this app, which have checked that it may be taken."""
    return SheetStep.objects.create(
        legal_person=person,
        org_id=person.org_id,
        manager_code=person.manager_code,
        place_code=person.place_code,
        year=year,
        step=key,
        state=FLOW.steps[key].target,
        comment=comment,
        recorded_at=timezone.now(),
        recorded_by=actor.label[:80],
    )


def due(key: str, year: int) -> date:
    """Return until when *fill*, *submit*, *verify* or *return* is due for the figures of ``year``."""
    row = keyed("sheet_deadlines", "step")[key]
    return date(year + 1, int(row["month"]), int(row["day"]))


def reporting_year(today: date) -> int:
    """Return the year whose figures are collected on ``today``: the last full one."""
    return today.year - 1
