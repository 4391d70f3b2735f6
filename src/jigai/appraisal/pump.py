"""Re-selecting a pump: the duty that is needed, met by a pump made for it."""

from __future__ import annotations

from jigai.appraisal import constants as c
from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_not_negative, require_percentage


@quantities("kW", flow_m3h="m3/h", head_m="m", density_kgm3="kg/m3")
def hydraulic_power_kw(flow_m3h: Number, head_m: Number, density_kgm3: Number) -> Number:
    """Return the power that a flow takes up through a head [kW]: ``ρ·g·Q·H/3 600 000``.

    Args:
        flow_m3h: flow Q [m³/h].
        head_m: total head H [m of the liquid itself].
        density_kgm3: density ρ [kg/m³]; clean cold water 1000.

    Valid for liquids. Raises:
        ImpossibleFigureError: a negative figure.

    Source: definition; the same form, with g = 9.81 m/s², in GB 19762-2025 (P = 9.81·Q·H/3600 for water).
    """
    require_not_negative(flow_m3h=flow_m3h, head_m=head_m, density_kgm3=density_kgm3)
    return density_kgm3 * c.GRAVITY * flow_m3h / c.SECONDS_PER_HOUR * head_m / c.W_PER_KW


@quantities(
    "kWh",
    flow_m3h="m3/h",
    head_m="m",
    density_kgm3="kg/m3",
    pump_efficiency_pct="%",
    motor_efficiency_pct="%",
    hours="h",
)
def consumption_kwh(
    flow_m3h: Number,
    head_m: Number,
    density_kgm3: Number,
    pump_efficiency_pct: Number,
    motor_efficiency_pct: Number,
    hours: Number,
) -> Number:
    """Return the electricity of a pump set in ``hours`` at one duty [kWh]: hydraulic power over both efficiencies.

    Args:
        flow_m3h, head_m, density_kgm3: the duty, see `hydraulic_power_kw`; the head is that *of the pump*, with what a
            throttle takes away still in it.
        pump_efficiency_pct: efficiency of the pump at this duty [%], not at its best point.
        motor_efficiency_pct: efficiency of the motor at this load, with coupling, gear and drive if any [%].
        hours: hours of running in the period [h].

    Raises:
        ImpossibleFigureError: a negative figure or an efficiency that is none.
    """
    require_not_negative(hours=hours)
    require_percentage(pump_efficiency_pct=pump_efficiency_pct, motor_efficiency_pct=motor_efficiency_pct)
    efficiency = pump_efficiency_pct / c.PERCENT * (motor_efficiency_pct / c.PERCENT)
    return hours * hydraulic_power_kw(flow_m3h, head_m, density_kgm3) / efficiency


@quantities(
    "kWh",
    flow_before_m3h="m3/h",
    flow_after_m3h="m3/h",
    flow_needed_m3h="m3/h",
    head_before_m="m",
    head_after_m="m",
    head_needed_m="m",
    density_kgm3="kg/m3",
    pump_efficiency_before_pct="%",
    pump_efficiency_after_pct="%",
    motor_efficiency_before_pct="%",
    motor_efficiency_after_pct="%",
    hours="h",
)
def reselection_saving_kwh(
    flow_before_m3h: Number,
    flow_after_m3h: Number,
    flow_needed_m3h: Number,
    head_before_m: Number,
    head_after_m: Number,
    head_needed_m: Number,
    density_kgm3: Number,
    pump_efficiency_before_pct: Number,
    pump_efficiency_after_pct: Number,
    motor_efficiency_before_pct: Number,
    motor_efficiency_after_pct: Number,
    hours: Number,
) -> Number:
    """Return the electricity saved by a pump selected for the duty that is needed [kWh].

    Saved is what the old set uses at its own flow and head less what the new set uses at its own: surplus head burnt in
    a valve, surplus flow through a bypass and a poor efficiency all count.

    Args:
        flow_before_m3h, head_before_m: what the old pump delivers today, before the throttle [m³/h], [m].
        flow_after_m3h, head_after_m: what the new pump will deliver [m³/h], [m].
        flow_needed_m3h, head_needed_m: what the process and the pipework need, as measured [m³/h], [m].
        density_kgm3: density of the liquid [kg/m³].
        pump_efficiency_before_pct: efficiency of the old pump where it runs today [%].
        pump_efficiency_after_pct: efficiency of the new pump at the new duty [%]; where it is not quoted, the limit of
            grade 2 of GB 19762 for its size (`jigai.appraisal.targets`).
        motor_efficiency_before_pct, motor_efficiency_after_pct: see `consumption_kwh` [%].
        hours: hours of running in the period [h].

    Raises:
        LessServiceError: the new pump delivers less flow or head than is needed.
        ImpossibleFigureError: as `consumption_kwh`.
    """
    refuse(less_service(flow_after_m3h, flow_needed_m3h, head_after_m, head_needed_m))
    before = consumption_kwh(
        flow_before_m3h, head_before_m, density_kgm3, pump_efficiency_before_pct, motor_efficiency_before_pct, hours
    )
    return before - consumption_kwh(
        flow_after_m3h, head_after_m, density_kgm3, pump_efficiency_after_pct, motor_efficiency_after_pct, hours
    )


def less_service(
    flow_after_m3h: Number, flow_needed_m3h: Number, head_after_m: Number, head_needed_m: Number
) -> dict[str, Mask]:
    """Return where the new pump delivers less than is needed, by code of ``refusals.csv``; units by name."""
    return {"less_flow": flow_after_m3h < flow_needed_m3h, "less_head": head_after_m < head_needed_m}
