"""A ledger appraised: the cases an officer can check by hand, and what must hold for every row of a frame."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from tests.appraisal.ledgers import TODAY, answer, answers, ledger, reference

from jigai.appraisal.assumptions import assumptions
from jigai.appraisal.devices import MEASURES, appraise
from jigai.appraisal.tables import keyed, table
from jigai.appraisal.tariff import SAMPLE, in_force, tariffs
from jigai.ledger.columns import attribute_dtypes

FOLDER = Path(__file__).resolve().parents[1] / "cases/appraisal/ledger"
CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


PRIMARY = {kind: row["measure"] for row in table("measures") for kind in row["primary"].split(";") if kind}


@cache
def worked(day: date) -> dict[str, dict[str, Any]]:
    """The rows of all cases of a day, appraised as one ledger, by the name of the case."""
    mine = [case for case in CASES if case["as_of"] == day]
    devices = [{"measure": PRIMARY[case["device"]["kind"]], **case["device"]} for case in mine]
    return dict(zip([case["name"] for case in mine], answers(*devices, day=day), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_comes_out_as_worked_by_hand(case):
    found = worked(case["as_of"])[case["name"]]
    for column, wanted in case["expect"].items():
        same = pytest.approx(wanted, rel=1e-4) if isinstance(wanted, float | int) and wanted is not True else wanted
        assert found[column] == same, f"{column}: {found}"
    missing = (found["missing"] or "").split(";")
    assert set(case.get("missing", [])) <= set(missing), found
    assert not set(case.get("not_missing", [])) & set(missing), found
    assert all(text in (found["assumptions"] or "") for text in case.get("assumed", [])), found
    if found["status"] == "refused":
        assert "请" in found["refused_zh"] and found["refused_en"]


def test_every_row_of_a_mixed_ledger_keeps_its_place_and_its_figures():
    """Devices of all kinds together give what each gives alone, in the order of the ledger."""
    plain = [case["device"] for case in CASES if "measure" not in case["device"] and case["as_of"] == TODAY][::9]
    alone = [answer(device) for device in plain]
    assert len({device["kind"] for device in plain}) > 3
    together = appraise(ledger(*plain), reference(TODAY), "四川")
    assert together["device_id"].to_list() == [f"d{place}" for place in range(len(plain))]
    for row, wanted in zip(together.iter_rows(named=True), alone, strict=True):
        assert {k: v for k, v in row.items() if k != "device_id"} == {
            k: pytest.approx(v) if isinstance(v, float) else v for k, v in wanted.items() if k != "device_id"
        }


def test_low_likely_high_rise_in_every_figure_and_no_saving_exceeds_the_consumption():
    found = appraise(
        ledger(*(case["device"] for case in CASES if "measure" not in case["device"])),
        reference(TODAY),
        "四川",
        tariff=tariffs()[0],
    )
    for name in ("saving", "tce", "co2_t", "money_yuan"):
        told = found.filter(pl.col(f"{name}_likely").is_not_null())
        assert told.height > 5
        assert (told[f"{name}_low"] <= told[f"{name}_likely"] + 1e-9).all()
        assert (told[f"{name}_likely"] <= told[f"{name}_high"] + 1e-9).all()
    told = found.filter(pl.col("status") == "appraised")
    assert (told["saving_likely"] <= told["consumption_before"] + 1e-6).all()
    assert ((told["consumption_before"] - told["consumption_after"] - told["saving_likely"]).abs() < 1e-3).all()


def test_rows_without_a_figure_are_never_silent():
    found = appraise(ledger(*({"kind": kind} for kind in kinds())), reference(TODAY), "四川")
    assert found["status"].to_list() == ["undecided"] * len(kinds())
    assert found["missing"].is_not_null().all()


def kinds() -> list[str]:
    return [kind for row in table("measures") for kind in row["primary"].split(";") if kind]


def test_kinds_without_a_measure_are_left_out():
    found = appraise(ledger({"kind": "crane"}, {"kind": None}), reference(TODAY), "四川")
    assert found.height == 0 and found.columns == [row["column"] for row in table("results")]


def test_a_measure_that_does_not_fit_the_kind_is_an_error():
    with pytest.raises(KeyError, match="boiler_replacement"):
        answer({"kind": "motor", "measure": "boiler_replacement"})


MOTOR = {
    "kind": "motor", "power_kw": 75, "poles": "4", "voltage_kv": 0.38, "efficiency_pct": 91, "hours": 6000,
    "load_factor": 0.7, "constant_loss_share": 0.36, "speed_exponent": 0,
}  # fmt: skip


def test_the_spread_of_one_input_is_the_spread_of_the_saving():
    """6000 hours, at least 5000 and at most 6600: saving in the same proportion."""
    found = answer(MOTOR | {"hours_low": 5000, "hours_high": 6600})
    assert found["saving_low"] == pytest.approx(found["saving_likely"] * 5 / 6)
    assert found["saving_high"] == pytest.approx(found["saving_likely"] * 1.1)


def test_money_by_tariff_follows_the_shares_of_the_day_and_carries_the_sample():
    tariff = in_force(tariffs(), SAMPLE, TODAY)
    shared = answer(MOTOR | {"peak_share": 0.5, "flat_share": 0.25, "valley_share": 0.25}, tariff=tariff)
    price = 0.5 * 0.96 + 0.25 * 0.6 + 0.25 * 0.24
    assert shared["money_yuan_likely"] == pytest.approx(17348.9 * price, rel=1e-5)
    assert shared["sample_money"] and not shared["sample"]
    loose = answer(MOTOR, tariff=tariff)
    assert loose["money_yuan_low"] == pytest.approx(17348.9 * 0.24, rel=1e-4)
    assert loose["money_yuan_likely"] == pytest.approx(17348.9 * 0.6, rel=1e-4)
    assert loose["money_yuan_high"] == pytest.approx(17348.9 * 0.96, rel=1e-4)


def test_a_price_of_the_enterprise_goes_before_the_sample_tariff():
    found = answer(MOTOR | {"electricity_price": 0.5, "electricity_price_origin": "invoice"}, tariff=tariffs()[0])
    assert found["money_yuan_likely"] == pytest.approx(17348.9 * 0.5, rel=1e-4)
    assert not found["sample_money"]


def test_an_assumption_of_the_city_is_no_sample(tmp_path):
    own = tmp_path / "assumptions.csv"
    own.write_text(
        "key,low,likely,high,sample,certainty,why\nload_factor,0.6,0.7,0.8,no,secondary,全市 412 台实测\n",
        encoding="utf-8",
    )
    bare = {name: value for name, value in MOTOR.items() if name != "load_factor"}
    found = answer(bare, assumed=assumptions(own))
    assert found["sample"] is False and found["origin"] == "city_assumption"
    assert found["assumptions"] == "load_factor=0.6–0.7–0.8"
    assert answer(bare)["sample"] is True


def test_the_sample_flag_of_a_fact_spreads_too():
    assert answer(MOTOR | {"hours_sample": True})["sample"] is True


def test_a_place_without_a_factor_leaves_the_carbon_open_and_says_so():
    found = appraise(ledger(MOTOR), reference(TODAY), "贵州").row(0, named=True)
    assert found["co2_t_likely"] is None and found["tce_likely"] is not None
    assert "grid_co2:贵州" in found["missing"]


def test_a_recalled_factor_marks_the_row():
    found = appraise(ledger(MOTOR), reference(TODAY), "四川", year=2021).row(0, named=True)
    assert found["certainty"] == "recalled"
    assert found["co2_t_likely"] == pytest.approx(17348.9 * 0.117 / 1000, rel=1e-4)


def test_a_better_grade_never_saves_less():
    first, second, third = (answer(MOTOR, grade=grade)["saving_likely"] for grade in (1, 2, 3))
    assert first > second > third > 0


def test_points_of_a_load_profile_are_rows_to_be_added():
    fan = {"kind": "fan", "device_id": "f", "power_kw": 110, "shaft_power_kw": 90}
    points = [fan | {"hours": 2000, "flow_share": 1.0}, fan | {"hours": 4000, "flow_share": 0.6}]
    found = appraise(ledger(*points), reference(TODAY), "四川")
    assert found["device_id"].to_list() == ["f", "f"]
    assert found["saving_likely"][0] < 0 < found["saving_likely"][1]


def test_the_tables_speak_of_the_same_measures_facts_and_columns():
    assert set(MEASURES) == set(keyed("measures", "measure"))
    assert set(assumptions()) <= set(keyed("facts", "key"))
    attributes = attribute_dtypes()
    assert [row["key"] for row in table("facts") if row["attribute"] and row["attribute"] not in attributes] == []
    assert all(row["zh"] and row["en"] for name in ("facts", "measures", "results") for row in table(name))
    assert all(row["why"].startswith("示例") == (row["sample"] == "yes") for row in table("assumptions"))


def test_an_assumption_stays_inside_the_range_of_its_fact():
    for key, one in assumptions().items():
        fact = keyed("facts", "key")[key]
        assert float(fact["least"] or "-inf") <= one.low <= one.high <= float(fact["most"] or "inf"), key
