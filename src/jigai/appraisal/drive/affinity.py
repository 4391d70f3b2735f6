"""Shaft power of a centrifugal machine over its flow: throttled at full speed, or slowed down by a drive.

All quantities are relative to the rated point (flow 1, head 1, shaft power 1). The machine's head falls from the
shut-off head ``h0`` at no flow to 1 at rated flow along a parabola; the system asks for the static head ``hs`` plus a
friction head that grows with the square of the flow, together 1 at rated flow:

    machine at speed s   h = s²·h0 − (h0 − 1)·q²
    system               h = hs + (1 − hs)·q²
    efficiency           η/η_rated = 1 − e·(1 − q/s)²

The efficiency of the machine belongs to the place on its curve ``q/s`` (affinity laws), not to the speed. ``e`` = 0 is
a flat efficiency, ``e`` = 1 the parabola through no flow and the rated point.
"""

from __future__ import annotations

import numpy as np

from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_share


@quantities("1", flow_share="1", static_head_share="1", shutoff_head_ratio="1")
def speed_share(flow_share: Number, static_head_share: Number, shutoff_head_ratio: Number) -> Number:
    """Return the speed at which the machine delivers a part of its rated flow, over rated speed [1].

    ``s = √((hs + (h0 − hs)·q²)/h0)``, where the machine curve meets the system curve; without static head s = q.

    Args:
        flow_share: flow over rated flow q [1], above 0 and at most 1.
        static_head_share: static over rated head hs [1]; 0 for fans and closed loops.
        shutoff_head_ratio: head at no flow over rated head h0 [1], above 1 (flat curves 1.1, steep ones 1.4).

    Raises:
        LessServiceError: as `less_service`.

    Source: affinity laws on a parabolic machine curve, derived here; see the head of this module.
    """
    refuse(less_service(flow_share, static_head_share, shutoff_head_ratio))
    square = (static_head_share + (shutoff_head_ratio - static_head_share) * flow_share**2) / shutoff_head_ratio
    speed: Number = np.sqrt(square)
    return speed


@quantities("1", flow_share="1", static_head_share="1", shutoff_head_ratio="1", efficiency_drop="1")
def slowed_power_share(
    flow_share: Number, static_head_share: Number, shutoff_head_ratio: Number, efficiency_drop: Number
) -> Number:
    """Return the shaft power at reduced speed over rated shaft power [1].

    ``p = q·(hs + (1 − hs)·q²)/(1 − e·(1 − q/s)²)``; without static head it is q³, the cube law.

    Args:
        flow_share, static_head_share, shutoff_head_ratio: as `speed_share`.
        efficiency_drop: how the efficiency falls away from the rated point e [1], 0 to 1.

    Raises:
        LessServiceError: as `less_service`.
        ImpossibleFigureError: ``efficiency_drop`` is no share.
    """
    require_share(efficiency_drop=efficiency_drop)
    speed = speed_share(flow_share, static_head_share, shutoff_head_ratio)
    head = static_head_share + (1.0 - static_head_share) * flow_share**2
    return flow_share * head / (1.0 - efficiency_drop * (1.0 - flow_share / speed) ** 2)


@quantities("1", flow_share="1", shutoff_head_ratio="1", efficiency_drop="1")
def throttled_power_share(flow_share: Number, shutoff_head_ratio: Number, efficiency_drop: Number) -> Number:
    """Return the shaft power behind a valve or outlet damper at full speed, over rated shaft power [1].

    ``p = q·(h0 − (h0 − 1)·q²)/(1 − e·(1 − q)²)``.

    Args:
        flow_share, shutoff_head_ratio: as `speed_share`.
        efficiency_drop: as `slowed_power_share`.

    Not for inlet guide vanes, bypass or on-off control: guide vanes draw less than a throttle, so the saving would be
    told too high.

    Raises:
        LessServiceError: as `less_service`.
        ImpossibleFigureError: ``efficiency_drop`` is no share.
    """
    require_share(efficiency_drop=efficiency_drop)
    refuse(less_service(flow_share, 0.0, shutoff_head_ratio))
    head = shutoff_head_ratio - (shutoff_head_ratio - 1.0) * flow_share**2
    return flow_share * head / (1.0 - efficiency_drop * (1.0 - flow_share) ** 2)


def less_service(flow_share: Number, static_head_share: Number, shutoff_head_ratio: Number) -> dict[str, Mask]:
    """Return where the machine cannot deliver what is asked, by code of ``refusals.csv``; units as `speed_share`."""
    return {
        "flow_above_rated": flow_share > 1.0,
        "standstill": flow_share <= 0.0,
        "head_not_reached": (static_head_share > 1.0)
        | (shutoff_head_ratio <= 1.0)
        | (static_head_share >= shutoff_head_ratio),
    }
