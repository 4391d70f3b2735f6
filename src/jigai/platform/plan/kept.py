"""Kept sums as figures people read: value in the unit it is shown in, coverage, grey or reportable, why there is none.

Nothing is added up here: every figure is one row of ``IndicatorValue``, finished by the core.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from jigai.plan.amounts import Both, rounded
from jigai.plan.contributions import AMOUNT
from jigai.plan.figures import finish
from jigai.plan.registry import Indicator, registry
from jigai.plan.standings import reasons, standings

Key = tuple[str, str, str]
"""Partition, part, period."""
FEWEST: Final = 3
"""A part of a financial figure resting on fewer is told to those with finance.view only."""
_COLUMNS: Final = {
    "indicator": pl.String(),
    "partition": pl.String(),
    "key": pl.String(),
    "period": pl.String(),
    "numerator": AMOUNT,
    "denominator": AMOUNT,
    "should": pl.Int64(),
    "reported": pl.Int64(),
    "data_date": pl.Date(),
    "reason": pl.String(),
}
HIDDEN: Final = Both(
    "这一部分不到 3 家企业，数值能看出单个企业的财务情况，只给有财务查看权的人看。",
    "Fewer than three enterprises: the value would tell the finances of one, and is shown to those who may see them.",
)
_ABSENT: Final = next(key for key, one in standings().items() if one.reason == "source_absent")


@dataclass(frozen=True)
class Number:
    """One figure of an indicator for a period and a part (``partition``, ``key``; city and empty for the whole).

    ``value`` is in ``indicator.display_unit`` (a share of 0.75 is 75 %); None where there is none, and ``reason`` says
    why, also beside a zero that is none. ``coverage`` is reported ÷ should. ``grey``: too little was reported.
    """

    indicator: Indicator
    partition: str
    key: str
    period: str
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal
    should: int
    reported: int
    coverage: Decimal | None
    data_date: date | None
    reason: Both | None
    grey: bool
    reportable: bool
    hidden: bool = False

    @property
    def text(self) -> str:
        """The value as it is written, without its unit; a dash where there is none."""
        if self.value is None:
            return "—"
        sign = "+" if self.indicator.aggregate == "growth" and self.value > 0 else ""
        return f"{sign}{rounded(self.value, self.indicator.digits):,f}"

    @property
    def percent(self) -> str:
        """The coverage in per cent; empty where nobody should report."""
        return "" if self.coverage is None else f"{int(self.coverage * 1000) / 10:g}%"


def numbers(rows: Iterable[Mapping[str, Any]], share: Decimal) -> dict[str, dict[Key, Number]]:
    """Return the figures of kept sums by indicator, and by partition, part and period.

    Indicators that are finished alike are finished together: a board has dozens of them, and each time costs.

    Args:
        rows: the columns of ``IndicatorValue``, of any indicators of the register.
        share: the least coverage of a figure that is not grey (the plan's ``reportable_share``).
    """
    alike: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        one = registry()[row["indicator"]]
        way = (one.aggregate, one.addable, one.zero_when_absent, one.reportable)
        alike.setdefault(way, []).append(row)
    found: dict[str, dict[Key, Number]] = {}
    for own in alike.values():
        for number in _finished(own, share):
            found.setdefault(number.indicator.id, {})[number.partition, number.key, number.period] = number
    return found


def _finished(rows: Sequence[Mapping[str, Any]], share: Decimal) -> Iterator[Number]:
    """Yield the figures of indicators that are finished alike."""
    first = registry()[rows[0]["indicator"]]
    frame = pl.DataFrame([{name: row[name] for name in _COLUMNS} for row in rows], schema=_COLUMNS)
    known = {one.reason: key for key, one in standings().items() if one.reason}
    told = pl.col("reason").replace_strict(known, default=pl.lit(_ABSENT), return_dtype=pl.String)
    frame = frame.with_columns(
        standing=pl.when(pl.col("reason") != "").then(told),
        rows=pl.lit(1, pl.Int64),
        group=pl.when(pl.col("partition") == "group").then("key"),
    )
    by = ("indicator", "partition", "key", "period", *(() if first.addable else ("group",)))
    done = finish(first, frame, by, share)
    words = {(row["indicator"], row["partition"], row["key"], row["period"]): row["reason"] for row in rows}
    for row in done.iter_rows(named=True):
        said = words[row["indicator"], row["partition"], row["key"], row["period"]]
        yield _number(registry()[row["indicator"]], row, said)


def _number(indicator: Indicator, row: Mapping[str, Any], words: str) -> Number:
    at: Key = (row["partition"], row["key"], row["period"])
    value = None if row["value"] is None else Decimal(str(row["value"])) / indicator.scale
    mixed = not indicator.addable and at[0] != "group"
    reason = reasons().get("mixed_groups" if mixed else row["reason"] or "")
    said = Both(reason.zh, reason.en) if reason else None
    if words and words not in reasons():  # a source that does not exist yet says so itself
        said = Both(words, said.en if said else words)
    coverage = None if not row["should"] else Decimal(row["reported"]) / Decimal(row["should"])
    return Number(
        indicator=indicator,
        partition=at[0],
        key=at[1],
        period=at[2],
        value=None if mixed else value,
        numerator=row["numerator"],
        denominator=row["denominator"],
        should=row["should"],
        reported=row["reported"],
        coverage=coverage,
        data_date=row["data_date"],
        reason=said,
        grey=row["grey"],
        reportable=row["reportable"] and not mixed,
    )


def missing(indicator: Indicator, partition: str, key: str, period: str) -> Number:
    """Return the figure of a part nobody has anything to add to: no value, and that nobody counts there."""
    nobody = reasons()["nobody"]
    zero = Decimal(0)
    said = Both(nobody.zh, nobody.en)
    return Number(
        indicator, partition, key, period, None, zero, zero, 0, 0, None, None, said, grey=False, reportable=False
    )


def held_back(number: Number) -> Number:
    """Return a part of a financial figure as those without finance.view see it: without its value where it rests on
    too few enterprises.
    """
    if not number.indicator.finance or number.partition == "city" or number.reported >= FEWEST:
        return number
    zero = Decimal(0)
    return replace(number, value=None, numerator=zero, denominator=zero, reason=HIDDEN, reportable=False, hidden=True)
