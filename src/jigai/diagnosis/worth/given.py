"""What is known beside a diagnosis: how machines run, what things cost, and the facts support instruments ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from jigai.appraisal.assumptions import Assumption
from jigai.appraisal.economics.capital import ORIGINS
from jigai.appraisal.support.case import Case
from jigai.appraisal.tables import keyed
from jigai.appraisal.tariff import Tariff
from jigai.diagnosis.inputs import TEXT, InputError

NUMBER: Final = pl.Float64()
RUNNING: Final[dict[str, pl.DataType]] = {
    "enterprise_id": TEXT,
    "device_id": TEXT,
    "kind": TEXT,
    "fact": TEXT,
    "number": NUMBER,
    "low": NUMBER,
    "high": NUMBER,
    "text": TEXT,
    "origin": TEXT,
    "sample": pl.Boolean(),
}
PRICES: Final[dict[str, pl.DataType]] = {
    "enterprise_id": TEXT,
    "device_id": TEXT,
    "kind": TEXT,
    "rule": TEXT,
    "unit_yuan": NUMBER,
    "kw_yuan": NUMBER,
    "whole_yuan": NUMBER,
    "more_yuan": NUMBER,
    "old_yuan": NUMBER,
    "vat_yuan": NUMBER,
    "life_years": NUMBER,
    "origin": TEXT,
    "sample": pl.Boolean(),
    "document": TEXT,
}
TEXT_FACTS: Final = ("fuel_name", "fuel_after_name", "machine")
"""Running facts that are words: two fuels, and the name of the machine a ledger line belongs to."""


@dataclass(frozen=True)
class Known:
    """Everything a costing looks at beside the diagnosis and the devices.

    Attributes:
        running: how machines run, a fact a row (`RUNNING`): ``fact`` of ``appraisal/data/facts.csv`` or `TEXT_FACTS`;
            for one ledger line (``device_id``), else for a kind, else for the enterprise; the nearest one counts.
        prices: what things cost (`PRICES`): ``unit_yuan`` a machine, ``kw_yuan`` a kilowatt of the old rating, or
            ``whole_yuan`` a whole measure (named by its ``rule``); ``more_yuan``, ``old_yuan`` and ``vat_yuan`` a
            machine, or of the whole. ``enterprise_id`` null holds for all (supply list, assumption of the city).
        support: facts for the support calculator, by enterprise. An item whose key is a rule of measures or a kind of
            device adds its facts to what such measures buy. A tax payable is left out: nothing that is kept may be
            made with it (decision 0011).
        places: whose grid factor holds, by enterprise, as the announcement names it (四川).
        year: year of the grid factor; None takes the latest published by the day.
        tariff: prices of electricity where no running fact tells one.
        rate: discount rate [1/a] the enterprise or the city has chosen; without one nothing is discounted.
        assumed: assumptions by key; None takes those shipped, all of them samples.
    """

    running: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(RUNNING)))
    prices: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(PRICES)))
    support: Mapping[str, Case] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    tariff: Tariff | None = None
    rate: float | None = None
    assumed: Mapping[str, Assumption] | None = None

    def checked(self) -> Known:
        """Return the same with every column present and typed.

        Raises:
            InputError: naming all that is wrong: an unknown fact or origin, a price in no or in several ways, one
                below zero, a fact told twice of the same thing, a rate outside 0 to 1.
        """
        running, prices = _typed(self.running, RUNNING), _typed(self.prices, PRICES)
        wrong = [*_wrong_running(running), *_wrong_prices(prices)]
        if self.rate is not None and not 0 <= self.rate < 1:
            wrong.append(f"rate: {self.rate} is no discount rate; 0.08 is 8 %")
        if wrong:
            raise InputError("\n".join(wrong))
        return Known(running, prices, self.support, self.places, self.year, self.tariff, self.rate, self.assumed)


def _typed(frame: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    strange = [name for name in frame.columns if name not in columns]
    if strange:
        raise InputError(f"unknown columns {', '.join(strange)}; known: {', '.join(columns)}")
    return frame.select(
        (pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype)).alias(name)
        for name, dtype in columns.items()
    ).with_columns(pl.col("origin").fill_null("enterprise"), pl.col("sample").fill_null(value=False))


def _wrong_running(frame: pl.DataFrame) -> list[str]:
    known = {*keyed("facts", "key"), *TEXT_FACTS}
    wrong = [f"running: no fact {one}" for one in frame["fact"].unique().sort().to_list() if one not in known]
    wrong += _wrong_origins("running", frame)
    keys = ["enterprise_id", "device_id", "kind", "fact"]
    twice = frame.filter(frame.select(keys).is_duplicated()).select(keys).unique().sort(keys)
    wrong += [
        f"running: {'/'.join(one for one in row if one)} is told twice; keep one" for row in twice.head(5).iter_rows()
    ]
    return wrong


def _wrong_prices(frame: pl.DataFrame) -> list[str]:
    wrong = _wrong_origins("prices", frame)
    ways = ("unit_yuan", "kw_yuan", "whole_yuan")
    given = frame.select(pl.sum_horizontal(pl.col(one).is_not_null().cast(pl.Int32) for one in ways)).to_series()
    wrong += [
        f"prices, row {place}: say one of {', '.join(ways)}, not {count}"
        for place, count in enumerate(given, 1)
        if count != 1
    ]
    money = [*ways, "more_yuan", "old_yuan", "vat_yuan"]
    below = frame.with_row_index("row", 1).filter(pl.any_horizontal(pl.col(money) < 0))
    wrong += [f"prices, row {row}: an amount is below zero" for row in below["row"]]
    short = frame.with_row_index("row", 1).filter((pl.col("life_years") < 1) | (pl.col("life_years") % 1 != 0))
    wrong += [f"prices, row {row}: a life is a whole number of years from 1" for row in short["row"]]
    vague = frame.with_row_index("row", 1).filter(pl.all_horizontal(pl.col("device_id", "kind", "rule").is_null()))
    return wrong + [f"prices, row {row}: name what it is for: device_id, kind or rule" for row in vague["row"]]


def _wrong_origins(name: str, frame: pl.DataFrame) -> list[str]:
    strange = frame.filter(~pl.col("origin").is_in(ORIGINS))["origin"].unique().sort().to_list()
    return [f"{name}: origin {one!r} is none of {', '.join(ORIGINS)}" for one in strange]
