"""From diagnoses to what their measures are worth: appraisal, price, return, support, order, sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from jigai.appraisal.support.case import Case
from jigai.diagnosis.measures import with_appraisals
from jigai.diagnosis.model import Diagnosis, Measure
from jigai.diagnosis.worth.aiding import aids
from jigai.diagnosis.worth.given import Known
from jigai.diagnosis.worth.model import APPRAISED, Aid, Costed, DeviceWorth, Price, Returns, Words, Worth
from jigai.diagnosis.worth.prices import Machine, PriceList
from jigai.diagnosis.worth.returning import returns, summed
from jigai.diagnosis.worth.rows import appraisal_of, appraised
from jigai.diagnosis.worth.totals import total
from jigai.diagnosis.worth.words import words
from jigai.reference import Reference


def cost(
    diagnoses: Iterable[Diagnosis], devices: pl.DataFrame, known: Known, reference: Reference
) -> dict[str, Costed]:
    """Return each diagnosis with what its measures are worth, by the key of the enterprise.

    Measures come back in their order: law first, then payback, then carbon. Nothing is invented: a measure without a
    formula, a running fact, a price or a factor says which.

    Args:
        diagnoses: of one enterprise or of a city.
        devices: the devices of the screening the diagnoses were made of, with ``enterprise_id``.
        known: how machines run, what things cost, what the enterprises say for the support calculator.
        reference: facts in force on the day of the diagnoses.

    Raises:
        InputError: what is known cannot be used; everything wrong at once.
    """
    known = known.checked()
    held = list(diagnoses)
    saved = appraised(held, devices, known, reference)
    price_list = PriceList(known.prices)
    machines = _machines(devices)
    made = {}
    for diagnosis in held:
        key = diagnosis.enterprise_id
        prices = {one.id: price_list.price(key, one, machines) for one in diagnosis.measures}
        own, whole = aids(diagnosis, prices, known.support.get(key, Case()), diagnosis.as_of, reference)
        worths = {}
        for one in diagnosis.measures:
            rows, price = saved.get(one.id, ()), prices[one.id]
            pays = returns(_of_appraised(price, one, rows, price_list, key, machines), rows, known.rate)
            worths[one.id] = _worth(one, rows, price, pays, own.get(one.id, ()))
        ordered = with_appraisals(diagnosis, worths)
        in_order = tuple(worths[one.id] for one in ordered.measures)
        made[key] = Costed(ordered, in_order, whole, total(in_order), known.places.get(key))
    return made


def _machines(devices: pl.DataFrame) -> dict[str, Machine]:
    """Return how many machines each ledger line holds and the rated power of one [kW]."""
    columns: dict[str, Any] = {"quantity": pl.Int64(), "power_kw": pl.Float64()}
    told = devices.select(
        "device_id",
        *((pl.col(name).cast(kind) if name in devices.columns else pl.lit(None, kind)).alias(name)
          for name, kind in columns.items()),
    )  # fmt: skip
    return {device: (1 if count is None else count, power) for device, count, power in told.iter_rows()}


def _of_appraised(
    price: Price | None,
    measure: Measure,
    rows: tuple[DeviceWorth, ...],
    prices: PriceList,
    key: str,
    machines: Mapping[str, Machine],
) -> Price | None:
    """Return the price of those machines whose saving in money is known; a price of the whole stays whole."""
    if price is None or price.whole:
        return price
    priced = set(price.devices)
    both = tuple(one.device_id for one in rows if one.money is not None and one.device_id in priced)
    return prices.price(key, replace(measure, devices=both), machines) if both else None


def _worth(
    measure: Measure, rows: tuple[DeviceWorth, ...], price: Price | None, pays: Returns | None, own: tuple[Aid, ...]
) -> Worth:
    sound = [one for one in rows if one.status == APPRAISED]
    sample = any(one.sample for one in sound) or (price is not None and price.sample) or any(one.sample for one in own)
    count = sum(one.machines for one in sound)
    return Worth(
        measure=measure.id,
        machines=measure.machines,
        appraised=count,
        devices=rows,
        tce=summed(one.tce for one in sound),
        co2=summed(one.co2 for one in sound),
        money=summed(one.money for one in sound),
        price=price,
        returns=pays,
        aids=own,
        why=tuple(_why(measure, rows, count, price, pays, sample=sample)),
        sample=sample,
    )


def _why(
    measure: Measure,
    rows: tuple[DeviceWorth, ...],
    count: int,
    price: Price | None,
    pays: Returns | None,
    *,
    sample: bool,
) -> Iterable[Words]:
    """Say why there is no saving, price or return, or why it is of a part only."""
    if sample:
        yield words("sample")
    if appraisal_of(measure.kind, measure.device_kind) is None:
        yield words("no_formula")
    elif not count:
        yield words("nothing_appraised")
    elif count < measure.machines:
        yield words("partly_appraised", machines=measure.machines, appraised=count)
    money = any(one.money is not None for one in rows)
    if count and not money:
        yield words("no_money")
    if price is None:
        yield words("no_price")
    else:
        if price.machines < measure.machines:
            yield words("partly_priced", machines=measure.machines, priced=price.machines)
        if price.old is None:
            yield words("no_old_worth")
        if pays is None and money:
            yield words("nothing_in_common")
    if measure.kind == "confirm":
        yield words("not_confirmed")
