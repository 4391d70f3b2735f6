"""Cumulative monthly figures as statistics publish them, and the points a forecast is made from.

The bureau publishes from February on, January and February together: a year has eleven figures, each the sum of the
year so far. A *point* is what one figure adds to the one before it, so a full year has eleven points, and 24 points are
two years and two months. Points count only from the last gap on: what two missing months added is not made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from jigai.plan.amounts import SIX

Slot = tuple[int, int]
"""Year and month a figure covers up to."""


class MonthlyError(ValueError):
    """A series that cannot be: the text names the month and what is wrong with it."""


@dataclass(frozen=True)
class Monthly:
    """Cumulative figures of one series as known on one day, in order.

    ``joined``: January and February come together (eleven figures a year), else twelve.
    """

    figures: tuple[tuple[Slot, Decimal], ...]
    joined: bool = True

    @classmethod
    def read(cls, frame: pl.DataFrame, joined: bool = True) -> Monthly:
        """Return the series of a frame with the columns ``year``, ``month``, ``cumulative`` [any one unit].

        A revised figure must have replaced the former one: a month that is there twice is refused.

        Raises:
            MonthlyError: a column or a value is missing, a month is twice, outside the year, or January stands alone.
        """
        absent = [name for name in ("year", "month", "cumulative") if name not in frame.columns]
        if absent:
            raise MonthlyError(f"columns missing: {', '.join(absent)}")
        figures: dict[Slot, Decimal] = {}
        for year, month, value in frame.select("year", "month", "cumulative").sort("year", "month").iter_rows():
            if value is None:
                raise MonthlyError(f"{year}-{month:02d}: no value")
            if not (2 if joined else 1) <= month <= 12:
                raise MonthlyError(f"{year}-{month:02d}: the first figure of a year is that of {_first(joined)}")
            if (year, month) in figures:
                raise MonthlyError(f"{year}-{month:02d}: there twice; give the revised figure only")
            figures[year, month] = Decimal(str(value)).quantize(SIX)
        return cls(tuple(figures.items()), joined)

    @property
    def cycle(self) -> int:
        """Points of a full year."""
        return 11 if self.joined else 12

    @property
    def first_month(self) -> int:
        """The month of the first figure of a year."""
        return 2 if self.joined else 1

    @property
    def last(self) -> Slot | None:
        """The month known last; None without figures."""
        return self.figures[-1][0] if self.figures else None

    def following(self, slot: Slot) -> Iterator[Slot]:
        """Yield the months after ``slot`` that have a figure of their own, without end."""
        year, month = slot
        while True:
            year, month = (year, month + 1) if month < 12 else (year + 1, self.first_month)
            yield year, month

    def points(self) -> list[tuple[Slot, Decimal]]:
        """Return what each figure adds, from the last gap on; a revision downwards may make it negative."""
        run: list[tuple[Slot, Decimal]] = []
        before: tuple[Slot, Decimal] | None = None
        for slot, value in self.figures:
            follows = before is None or next(self.following(before[0])) == slot
            if not follows:
                run = []
            if slot[1] == self.first_month:
                run.append((slot, value))
            elif follows and before is not None:
                run.append((slot, value - before[1]))
            before = slot, value
        return run

    @property
    def broken(self) -> bool:
        """Tell whether a month between the first and the last is missing."""
        return any(next(self.following(a[0])) != b[0] for a, b in zip(self.figures, self.figures[1:], strict=False))

    def counted(self, first: int, last: int) -> Decimal | None:
        """Return what the years ``first`` to ``last`` have added up to so far; 0 before they begin.

        None when that cannot be told: a year between has no figure, or a past one none for its December.
        """
        if self.last is None:
            return None
        by_year = {slot[0]: (slot[1], value) for slot, value in self.figures}
        total = Decimal(0)
        for year in range(first, min(last, self.last[0]) + 1):
            month, value = by_year.get(year, (0, Decimal(0)))
            if month < 12 and year < self.last[0]:
                return None
            total += value
        return total


def _first(joined: bool) -> str:
    return "February, which includes January" if joined else "January"
