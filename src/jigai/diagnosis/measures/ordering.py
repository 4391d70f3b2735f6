"""In which order measures are told, and how an appraisal joins them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import inf
from typing import Final

from jigai.diagnosis.model import Appraisal, Appraised, Diagnosis, Measure
from jigai.diagnosis.tables import keyed

AT_ONCE: Final = "立即"
_LATER: Final = "9999-12-31"


def ordered(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Return measures in their order: law first (orders, then what may become one), then payback, then carbon.

    Within the law the earliest deadline comes first, one without a deadline last.
    A measure without an appraisal follows those that have one of the same rank of law; among these the rules' own
    order decides, then the larger machines. The order never depends on the order given.
    """

    def place(one: Measure) -> tuple[int, str, float, float, int, float, str]:
        rank = int(keyed("standings.csv")[one.standing]["rank"]) if one.law else len(keyed("standings.csv"))
        day = one.deadline if one.law and one.deadline else _LATER
        pays = one.appraisal.payback_years if one.appraisal else None
        saves = one.appraisal.co2_t if one.appraisal else None
        return (
            rank,
            "" if day == AT_ONCE else day,
            inf if pays is None else pays,
            inf if saves is None else -saves,
            one.order,
            -one.power_kw,
            one.id,
        )

    return tuple(sorted(measures, key=place))


def with_appraisals(diagnosis: Diagnosis, appraisals: Mapping[str, Appraised]) -> Diagnosis:
    """Return the diagnosis with appraisals in the slots of its measures, put into order anew.

    Args:
        diagnosis: as diagnosed.
        appraisals: by the id of the measure; measures that are not named keep what they have.

    Raises:
        KeyError: an appraisal of a measure that is not in this diagnosis: it belongs to another enterprise or run.
    """
    strangers = set(appraisals) - {one.id for one in diagnosis.measures}
    if strangers:
        raise KeyError(f"no measure {', '.join(sorted(strangers))} in the diagnosis of {diagnosis.enterprise_id}")
    joined = [
        replace(one, appraisal=_slot(appraisals[one.id])) if one.id in appraisals else one for one in diagnosis.measures
    ]
    return replace(diagnosis, measures=ordered(joined))


def _slot(one: Appraised) -> Appraisal:
    return Appraisal(one.reference, one.payback_years, one.co2_t)
