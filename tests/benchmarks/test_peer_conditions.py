"""The peer tests conditions as the grammar says, one device at a time."""

from __future__ import annotations

from decimal import Decimal

import pytest
from benchmarks.peer.conditions import Device, compile_rule, exact


@pytest.mark.parametrize(
    ("text", "device", "answer"),
    [
        ("", {}, True),
        ("power_kw >= 7.5; power_kw <= 125", {"power_kw": Decimal("7.5")}, True),
        ("power_kw >= 7.5; power_kw <= 125", {"power_kw": Decimal("7.49")}, False),
        ("power_kw >= 7.5", {}, None),
        ("power_kw >= 7.5; poles = 4", {"poles": "6"}, False),
        ("power_kw >= 7.5; poles = 4", {"poles": "4"}, None),
        ("power_kw in 0.2|0.4|1.1", {"power_kw": Decimal("0.4")}, True),
        ("series != Y", {"series": "Y2"}, True),
        ("made_year <= 2003", {"in_service_year": 2001}, True),
        ("made_year <= 2003", {"in_service_year": 2005}, None),
        ("made_year <= 2003", {"made_year": 2005, "in_service_year": 2001}, False),
        ("built_year < 1990", {"in_service_year": 1991}, False),
        ("cnc = false", {"cnc": False}, True),
    ],
)
def test_three_answers(text: str, device: Device, answer: bool | None) -> None:
    assert compile_rule(text).test(device) is answer


def test_only_the_open_fields_are_named_once_each() -> None:
    rule = compile_rule("power_kw >= 1; power_kw <= 9; built_year < 2000; poles = 4")
    assert rule.missing({"poles": "4"}) == ["power_kw", "made_year"]
    assert rule.missing({"poles": "2"}) == []


def test_floats_become_what_was_written() -> None:
    assert exact(0.1) == Decimal("0.1")
    assert exact("0.1") == "0.1"
