"""What committed projects will bring in time, if they slip as finished projects of the same city have slipped.

Reference-class forecasting (Flyvbjerg 2006, Project Management Journal 37): not what the schedules promise, but what
such schedules have turned out to be worth. Each finished project is one way things may go: all that is still to come is
stretched in time and in amount as that project was. The forecasts of all of them together are the distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

_AMOUNT: Final = pl.Decimal(38, 6)
SCHEDULE: Final = pl.Schema({"project": pl.String(), "year": pl.Int64(), "month": pl.Int64(), "amount": _AMOUNT})
"""What committed projects plan to spend in each month of their whole life [any one unit]."""
SPENT: Final = pl.Schema({"project": pl.String(), "amount": _AMOUNT})
"""What each of them has spent so far [same unit]; a project without a row has spent nothing."""
FINISHED: Final = pl.Schema(
    {
        "project": pl.String(),
        "planned_from": pl.Date(),
        "planned_to": pl.Date(),
        "ended": pl.Date(),
        "completed": pl.Boolean(),
        "planned": _AMOUNT,
        "spent": _AMOUNT,
    }
)
"""Projects that are over: the plan they were committed with, when they ended, whether completed or given up."""


class ScheduleError(ValueError):
    """Schedules or a history that cannot be: the text names the project and what is wrong with it."""


@dataclass(frozen=True)
class Commitments:
    """Committed projects and the history they are judged by; frames as `SCHEDULE`, `SPENT` and `FINISHED`.

    Raises:
        ScheduleError: a column or value is missing, an amount is negative, a month or time cannot be.
    """

    schedule: pl.DataFrame
    spent: pl.DataFrame
    finished: pl.DataFrame

    def __post_init__(self) -> None:
        for name, schema in (("schedule", SCHEDULE), ("spent", SPENT), ("finished", FINISHED)):
            object.__setattr__(self, name, _checked(getattr(self, name), name, schema))
        wrong = self.schedule.filter(~pl.col("month").is_between(1, 12))
        if not wrong.is_empty():
            raise ScheduleError(f"schedule: {wrong['project'][0]}: no month {wrong['month'][0]}")
        twice = self.spent.filter(pl.col("project").is_duplicated())
        if not twice.is_empty():
            raise ScheduleError(f"spent: {twice['project'][0]} is there twice")
        backwards = self.finished.filter(
            (pl.col("planned_to") < pl.col("planned_from"))
            | (pl.col("ended") < pl.col("planned_from"))
            | (pl.col("planned") <= 0)
        )
        if not backwards.is_empty():
            raise ScheduleError(f"finished: {backwards['project'][0]}: ends before it begins, or nothing was planned")

    def remaining(self, now: int) -> pl.DataFrame:
        """Return what is still to come by ``delay``, months after the month ``now`` [months since year 0].

        What a project has spent is taken from its earliest months. What should have come before ``now`` is made up
        for next month at the earliest.
        """
        spent = pl.col("already").fill_null(0)
        after = (pl.col("_at") - now).clip(lower_bound=0)
        return (
            self.schedule.with_columns(_at=month_number(pl.col("year"), pl.col("month")))
            .join(self.spent.rename({"amount": "already"}), on="project", how="left")
            .sort("project", "_at")
            .with_columns(_so_far=pl.col("amount").cum_sum().over("project"))
            .with_columns(left=pl.min_horizontal(pl.col("_so_far") - spent, "amount").clip(lower_bound=0))
            .with_columns(delay=pl.when(pl.col("_at") < now).then(1).otherwise(after))
            .group_by("delay")
            .agg(pl.col("left").sum())
            .filter(pl.col("left") > 0)
            .sort("delay")
        )

    def ways(self) -> pl.DataFrame:
        """Return how each finished project went: ``stretch`` of its time and ``ratio`` of its amount.

        ``stretch`` is the months from the planned beginning to the real end, over the months planned; a late start
        counts. A project that was given up keeps to its time and is worth what was spent on it.
        """
        start = month_of(pl.col("planned_from"))
        taken, planned = month_of(pl.col("ended")) - start + 1, month_of(pl.col("planned_to")) - start + 1
        return self.finished.select(
            stretch=pl.when("completed").then(taken / planned).otherwise(1.0),
            ratio=pl.col("spent").cast(pl.Float64) / pl.col("planned").cast(pl.Float64),
        )


def month_number(year: pl.Expr, month: pl.Expr) -> pl.Expr:
    """Return months counted through the years, so that they can be subtracted."""
    return year * 12 + month - 1


def month_of(day: pl.Expr) -> pl.Expr:
    """Return the number of the month a day lies in."""
    return month_number(day.dt.year().cast(pl.Int64), day.dt.month().cast(pl.Int64))


def as_scheduled(remaining: pl.DataFrame, first: int, last: int) -> Decimal:
    """Return what comes between the delays ``first`` and ``last`` [months] if nothing slips [unit]."""
    inside = remaining.filter(pl.col("delay").is_between(first, last))["left"]
    return sum(inside.to_list(), Decimal(0))


def slipped(remaining: pl.DataFrame, ways: pl.DataFrame, first: int, ends: list[int]) -> NDArray[np.float64]:
    """Return what has come from the delay ``first`` up to each of ``ends``, for every way things may go [unit].

    Rows are the ways, columns the ends. What is due in k months comes in ⌈stretch × k⌉.
    """
    delay = remaining["delay"].to_numpy()
    left = remaining["left"].cast(pl.Float64).to_numpy()
    stretch, ratio = ways["stretch"].to_numpy(), ways["ratio"].to_numpy()
    # Twelve months stretched by 1.25 are 15, not 16 for the sake of a last binary digit.
    arrival = np.ceil(np.round(stretch[:, None] * delay[None, :], 9))
    come = [np.where((arrival >= first) & (arrival <= end), left, 0.0).sum(axis=1) for end in ends]
    return np.asarray(np.stack(come, axis=1) * ratio[:, None], dtype=np.float64)


def quantiles(values: NDArray[np.float64], level: Decimal) -> tuple[float, float, float]:
    """Return low, likely and high: the median, and what the share ``level`` (0–1) of ``values`` lies between.

    Linear between neighbours (type 7 of Hyndman and Fan 1996, The American Statistician 50).
    """
    outside = float((1 - level) / 2)
    low, likely, high = np.quantile(values, [outside, 0.5, 1 - outside])
    return float(low), float(likely), float(high)


def _checked(frame: pl.DataFrame, name: str, schema: pl.Schema) -> pl.DataFrame:
    absent = [column for column in schema if column not in frame.columns]
    if absent:
        raise ScheduleError(f"{name}: columns missing: {', '.join(absent)}")
    made = frame.select(pl.col(column).cast(dtype) for column, dtype in schema.items())
    empty = made.filter(pl.any_horizontal(pl.all().is_null()))
    if not empty.is_empty():
        raise ScheduleError(f"{name}: {empty['project'][0]}: a value is missing")
    amounts = [column for column, dtype in schema.items() if dtype == _AMOUNT]
    negative = made.filter(pl.any_horizontal(pl.col(column) < 0 for column in amounts))
    if not negative.is_empty():
        raise ScheduleError(f"{name}: {negative['project'][0]}: an amount is negative")
    return made
