"""A process line by its consumption per product, at equal output."""

from __future__ import annotations

from jigai.appraisal.dimensions import quantities
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.refusal import refuse, require_not_negative


@quantities("kgce", consumption_per_t="kgce/t", output_t="t")
def consumption_kgce(consumption_per_t: Number, output_t: Number) -> Number:
    """Return the energy of a line [kgce]: consumption per product times output.

    Args:
        consumption_per_t: energy per product, as the quota standards define it for the product [kgce/t].
        output_t: qualified output in the period [t].

    Raises:
        ImpossibleFigureError: a negative figure.
    """
    require_not_negative(consumption_per_t=consumption_per_t, output_t=output_t)
    return consumption_per_t * output_t


@quantities(
    "kgce", consumption_before_per_t="kgce/t", consumption_after_per_t="kgce/t", output_t="t", output_after_t="t"
)
def saving_kgce(
    consumption_before_per_t: Number, consumption_after_per_t: Number, output_t: Number, output_after_t: Number
) -> Number:
    """Return the energy saved by a better line at the output of today [kgce]: ``(e1 − e2)·M``.

    Args:
        consumption_before_per_t, consumption_after_per_t: energy per product [kgce/t], same product, boundary
            and method.
        output_t: output M today [t]; the saving is counted on it, not on a larger output afterwards.
        output_after_t: output the new line can make [t], for the check.

    Raises:
        LessServiceError: the new line makes less.
        ImpossibleFigureError: a negative figure.

    Source: saving by product of GB/T 13234 (calculation of energy saved by enterprises; recalled).
    """
    refuse(less_service(output_after_t, output_t))
    before = consumption_kgce(consumption_before_per_t, output_t)
    return before - consumption_kgce(consumption_after_per_t, output_t)


def less_service(output_after_t: Number, output_t: Number) -> dict[str, Mask]:
    """Return where the new line makes less, by code of ``refusals.csv``; [t]."""
    return {"less_output": output_after_t < output_t}
