"""Scores out of rows of a dataset: weights that add up to points, and conditions that turn a score into a level.

Nothing here knows one scheme by name: which rows, columns and limits count is said by whoever calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from jigai.reference.condition import parse


@dataclass(frozen=True)
class Weight:
    """One item of a scheme that carries points: ``points`` at most, below ``parent``; with ``steps`` its share of the
    points comes from a ratio [%], without them the share itself [%] is given."""

    key: str
    item: str
    parent: str
    points: float
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Step:
    """Where ``condition`` (of D6, over one field) holds, ``result`` is the outcome: a share of points, or a level."""

    condition: str
    result: Any
    label: str = ""


@dataclass(frozen=True)
class Part:
    """What one item contributes: the figure ``given`` [%], the ``share`` of its points [%] and the ``points``.

    All three are None where nothing was given; nothing is guessed.
    """

    weight: Weight
    given: float | None
    share: float | None
    points: float | None
    group: str


@dataclass(frozen=True)
class Score:
    """The points of all items. ``least`` counts what is missing as nothing, ``most`` as full; equal when complete."""

    parts: tuple[Part, ...]
    least: float
    most: float
    groups: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every item was given."""
        return not self.missing

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the items that were not given."""
        return tuple(part.weight.item for part in self.parts if part.points is None)


def score(weights: Sequence[Weight], given: Mapping[str, float | None]) -> Score:
    """Add up the points of all items that have no items below them.

    Args:
        weights: all items of the scheme; an item that is the parent of another only groups.
        given: key of an item → what was entered [%]: a ratio where the item has steps, else the share of its points.

    Returns:
        The score with every part; ``groups`` are the points reached and possible of each item without a parent.
    """
    parents = {weight.parent for weight in weights}
    of = {weight.item: weight for weight in weights}
    parts = [_part(weight, given.get(weight.key), _top(weight, of)) for weight in weights if weight.item not in parents]
    groups: dict[str, tuple[float, float]] = {}
    for part in parts:
        reached, possible = groups.get(part.group, (0.0, 0.0))
        groups[part.group] = (reached + (part.points or 0.0), possible + part.weight.points)
    least = sum(part.points or 0.0 for part in parts)
    most = sum(part.weight.points if part.points is None else part.points for part in parts)
    return Score(tuple(parts), round(least, 6), round(most, 6), groups)


def first_step(steps: Sequence[Step], name: str, value: float | None) -> Step | None:
    """Return the first step whose condition holds where the field ``name`` is ``value``; none holds for unknown."""
    if value is None:
        return None
    frame = pl.DataFrame({name: [float(value)]})
    for step in steps:
        condition = parse(step.condition, {name: pl.Float64()}, units={}, choices={})
        if frame.select(condition.expr().alias("holds"))["holds"][0]:
            return step
    return None


def level(steps: Sequence[Step], found: Score | None, value: float | None = None, name: str = "score") -> Step | None:
    """Return the level of a score: only where what is missing cannot change it.

    Either a whole ``found`` score is given, or a plain ``value``.
    """
    if found is None:
        return first_step(steps, name, value)
    low, high = first_step(steps, name, found.least), first_step(steps, name, found.most)
    return low if low == high else None


def _part(weight: Weight, given: float | None, group: str) -> Part:
    share = given
    if given is not None and weight.steps:
        step = first_step(weight.steps, "ratio_pct", given)
        share = None if step is None else float(step.result)
    if share is not None:
        share = min(max(share, 0.0), 100.0)
    points = None if share is None else round(weight.points * share / 100, 6)
    return Part(weight, given, share, points, group)


def _top(weight: Weight, of: Mapping[str, Weight]) -> str:
    """Return the item at the top of the branch; a parent outside the scheme or a circle ends the climb."""
    seen = {weight.item}
    while weight.parent in of and weight.parent not in seen:
        weight = of[weight.parent]
        seen.add(weight.item)
    return weight.item
