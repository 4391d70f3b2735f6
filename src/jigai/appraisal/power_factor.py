"""Compensating reactive power: the capacitors it takes and the line losses it saves."""

from __future__ import annotations

import numpy as np

from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_not_negative, require_positive, require_share


@quantities("kW", power_kw="kW", power_factor_before="1", power_factor_after="1")
def capacitor_kvar(power_kw: Number, power_factor_before: Number, power_factor_after: Number) -> Number:
    """Return the reactive power to compensate [kvar]: ``P·(tan φ1 − tan φ2)``.

    Args:
        power_kw: active power P at which it is compensated [kW].
        power_factor_before, power_factor_after: cos φ1, cos φ2 [1].

    The declared unit is kW because kvar and kW are one dimension. Valid for sinusoidal currents; harmonics need detuned
    capacitors.

    Raises:
        LessServiceError: the power factor would fall.
        ImpossibleFigureError: a power factor outside (0, 1].
    """
    _check(power_factor_before, power_factor_after)
    return power_kw * (_tangent(power_factor_before) - _tangent(power_factor_after))


@quantities("kWh", line_loss_kwh="kWh", power_factor_before="1", power_factor_after="1")
def line_saving_kwh(line_loss_kwh: Number, power_factor_before: Number, power_factor_after: Number) -> Number:
    """Return the losses saved upstream of the capacitors [kWh]: ``W·(1 − (cos φ1/cos φ2)²)``.

    Args:
        line_loss_kwh: losses of the lines and transformer between meter and capacitors in the period [kWh], measured or
            computed; not the consumption of the plant.
        power_factor_before, power_factor_after: cos φ1, cos φ2 [1].

    The same active power then takes a current smaller by cos φ1/cos φ2, and losses follow its square.

    Raises:
        LessServiceError, ImpossibleFigureError: as `capacitor_kvar`; negative losses.
    """
    _check(power_factor_before, power_factor_after)
    require_not_negative(line_loss_kwh=line_loss_kwh)
    return line_loss_kwh * (1.0 - (power_factor_before / power_factor_after) ** 2)


def less_service(power_factor_before: Number, power_factor_after: Number) -> dict[str, Mask]:
    """Return where the power factor would fall, by code of ``refusals.csv``; [1]."""
    return {"power_factor_falls": power_factor_after < power_factor_before}


def _check(before: Number, after: Number) -> None:
    require_positive(power_factor_before=before, power_factor_after=after)
    require_share(power_factor_before=before, power_factor_after=after)
    refuse(less_service(before, after))


def _tangent(power_factor: Number) -> Number:
    tangent: Number = np.sqrt(1.0 - power_factor**2) / power_factor
    return tangent
