"""Invented annual figures: five years that hang together, so that checks and shares have something to say."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from jigai.platform.sample.devices import NOW
from jigai.platform.sample.draws import draw
from jigai.platform.sample.firms import SEED, Firm

YEARS: Final = range(2021, 2026)
ELECTRICITY_TCE: Final = 1.229
"""Tonnes of standard coal per 10⁴ kWh, equivalent value: only to make sample figures hang together."""
REPORTED: Final = 0.94
"""Share of enterprises that reported a year; the others are the gaps that coverage shows."""

Values = dict[str, str]


def firm_figures(firm: Firm, year: int, seed: str = SEED) -> Values | None:
    """Return the figures of the legal person for a year by the names of ``facts.csv``; None where it did not report."""
    if not reported(firm, year, seed):
        return None
    chance = draw(seed, "figures", firm.number, year)
    revenue = _revenue(firm, year, seed)
    original = revenue * draw(seed, "assets", firm.number).uniform(0.35, 1.1) * 1.04 ** (year - 2021)
    newness = min(
        0.85, max(0.12, 0.62 - 0.009 * (NOW - firm.founded) + 0.012 * (year - 2021) + chance.uniform(-0.04, 0.04))
    )
    digital = _digital(firm, year, seed)
    values = {
        "output_value": f"{revenue * chance.uniform(0.97, 1.12):.0f}",
        "main_revenue": f"{revenue:.0f}",
        "rd_spending": f"{revenue * chance.triangular(0, 0.05, 0.012):.0f}",
        "machinery_original": f"{original:.0f}",
        "machinery_net": f"{original * newness:.0f}",
        "employees": str(max(12, round(revenue / chance.uniform(90, 220)))),
        "rd_tools_used": "是" if digital >= 1 else "否",
        "digital_diagnosis": "是" if digital >= 1 and chance.random() < 0.8 else "否",
        "digital_level": ("未评定", "一级", "二级", "三级", "四级")[digital],
    }
    if digital >= 1:
        values["rd_tools"] = "CAD" if digital < 3 else "CAD;CAE;PDM/PLM"
    line = firm.sites[0].lines[0]
    values |= {"main_product": line.product, "product_capacity": f"{line.capacity:g}"}
    values["product_output"] = f"{line.capacity * chance.uniform(0.55, 1.02):.3g}"
    return values


def site_figures(firm: Firm, place: int, year: int, machines: int, seed: str = SEED) -> Values | None:
    """Return the figures of one site for a year; ``machines`` are its devices by the ledger."""
    if not reported(firm, year, seed):
        return None
    chance = draw(seed, "site figures", firm.number, place, year)
    share = 1.0 if len(firm.sites) == 1 else (0.7 if place == 0 else 0.3 / (len(firm.sites) - 1))
    low, high = firm.sector["energy"]
    total = (
        _revenue(firm, year, seed)
        * share
        * draw(seed, "energy", firm.number).uniform(low, high)
        * 0.985 ** (year - 2021)
    )
    power = total * draw(seed, "power share", firm.number).uniform(0.25, 0.7)
    coal = (total - power) * 0.8
    digital = _digital(firm, year, seed)
    processes = draw(seed, "processes", firm.number, place).randint(4, 22)
    return {
        "energy_total": f"{total:.0f}",
        "electricity": f"{power / ELECTRICITY_TCE:.1f}",
        "coal": f"{coal / 0.7143:.0f}",
        "coke": "0",
        "natural_gas": f"{(total - power - coal) / 12.143:.2f}",
        "oil": f"{chance.uniform(2, 60):.0f}",
        "heat": "0",
        "co2": f"{power / ELECTRICITY_TCE * 1.15 + coal * 2.66:.0f}",
        "equipment_total": str(machines),
        "equipment_networked": str(
            min(machines, round(machines * min(0.9, 0.06 + 0.13 * digital + 0.02 * (year - 2021))))
        ),
        "key_processes": str(processes),
        "key_processes_nc": str(
            min(processes, round(processes * min(1, 0.35 + 0.14 * digital + chance.uniform(-0.05, 0.1))))
        ),
    }


def mistyped(chance: Random, values: Values) -> Values:
    """Slip one figure by ten thousand, as happens when yuan and ten thousand yuan are mixed up."""
    names = [name for name in ("output_value", "machinery_original", "machinery_net") if name in values]
    name = chance.choice(names)
    return {**values, name: f"{float(values[name]) * 10_000:.0f}"}


def reported(firm: Firm, year: int, seed: str) -> bool:
    """Whether an enterprise handed in the figures of a year."""
    return year >= firm.founded and draw(seed, "reported", firm.number, year).random() < REPORTED


def _revenue(firm: Firm, year: int, seed: str) -> float:
    """Main business revenue of a year [10⁴ yuan]: a path of its own, year by year."""
    revenue = firm.sector["revenue"] * firm.scale * draw(seed, "revenue", firm.number).uniform(0.7, 1.4)
    for past in range(2022, year + 1):
        revenue *= 1 + draw(seed, "growth", firm.number, past).gauss(0.045, 0.06)
    return float(max(revenue, 2_000))


def _digital(firm: Firm, year: int, seed: str) -> int:
    """Level of digital maturity 0 … 4, never falling over the years; larger firms are ahead."""
    start = draw(seed, "digital", firm.number).triangular(0, 3, 0.6) + 0.25 * min(firm.scale, 4) - 0.4
    pace = draw(seed, "digital pace", firm.number).uniform(0, 0.35)
    return int(min(4, max(0, start + pace * (year - 2021))))


def titles(firm: Firm, seed: str = SEED) -> list[dict[str, Any]]:
    """Return the titles an enterprise holds: key of ``titles.csv``, level and year."""
    chance = draw(seed, "titles", firm.number)
    found: list[dict[str, Any]] = []
    if chance.random() < 0.12:
        found.append({"kind": "specialised_sme", "level": "省级", "year": chance.randint(2020, 2025)})
    if chance.random() < 0.03:
        found.append({"kind": "little_giant", "level": "国家级", "year": chance.randint(2020, 2025)})
    if chance.random() < 0.015 * firm.scale:
        found.append({"kind": "chain_leader", "level": "市级", "year": chance.randint(2021, 2025)})
    return found
