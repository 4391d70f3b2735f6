"""Low, likely, high: figures that know how unsure they are and what they rest on (D27).

An input is rarely one number: hours are "about 6000", a load was read once. Every input of an appraisal is therefore an
`Estimate`, and every result is one, with the inputs it rests on; a result that rests on a sample assumption says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from jigai.appraisal.corners import ALL_CORNERS, every_corner, exchanged_corners
from jigai.appraisal.numbers import Mask, Number, anywhere
from jigai.appraisal.refusal import ImpossibleFigureError, refuse


class Origin(IntEnum):
    """Where an input came from, best first (D27); ``REFERENCE`` is a dated, sourced fact, not an assumption.

    A nameplate or ledger figure is an entry of the enterprise: the ledger is its own.
    """

    INVOICE = 1
    QUOTATION = 2
    ENTERPRISE = 3
    SUPPLY_LIST = 4
    REFERENCE = 5
    CITY_ASSUMPTION = 6


Ranks: TypeAlias = int | NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rest:
    """One input a figure rests on: its name, its origin, and whether it is a sample (示例) that proves nothing.

    For columns ``origin`` and ``sample`` are arrays, one entry per device.
    """

    name: str
    origin: Ranks
    sample: Mask = False


@dataclass(frozen=True, eq=False)
class Estimate:
    """A figure between ``low`` and ``high``, most likely ``likely``, all in one unit; arrays hold one per device.

    The three are not a distribution: low and high are what the sources allow, without odds. NaN means unknown.

    Raises:
        ImpossibleFigureError: low ≤ likely ≤ high does not hold.
    """

    low: Number
    likely: Number
    high: Number
    rests: tuple[Rest, ...] = ()

    def __post_init__(self) -> None:
        wrong = (self.low > self.likely) | (self.likely > self.high)
        names = ", ".join(rest.name for rest in self.rests) or "?"
        refuse({"estimate_order": wrong}, ImpossibleFigureError, field=names)

    @property
    def sample(self) -> Mask:
        """Whether the figure rests on a sample assumption and is only 测算示例."""
        found: Mask = False
        for rest in self.rests:
            found = np.logical_or(found, rest.sample)
        return found

    @property
    def origin(self) -> Ranks:
        """The weakest origin among the inputs, as the number of an `Origin`; 0 when it rests on nothing named."""
        found: Ranks = 0
        for rest in self.rests:
            found = np.maximum(found, rest.origin)
        return found

    def service(self) -> Estimate:
        """Return itself, refused when it is negative anywhere: flow, heat, hours and output are never below zero.

        Raises:
            ImpossibleFigureError: ``negative_service``.
        """
        names = ", ".join(rest.name for rest in self.rests) or "?"
        refuse({"negative_service": self.low < 0}, ImpossibleFigureError, field=names)
        return self


def exact(value: Number, name: str, origin: Ranks, sample: Mask = False) -> Estimate:
    """Return an input without spread, as a nameplate figure or a price on an invoice."""
    return Estimate(value, value, value, (Rest(name, origin, sample),))


def between(low: Number, likely: Number, high: Number, name: str, origin: Ranks, sample: Mask = False) -> Estimate:
    """Return an input with its spread.

    Raises:
        ImpossibleFigureError: low ≤ likely ≤ high does not hold.
    """
    return Estimate(low, likely, high, (Rest(name, origin, sample),))


def propagate(
    formula: Callable[..., Number],
    inputs: Mapping[str, Estimate | Number],
    rising: Iterable[str] = (),
    falling: Iterable[str] = (),
) -> Estimate:
    """Return what ``formula`` gives over the spread of its inputs.

    ``likely`` is the formula at the likely inputs. For the spread it is evaluated at corners of the box of inputs: an
    input named in ``rising`` (the result grows with it) or ``falling`` goes to the low and to the high side together
    with the others; of the inputs named in neither, up to `ALL_CORNERS` are tried at both ends in every combination
    (``2·2^k`` evaluations, whatever the number of devices), more of them one after the other until no end can be
    exchanged for a worse one (`jigai.appraisal.corners`). The least and the greatest of all values, the likely one
    included, are ``low`` and ``high``. This is exact where the formula is monotone in each input, and holds the worst
    case: all inputs err together. An input that occurs twice inside the formula (hours before and after) is one input
    and errs once.

    The result rests on all inputs; an input given as a bare number adds neither spread nor origin.
    """
    spread = {name: one for name, one in inputs.items() if isinstance(one, Estimate) and anywhere(one.low < one.high)}
    fixed = {name: one.likely if isinstance(one, Estimate) else one for name, one in inputs.items()}
    up, down = set(rising), set(falling)
    free = {name: (one.low, one.high) for name, one in spread.items() if name not in up | down}
    search = every_corner if len(free) <= ALL_CORNERS else exchanged_corners
    likely = formula(**fixed)
    low, high = likely, likely
    for side in (-1, 1) if spread else ():
        directed = {name: _end(one, side if name in up else -side) for name, one in spread.items() if name not in free}
        value = search(formula, {**fixed, **directed}, free, side)
        low, high = np.minimum(low, value), np.maximum(high, value)
    rests = (rest for name in inputs for rest in _rests(inputs[name]))
    return Estimate(low, likely, high, tuple(_once(rests)))


def _end(one: Estimate, side: int) -> Number:
    return one.low if side < 0 else one.high


def _once(rests: Iterable[Rest]) -> Iterable[Rest]:
    """Keep the first of several inputs of one name: an input used twice is told once."""
    seen: set[str] = set()
    for rest in rests:
        if rest.name not in seen:
            seen.add(rest.name)
            yield rest


def _rests(value: Estimate | Number) -> tuple[Rest, ...]:
    return value.rests if isinstance(value, Estimate) else ()
