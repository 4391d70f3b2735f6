"""A better chiller for the same cooling."""

from __future__ import annotations

from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_not_negative, require_positive


@quantities("kWh", cooling_kwh="kWh", performance="1")
def consumption_kwh(cooling_kwh: Number, performance: Number) -> Number:
    """Return the electricity for a cooling [kWh]: cooling over coefficient of performance.

    Args:
        cooling_kwh: cooling delivered in the period [kWh of cold]; capacity × load factor × hours.
        performance: cooling over electricity in the period [1]; a seasonal figure (IPLV, SEER), not the full-load COP,
            where the load varies. From American figures: 3.517 over kW per ton.

    Raises:
        ImpossibleFigureError: negative cooling or a performance of zero or less.
    """
    require_not_negative(cooling_kwh=cooling_kwh)
    require_positive(performance=performance)
    return cooling_kwh / performance


@quantities("kWh", cooling_kwh="kWh", cooling_after_kwh="kWh", performance_before="1", performance_after="1")
def replacement_saving_kwh(
    cooling_kwh: Number, cooling_after_kwh: Number, performance_before: Number, performance_after: Number
) -> Number:
    """Return the electricity saved by a better chiller [kWh].

    Args:
        cooling_kwh: cooling needed in the period [kWh of cold].
        cooling_after_kwh: cooling the new chiller will deliver in it [kWh of cold]; normally the same.
        performance_before, performance_after: see `consumption_kwh` [1].

    Raises:
        LessServiceError: the new chiller delivers less cooling than needed.
        ImpossibleFigureError: as `consumption_kwh`.
    """
    refuse(less_service(cooling_after_kwh, cooling_kwh))
    return consumption_kwh(cooling_kwh, performance_before) - consumption_kwh(cooling_after_kwh, performance_after)


def less_service(cooling_after_kwh: Number, cooling_needed_kwh: Number) -> dict[str, Mask]:
    """Return where less cooling would be delivered, by code of ``refusals.csv``; [kWh of cold]."""
    return {"less_cooling": cooling_after_kwh < cooling_needed_kwh}
