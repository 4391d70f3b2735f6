"""Compute figures: those of whom something changed, all from scratch, or as known on an earlier day."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl
from django.db import transaction

from jigai.plan.contributions import checked
from jigai.plan.period import Period
from jigai.plan.sources import Sources
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.plan import changes, store
from jigai.platform.plan.models import Computing
from jigai.platform.plan.sources import sources
from jigai.platform.plan.store import Part
from jigai.platform.plan.work import Work

MARGIN: Final = timedelta(hours=1)
"""How long before the last refresh is looked again: a transaction may have recorded long before it was committed."""
MOST: Final = 4
"""Where more than one in so many changed, all are computed."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: from ``scratch`` or of so many ``owners``, and how many ``rows`` differ from before."""

    scratch: bool
    owners: int
    rows: int


def refresh(
    work: Work, now: datetime, day: date, *, scratch: bool = False, progress: Progress | None = None
) -> Refreshed:
    """Bring the figures as known now in line with the sources; within the whole city's scope.

    Only whom something was recorded of since the last time are computed anew; on another ``day``, or where the plan,
    the parameters, the standards or the software changed, everybody is.
    """
    with transaction.atomic():
        state = locked()
        basis = work.basis
        owners: set[int | None] | None = None
        if not scratch and state.upto and state.day == day and state.basis == basis:
            owners = changes.owners(state.upto - MARGIN)
            if len(owners) * MOST > LegalPerson.objects.count() > MOST:
                owners = None
        if owners == set():
            rows = 0
        else:
            only = None if owners is None else {one for one in owners if one is not None}
            rows = _compute(work, sources(day, only), day, None, only, now, progress)
        state.upto, state.day, state.basis = now, day, basis
        state.save()
    return Refreshed(owners is None, len(owners or ()), rows)


def as_known_on(work: Work, day: date, now: datetime, progress: Progress | None = None) -> int:
    """Compute all figures as they were known at the end of an earlier day and keep them beside; return the rows."""
    with transaction.atomic():
        return _compute(work, sources(day), day, day, None, now, progress)


def locked() -> Computing:
    """Return how far the figures are, kept from others until the transaction ends."""
    Computing.objects.get_or_create(pk=1)
    return Computing.objects.select_for_update().get(pk=1)


def contributions(work: Work, found: Sources, name: str, period: Period) -> pl.DataFrame:
    """Return the checked contributions of an indicator for a period."""
    return checked(work.registry[name].compute(found, period, work.parameters), name)


def _compute(
    work: Work,
    found: Sources,
    day: date,
    known_on: date | None,
    only: Collection[int] | None,
    now: datetime,
    progress: Progress | None,
) -> int:
    parts = work.parts(day)
    rows = 0
    for number, (name, period) in enumerate(parts, 1):
        part = Part(name, period.key, known_on)
        made = contributions(work, found, name, period)
        changed = store.replace(part, made, only)
        # Who gives a reason belongs to nobody in particular, and so is here whoever is computed anew.
        reason = work.reason(name, found, made)
        store.sum_up(part, None if only is None else store.touched(changed), reason, now)
        rows += changed.height
        if progress:
            progress(number, len(parts))
    if only is None:
        store.forget({(name, period.key) for name, period in parts}, known_on)
    return rows
