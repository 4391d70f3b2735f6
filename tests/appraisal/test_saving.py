"""Expected and verified savings are two things, and a verified one needs its meter records."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from jigai.appraisal.estimate import Origin, between
from jigai.appraisal.refusal import AppraisalError, ImpossibleFigureError
from jigai.appraisal.saving import ExpectedSaving, VerifiedSaving, verified_saving

YEAR = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}


def test_a_verified_saving_is_measured_at_equal_output():
    """400 000 kWh for 1000 t, then 374 000 kWh for 1100 t: 440 000 − 374 000."""
    found = verified_saving(400000, 1000, 374000, 1100, **YEAR, record="电表 12 号抄表记录")
    assert found.amount == pytest.approx(66000) and found.unit == "kWh"


def test_the_two_types_share_no_way_into_each_other():
    expected = ExpectedSaving(between(1.0, 2.0, 3.0, "x", Origin.ENTERPRISE), "kWh", date(2026, 1, 1))
    assert not isinstance(expected, VerifiedSaving)
    assert {field.name for field in fields(VerifiedSaving)} - {field.name for field in fields(ExpectedSaving)} == {
        "start",
        "end",
        "record",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [({"record": "  "}, "record"), ({"end": date(2024, 12, 31)}, "end")],
)
def test_without_records_or_a_period_nothing_is_verified(change, field):
    with pytest.raises(AppraisalError) as refused:
        verified_saving(
            **(
                {"baseline_kwh": 4, "baseline_output": 1, "reporting_kwh": 3, "reporting_output": 1, "record": "抄表"}
                | YEAR
                | change
            )
        )
    assert refused.value.code == "no_baseline" and refused.value.field == field


def test_a_period_without_output_cannot_be_compared():
    with pytest.raises(ImpossibleFigureError):
        verified_saving(4, 0, 3, 1, **YEAR, record="抄表")
