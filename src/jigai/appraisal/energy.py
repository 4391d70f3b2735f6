"""Energy into standard coal (GB/T 2589) and CO₂: the factors of a day with their sources, and the conversions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from jigai.appraisal import constants as c
from jigai.appraisal.dimensions import quantities
from jigai.appraisal.estimate import Estimate, Origin, between
from jigai.appraisal.numbers import Number
from jigai.appraisal.tables import keyed
from jigai.appraisal.undecided import Undecided, undecided
from jigai.reference import Reference

DATASET = "energy-factors"
Basis = Literal["equivalent", "equal_value"]
"""当量: the heat the energy is worth itself; 等价: the primary energy spent to make it. They differ for electricity."""


@dataclass(frozen=True)
class Factor:
    """One dated, sourced factor; ``value`` to ``high`` is a range where the source gives one (gas by quality).

    ``unit`` is one of the right-hand units of ``data/factor_units.csv``, so kgce/m3 and not tce/10^4 m3.
    """

    id: str
    name: str
    value: float
    high: float
    unit: str
    year: int | None
    certainty: str
    source: str

    @property
    def per(self) -> str:
        """The unit of the amount the factor is for: kg, m3, kWh, GJ or t."""
        return self.unit.split("/")[1]

    def estimate(self) -> Estimate:
        """Return the factor as an input: a range has its middle as the likely value."""
        return between(self.value, (self.value + self.high) / 2, self.high, self.id, Origin.REFERENCE)


@dataclass(frozen=True)
class EnergyFactors:
    """The factors of the dataset ``energy-factors`` that are known on the day ``as_of``."""

    as_of: date
    rows: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, reference: Reference) -> EnergyFactors:
        """Return the factors known on the day of the reference; none when the dataset is not in force.

        A row whose day of publication is told is known from that day; another emission factor of a grid from the end
        of its year; the rest from the year of its document.
        """
        if not reference.has(DATASET):
            return cls(reference.as_of, ())
        rows = reference.table(DATASET, "factors").iter_rows(named=True)
        return cls(reference.as_of, tuple(row for row in rows if _known(row, reference.as_of)))

    def standard_coal(self, name: str) -> Factor | Undecided:
        """Return the standard coal of a fuel or carrier [kgce per kg, m³, GJ or t], or what is missing.

        Electricity has two values and is asked for through `electricity_coal`.
        """
        found = [row for row in self._of("standard_coal") if row["name"] == name and row["variant"] != _OLD]
        return self._one(found, "standard_coal", name=name)

    def electricity_coal(self, basis: Basis) -> Factor | Undecided:
        """Return the standard coal of electricity [kgce/kWh], 当量 or 等价.

        The old equal value of 4.04 t per 10⁴ kWh is in the dataset for reading old records and never returned.
        """
        variant = "当量" if basis == "equivalent" else "等价"
        found = [row for row in self._of("standard_coal") if row["name"] == "电力" and row["variant"] == variant]
        code = "standard_coal" if basis == "equivalent" else "equal_value"
        return self._one(sorted(found, key=_year)[-1:], code, name="电力")

    def grid(self, place: str, year: int | None = None) -> Factor | Undecided:
        """Return the emission factor of electricity at a place [kgCO2/kWh]: of ``year``, or the latest published.

        Args:
            place: province, grid or 全国, as the announcement names it; nothing stands in for a place not held.
            year: the year of the electricity; None for what is still to come: then the latest published year holds.
        """
        here = [row for row in self._of("grid_co2") if row["name"] == place and row["variant"] is None]
        if not here:
            return self._one([], "grid_place", place=place)
        if year is None:
            return self._one(sorted(here, key=_year)[-1:], "grid_place", place=place)
        return self._one([row for row in here if row["year"] == year], "grid_year", place=place, year=year)

    def heating_value(self, name: str) -> Factor | Undecided:
        """Return the lower heating value of a fuel [GJ/kg or GJ/m3], or what is missing."""
        return self._one([row for row in self._of("heating_value") if row["name"] == name], "heating_value", name=name)

    def fuel_co2(self, name: str) -> Factor | Undecided:
        """Return the CO₂ of burning a fuel [kgCO2/GJ on the lower heating value], or what is missing."""
        return self._one([row for row in self._of("fuel_co2") if row["name"] == name], "fuel_co2", name=name)

    def _of(self, factor: str) -> Iterable[dict[str, Any]]:
        return (row for row in self.rows if row["factor"] == factor)

    def _one(self, found: list[dict[str, Any]], code: str, **values: object) -> Factor | Undecided:
        if not self.rows:
            return undecided("no_factors", day=self.as_of)
        return _factor(found[0]) if found else undecided(code, **values)


_OLD = "等价（旧）"


def _known(row: dict[str, Any], day: date) -> bool:
    if row["published"] is not None:
        return bool(row["published"] <= day)
    if row["year"] is None:
        return True
    return bool(row["year"] < day.year or (row["year"] == day.year and row["factor"] != "grid_co2"))


def _year(row: dict[str, Any]) -> int:
    return row["year"] or 0


def _factor(row: dict[str, Any]) -> Factor:
    unit = keyed("factor_units", "written")[row["unit"]]
    scale = float(unit["factor"])
    high = row["value"] if row["value_high"] is None else row["value_high"]
    return Factor(
        row["factor_id"],
        row["name"],
        row["value"] * scale,
        high * scale,
        unit["unit"],
        row["year"],
        row["certainty"],
        row["source"],
    )


@quantities("kgce", electricity_kwh="kWh", coal_per_kwh="kgce/kWh")
def electricity_kgce(electricity_kwh: Number, coal_per_kwh: Number) -> Number:
    """Return electricity as standard coal [kgce]: amount [kWh] times the factor of `EnergyFactors.electricity_coal`.

    Source: GB/T 2589-2020. Say beside the figure whether it is 当量 or 等价.
    """
    return electricity_kwh * coal_per_kwh


@quantities("kgCO2", electricity_kwh="kWh", co2_per_kwh="kgCO2/kWh")
def electricity_co2_kg(electricity_kwh: Number, co2_per_kwh: Number) -> Number:
    """Return the CO₂ of electricity [kgCO2]: amount [kWh] times the factor of `EnergyFactors.grid`."""
    return electricity_kwh * co2_per_kwh


@quantities("GJ", fuel_kg="kg", heating_value="GJ/kg")
def fuel_gj(fuel_kg: Number, heating_value: Number) -> Number:
    """Return the energy of a fuel [GJ]: amount times lower heating value, both per kg or both per m³.

    Args:
        fuel_kg: amount [kg, or m³ at normal conditions].
        heating_value: measured, or `EnergyFactors.heating_value` [GJ/kg, or GJ/m³].
    """
    return fuel_kg * heating_value


@quantities("kgce", energy_gj="GJ")
def fuel_kgce(energy_gj: Number) -> Number:
    """Return a fuel or heat as standard coal by its energy [kgce]: 29 307.6 kJ are one (GB/T 2589-2020).

    ``energy_gj`` is on the lower heating value [GJ]. With a measured heating value it goes before the table factor.
    """
    return energy_gj * c.KGCE_PER_GJ


@quantities("kgCO2", energy_gj="GJ", co2_per_gj="kgCO2/GJ")
def fuel_co2_kg(energy_gj: Number, co2_per_gj: Number) -> Number:
    """Return the CO₂ of burning a fuel [kgCO2]: energy [GJ, lower heating value] times `EnergyFactors.fuel_co2`."""
    return energy_gj * co2_per_gj


@quantities("tce", mass_kgce="kgce")
def tce(mass_kgce: Number) -> Number:
    """Return kilograms of standard coal [kgce] as tonnes [tce]."""
    return mass_kgce / c.KG_PER_T
