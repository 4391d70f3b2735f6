"""Invented yearly figures of production lines: output, energy, energy per unit of product and what its product asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from jigai.platform.enterprises.data import keyed
from jigai.platform.sample.draws import draw, table, weighted
from jigai.platform.sample.figures import ELECTRICITY_TCE, reported
from jigai.platform.sample.firms import SEED, Firm, FirmLine
from jigai.reference.vocabulary import unit_factor

LINE_YEARS: Final = range(2023, 2026)
"""Years of which lines were asked."""
NOW: Final = max(LINE_YEARS)


def line_figures(
    firm: Firm, place: int, number: int, year: int, asked: list[str], seed: str = SEED
) -> dict[str, str] | None:
    """Return the figures of a line for a year by the names in ``asked``; None where there are none.

    Args:
        firm: the enterprise; ``place`` and ``number`` say which of its sites and which line there.
        place: number of the site.
        number: number of the line at the site.
        year: one of `LINE_YEARS`; in the last one every line of an enterprise that reports is there.
        asked: figures the line is asked for; none for products that are not judged.
        seed: seed of the sample city.
    """
    line = firm.sites[place].lines[number]
    words, mark = table("line_figures"), (firm.number, place, number)
    if not asked or year not in LINE_YEARS or year < line.commissioned or not reported(firm, year, seed):
        return None
    chance = draw(seed, "line", *mark, year)
    if chance.random() * 100 < words["silent"] and year < NOW:
        return None
    output = Decimal(f"{line.capacity * draw(seed, 'load', *mark).uniform(0.6, 0.95) * chance.uniform(0.95, 1.05):.4g}")
    # Most lines get better by a little every year, some do not.
    path = draw(seed, "line path", *mark).uniform(0.975, 1.008) ** (year - NOW) * chance.uniform(0.995, 1.005)
    unit_energy = Decimal(f"{line.unit_energy * (path if line.unit_energy > 0 else 1 / path):.4g}")
    months = chance.randint(6, 11) if chance.random() * 100 < words["part_year"] else 12
    values = {
        "line_output": f"{output:f}",
        "line_energy": f"{_energy(line, output, unit_energy, words['gross_kgce']):.0f}",
        "line_unit_energy": f"{unit_energy:f}",
        "line_months": str(months),
    }
    for name in asked:
        if name in words["conditions"]:
            values[name] = f"{draw(seed, name, *mark).uniform(*words['conditions'][name]):.1f}"
        elif name == "mine_size":
            values[name] = weighted(draw(seed, name, *mark), words["mine_size"])
    return {name: values[name] for name in asked}


def exit_note(firm: Firm, number: int, seed: str = SEED) -> str:
    """Return what a line that is below the baseline goes by when it is renewed or leaves."""
    return str(draw(seed, "exit", firm.number, number).choice(table("line_figures")["exit_notes"]))


def _energy(line: FirmLine, output: Decimal, unit_energy: Decimal, gross: int) -> Decimal:
    """Return the energy of the year [tce] that fits output and energy per unit; a net gain is told gross."""
    measure = keyed("product_units", "unit")[line.capacity_unit]
    amount = output * Decimal(measure["factor"])
    if unit_energy <= 0:
        return amount * gross / 1000
    factor = unit_factor(line.energy_unit, f"kgce/{measure['measure']}")
    if factor is None:  # electricity per tonne: 10⁴ kWh at the equivalent value
        return amount * unit_energy / 10_000 * Decimal(str(ELECTRICITY_TCE))
    return amount * unit_energy * factor / 1000
