"""The path to a target: where it should stand at the end of each year and on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from jigai.plan.amounts import SIX
from jigai.plan.targets import Target


@dataclass(frozen=True)
class PathPoint:
    """What the path asks for at the end of the day ``on``; ``given`` when the plan itself says so."""

    on: date
    value: Decimal
    given: bool


def moment(day: date) -> Decimal:
    """Return the end of ``day`` in years, so that every year is equally long whether it has a leap day or not."""
    start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + Decimal((day - start).days + 1) / (end - start).days


def corners(target: Target) -> list[PathPoint]:
    """Return the points the path runs through: baseline, intermediate values of the plan, target; empty without value.

    Without a baseline the path begins at the first intermediate value of the plan, or is the target alone.
    """
    if target.value is None:
        return []
    start = target.start
    points = [] if start is None else [PathPoint(target.start_on, start, True)]
    points += [PathPoint(on, value, True) for on, value in sorted(target.steps.items()) if on < target.due]
    return [*points, PathPoint(target.due, target.value, True)]


def expected(target: Target, day: date) -> Decimal | None:
    """Return where the straight lines between the corners stand at the end of ``day`` [unit of the target].

    Before the first corner it is None (nothing is known to be expected), after the last the target. The result is
    rounded to six decimals, as figures are kept.
    """
    points = corners(target)
    if not points or day < points[0].on:
        return None
    for before, after in pairwise(points):
        if day <= after.on:
            share = (moment(day) - moment(before.on)) / (moment(after.on) - moment(before.on))
            return (before.value + share * (after.value - before.value)).quantize(SIX)
    return points[-1].value


def path(target: Target) -> list[PathPoint]:
    """Return the path as a chart shows it: its corners and, between them, the end of each year."""
    points = {point.on: point for point in corners(target)}
    if points:
        for year in range(min(points).year, max(points).year + 1):
            on = date(year, 12, 31)
            value = expected(target, on) if min(points) < on < max(points) else None
            if value is not None and on not in points:
                points[on] = PathPoint(on, value, False)
    return [points[on] for on in sorted(points)]
