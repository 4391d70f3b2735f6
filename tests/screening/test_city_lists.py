"""A city's own list, loaded from a folder, judges like the national ones and may say ``listed`` (D8)."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
import yaml

from jigai.reference import Reference
from jigai.screening import screen

DAY = date(2025, 3, 1)
HEAD = {
    "title_en": "City list",
    "issuer": "示例市",
    "number": "示例〔2025〕1号",
    "number_certainty": "transcribed",
    "in_force_from": DAY,
    "in_force_to": None,
    "supersedes": [],
    "superseded_by": None,
    "certainty": "transcribed",
    "source": "示例",
    "doubts": [],
    "gaps": [],
    "version": "1",
}
TEXT, LIST = {"type": "text"}, {"type": "list"}


def write(folder, name, columns, rows, **head):
    place = folder / name
    place.mkdir()
    manifest = {
        "id": name,
        **HEAD,
        **head,
        "tables": {"rules": {"file": "rules.csv", "key": ["entry_id"], "columns": columns}},
    }
    (place / "manifest.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    pl.DataFrame(rows).write_csv(place / "rules.csv")
    return place


@pytest.fixture
def city(tmp_path):
    columns = dict.fromkeys(
        ["entry_id", "part", "clause", "kind", "product_zh", "outcome", "deadline", "certainty"], TEXT
    )
    columns |= {"series": LIST, "series_whole": {"type": "flag"}, "condition": {"type": "condition"}}
    rule = {
        "entry_id": "CITY-1",
        "part": "1",
        "clause": "1",
        "kind": "crane",
        "product_zh": "老式吊钩桥式起重机",
        "outcome": "eliminate",
        "deadline": "2026-12-31",
        "certainty": "transcribed",
        "series": "QD",
        "series_whole": "true",
        "condition": "lift_t <= 20",
    }
    write(
        tmp_path,
        "city-cranes",
        columns,
        [rule],
        title_zh="示例市淘汰清单",
        check="elimination",
        binds="use",
        speaks_for=["crane"],
    )
    columns = dict.fromkeys(["entry_id", "industry_code", "industry_zh", "sector_zh", "outcome", "certainty"], TEXT)
    listed = ["P-1", "3110", "炼铁", "钢铁", "listed", "transcribed"]
    write(
        tmp_path, "province-two-high", columns, [dict(zip(columns, listed, strict=True))],
        title_zh="示例省两高目录", check="two_high", binds="advice", speaks_for=[],
    )  # fmt: skip
    return tmp_path


def judge(extra, **device):
    frame = pl.DataFrame([{"device_id": "1", **device}])
    found = screen(frame, Reference.load(DAY, extra=extra), DAY)
    return found.devices["verdict"][0], {row["check"]: row for row in found.findings.iter_rows(named=True)}


def test_a_city_list_orders_by_its_own_paper(city):
    verdict, found = judge([city], name="天车", model="QD20/5t-22.5m")
    assert verdict == "must_replace"
    assert found["elimination"]["rule_id"] == "CITY-1"
    assert found["elimination"]["deadline"] == "2026-12-31"
    assert "示例市淘汰清单" in found["elimination"]["reason_zh"]


def test_a_bigger_crane_is_clear_by_the_city_list(city):
    assert judge([city], name="天车", model="QD50/10t-28.5m")[1]["elimination"]["outcome"] == "clear"


def test_without_the_city_list_cranes_are_not_judged():
    assert judge([], name="天车", model="QD20/5t-22.5m")[1]["elimination"]["outcome"] == "out_of_scope"


def test_a_province_list_makes_two_high_listed(city):
    device = {"name": "电机", "model": "YE3-160L-6", "industry_code": "3110"}
    assert judge([city], **device)[1]["two_high"]["outcome"] == "listed"
    assert judge([], **device)[1]["two_high"]["outcome"] == "candidate"
