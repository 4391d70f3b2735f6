"""All figures of one investment together."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from jigai.appraisal.economics.discounting import annualised_cost, annuity, net_present_value
from jigai.appraisal.economics.outcome import Reason, because
from jigai.appraisal.economics.payback import discounted_payback, simple_payback
from jigai.appraisal.economics.returns import internal_rate_of_return


@dataclass(frozen=True)
class Investment:
    """A measure as money.

    Attributes:
        capital: paid today, net of what the old device brings [yuan].
        yearly_saving: money saved a year less what the new device costs more to run [yuan/a], the same every year.
        life: of the new device [a]; ``inf`` where it does not wear out, else a whole number of years.
        rate: discount rate [1/a], not negative.
        energy_tce: energy saved a year [tce/a].
        carbon_t: CO₂ saved a year [t/a].
        worth_at_end: what the new device brings at the end of its life [yuan].
    """

    capital: float
    yearly_saving: float
    life: float
    rate: float
    energy_tce: float = 0.0
    carbon_t: float = 0.0
    worth_at_end: float = 0.0

    def __post_init__(self) -> None:
        if not (self.life == inf or (self.life >= 1 and self.life == int(self.life))):
            raise ValueError(f"a life of {self.life} years: a whole number from 1, or inf")


@dataclass(frozen=True)
class Economics:
    """What an investment is worth: each a value, or the `Reason` there is none.

    Attributes:
        npv: net present value [yuan].
        irr: internal rate of return [1/a].
        simple_payback: [a].
        discounted_payback: [a].
        annualised_cost: what it costs a year, the saving taken off [yuan/a]; below zero it earns.
        cost_per_tce: annualised cost per energy saved [yuan/tce]; below zero it earns.
        cost_per_tco2: annualised cost per CO₂ saved [yuan/t].
    """

    npv: float | Reason
    irr: float | Reason
    simple_payback: float | Reason
    discounted_payback: float | Reason
    annualised_cost: float | Reason
    cost_per_tce: float | Reason
    cost_per_tco2: float | Reason


def flows(one: Investment) -> NDArray[np.float64]:
    """Return the net money in of each year [yuan], shape (life + 1,): capital today, savings, worth at the end.

    `ValueError` for a life without end: it has no last year.
    """
    if one.life == inf:
        raise ValueError("a life without end has no list of years")
    money = np.full(int(one.life) + 1, float(one.yearly_saving))
    money[0] = -one.capital
    money[-1] += one.worth_at_end
    return money


def appraise(one: Investment) -> Economics:
    """Return all figures of an investment.

    With a life without end the saving is a perpetuity: NPV = yearly_saving / rate − capital, and the rate of return is
    yearly_saving / capital. What the device is worth at the end counts in NPV, IRR and annualised cost, not in payback.
    """
    yearly = _yearly_cost(one)
    return Economics(
        npv=_worth(one),
        irr=_rate(one),
        simple_payback=simple_payback(one.capital, one.yearly_saving),
        discounted_payback=discounted_payback(one.capital, one.yearly_saving, one.rate, one.life),
        annualised_cost=yearly,
        cost_per_tce=cost_per_unit(yearly, one.energy_tce, "no_energy_saved"),
        cost_per_tco2=cost_per_unit(yearly, one.carbon_t, "no_carbon_saved"),
    )


def cost_per_unit(yearly_cost: float | Reason, saved: float, otherwise: str) -> float | Reason:
    """Return yearly_cost / saved [yuan per unit], or why not: of the cost, or ``otherwise`` where nothing is saved.

    Args:
        yearly_cost: annualised cost with the saving taken off [yuan/a].
        saved: what is saved a year [tce/a or t/a].
        otherwise: key of ``reasons.csv`` for nothing saved.
    """
    if isinstance(yearly_cost, Reason):
        return yearly_cost
    return yearly_cost / saved if saved > 0 else because(otherwise)


def _yearly_cost(one: Investment) -> float | Reason:
    worth = 0.0 if one.life == inf else one.worth_at_end * (1.0 + one.rate) ** -one.life
    return annualised_cost(one.capital - worth, -one.yearly_saving, one.rate, one.life)


def _worth(one: Investment) -> float | Reason:
    if one.life != inf:
        return net_present_value(flows(one), one.rate)
    factor = annuity(one.rate, one.life)
    return factor if isinstance(factor, Reason) else one.yearly_saving / factor - one.capital


def _rate(one: Investment) -> float | Reason:
    if one.life != inf:
        return internal_rate_of_return(flows(one))
    if one.capital * one.yearly_saving > 0:
        return one.yearly_saving / one.capital
    return because("no_cash_out" if one.capital < 0 or one.yearly_saving > 0 else "no_cash_in")
