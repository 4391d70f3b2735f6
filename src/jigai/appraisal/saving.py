"""Expected and verified savings: two types, so that one can never stand for the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jigai.appraisal.dimensions import quantities
from jigai.appraisal.estimate import Estimate
from jigai.appraisal.numbers import Number
from jigai.appraisal.refusal import AppraisalError, require_not_negative, require_positive


@dataclass(frozen=True)
class ExpectedSaving:
    """What a measure is expected to save in a year, before it is done (预计节能量): an estimate, never an achievement.

    ``amount`` is in ``unit`` (kWh, GJ, kgce) per year; ``as_of`` is the day whose facts it was computed with.
    """

    amount: Estimate
    unit: str
    as_of: date


@dataclass(frozen=True)
class VerifiedSaving:
    """What a measure did save, from meters before and after (核定节能量).

    ``amount`` is in ``unit`` over the reporting period, whose first and last day are ``start`` and ``end``; ``record``
    names the meter records or the verification report. It can only be made by `verified_saving`.
    """

    amount: float
    unit: str
    start: date
    end: date
    record: str


@quantities("kWh", baseline_kwh="kWh", baseline_output="t", reporting_kwh="kWh", reporting_output="t")
def metered_saving_kwh(
    baseline_kwh: Number, baseline_output: Number, reporting_kwh: Number, reporting_output: Number
) -> Number:
    """Return the saving between two metered periods at equal output [kWh]: ``E_b·M_r/M_b − E_r``.

    Args:
        baseline_kwh, baseline_output: energy [kWh] and output [t, or any unit of service] of the baseline period.
        reporting_kwh, reporting_output: the same of the reporting period.

    Valid where consumption follows output; a large share that does not (heating, idling) needs a regression instead.

    Raises:
        ImpossibleFigureError: negative energy, or an output of zero or less.

    Source: adjusted baseline of GB/T 28750 (measurement and verification of energy savings; recalled).
    """
    require_not_negative(baseline_kwh=baseline_kwh, reporting_kwh=reporting_kwh)
    require_positive(baseline_output=baseline_output, reporting_output=reporting_output)
    return baseline_kwh * (reporting_output / baseline_output) - reporting_kwh


def verified_saving(
    baseline_kwh: float,
    baseline_output: float,
    reporting_kwh: float,
    reporting_output: float,
    start: date,
    end: date,
    record: str,
) -> VerifiedSaving:
    """Return the verified saving of a reporting period; arguments as `metered_saving_kwh` and `VerifiedSaving`.

    Raises:
        AppraisalError: ``no_baseline`` when no record is named or the period is empty.
        ImpossibleFigureError: as `metered_saving_kwh`.
    """
    if not record.strip():
        raise AppraisalError("no_baseline", field="record")
    if end < start:
        raise AppraisalError("no_baseline", field="end")
    amount = metered_saving_kwh(baseline_kwh, baseline_output, reporting_kwh, reporting_output)
    return VerifiedSaving(float(amount), "kWh", start, end, record)
