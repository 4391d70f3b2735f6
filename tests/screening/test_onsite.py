"""What people at the machine are told to look for follows from the rows of the lists, not from hand-written hints."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference
from jigai.screening import explain, look_for
from jigai.screening.sentences import templates

DAY = date(2026, 11, 25)
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("onsite.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(DAY)


def looks(reference, **device):
    told = explain(reference, DAY, device)
    found = {one["check"]: look_for(reference, DAY, one, told.device.get("kind", "")) for one in told.findings}
    return {check: look for check, look in found.items() if look}


def test_a_whole_series_is_confirmed_by_the_series_and_refuted_by_any_other(reference):
    look = looks(reference, name="电动机", model="JO2-21-4")["elimination"]
    assert look.read == ("model",)
    assert "铭牌型号属 JO3、JO2 系列 → 淘汰（《高耗能落后机电设备（产品）淘汰目录（第一批）》1-1）" in look.zh
    assert look.refute_zh == "铭牌为其他型号 → 不属本条"
    assert "to be eliminated" in look.en


def test_a_row_with_one_condition_says_its_opposite(reference):
    look = looks(reference, name="电动机", model="Y2-132M-4")["elimination"]
    assert look.read == ("made_year", "model")
    assert "铭牌型号为 Y2-132M-4，且出厂年份在 2003 年及以前 → 淘汰" in look.confirm_zh
    assert look.refute_zh == "铭牌为其他型号，或出厂年份在 2003 年以后 → 不属本条"
    assert "year made > 2003" in look.refute_en


def test_of_several_conditions_any_that_fails_refutes(reference):
    look = looks(reference, name="变压器", model="S7-400/10")["elimination"]
    assert "且额定容量不低于 30 kVA，额定容量不超过 1600 kVA，额定电压为 10 kV" in look.confirm_zh
    assert "上述条件有一项不符" in look.refute_zh
    assert {"capacity_kva", "voltage_kv"} <= set(look.read)


def test_without_a_model_the_listed_series_are_named(reference):
    look = looks(reference, name="电焊机")["elimination"]
    assert "铭牌型号属 ZXG、MZ、NSA、ZX5、ZX6 系列 → 可能淘汰" in look.confirm_zh
    assert look.refute_zh == "其他型号 → 录入后比对，未列入的不淘汰"


def test_a_figure_is_said_with_its_limit_and_the_side_on_which_it_is_bad(reference):
    look = looks(reference, name="变压器", model="S7-400/10")["efficiency"]
    assert look.confirm_zh == "空载损耗大于 410 W → 低于能效限定值（GB 20052-2024）"
    assert look.refute_zh == "空载损耗不大于 410 W → 达到能效限定值"


def test_a_grade_that_was_inferred_is_settled_by_a_label_or_a_report(reference):
    look = looks(reference, name="电动机", model="JO2-21-4")["efficiency"]
    assert "推断为低于能效限定值（GB 18613-2020）" in look.confirm_zh
    assert "能效标识" in look.refute_zh


def test_what_is_missing_is_asked_for_by_name(reference):
    look = looks(reference, name="水泵", model="IS100-80-160")["efficiency"]
    assert look.zh == "读出流量、扬程、额定转速、效率、是否参数为最高效率点后即可判定"
    assert look.read[:2] == ("flow_m3h", "head_m")


@pytest.mark.parametrize("given", [{}, {"made_year": 2001}, {"in_service_year": 2000}])
def test_the_year_that_makes_a_device_over_age_is_worked_out(reference, given):
    look = looks(reference, name="电动机", model="YX3-280S-4", **given)["service_life"]
    assert "在 2008 年以前 → 超过参考使用年限 18 年" in look.confirm_zh
    assert look.refute_zh == "2008 年及以后 → 未超过"


def test_the_worked_out_year_is_the_one_the_check_itself_uses(reference):
    for year, outcome in ((2007, "over_age"), (2008, "near_end")):
        told = explain(reference, DAY, {"name": "电动机", "model": "YX3-280S-4", "made_year": year})
        assert next(one["outcome"] for one in told.findings if one["check"] == "service_life") == outcome


def test_what_no_plate_can_settle_is_not_looked_for(reference):
    found = looks(reference, name="电动机", model="YX3-280S-4", made_year=2020)
    assert "two_high" not in found
    assert "guidance" not in found  # clear: nothing to confirm
    nothing = dict.fromkeys(("rule_id", "document", "clause", "metric", "value", "limit", "unit", "basis"))
    gap = {"check": "elimination", "outcome": "undecided", "missing": "版本未收录", **nothing}
    assert look_for(reference, DAY, gap).zh == "现场不能定：版本未收录"


def test_a_lead_by_series_names_all_listed_models_of_it(reference):
    told = explain(reference, DAY, {"name": "电动机", "model": "Y132M-4"})
    hit = next(one for one in told.findings if one["check"] == "elimination")
    assert look_for(reference, DAY, hit, "motor").confirm_zh.startswith("铭牌型号为 Y132M-4 → ")
    lead = look_for(reference, DAY, hit | {"basis": "inferred"}, "motor")
    assert lead.confirm_zh.count("、") >= 3
    assert " 等 " in lead.confirm_zh


def test_many_series_are_counted_not_all_named(reference):
    look = looks(reference, name="变压器", model="SJ-99/10")["elimination"]
    assert "等 15 种系列 → 淘汰" in look.confirm_zh


def test_every_sentence_is_in_both_languages_and_asks_for_attributes_only(reference):
    assert all(row["zh"] and row["en"] for row in templates("jigai.screening", "onsite.csv").values())
    for device in (
        {"name": "空压机"},
        {"name": "锅炉", "capacity_tph": 8.0},
        {"name": "风机", "model": "4-72"},
        {"name": "x"},
    ):
        for look in looks(reference, **device).values():
            assert set(look.read) <= set(attribute_dtypes())
            assert look.zh
            assert look.en
            assert "{" not in look.zh + look.en


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["is"])
def test_what_to_look_for_at_a_machine(case: dict[str, Any], reference: Reference) -> None:
    told = looks(reference, **case["device"])
    said = {
        check: {"read": list(look.read), "confirm": look.confirm_zh, "refute": look.refute_zh}
        for check, look in told.items()
    }
    assert said == {check: {"refute": "", **look} for check, look in case["looks"].items()}
    assert all(look.confirm_en and bool(look.refute_en) == bool(look.refute_zh) for look in told.values())
