"""The sums of an enterprise: no saving of one machine counts twice."""

from __future__ import annotations

from collections.abc import Sequence

from jigai.diagnosis.worth.model import DeviceWorth, Total, Worth
from jigai.diagnosis.worth.returning import summed


def total(worths: Sequence[Worth]) -> Total:
    """Return the sums over the measures of an enterprise.

    Two measures on one machine (a better motor and a drive, or a new pump and a drive) together save less than their
    sum and no less than the larger of the two. So of the rows that name one ``machine`` only those of the measure
    that saves most there count; the others are told in ``shared``. Machines are the same where a running fact says
    so, where the ledger gives them one equipment number, or where they are one ledger line.

    Where any row counted is a sample the sums are samples: they are told so and enter no list.
    """
    groups: dict[str, dict[int, list[DeviceWorth]]] = {}
    for place, worth in enumerate(worths):
        for one in worth.devices:
            if one.tce is not None or one.money is not None:
                groups.setdefault(one.machine, {}).setdefault(place, []).append(one)
    counted: list[DeviceWorth] = []
    shared: list[str] = []
    for measures in groups.values():
        best = max(measures, key=lambda place: (_saved(measures[place]), -place))
        counted += measures[best]
        shared += [one.device_id for place, rows in measures.items() if place != best for one in rows]
    prices = [one.price for one in worths if one.price is not None]
    return Total(
        machines=sum(one.machines for one in counted),
        tce=summed(one.tce for one in counted),
        co2=summed(one.co2 for one in counted),
        money=summed(one.money for one in counted),
        capital=sum(one.capital for one in prices) if prices else None,
        priced=len(prices),
        measures=len(worths),
        shared=tuple(shared),
        sample=any(one.sample for one in counted) or any(one.sample for one in prices),
    )


def _saved(rows: Sequence[DeviceWorth]) -> tuple[float, float]:
    tce, money = summed(one.tce for one in rows), summed(one.money for one in rows)
    return (tce.likely if tce else 0.0, money.likely if money else 0.0)
