"""What becomes of objections by themselves: silence goes to the city, and the new run's verdict is written down."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from jigai.platform.audit.services import record
from jigai.platform.registers.workdays import Calendar, due
from jigai.platform.replies import objections, telling
from jigai.platform.replies.data import FLOW, OPEN, period
from jigai.platform.replies.models import Objection
from jigai.platform.replies.versions import verdict_in
from jigai.platform.screening.models import Run
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope

GONE: Final = "gone"
"""Stands for the verdict of a device that the run no longer judged, since it is gone."""


def escalate(today: date, calendar: Calendar) -> int:
    """Pass on to the city what the county has not answered in time, and return how many. It is never a rejection."""
    actor = command("unanswered objections")
    with transaction.atomic(), use_scope(actor.scope):
        late = Objection.objects.filter(level="county", state__in=OPEN, answer_due__lt=today)
        numbers = sorted(late.values_list("pk", flat=True))
    for pk in numbers:
        with transaction.atomic(), use_scope(actor.scope):
            one = objections.get(actor, pk, lock=True)
            if one.level != "county" or one.state not in OPEN or one.answer_due >= today:
                continue  # answered a moment ago
            before = {"level": one.level, "answer_due": one.answer_due.isoformat()}
            one.level, one.answer_due = "city", due(today, *period("escalated"), known=calendar).day
            one.version += 1
            one.save(update_fields=["level", "answer_due", "version"])
            objections.write(actor, one, FLOW.steps["escalate"], "")
            after = {"level": one.level, "answer_due": one.answer_due.isoformat()}
            record(actor, "objection.escalate", one, before=before, after=after)
            telling.escalated(actor, one)
    return len(numbers)


def settle() -> int:
    """Write down what the run after each upheld objection came to, tell both sides, and return how many."""
    actor = command("verdicts after objections")
    with transaction.atomic(), use_scope(actor.scope):
        waiting = Objection.objects.filter(run_after__state=Run.State.DONE, verdict_after="", state="upheld")
        numbers = sorted(waiting.values_list("pk", flat=True))
        done = 0
        for pk in numbers:
            one = objections.get(actor, pk, lock=True)
            if one.run_after is None or one.verdict_after:
                continue
            try:
                one.verdict_after = verdict_in(one.run_after, one.device_id) or GONE
            except FileNotFoundError:
                continue  # the page of the run says what to do; the verdict is not guessed
            one.save(update_fields=["verdict_after"])
            before, after = {"verdict": one.verdict_before}, {"verdict": one.verdict_after, "run": one.run_after_id}
            record(actor, "objection.judged", one, before=before, after=after)
            telling.judged(actor, one)
            done += 1
    return done
