"""What the smaller slip of a better motor does to the machine it drives."""

from __future__ import annotations

from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Number
from jigai.appraisal.refusal import require_positive


@quantities("1", speed_before_rpm="r/min", speed_after_rpm="r/min", speed_exponent="1")
def shaft_power_ratio(speed_before_rpm: Number, speed_after_rpm: Number, speed_exponent: Number) -> Number:
    """Return shaft power after over before when the full-load speed of the motor changes [1]: ``(n2/n1)^x``.

    Args:
        speed_before_rpm: full-load speed of the old motor n1 [r/min].
        speed_after_rpm: full-load speed of the new motor n2 [r/min].
        speed_exponent: how the machine's power grows with speed x [1]: 3 for fans and for pumps without static head
            (affinity laws), 1 for constant torque (belts, piston machines at constant pressure), 0 where a control
            holds the delivered power (a regulated flow).

    Valid for small changes of speed (a few per cent). With static head the exponent is below 3, so 3 tells the least
    saving. The machine delivers *more* than before in the same measure; whoever does not need it can trim the impeller
    or change the pulley and then takes exponent 0.

    Raises:
        ImpossibleFigureError: a speed of zero or less.

    Source: affinity laws; the US DOE guide "Premium Efficiency Motor Selection and Application" tells the same effect.
    """
    require_positive(speed_before_rpm=speed_before_rpm, speed_after_rpm=speed_after_rpm)
    ratio: Number = (speed_after_rpm / speed_before_rpm) ** speed_exponent
    return ratio
