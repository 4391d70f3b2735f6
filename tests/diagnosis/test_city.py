"""All 430 enterprises of the sample city at once; some alone say the same."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.diagnosis.cases import reference
from tests.diagnosis.sample import city
from tests.diagnosis.test_cases import assert_measures, whole

from jigai.diagnosis import Diagnoses, Inputs, diagnose, from_json, to_json
from jigai.diagnosis.tables import table

DAY = date(2026, 11, 23)
SIZE = 430


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return city(reference(DAY), SIZE, 0.03)


@pytest.fixture(scope="module")
def said(inputs: Inputs) -> Diagnoses:
    return diagnose(inputs, reference(DAY), DAY)


def test_everybody_has_a_diagnosis_of_every_part(said: Diagnoses) -> None:
    assert len(said.of) == SIZE
    assert said.parts.height == SIZE * len(table("parts.csv"))
    assert said.parts.select("enterprise_id", "part").is_duplicated().sum() == 0
    for one in said:
        for dimension in one.dimensions:
            for part in dimension.parts:
                whole(part)
        assert_measures(one)


def test_alone_as_in_the_city(inputs: Inputs, said: Diagnoses) -> None:
    for key in ("1", "17", "200", "430"):
        alone = diagnose(inputs.only(key), reference(DAY), DAY, peers=said.peers)
        assert to_json(alone.of[key]) == to_json(said.of[key])


def test_every_machine_that_must_go_is_in_an_order_of_its_own_enterprise(inputs: Inputs, said: Diagnoses) -> None:
    must = inputs.devices.filter(pl.col("verdict") == "must_replace").select("enterprise_id", "device_id")
    ordered = {
        (one.enterprise_id, device)
        for one in said
        for measure in one.measures
        if measure.standing == "order"
        for device in measure.devices
    }
    assert ordered == set(must.rows())
    assert len(ordered) > 100


def test_the_parts_say_what_the_frame_says(said: Diagnoses) -> None:
    for row in said.parts.filter(pl.col("part") == "newness").head(30).iter_rows(named=True):
        assert said.of[row["enterprise_id"]].part("newness").score == row["score"]


def test_scores_differ_and_none_is_the_same_for_all(said: Diagnoses) -> None:
    """A part that says the same of everybody says nothing."""
    spread = said.parts.drop_nulls("score").group_by("part").agg(pl.col("score").n_unique())
    assert dict(spread.rows())["over_age"] > 50
    assert dict(spread.rows())["energy_peers"] == 4
    assert said.parts["score"].drop_nulls().is_between(0, 100).all()


def test_all_can_be_written_and_read(said: Diagnoses) -> None:
    for one in said:
        assert from_json(to_json(one)) == one
