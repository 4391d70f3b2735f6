"""Repeatable chance: everything about a thing follows from the seed and its name, in whatever order it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

import yaml

T = TypeVar("T")


def draw(seed: str, *name: object) -> Random:
    """Return the chance of one thing; the same name always gives the same."""
    return Random(":".join([seed, *map(str, name)]))


def weighted(chance: Random, weights: Mapping[T, float]) -> T:
    """Choose a key by its weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def between(chance: Random, bounds: Sequence[float]) -> float:
    """Choose a number in ``[low, high]``, small ones more often where the span is wide."""
    low, high = bounds
    if low > 0 and high / low > 4:
        return float(low * (high / low) ** chance.random())
    return chance.uniform(low, high)


def rounded(value: float, digits: int = 3) -> float:
    """Round to significant digits, as people state capacities."""
    return float(f"{value:.{digits}g}")


@cache
def table(name: str) -> Any:
    """Return a table of ``data/`` by its name without ending."""
    text = files("jigai.platform.sample").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)
