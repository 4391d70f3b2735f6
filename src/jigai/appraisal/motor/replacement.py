"""The saving of putting a better motor in the place of an old one, like for like."""

from __future__ import annotations

from jigai.appraisal.dimensions import quantities
from jigai.appraisal.motor.losses import electric_power_kw
from jigai.appraisal.motor.speed import shaft_power_ratio
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_not_negative


@quantities(
    "kWh",
    power_kw="kW",
    load_factor="1",
    hours="h",
    efficiency_pct="%",
    constant_loss_share="1",
)
def consumption_kwh(
    power_kw: Number, load_factor: Number, hours: Number, efficiency_pct: Number, constant_loss_share: Number
) -> Number:
    """Return the electricity a motor uses in ``hours`` of running at one load [kWh].

    Args:
        power_kw: rated output [kW].
        load_factor: shaft power over rated output [1], the average over the hours; see `electric_power_kw`.
        hours: hours of running in the period, as a year [h].
        efficiency_pct: efficiency at rated load [%].
        constant_loss_share: share of the rated losses that does not depend on the load [1].

    Raises:
        ImpossibleFigureError: as `electric_power_kw`, and negative hours.
    """
    require_not_negative(hours=hours)
    return hours * electric_power_kw(power_kw, load_factor, efficiency_pct, constant_loss_share)


@quantities(
    "kWh",
    power_kw="kW",
    power_after_kw="kW",
    load_factor="1",
    hours="h",
    efficiency_after_pct="%",
    constant_loss_share="1",
    speed_before_rpm="r/min",
    speed_after_rpm="r/min",
    speed_exponent="1",
)
def consumption_after_kwh(
    power_kw: Number,
    power_after_kw: Number,
    load_factor: Number,
    hours: Number,
    efficiency_after_pct: Number,
    constant_loss_share: Number,
    speed_before_rpm: Number,
    speed_after_rpm: Number,
    speed_exponent: Number,
) -> Number:
    """Return what the new motor uses for the same work [kWh]; arguments as `replacement_saving_kwh`.

    The shaft power of today grows by `shaft_power_ratio` and loads the new motor in proportion to its own rating.
    """
    needed = load_factor * power_kw * shaft_power_ratio(speed_before_rpm, speed_after_rpm, speed_exponent)
    return consumption_kwh(power_after_kw, needed / power_after_kw, hours, efficiency_after_pct, constant_loss_share)


@quantities(
    "kWh",
    power_kw="kW",
    power_after_kw="kW",
    load_factor="1",
    hours="h",
    efficiency_before_pct="%",
    efficiency_after_pct="%",
    constant_loss_share="1",
    speed_before_rpm="r/min",
    speed_after_rpm="r/min",
    speed_exponent="1",
)
def replacement_saving_kwh(
    power_kw: Number,
    power_after_kw: Number,
    load_factor: Number,
    hours: Number,
    efficiency_before_pct: Number,
    efficiency_after_pct: Number,
    constant_loss_share: Number,
    speed_before_rpm: Number,
    speed_after_rpm: Number,
    speed_exponent: Number,
) -> Number:
    """Return the electricity saved by a better motor that does the same work [kWh].

    ``E = h·P1(P, β, η1) − h·P1(P', β·P/P'·(n2/n1)^x, η2)`` with the power drawn P1 of `electric_power_kw`. Negative
    where the faster new motor makes the machine draw more than the better efficiency saves.

    Args:
        power_kw: rated output of the old motor [kW].
        power_after_kw: rated output of the new motor [kW]; the same for like for like, smaller for right-sizing.
        load_factor: shaft power over the *old* rated output [1].
        hours: hours of running in the period [h].
        efficiency_before_pct, efficiency_after_pct: efficiencies at rated load [%].
        constant_loss_share: share of the rated losses that does not depend on the load [1], taken alike for both.
        speed_before_rpm, speed_after_rpm: full-load speeds [r/min]; equal when slip is to be left out.
        speed_exponent: growth of the machine's power with speed [1], see `shaft_power_ratio`.

    Raises:
        LessServiceError: the new rating is below the shaft power it will have to give, or the speed falls.
        ImpossibleFigureError: as `electric_power_kw`.
    """
    refuse(less_service(power_kw, power_after_kw, load_factor, speed_before_rpm, speed_after_rpm, speed_exponent))
    before = consumption_kwh(power_kw, load_factor, hours, efficiency_before_pct, constant_loss_share)
    return before - consumption_after_kwh(
        power_kw,
        power_after_kw,
        load_factor,
        hours,
        efficiency_after_pct,
        constant_loss_share,
        speed_before_rpm,
        speed_after_rpm,
        speed_exponent,
    )


def less_service(
    power_kw: Number,
    power_after_kw: Number,
    load_factor: Number,
    speed_before_rpm: Number,
    speed_after_rpm: Number,
    speed_exponent: Number,
) -> dict[str, Mask]:
    """Return where the new motor would do less, by code of ``refusals.csv``; units as `replacement_saving_kwh`."""
    needed = load_factor * power_kw * shaft_power_ratio(speed_before_rpm, speed_after_rpm, speed_exponent)
    return {
        "less_power": power_after_kw < needed,
        "less_speed": speed_after_rpm < speed_before_rpm,
    }


def unlike(
    *,
    poles: tuple[str, str],
    voltage_kv: tuple[float, float],
    explosion_proof: tuple[bool, bool],
) -> dict[str, Mask]:
    """Return how a new motor is not like the old one (before, after), by code of ``refusals.csv``.

    Args:
        poles: pole counts as written ("4", "4/2").
        voltage_kv: rated voltages [kV].
        explosion_proof: whether each is explosion-proof; more protection than before is no fault.
    """
    return {
        "other_poles": poles[0] != poles[1],
        "other_voltage": voltage_kv[0] != voltage_kv[1],
        "not_explosion_proof": explosion_proof[0] and not explosion_proof[1],
    }


def require_like_for_like(
    *,
    poles: tuple[str, str],
    voltage_kv: tuple[float, float],
    explosion_proof: tuple[bool, bool],
) -> None:
    """Refuse a new motor that is not like the old one; arguments as `unlike`.

    Raises:
        LessServiceError: naming the field and what to choose instead.
    """
    refuse(unlike(poles=poles, voltage_kv=voltage_kv, explosion_proof=explosion_proof))
