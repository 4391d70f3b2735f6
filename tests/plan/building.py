"""Series, schedules and targets of tests, written shortly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from jigai.plan.monthly import Monthly
from jigai.plan.slippage import FINISHED, SCHEDULE, SPENT, Commitments
from jigai.plan.targets import Target

PERIOD = {"since": date(2024, 1, 1), "due": date(2027, 12, 31)}


def decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def target(**own: Any) -> Target:
    """A target of the plan's period; numbers as they are written."""
    made: dict[str, Any] = {**PERIOD, "value": None, **own}
    made["value"], made["baseline"] = decimal(made["value"]), decimal(made.get("baseline"))
    made["steps"] = {day: decimal(value) for day, value in made.get("steps", {}).items()}
    return Target(**made)


def months(added: Iterable[float | Decimal], start: tuple[int, int] = (2023, 2), joined: bool = True) -> pl.DataFrame:
    """A frame of cumulative figures from what each month adds."""
    rows, (year, month), so_far = [], start, Decimal(0)
    for one in added:
        so_far += Decimal(str(one))
        rows.append((year, month, so_far))
        year, month = (year, month + 1) if month < 12 else (year + 1, 2 if joined else 1)
        so_far = so_far if month > (2 if joined else 1) else Decimal(0)
    schema = {"year": pl.Int64, "month": pl.Int64, "cumulative": pl.Decimal(38, 6)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def series(added: Iterable[float | Decimal], start: tuple[int, int] = (2023, 2), joined: bool = True) -> Monthly:
    return Monthly.read(months(added, start, joined), joined)


def commitments(
    schedule: Sequence[Sequence[Any]], finished: Sequence[Sequence[Any]] = (), spent: Sequence[Sequence[Any]] = ()
) -> Commitments:
    """Committed projects; finished ones are named by their number."""
    history = [(str(number), *row[:4], decimal(row[4]), decimal(row[5])) for number, row in enumerate(finished)]
    return Commitments(
        pl.DataFrame([(*row[:3], decimal(row[3])) for row in schedule], schema=SCHEDULE, orient="row"),
        pl.DataFrame([(row[0], decimal(row[1])) for row in spent], schema=SPENT, orient="row"),
        pl.DataFrame(history, schema=FINISHED, orient="row"),
    )
