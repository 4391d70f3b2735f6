"""Screening as a whole: one answer per device whatever the order, the company or the number of machines."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.screening.cases import all_cases, frame

from jigai.reference import Reference
from jigai.screening import CHECKS, screen
from jigai.screening.schema import FINDING

DAY = date(2024, 8, 1)
DECIDED = {"eliminate", "restricted", "encouraged", "clear", "over_age", "near_end", "within", "below_limit"} | {
    f"grade_{grade}" for grade in range(1, 6)
}
CHECK_SETTINGS = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(DAY)


@pytest.fixture(scope="module")
def devices() -> pl.DataFrame:
    return frame(list(all_cases()))


@pytest.fixture(scope="module")
def screening(devices, reference):
    return screen(devices, reference, DAY)


def by_device(found: pl.DataFrame) -> pl.DataFrame:
    return found.sort("device_id", "check", "dataset", "rule_id", "outcome", "missing", nulls_last=True)


def test_every_device_has_every_check(devices, screening):
    pairs = screening.findings.select("device_id", "check").unique()
    assert pairs.height == devices.height * len(CHECKS)
    assert screening.findings.columns == ["device_id", *FINDING]


def test_the_lines_come_back_in_their_order_with_verdicts(devices, screening):
    assert screening.devices["device_id"].to_list() == devices["device_id"].to_list()
    assert screening.devices["verdict"].null_count() == 0


def test_every_finding_says_why_in_both_languages(screening):
    for language in ("zh", "en"):
        reasons = screening.findings[f"reason_{language}"]
        assert reasons.null_count() == 0
        bad = [
            text
            for text in reasons.unique()
            if re.search(r"None|null|\{|\}|（）|\(\)|。。|，，|；；|，。|“”|nan|型号 +属|型号 +与", text)
        ]
        assert bad == []


def test_what_is_undecided_names_what_is_missing(screening):
    nameless = screening.findings.filter(
        (pl.col("outcome") == "undecided") & (pl.col("missing").is_null() | (pl.col("missing") == ""))
    )
    assert nameless.is_empty()


def test_an_inferred_or_unconfirmed_finding_is_never_an_order(screening):
    orders = screening.findings.filter("mandatory")
    assert orders.filter(pl.col("basis") == "inferred").is_empty()
    assert orders.filter(pl.col("certainty") != "transcribed").is_empty()
    ordered = screening.devices.filter(pl.col("verdict") == "must_replace")["device_id"]
    assert set(ordered) <= set(orders["device_id"])


@given(seed=st.integers(0, 10_000))
@CHECK_SETTINGS
def test_row_order_changes_nothing(devices, screening, reference, seed):
    shuffled = screen(devices.sample(fraction=1.0, shuffle=True, seed=seed), reference, DAY)
    assert_frame_equal(by_device(shuffled.findings), by_device(screening.findings))
    assert_frame_equal(shuffled.devices.sort("device_id"), screening.devices.sort("device_id"))


@given(cut=st.integers(1, 150))
@CHECK_SETTINGS
def test_splitting_changes_nothing(devices, screening, reference, cut):
    parts = [screen(part, reference, DAY).findings for part in (devices[:cut], devices[cut:])]
    assert_frame_equal(pl.concat(parts), screening.findings)


@given(quantity=st.integers(1, 5000))
@CHECK_SETTINGS
def test_the_number_of_machines_never_changes_a_finding(devices, screening, reference, quantity):
    many = screen(devices.with_columns(quantity=pl.lit(quantity)), reference, DAY)
    assert_frame_equal(many.findings, screening.findings)


ADDITIONS = {"made_year": 1995, "voltage_kv": 10.0, "efficiency_pct": 88.0, "flow_m3h": 20000.0, "power_kw": 55.0}


@pytest.mark.parametrize("name", ADDITIONS)
def test_adding_information_never_makes_a_decided_check_undecided(devices, reference, name):
    known = devices if name in devices.columns else devices.with_columns(pl.lit(None).alias(name))
    added = known.with_columns(pl.col(name).fill_null(ADDITIONS[name]).alias(name))
    same_reading = screen(devices, reference, DAY)
    more = screen(added, reference, DAY)
    before, after = (decided_checks(found.findings) for found in (same_reading, more))
    assert before, "the property says nothing when nothing is decided"
    assert before - after == set()


def decided_checks(findings: pl.DataFrame) -> set[tuple[str, str]]:
    """Checks decided by what is known, not by what is inferred: a figure may well unsettle a guess."""
    decided = findings.filter(pl.col("outcome").is_in(list(DECIDED)) & (pl.col("basis") != "inferred"))
    return set(decided.select("device_id", "check").iter_rows())


def test_the_same_day_and_facts_replay_the_same_findings(devices, screening):
    again = screen(devices, Reference.load(DAY), DAY)
    assert Reference.load(DAY).content_hash == Reference.load(DAY).content_hash
    assert_frame_equal(again.findings, screening.findings)
    assert_frame_equal(again.devices, screening.devices)


def test_alike_lines_get_alike_answers(devices, reference):
    twice = pl.concat([devices, devices.with_columns(device_id=pl.col("device_id") + "-b")])
    found = screen(twice, reference, DAY).devices
    assert found["verdict"][: devices.height].to_list() == found["verdict"][devices.height :].to_list()


def test_ids_must_be_there_and_differ(devices, reference):
    with pytest.raises(ValueError, match="device_id"):
        screen(devices.drop("device_id"), reference, DAY)
    with pytest.raises(ValueError, match="device_id"):
        screen(devices.with_columns(device_id=pl.lit("same")), reference, DAY)


def test_no_devices_no_findings(devices, reference):
    nothing = screen(devices.clear(), reference, DAY)
    assert nothing.devices.is_empty()
    assert nothing.findings.is_empty()
    assert nothing.findings.columns == ["device_id", *FINDING]


@pytest.mark.parametrize("day", [date(2005, 1, 1), date(2011, 6, 1), date(2021, 6, 1), date(2027, 4, 1)])
def test_any_day_can_be_asked(devices, day):
    found = screen(devices, Reference.load(day), day)
    assert found.findings.select("device_id", "check").unique().height == devices.height * len(CHECKS)


def test_a_contradiction_becomes_a_question_with_its_cell(reference):
    line = {
        "device_id": "x",
        "source_file": "a.xlsx",
        "sheet": "台账",
        "row": 7,
        "name": "电机",
        "model": "Y160L-4",
        "poles": "6",
        "cells": "name=B7;model=C7;poles=F7",
    }
    problems = screen(pl.DataFrame([line]), reference, DAY).problems
    assert problems.height == 1
    asked = problems.row(0, named=True)
    assert (asked["source_file"], asked["sheet"], asked["row"], asked["column"]) == ("a.xlsx", "台账", 7, "F")
    assert asked["severity"] == "question"
    assert "6" in asked["message_zh"] and "4" in asked["message_zh"]
