"""A target: what a figure must reach, from where and by when. It is judged in ``jigai.plan.judging``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Final, Literal

Operator = Literal[">", ">=", "<", "<=", "=", "up", "down"]
Counting = Literal["level", "running", "whole"]
_COMPARED: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    ">": gt, ">=": ge, "<": lt, "<=": le, "=": eq, "up": gt, "down": lt,
}  # fmt: skip
_UPWARDS: Final = frozenset({">", ">=", "up"})
_DOWNWARDS: Final = frozenset({"<", "<=", "down"})


class TargetError(ValueError):
    """A target that cannot be: the text says what is wrong with it."""


@dataclass(frozen=True)
class Target:
    """What a figure must reach.

    Attributes:
        operator: how the figure is compared with ``value``; ``up`` and ``down`` compare with the baseline.
        value: what must be reached [unit]; None for ``up`` and ``down``, and while the plan leaves it open.
        unit: name of a unit, as in ``data/unit_words.csv``; figures are given in the same unit.
        since: first day that counts.
        due: last day on which it can be reached; ``each_year`` means by the end of every year until then.
        counting: ``level`` stands on any day (a share, entries of a register); ``running`` adds up from ``since``
            (investment, projects of a year); ``whole`` says something of whole years only (growth on another year).
        baseline: where it starts [unit]; None while it is missing. What adds up starts at zero.
        baseline_on: day the baseline speaks for; the day before ``since`` unless said.
        steps: values the plan itself gives on the way, by day [unit].
    """

    operator: Operator
    value: Decimal | None
    unit: str
    since: date
    due: date
    counting: Counting = "level"
    each_year: bool = False
    baseline: Decimal | None = None
    baseline_on: date | None = None
    steps: Mapping[date, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.operator not in _COMPARED:
            raise TargetError(f"no operator {self.operator!r}; there are {' '.join(_COMPARED)}")
        if self.since > self.due:
            raise TargetError(f"counted from {self.since}, after it is due on {self.due}")
        if self.operator in ("up", "down") and self.value is not None:
            raise TargetError(f"{self.operator} compares with the baseline and has no value")
        if self.start_on >= self.due:
            raise TargetError(f"the baseline of {self.start_on} is not before it is due on {self.due}")

    @property
    def start(self) -> Decimal | None:
        """Where the path starts: zero for what adds up, else the baseline."""
        return Decimal(0) if self.counting == "running" and self.operator not in ("up", "down") else self.baseline

    @property
    def start_on(self) -> date:
        """The day whose end the path starts at."""
        day_before = self.since - timedelta(days=1)
        return day_before if self.counting == "running" else self.baseline_on or day_before

    @property
    def against(self) -> Decimal | None:
        """What a figure is compared with: the value, for ``up`` and ``down`` the baseline; None while it is missing."""
        return self.baseline if self.operator in ("up", "down") else self.value

    @property
    def direction(self) -> int:
        """1 where more is better, -1 where less is; for ``=`` the way from the baseline, 0 where that is not known."""
        if self.operator in _UPWARDS:
            return 1
        if self.operator in _DOWNWARDS:
            return -1
        if self.value is None or self.start is None or self.value == self.start:
            return 0
        return 1 if self.value > self.start else -1

    def met(self, value: Decimal) -> bool:
        """Tell whether ``value`` fulfils the target; ``TargetError`` while there is nothing to compare with."""
        if self.against is None:
            raise TargetError("nothing to compare with")
        return _COMPARED[self.operator](value, self.against)

    def gap(self, value: Decimal) -> Decimal | None:
        """Return how much ``value`` lacks [unit], negative where it is beyond; None with nothing to compare with."""
        if self.against is None:
            return None
        if self.direction == 0:
            return abs(self.against - value)
        return (self.against - value) * self.direction

    def of_year(self, year: int) -> Target:
        """Return what an ``each_year`` target asks for in ``year``; as it is outside its years, like any other target.

        A level asked for every year has no path within the year: it must stand at its end.
        """
        if not self.each_year or not self.since.year <= year <= self.due.year:
            return self
        first, last = date(year, 1, 1), date(year, 12, 31)
        baseline = self.baseline if self.operator in ("up", "down") else None
        return replace(
            self, since=max(first, self.since), due=min(last, self.due), each_year=False, baseline=baseline,
            baseline_on=None, steps={},
        )  # fmt: skip
