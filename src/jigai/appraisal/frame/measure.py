"""What a measure is to the frame: the inputs it asks for, its formulas before and after, what must not worsen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from jigai.appraisal.estimate import Estimate
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.numbers import Mask, Number
from jigai.reference import Reference

Values: TypeAlias = Mapping[str, Number]
Pair: TypeAlias = Callable[[Values], tuple[Number, Number]]
"""A formula of the inputs by name that gives before and after."""


@dataclass(frozen=True)
class Measure:
    """One measure for a frame of devices; its name is that of ``data/measures.csv``.

    Attributes:
        name: key of ``data/measures.csv``.
        prepare: adds ``derived_<fact>`` columns from reference data (series tables, limits of standards).
        ask: looks every input up, in the order in which missing ones are named.
        electricity: electricity before and after [kWh]; None when the measure uses none.
        fuel: fuel before and after [GJ, lower heating value]; None when it burns none.
        worse: where service would fall, by code of ``refusals.csv``.
        unlike: where the new device is another one (poles, voltage, protection), by code of ``refusals.csv``.
        rising, falling: inputs the saving grows or falls with, see `propagate`.
    """

    name: str
    prepare: Callable[[pl.DataFrame, Reference], pl.DataFrame]
    ask: Callable[[Inputs], dict[str, Estimate]]
    electricity: Pair | None
    fuel: Pair | None
    worse: Callable[[Values], dict[str, Mask]]
    rising: tuple[str, ...] = ()
    falling: tuple[str, ...] = ()
    unlike: Callable[[pl.DataFrame], dict[str, pl.Series]] | None = None


def nothing_to_prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return the devices as they are: the measure derives nothing from reference data."""
    return devices


def chosen(values: Values, *names: str) -> dict[str, Number]:
    """Return some of the inputs, to be handed to a formula by name."""
    return {name: values[name] for name in names}
