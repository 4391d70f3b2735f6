"""Forecast what is already known, from what was known then: how far off a method has been.

Rolling origin (Tashman 2000, International Journal of Forecasting 16): each of the last months is taken in turn for the
last one known, the method carries on from there, and its sum is compared with what really came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import fsum

import numpy as np

from jigai.plan.methods import CYCLES_NEEDED, METHODS
from jigai.plan.monthly import Slot


@dataclass(frozen=True)
class Origin:
    """One test: known up to ``known``, then ``points`` points forecast and come true [unit of the series].

    ``reach`` is those points, each counted by the years it lies ahead; see `reach`.
    """

    known: Slot
    points: int
    reach: int
    forecast: float
    actual: float

    @property
    def error(self) -> float:
        """How far off the forecast was, per point; positive where less came than forecast."""
        return (self.forecast - self.actual) / self.points


@dataclass(frozen=True)
class Backtest:
    """All tests of one method on one series, the oldest first."""

    method: str
    origins: tuple[Origin, ...]

    @property
    def per_point(self) -> float | None:
        """Mean absolute error per point [unit of the series]; None without a test."""
        return fsum(abs(one.error) for one in self.origins) / len(self.origins) if self.origins else None

    @property
    def share(self) -> float | None:
        """The same as a share of what came; None where nothing came."""
        came = fsum(abs(one.actual) for one in self.origins)
        return fsum(abs(one.forecast - one.actual) for one in self.origins) / came if came else None

    def width(self, level: Decimal) -> float | None:
        """Return the error per point one year ahead that the share ``level`` (0–1) of tests keeps within [its unit].

        Split-conformal quantile of the absolute errors: the ⌈(n+1)·level⌉-th smallest of n (Lei et al. 2018, Journal
        of the American Statistical Association 113). None with fewer tests than that takes.
        """
        rank = int(((len(self.origins) + 1) * level).to_integral_value(ROUND_CEILING))
        errors = sorted(abs(one.forecast - one.actual) / one.reach for one in self.origins)
        return errors[rank - 1] if 1 <= rank <= len(errors) else None


def reach(steps: Iterable[int], cycle: int) -> int:
    """Return points, ``steps`` ahead each, counted by the years they lie ahead: once in the first, twice in the next.

    A year that is missed by some amount is missed by twice as much the year after, as long as growth goes on: errors
    seen one year ahead say nothing of two years unless they are taken twice.
    """
    return sum(-(-step // cycle) for step in steps)


def trials_needed(level: Decimal) -> int:
    """Return how many tests an interval at ``level`` takes: four at 80 %."""
    return int((level / (1 - level)).to_integral_value(ROUND_CEILING))


def backtest(
    method: str, points: list[tuple[Slot, Decimal]], cycle: int, horizon: int, most: int, least_known: int = 0
) -> Backtest:
    """Return the tests of ``method`` from the last ``most`` months it could have forecast from.

    Args:
        method: a key of `METHODS`.
        points: the whole unbroken series.
        cycle: points of a full year.
        horizon: points to forecast now; each test looks as far ahead as that and the series allow.
        most: how many tests at most.
        least_known: points that must have been known; at least the full years the method needs.
    """
    values = np.array([float(value) for _, value in points])
    least = max(least_known, CYCLES_NEEDED[method] * cycle)
    made = []
    for known in range(max(least, len(values) - most), len(values)):
        ahead = min(horizon, len(values) - known)
        carried = METHODS[method](values[:known], cycle, ahead)
        came = fsum(values[known : known + ahead])
        weight = reach(range(1, ahead + 1), cycle)
        made.append(Origin(points[known - 1][0], ahead, weight, fsum(carried), came))
    return Backtest(method, tuple(made))
