"""Compressed air: a better compressor, a lower pressure, fewer leaks."""

from __future__ import annotations

from jigai.appraisal import constants as c
from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_not_negative, require_positive, require_share


@quantities("1", pressure_before_mpa="MPa", pressure_after_mpa="MPa", ambient_mpa="MPa")
def pressure_power_ratio(pressure_before_mpa: Number, pressure_after_mpa: Number, ambient_mpa: Number) -> Number:
    """Return the power per air delivered at a new pressure over that at the old one [1].

    ``(((p_a + p2)/p_a)^m − 1)/(((p_a + p1)/p_a)^m − 1)`` with ``m = (k − 1)/k`` of air.

    Args:
        pressure_before_mpa, pressure_after_mpa: discharge pressures p1, p2 [MPa gauge].
        ambient_mpa: absolute pressure at the inlet p_a [MPa]; 0.1013 at sea level, about 0.088 at 1200 m.

    Valid for one stage of compression and unchanged efficiency, for changes of one or two tenths of a megapascal. With
    two intercooled stages the same formula per stage gives an eighth less saving, with three a sixth. A machine with a
    built-in pressure ratio (screw) gains less far from its design.

    Raises:
        ImpossibleFigureError: a pressure of zero or less.

    Source: adiabatic compression of an ideal gas; the US DOE sourcebook "Improving Compressed Air System Performance"
    tells the same as a rule of thumb, 1 % of power for 2 psi at about 100 psi.
    """
    require_positive(
        pressure_before_mpa=pressure_before_mpa, pressure_after_mpa=pressure_after_mpa, ambient_mpa=ambient_mpa
    )
    before = (1.0 + pressure_before_mpa / ambient_mpa) ** c.AIR_EXPONENT - 1.0
    after = (1.0 + pressure_after_mpa / ambient_mpa) ** c.AIR_EXPONENT - 1.0
    return after / before


@quantities("1", loaded_minutes="min", unloaded_minutes="min")
def leak_share(loaded_minutes: Number, unloaded_minutes: Number) -> Number:
    """Return the leaks over the air delivered of a compressor, from a test without any user [1]: ``T/(T + t)``.

    Args:
        loaded_minutes: time under load T during the test [min].
        unloaded_minutes: time unloaded or stopped t during the test [min].

    Valid for load/unload or start/stop control. Raises:
        ImpossibleFigureError: a negative time, or no time at all.

    Source: US DOE Compressed Air Tip Sheet #3, "Minimize Compressed Air Leaks" (2004).
    """
    require_not_negative(loaded_minutes=loaded_minutes, unloaded_minutes=unloaded_minutes)
    require_positive(minutes=loaded_minutes + unloaded_minutes)
    return loaded_minutes / (loaded_minutes + unloaded_minutes)


@quantities("m3/min", leak_m3min="m3/min", pressure_before_mpa="MPa", pressure_after_mpa="MPa", ambient_mpa="MPa")
def leak_at_pressure_m3min(
    leak_m3min: Number, pressure_before_mpa: Number, pressure_after_mpa: Number, ambient_mpa: Number
) -> Number:
    """Return the leaks at a new pressure [m³/min of free air]: they follow the absolute pressure.

    Args:
        leak_m3min: leaks at the old pressure [m³/min of free air].
        pressure_before_mpa, pressure_after_mpa: pressures in the net [MPa gauge].
        ambient_mpa: absolute pressure of the surroundings [MPa].

    Valid above about 0.1 MPa gauge, where the flow through a hole is choked. Raises:
        ImpossibleFigureError: a negative leak or a pressure of zero or less.

    Source: choked flow of an ideal gas.
    """
    require_not_negative(leak_m3min=leak_m3min)
    require_positive(
        pressure_before_mpa=pressure_before_mpa, pressure_after_mpa=pressure_after_mpa, ambient_mpa=ambient_mpa
    )
    return leak_m3min * (ambient_mpa + pressure_after_mpa) / (ambient_mpa + pressure_before_mpa)


@quantities("1", flow_share="1", idle_power_share="1")
def part_flow_power_share(flow_share: Number, idle_power_share: Number) -> Number:
    """Return the power at part flow over that at full flow [1]: ``i + (1 − i)·u``.

    Args:
        flow_share: air delivered over full delivery u [1].
        idle_power_share: power when unloaded over full power i [1]; 0 for a compressor that follows the flow ideally
            (variable speed, start/stop).

    Raises:
        ImpossibleFigureError: what is no share.

    Source: load/unload control with a large receiver, straight line between unloaded and full power (US DOE sourcebook
    "Improving Compressed Air System Performance"); small receivers draw more at part flow.
    """
    require_share(flow_share=flow_share, idle_power_share=idle_power_share)
    return idle_power_share + (1.0 - idle_power_share) * flow_share


