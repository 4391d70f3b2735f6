"""Electricity of a pump or fan over its load profile, throttled and with a variable-speed drive."""

from __future__ import annotations

from jigai.appraisal import constants as c
from jigai.appraisal.dimensions import quantities
from jigai.appraisal.drive.affinity import slowed_power_share, throttled_power_share
from jigai.appraisal.motor.losses import electric_power_kw
from jigai.appraisal.numbers import Number
from jigai.appraisal.refusal import require_not_negative, require_percentage

_PROFILE = {"flow_share": "1", "hours": "h"}
_MACHINE = {"power_kw": "kW", "shaft_power_kw": "kW", "efficiency_pct": "%", "constant_loss_share": "1"}
_CURVES = {"shutoff_head_ratio": "1", "efficiency_drop": "1"}
_DRIVEN = {**_PROFILE, **_MACHINE, **_CURVES, "static_head_share": "1", "drive_efficiency_pct": "%"}


@quantities("kWh", **_PROFILE, **_MACHINE, **_CURVES)
def throttled_kwh(
    flow_share: Number,
    hours: Number,
    power_kw: Number,
    shaft_power_kw: Number,
    efficiency_pct: Number,
    constant_loss_share: Number,
    shutoff_head_ratio: Number,
    efficiency_drop: Number,
) -> Number:
    """Return the electricity behind a throttle at one point of the profile [kWh]; see `drive_saving_kwh`."""
    require_not_negative(hours=hours, shaft_power_kw=shaft_power_kw)
    shaft = shaft_power_kw * throttled_power_share(flow_share, shutoff_head_ratio, efficiency_drop)
    return hours * electric_power_kw(power_kw, shaft / power_kw, efficiency_pct, constant_loss_share)


@quantities("kWh", **_DRIVEN)
def slowed_kwh(
    flow_share: Number,
    hours: Number,
    power_kw: Number,
    shaft_power_kw: Number,
    efficiency_pct: Number,
    constant_loss_share: Number,
    static_head_share: Number,
    shutoff_head_ratio: Number,
    efficiency_drop: Number,
    drive_efficiency_pct: Number,
) -> Number:
    """Return the electricity through the drive at one point of the profile [kWh]; see `drive_saving_kwh`."""
    require_not_negative(hours=hours, shaft_power_kw=shaft_power_kw)
    require_percentage(drive_efficiency_pct=drive_efficiency_pct)
    shaft = shaft_power_kw * slowed_power_share(flow_share, static_head_share, shutoff_head_ratio, efficiency_drop)
    motor = electric_power_kw(power_kw, shaft / power_kw, efficiency_pct, constant_loss_share)
    return hours * motor / (drive_efficiency_pct / c.PERCENT)


@quantities("kWh", **_DRIVEN)
def drive_saving_kwh(
    flow_share: Number,
    hours: Number,
    power_kw: Number,
    shaft_power_kw: Number,
    efficiency_pct: Number,
    constant_loss_share: Number,
    static_head_share: Number,
    shutoff_head_ratio: Number,
    efficiency_drop: Number,
    drive_efficiency_pct: Number,
) -> Number:
    """Return the electricity saved at one point of the load profile by slowing down instead of throttling [kWh].

    The profile is a row of points (flow, hours); the points are independent, so the saving over the profile is the sum
    (`over_profile`). The flow is the same before and after at every point: service does not fall.

    Args:
        flow_share: flow over rated flow at the point [1], above 0 and at most 1; hours at standstill are left out.
        hours: hours at the point in the period [h].
        power_kw: rated output of the motor [kW].
        shaft_power_kw: shaft power of the machine at rated flow [kW]; not the rating of the motor.
        efficiency_pct: efficiency of the motor at rated load [%].
        constant_loss_share: share of the motor's rated losses that does not depend on the load [1]. It is kept constant
            at reduced speed too, which tells the saving a little low.
        static_head_share, shutoff_head_ratio, efficiency_drop: see `jigai.appraisal.drive.affinity`.
        drive_efficiency_pct: efficiency of the drive, extra harmonic losses of the motor included [%].

    At full flow all year the result is negative: a drive only adds its own losses there.

    Raises:
        LessServiceError: the flow exceeds the rated flow, or the static head the head of the machine.
        ImpossibleFigureError: negative hours or power, an efficiency that is none.
    """
    before = throttled_kwh(
        flow_share,
        hours,
        power_kw,
        shaft_power_kw,
        efficiency_pct,
        constant_loss_share,
        shutoff_head_ratio,
        efficiency_drop,
    )
    return before - slowed_kwh(
        flow_share,
        hours,
        power_kw,
        shaft_power_kw,
        efficiency_pct,
        constant_loss_share,
        static_head_share,
        shutoff_head_ratio,
        efficiency_drop,
        drive_efficiency_pct,
    )


def over_profile(points: list[Number]) -> Number:
    """Return the sum over the points of a load profile, in their unit; each point a figure or a column of devices."""
    total: Number = 0.0
    for point in points:
        total = total + point
    return total
