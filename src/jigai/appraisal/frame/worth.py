"""From energy saved to standard coal, CO₂ and money, for a column of devices; what is missing for each by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jigai.appraisal.assumptions import Assumption
from jigai.appraisal.energy import (
    EnergyFactors,
    Factor,
    electricity_co2_kg,
    electricity_kgce,
    fuel_co2_kg,
    fuel_kgce,
    tce,
)
from jigai.appraisal.estimate import Estimate, Origin, Rest, propagate
from jigai.appraisal.frame.inputs import Column, Inputs
from jigai.appraisal.numbers import Number
from jigai.appraisal.tariff import Tariff, cost_yuan
from jigai.appraisal.undecided import Undecided

KG_PER_T = 1000.0
PERIODS = ("sharp", "peak", "flat", "valley")


@dataclass(frozen=True)
class Setting:
    """What the worth of energy is computed with: the factors of a day, a place, a year, a tariff (None: no money)."""

    factors: EnergyFactors
    place: str
    year: int | None = None
    tariff: Tariff | None = None


@dataclass
class Worth:
    """Standard coal [tce], CO₂ [t] and money [yuan] saved; ``missing`` tells per row what an empty one lacks."""

    amounts: dict[str, Estimate]
    missing: list[pl.Series] = field(default_factory=list)
    certainties: list[pl.Series] = field(default_factory=list)


@dataclass(frozen=True)
class Saved:
    """Energy saved by one measure for a column of devices; None for a kind of energy that it does not touch."""

    frame: pl.DataFrame
    electricity_kwh: Estimate | None
    fuel_before_gj: Estimate | None
    fuel_gj: Estimate | None
    assumed: Mapping[str, Assumption]


def worth(saved: Saved, setting: Setting) -> Worth:
    """Return what the energy saved is worth; electricity and fuel of one measure are taken as erring independently.

    For a change of fuel ``B·f − A·f'`` is written ``S·f' + B·(f − f')`` with the saving ``S = B − A`` in energy, so
    that an unchanged fuel carries the uncertainty of the saving alone.
    """
    found = Worth({})
    for basis in ("equivalent", "equal_value"):
        factor = setting.factors.electricity_coal("equivalent" if basis == "equivalent" else "equal_value")
        parts = [_electricity(saved, factor, electricity_kgce, "coal_per_kwh", found)]
        parts.append(_fuel_saving(saved))
        found.amounts["tce" if basis == "equivalent" else "tce_equal"] = _sum(parts, saved.frame.height, tce)
    grid = setting.factors.grid(setting.place, setting.year)
    co2 = [_electricity(saved, grid, electricity_co2_kg, "co2_per_kwh", found)]
    co2 += [_fuel_co2(saved, setting.factors, found)]
    found.amounts["co2_t"] = _sum(co2, saved.frame.height, lambda kg: kg / KG_PER_T)
    money = [_electricity_money(saved, setting.tariff, found), _fuel_money(saved, found)]
    found.amounts["money_yuan"] = _sum(money, saved.frame.height, lambda yuan: yuan)
    return found


def _sum(parts: list[Estimate | None], height: int, scale: Callable[[Number], Number]) -> Estimate:
    """Add the parts that concern the measure: lows to lows, highs to highs."""
    there = [part for part in parts if part is not None]
    nothing = Estimate(np.full(height, np.nan), np.full(height, np.nan), np.full(height, np.nan))
    if not there:
        return nothing
    ends = [scale(sum(np.asarray(getattr(part, end)) for part in there)) for end in ("low", "likely", "high")]
    return Estimate(ends[0], ends[1], ends[2], tuple(rest for part in there for rest in part.rests))


def _electricity(
    saved: Saved, factor: Factor | Undecided, formula: Callable[..., Number], name: str, found: Worth
) -> Estimate | None:
    if saved.electricity_kwh is None:
        return None
    if isinstance(factor, Undecided):
        found.missing.append(_everywhere(saved.frame, factor.field))
        return _unknown(saved.frame.height)
    found.certainties.append(_everywhere(saved.frame, factor.certainty))
    return propagate(formula, {"electricity_kwh": saved.electricity_kwh, name: factor.estimate()})


def _fuel_saving(saved: Saved) -> Estimate | None:
    return None if saved.fuel_gj is None else propagate(fuel_kgce, {"energy_gj": saved.fuel_gj}, rising=["energy_gj"])


def _fuel_co2(saved: Saved, factors: EnergyFactors, found: Worth) -> Estimate | None:
    if saved.fuel_before_gj is None or saved.fuel_gj is None:
        return None
    before = _fuel_factors(saved.frame["fuel_name"], factors, found)
    after = _fuel_factors(_after_name(saved.frame), factors, found)
    return propagate(
        lambda saving, fuel: fuel_co2_kg(saving, after) + fuel_co2_kg(fuel, before - after),
        {"saving": saved.fuel_gj, "fuel": saved.fuel_before_gj},
    )


def _fuel_factors(names: pl.Series, factors: EnergyFactors, found: Worth) -> Column:
    """Return the CO₂ factor of each named fuel [kgCO2/GJ], NaN where it is not held, and say which."""
    answers = {name: factors.fuel_co2(name) for name in names.drop_nulls().unique().to_list()}
    values = {name: answer.value for name, answer in answers.items() if isinstance(answer, Factor)}
    absent = {name: answer.field for name, answer in answers.items() if isinstance(answer, Undecided)}
    sure = {name: answer.certainty for name, answer in answers.items() if isinstance(answer, Factor)}
    unnamed = names.is_null().replace_strict([True, False], ["fuel_name", None], return_dtype=pl.String)
    found.missing += [_mapped(names, absent, pl.String()), unnamed]
    found.certainties.append(_mapped(names, sure, pl.String()))
    return _mapped(names, values, pl.Float64()).fill_null(float("nan")).to_numpy()


def _electricity_money(saved: Saved, tariff: Tariff | None, found: Worth) -> Estimate | None:
    if saved.electricity_kwh is None:
        return None
    inputs = Inputs(saved.frame, saved.assumed)
    price = inputs.get("electricity_price", _tariff_price(saved.frame, tariff))
    found.missing.append(_where(inputs.missing("electricity_price"), "electricity_price"))
    return propagate(cost_yuan, {"electricity_kwh": saved.electricity_kwh, "price": price})


def _tariff_price(frame: pl.DataFrame, tariff: Tariff | None) -> Estimate | None:
    """Return the mean price of each row by its shares of the consumption, or the spread of the tariff without them."""
    if tariff is None:
        return None
    loose = tariff.price()
    low, likely, high = (np.full(frame.height, float(end)) for end in (loose.low, loose.likely, loose.high))
    named = [f"{period}_share" for period in PERIODS if f"{period}_share" in frame.columns]
    if named:
        shares = frame.select(pl.col(named).cast(pl.Float64).fill_null(0.0))
        told = (shares.sum_horizontal() - 1).abs().to_numpy() < 1e-6
        unknown = [name for name in named if name.removesuffix("_share") not in tariff.prices]
        for name in unknown:
            told &= shares[name].to_numpy() == 0
        prices = [tariff.prices.get(name.removesuffix("_share"), 0.0) for name in named]
        mean = sum(shares[name].to_numpy() * price for name, price in zip(named, prices, strict=True))
        low, likely, high = (np.where(told, mean, end) for end in (low, likely, high))
    rests = tuple(
        Rest("electricity_price", np.full(frame.height, int(rest.origin)), np.full(frame.height, rest.sample))
        for rest in loose.rests
    )
    return Estimate(low, likely, high, rests)


def _fuel_money(saved: Saved, found: Worth) -> Estimate | None:
    """Return the fuel cost saved [yuan]: each price is per kg or m³ and goes through the heating value of its fuel."""
    if saved.fuel_before_gj is None or saved.fuel_gj is None:
        return None
    inputs = Inputs(saved.frame, saved.assumed)
    before, value = inputs.get("fuel_price"), inputs.get("heating_value")
    same = _after_name(saved.frame).eq_missing(saved.frame["fuel_name"]).to_numpy()
    stay = [np.where(same, getattr(before, end), np.nan) for end in _ENDS]
    stays = Estimate(stay[0], stay[1], stay[2], before.rests)
    after = inputs.get("fuel_after_price", stays)
    value_after = _column(saved.frame, "heating_value_after", np.where(same, value.likely, np.nan))
    lacks = inputs.missing("fuel_price")
    found.missing.append(_where(lacks, "fuel_price"))
    found.missing.append(_where(~lacks & inputs.missing("fuel_after_price"), "fuel_after_price"))

    def money(saving: Number, fuel: Number, price: Number, price_after: Number) -> Number:
        new = price_after / value_after
        return saving * new + fuel * (price / value.likely - new)

    ends = {"saving": saved.fuel_gj, "fuel": saved.fuel_before_gj, "price": before, "price_after": after}
    return propagate(money, ends, rising=("price",), falling=("price_after",))


_ENDS = ("low", "likely", "high")


def _after_name(frame: pl.DataFrame) -> pl.Series:
    return frame.select(pl.coalesce("fuel_after_name", "fuel_name")).to_series()


def _column(frame: pl.DataFrame, name: str, otherwise: Column) -> Column:
    if name not in frame.columns:
        return otherwise
    given = frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.where(np.isnan(given), otherwise, given)


def _mapped(names: pl.Series, values: Mapping[str, object], dtype: pl.DataType) -> pl.Series:
    return names.replace_strict(list(values), list(values.values()), default=None, return_dtype=dtype)


def _everywhere(frame: pl.DataFrame, text: str) -> pl.Series:
    return pl.Series([text] * frame.height, dtype=pl.String)


def _where(mask: NDArray[np.bool_], text: str) -> pl.Series:
    return pl.Series(mask).replace_strict([True, False], [text, None], return_dtype=pl.String)


def _unknown(height: int) -> Estimate:
    nothing = np.full(height, np.nan)
    return Estimate(nothing, nothing, nothing, (Rest("factor", int(Origin.REFERENCE)),))
