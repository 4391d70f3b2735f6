"""Electricity prices by time of use, dated; the sample tariff is marked 示例 and so is all money computed with it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jigai.appraisal.dimensions import quantities
from jigai.appraisal.estimate import Estimate, Origin, between
from jigai.appraisal.numbers import Number
from jigai.appraisal.refusal import ImpossibleFigureError, refuse, require_not_negative, require_share
from jigai.appraisal.tables import table
from jigai.appraisal.undecided import Undecided, undecided

SAMPLE = "示例"
"""Name of the tariff that comes with the software and proves nothing."""


@dataclass(frozen=True)
class Tariff:
    """What a kilowatt-hour costs, by period of the day (sharp, peak, flat, valley), while ``start`` to ``end``.

    ``prices`` [yuan/kWh, with what is paid per kWh beside the energy itself] and ``hours`` [h per day] have the same
    periods. ``end`` None is open.
    """

    name: str
    start: date
    end: date | None
    prices: Mapping[str, float]
    hours: Mapping[str, float]
    sample: bool
    source: str

    def price(self, shares: Mapping[str, float] | None = None) -> Estimate:
        """Return the mean price [yuan/kWh] of a consumption with these shares by period.

        Without shares the likely price is that of running evenly through the day, the low and the high one those of
        running in the cheapest and in the dearest period only.

        Raises:
            ImpossibleFigureError: a share outside [0, 1], shares that do not add up to 1, or of an unknown period.
        """
        name = f"tariff:{self.name}"
        if shares is None:
            whole = sum(self.hours.values())
            even = {period: hours / whole for period, hours in self.hours.items()}
            mean = mean_price(self.prices, even)
            return between(
                min(self.prices.values()), mean, max(self.prices.values()), name, self._origin, sample=self.sample
            )
        mean = mean_price(self.prices, shares)
        return between(mean, mean, mean, name, self._origin, sample=self.sample)

    @property
    def _origin(self) -> Origin:
        return Origin.CITY_ASSUMPTION if self.sample else Origin.REFERENCE


def mean_price(prices: Mapping[str, float], shares: Mapping[str, float]) -> float:
    """Return the mean of ``prices`` [yuan/kWh] weighted with the ``shares`` of the consumption by period [1].

    Raises:
        ImpossibleFigureError: a share outside [0, 1], shares that do not add up to 1, or of an unknown period.
    """
    for period, share in shares.items():
        require_share(**{f"{period}_share": share})
        refuse({"shares_sum": period not in prices}, ImpossibleFigureError, field="shares")
    refuse({"shares_sum": abs(sum(shares.values()) - 1) > 1e-6}, ImpossibleFigureError, field="shares")
    return sum(prices[period] * share for period, share in shares.items())


@quantities("yuan", electricity_kwh="kWh", price="yuan/kWh")
def cost_yuan(electricity_kwh: Number, price: Number) -> Number:
    """Return what electricity costs [yuan]: amount [kWh] times mean price [yuan/kWh].

    Charges by demand or by installed capacity (基本电费) are not in it: a saving of energy changes them only when the
    contract does. An amount may be negative, as a saving that is none; a price may not.

    Raises:
        ImpossibleFigureError: a negative price.
    """
    require_not_negative(price=price)
    return electricity_kwh * price


def tariffs(city: Path | None = None) -> tuple[Tariff, ...]:
    """Return the shipped sample tariff, and those of a city's or enterprise's own file of the same columns.

    Own rows are told apart by their name; a row counts as a sample only where its column ``sample`` says yes.
    """
    rows: Iterable[Mapping[str, str]] = table("tariffs")
    if city is not None:
        rows = (*rows, *csv.DictReader(city.read_text(encoding="utf-8-sig").splitlines()))
    grouped: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in rows:
        grouped.setdefault((row["tariff"], row["from"]), []).append(row)
    return tuple(_tariff(parts) for parts in grouped.values())


def _tariff(rows: list[Mapping[str, str]]) -> Tariff:
    first = rows[0]
    return Tariff(
        first["tariff"],
        date.fromisoformat(first["from"]),
        date.fromisoformat(first["to"]) if first["to"] else None,
        {row["period"]: float(row["price_yuan_per_kwh"]) for row in rows},
        {row["period"]: float(row["hours_per_day"]) for row in rows},
        any(row["sample"] == "yes" for row in rows),
        first["source"],
    )


def in_force(known: Iterable[Tariff], name: str, day: date) -> Tariff | Undecided:
    """Return the tariff of that name in force on the day, or which one is missing; the last to begin goes first."""
    held = [one for one in known if one.name == name and one.start <= day and (one.end is None or day <= one.end)]
    return max(held, key=lambda one: one.start) if held else undecided("tariff", name=name, day=day)
