"""Like for like: what must stay the same when a motor is replaced, and what may differ."""

from __future__ import annotations

import pytest

from jigai.appraisal.motor.replacement import require_like_for_like, unlike
from jigai.appraisal.refusal import LessServiceError

SAME = {"poles": ("4", "4"), "voltage_kv": (0.38, 0.38), "explosion_proof": (False, False)}


def test_the_same_motor_is_like_the_old_one():
    require_like_for_like(**SAME)
    assert not any(unlike(**SAME).values())


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"poles": ("4", "6")}, "other_poles", "poles"),
        ({"poles": ("4/2", "4")}, "other_poles", "poles"),
        ({"voltage_kv": (6.0, 0.38)}, "other_voltage", "voltage_kv"),
        ({"explosion_proof": (True, False)}, "not_explosion_proof", "explosion_proof"),
    ],
)
def test_another_motor_is_refused_by_name(change, code, field):
    with pytest.raises(LessServiceError) as refused:
        require_like_for_like(**(SAME | change))
    assert refused.value.code == code and refused.value.field == field


def test_more_protection_than_before_is_no_fault():
    require_like_for_like(**(SAME | {"explosion_proof": (False, True)}))