@quantities(
    "kWh", specific_power="kW/(m3/min)", capacity_m3min="m3/min", flow_m3min="m3/min", idle_power_share="1", hours="h"
)
def consumption_kwh(
    specific_power: Number, capacity_m3min: Number, flow_m3min: Number, idle_power_share: Number, hours: Number
) -> Number:
    """Return the electricity of a compressor that delivers an average flow for ``hours`` [kWh].

    Args:
        specific_power: electric input of the whole package per free air delivered at full flow [kW/(m³/min)],
            as graded by GB 19153.
        capacity_m3min: free air delivered at full flow [m³/min].
        flow_m3min: average free air delivered over the hours [m³/min].
        idle_power_share: see `part_flow_power_share` [1].
        hours: hours switched on in the period [h].

    Raises:
        ImpossibleFigureError: a negative figure, or more flow than capacity.
    """
    require_not_negative(specific_power=specific_power, hours=hours)
    require_positive(capacity_m3min=capacity_m3min)
    share = part_flow_power_share(flow_m3min / capacity_m3min, idle_power_share)
    return hours * specific_power * capacity_m3min * share


@quantities(
    "kWh",
    specific_power_before="kW/(m3/min)",
    specific_power_after="kW/(m3/min)",
    capacity_before_m3min="m3/min",
    capacity_after_m3min="m3/min",
    flow_m3min="m3/min",
    leak_m3min="m3/min",
    leak_cut_m3min="m3/min",
    pressure_before_mpa="MPa",
    pressure_after_mpa="MPa",
    pressure_needed_mpa="MPa",
    ambient_mpa="MPa",
    idle_power_share_before="1",
    idle_power_share_after="1",
    hours="h",
)
def compressed_air_saving_kwh(
    specific_power_before: Number,
    specific_power_after: Number,
    capacity_before_m3min: Number,
    capacity_after_m3min: Number,
    flow_m3min: Number,
    leak_m3min: Number,
    leak_cut_m3min: Number,
    pressure_before_mpa: Number,
    pressure_after_mpa: Number,
    pressure_needed_mpa: Number,
    ambient_mpa: Number,
    idle_power_share_before: Number,
    idle_power_share_after: Number,
    hours: Number,
) -> Number:
    """Return the electricity saved by a better compressor, a lower pressure and fewer leaks together [kWh].

    What users take stays; the leaks left after the cut shrink with the absolute pressure; the specific power shrinks by
    `pressure_power_ratio`. Doing the three together saves less than the sum of each alone, which is why they are one
    formula.

    Args:
        specific_power_before, specific_power_after: at the *old* pressure [kW/(m³/min)]; equal when the
            compressor stays.
        capacity_before_m3min, capacity_after_m3min: free air delivered at full flow [m³/min].
        flow_m3min: average air delivered today, leaks included [m³/min].
        leak_m3min: leaks today [m³/min]; `leak_share` times the capacity.
        leak_cut_m3min: leaks that will be mended, at the old pressure [m³/min].
        pressure_before_mpa, pressure_after_mpa: discharge pressures [MPa gauge].
        pressure_needed_mpa: highest pressure a user needs, with the drop on the way to it [MPa gauge].
        ambient_mpa: absolute pressure at the inlet [MPa].
        idle_power_share_before, idle_power_share_after: see `part_flow_power_share` [1].
        hours: hours switched on in the period [h].

    Raises:
        LessServiceError: pressure or capacity afterwards is below the need, or more leaks would go than there are.
        ImpossibleFigureError: as the parts.
    """
    refuse(
        less_service(
            capacity_after_m3min, flow_m3min, leak_m3min, leak_cut_m3min, pressure_after_mpa, pressure_needed_mpa
        )
    )
    before = consumption_kwh(specific_power_before, capacity_before_m3min, flow_m3min, idle_power_share_before, hours)
    left = leak_at_pressure_m3min(leak_m3min - leak_cut_m3min, pressure_before_mpa, pressure_after_mpa, ambient_mpa)
    ratio = pressure_power_ratio(pressure_before_mpa, pressure_after_mpa, ambient_mpa)
    after = consumption_kwh(
        specific_power_after * ratio,
        capacity_after_m3min,
        flow_m3min - leak_m3min + left,
        idle_power_share_after,
        hours,
    )
    return before - after


def less_service(
    capacity_after_m3min: Number,
    flow_m3min: Number,
    leak_m3min: Number,
    leak_cut_m3min: Number,
    pressure_after_mpa: Number,
    pressure_needed_mpa: Number,
) -> dict[str, Mask]:
    """Return where users would get less air or pressure, by code of ``refusals.csv``; units by name."""
    return {
        "less_pressure": pressure_after_mpa < pressure_needed_mpa,
        "leak_below_zero": (leak_cut_m3min > leak_m3min) | (leak_m3min > flow_m3min),
        "less_air": capacity_after_m3min < flow_m3min - leak_cut_m3min,
    }
