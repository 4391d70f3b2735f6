"""Losses of a transformer over its load, and what one with smaller losses saves."""

from __future__ import annotations

from jigai.appraisal import constants as c
from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_not_negative, require_positive


@quantities("kW", no_load_loss_w="W", load_loss_w="W", load_factor="1", load_form_factor="1")
def loss_kw(no_load_loss_w: Number, load_loss_w: Number, load_factor: Number, load_form_factor: Number) -> Number:
    """Return the average active losses of a transformer [kW]: ``P0 + K·β²·Pk``.

    Args:
        no_load_loss_w: no-load losses P0 at rated voltage [W] — watts, not kilowatts.
        load_loss_w: load losses Pk at rated current and reference temperature [W].
        load_factor: average apparent power over rated capacity β [1].
        load_form_factor: how much the square of the varying load exceeds the square of its average K [1]: 1 for a
            steady load, 1.05 to 1.1 for several shifts, more for one.

    Valid for two-winding transformers with sinusoidal load; harmonics raise the load losses. Reactive losses are left
    out, which tells a replacement a little low.

    Raises:
        ImpossibleFigureError: a negative figure.

    Source: GB/T 13462-2008 (economical operation of power transformers), active losses with the loss factor of a
    varying load K_T; recalled.
    """
    require_not_negative(no_load_loss_w=no_load_loss_w, load_loss_w=load_loss_w, load_factor=load_factor)
    return (no_load_loss_w + load_form_factor * load_factor**2 * load_loss_w) / c.W_PER_KW


@quantities("kWh", no_load_loss_w="W", load_loss_w="W", load_factor="1", load_form_factor="1", hours="h")
def consumption_kwh(
    no_load_loss_w: Number, load_loss_w: Number, load_factor: Number, load_form_factor: Number, hours: Number
) -> Number:
    """Return the electricity lost while energised for ``hours`` [kWh]; 8760 h when it is never switched off.

    Arguments as `loss_kw`; the load factor is the average over the energised hours.
    """
    require_not_negative(hours=hours)
    return hours * loss_kw(no_load_loss_w, load_loss_w, load_factor, load_form_factor)


@quantities(
    "kWh",
    no_load_loss_before_w="W",
    load_loss_before_w="W",
    capacity_before_kva="kVA",
    no_load_loss_after_w="W",
    load_loss_after_w="W",
    capacity_after_kva="kVA",
    load_factor="1",
    load_form_factor="1",
    peak_load_factor="1",
    hours="h",
)
def replacement_saving_kwh(
    no_load_loss_before_w: Number,
    load_loss_before_w: Number,
    capacity_before_kva: Number,
    no_load_loss_after_w: Number,
    load_loss_after_w: Number,
    capacity_after_kva: Number,
    load_factor: Number,
    load_form_factor: Number,
    peak_load_factor: Number,
    hours: Number,
) -> Number:
    """Return the electricity saved by a transformer with smaller losses under the same load [kWh].

    Args:
        no_load_loss_before_w, load_loss_before_w, capacity_before_kva: the old one [W], [W], [kVA].
        no_load_loss_after_w, load_loss_after_w, capacity_after_kva: the new one [W], [W], [kVA]; the load in kVA stays,
            so its load factor is ``β·S/S'``.
        load_factor: average load of the old one over its capacity [1].
        load_form_factor: see `loss_kw` [1].
        peak_load_factor: highest load of the old one over its capacity [1], for the check of capacity.
        hours: energised hours in the period [h].

    Raises:
        LessServiceError: the new capacity is below the peak load.
        ImpossibleFigureError: a negative figure, or a capacity of zero.
    """
    require_positive(capacity_before_kva=capacity_before_kva, capacity_after_kva=capacity_after_kva)
    refuse(less_service(capacity_before_kva, capacity_after_kva, peak_load_factor))
    before = consumption_kwh(no_load_loss_before_w, load_loss_before_w, load_factor, load_form_factor, hours)
    after = load_factor * capacity_before_kva / capacity_after_kva
    return before - consumption_kwh(no_load_loss_after_w, load_loss_after_w, after, load_form_factor, hours)


def less_service(capacity_before_kva: Number, capacity_after_kva: Number, peak_load_factor: Number) -> dict[str, Mask]:
    """Return where the new transformer cannot carry the peak load, by code of ``refusals.csv``; units by name."""
    return {"less_capacity": capacity_after_kva < peak_load_factor * capacity_before_kva}
