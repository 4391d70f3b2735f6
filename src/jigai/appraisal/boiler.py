"""Heat from another boiler, another fuel, electricity or a heat pump: the same heat for less."""

from __future__ import annotations

from jigai.appraisal import constants as c
from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_not_negative, require_percentage, require_positive

MOST_PCT = 110.0
"""Condensing boilers exceed 100 % on the lower heating value; 110 % is the most GB 24500 work accepts."""


@quantities("GJ", fuel_gj="GJ", efficiency_pct="%")
def heat_from_fuel_gj(fuel_gj: Number, efficiency_pct: Number) -> Number:
    """Return the useful heat from a fuel [GJ].

    Args:
        fuel_gj: energy of the fuel on the lower heating value [GJ].
        efficiency_pct: thermal efficiency of the boiler, lower heating value [%]; above 100 for condensing ones.

    Raises:
        ImpossibleFigureError: negative fuel, or an efficiency outside (1, 110] %.
    """
    require_not_negative(fuel_gj=fuel_gj)
    require_percentage(MOST_PCT, efficiency_pct=efficiency_pct)
    return fuel_gj * efficiency_pct / c.PERCENT


@quantities("GJ", heat_gj="GJ", efficiency_pct="%")
def fuel_for_heat_gj(heat_gj: Number, efficiency_pct: Number) -> Number:
    """Return the fuel that a boiler needs for a heat [GJ on the lower heating value].

    Args:
        heat_gj: useful heat to be supplied [GJ].
        efficiency_pct: thermal efficiency over the year [%]; the design efficiency of GB 24500 is the upper end of it.

    Raises:
        ImpossibleFigureError: negative heat, or an efficiency outside (1, 110] %.

    Source: definition of thermal efficiency (GB 24500-2020).
    """
    require_not_negative(heat_gj=heat_gj)
    require_percentage(MOST_PCT, efficiency_pct=efficiency_pct)
    return heat_gj / (efficiency_pct / c.PERCENT)


@quantities("kWh", heat_gj="GJ", performance="1")
def electricity_for_heat_kwh(heat_gj: Number, performance: Number) -> Number:
    """Return the electricity for a heat [kWh]: ``Q/(COP·3.6 MJ/kWh)``.

    Args:
        heat_gj: useful heat to be supplied [GJ].
        performance: heat over electricity over the year [1]: 0.97 for an electric boiler (GB 24500 limit), the seasonal
            coefficient of performance for a heat pump *at the supply temperature that is needed*.

    Raises:
        ImpossibleFigureError: negative heat, or a performance of zero or less.
    """
    require_not_negative(heat_gj=heat_gj)
    require_positive(performance=performance)
    return heat_gj * c.KJ_PER_GJ / c.KJ_PER_KWH / performance


@quantities("GJ", fuel_gj="GJ", efficiency_before_pct="%", efficiency_after_pct="%")
def replacement_saving_gj(fuel_gj: Number, efficiency_before_pct: Number, efficiency_after_pct: Number) -> Number:
    """Return the fuel saved by a more efficient boiler at the same heat [GJ]: ``B·(1 − η1/η2)``.

    Args:
        fuel_gj: fuel used today [GJ, lower heating value].
        efficiency_before_pct, efficiency_after_pct: thermal efficiencies on the lower heating value [%].

    The fuels may differ: the saving is in energy; tonnes and cubic metres follow from each heating value.

    Raises:
        ImpossibleFigureError: as `heat_from_fuel_gj`.

    Source: the US DOE Steam Tip Sheet #4 uses the same formula.
    """
    heat = heat_from_fuel_gj(fuel_gj, efficiency_before_pct)
    return fuel_gj - fuel_for_heat_gj(heat, efficiency_after_pct)


def less_service(
    heat_after_gj: Number,
    heat_needed_gj: Number,
    supply_temperature_c: Number | None = None,
    needed_temperature_c: Number | None = None,
) -> dict[str, Mask]:
    """Return where less or cooler heat would be supplied, by code of ``refusals.csv``.

    Args:
        heat_after_gj, heat_needed_gj: heat the new plant can supply and the heat needed in the period [GJ].
        supply_temperature_c, needed_temperature_c: temperatures of the heat [°C]; left out where steam stays steam.
    """
    masks: dict[str, Mask] = {"less_heat": heat_after_gj < heat_needed_gj}
    if supply_temperature_c is not None and needed_temperature_c is not None:
        masks["less_temperature"] = supply_temperature_c < needed_temperature_c
    return masks


def require_same_heat(
    heat_after_gj: Number,
    heat_needed_gj: Number,
    supply_temperature_c: Number | None = None,
    needed_temperature_c: Number | None = None,
) -> None:
    """Refuse a plant that supplies less or cooler heat; arguments as `less_service`.

    Raises:
        LessServiceError: naming the field and the remedy.
    """
    refuse(less_service(heat_after_gj, heat_needed_gj, supply_temperature_c, needed_temperature_c))
