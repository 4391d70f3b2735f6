"""Losses of an induction motor over its load, and the electricity it draws."""

from __future__ import annotations

import numpy as np

from jigai.appraisal import constants as c
from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Number
from jigai.appraisal.refusal import require_not_negative, require_percentage, require_share


@quantities("kW", power_kw="kW", load_factor="1", efficiency_pct="%", constant_loss_share="1")
def electric_power_kw(
    power_kw: Number, load_factor: Number, efficiency_pct: Number, constant_loss_share: Number
) -> Number:
    """Return the electric power a motor draws at any load [kW].

    ``P1 = P_N · (β + v·(c + (1 − c)·β²))`` with ``v = 100/η_N − 1``, the losses at rated load over the rated output.

    Args:
        power_kw: rated output P_N [kW].
        load_factor: shaft power over rated output β [1]; 0 is idling, above 1 overload.
        efficiency_pct: efficiency at rated load η_N [%].
        constant_loss_share: share c of the rated losses that does not depend on the load (iron, friction, windage) [1].

    Valid for cage induction motors on the grid at rated voltage and frequency from idling to about 1.2 times rated
    load; the load-dependent losses (stator and rotor winding, additional) grow with the square of the load. Not for
    converter-fed, pole-changing or single-phase motors.

    Raises:
        ImpossibleFigureError: a negative power or load, an efficiency outside (1, 100] %, a share outside [0, 1].

    Source: the same split of losses as GB/T 12497-2006 (economical operation of three-phase induction motors, no-load
    losses plus load losses times β²; recalled) and IEC 60034-31 (v0 + vL·p; recalled).
    """
    require_not_negative(power_kw=power_kw, load_factor=load_factor)
    require_percentage(efficiency_pct=efficiency_pct)
    require_share(constant_loss_share=constant_loss_share)
    losses = c.PERCENT / efficiency_pct - 1.0
    return power_kw * (load_factor + losses * (constant_loss_share + (1.0 - constant_loss_share) * load_factor**2))


@quantities("%", load_factor="1", efficiency_pct="%", constant_loss_share="1")
def efficiency_at_load_pct(load_factor: Number, efficiency_pct: Number, constant_loss_share: Number) -> Number:
    """Return the efficiency at a part of the rated load [%]: β over the power drawn per rated output.

    Arguments, validity, errors and source are those of `electric_power_kw`; at β = 1 it is the rated efficiency.
    """
    return c.PERCENT * load_factor / electric_power_kw(1.0, load_factor, efficiency_pct, constant_loss_share)


@quantities("1", efficiency_pct="%", efficiency_at_75_pct="%")
def constant_loss_share(efficiency_pct: Number, efficiency_at_75_pct: Number) -> Number:
    """Return the share of the rated losses that does not depend on the load [1], from a plate that gives two points.

    With ``v1 = 100/η100 − 1`` and ``v75 = 100/η75 − 1`` (losses over output at each point)
    ``vL = (v1 − 0.75·v75)/(1 − 0.75²)``, ``v0 = v1 − vL``, and the share is ``v0/v1``, held between 0 and 1.

    Args:
        efficiency_pct: efficiency at rated load [%].
        efficiency_at_75_pct: efficiency at three quarters of rated load [%].

    Raises:
        ImpossibleFigureError: an efficiency outside (1, 100] %.

    Source: interpolation of IEC 60034-31 (recalled).
    """
    require_percentage(efficiency_pct=efficiency_pct, efficiency_at_75_pct=efficiency_at_75_pct)
    full = c.PERCENT / efficiency_pct - 1.0
    part = c.PERCENT / efficiency_at_75_pct - 1.0
    load_dependent = (full - 0.75 * part) / (1.0 - 0.75**2)
    share: Number = (full - load_dependent) / full
    # two rounded efficiencies can lead a little beyond 0 or 1
    return 0.5 * (np.abs(share) + 1.0 - np.abs(1.0 - share))
