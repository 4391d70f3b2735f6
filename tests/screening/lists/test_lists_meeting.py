"""Whether a device meets a row: words, questions and conditions in three values, against a slow second opinion."""

from __future__ import annotations

import itertools
from datetime import date

import polars as pl
import pytest
import yaml

from jigai.reference import Reference
from jigai.screening import screen

DAY = date(2025, 6, 1)
COLUMNS = {
    **dict.fromkeys(
        ["entry_id", "part", "clause", "kind", "product_zh", "asks", "outcome", "deadline", "certainty"], "text"
    ),
    **dict.fromkeys(["series", "models", "name_any", "name_not"], "list"),
    "series_whole": "flag",
    "condition": "condition",
}


def city(folder, **rule) -> Reference:
    """The national facts with one more list of one row, for cranes, which no national list speaks of."""
    place = folder / "city"
    place.mkdir(exist_ok=True)
    row = {name: "" for name in COLUMNS} | {
        "entry_id": "C-1",
        "part": "1",
        "kind": "crane",
        "product_zh": "起重机",
        "outcome": "eliminate",
        "certainty": "transcribed",
        **rule,
    }
    pl.DataFrame([row]).write_csv(place / "rules.csv")
    manifest = {
        "id": "city",
        "check": "elimination",
        "title_zh": "示例清单",
        "title_en": "sample list",
        "issuer": "示例市",
        "number": "示例1号",
        "number_certainty": "transcribed",
        "in_force_from": date(2025, 1, 1),
        "in_force_to": None,
        "supersedes": [],
        "superseded_by": None,
        "binds": "use",
        "certainty": "transcribed",
        "source": "示例",
        "doubts": [],
        "speaks_for": ["crane"],
        "gaps": [],
        "version": "1",
        "tables": {
            "rules": {
                "file": "rules.csv",
                "key": ["entry_id", "part"],
                "columns": {n: {"type": t} for n, t in COLUMNS.items()},
            }
        },
    }
    (place / "manifest.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    return Reference.load(DAY, extra=[place])


def answer(reference: Reference, **device) -> dict:
    frame = pl.DataFrame(
        [{"device_id": "1", "name": "天车", "model": "QD20/5t-22.5m", **device}], infer_schema_length=None
    )
    findings = screen(frame, reference, DAY).findings.filter(pl.col("check") == "elimination")
    assert findings.height == 1
    return findings.row(0, named=True)


KLEENE = {
    (True, True): "eliminate",
    (True, None): "undecided",
    (None, True): "undecided",
    (None, None): "undecided",
}


@pytest.mark.parametrize(("words", "condition"), list(itertools.product((True, False, None), repeat=2)))
def test_words_and_condition_are_kleene(tmp_path, words, condition):
    reference = city(
        tmp_path,
        name_any="吊钩;带式",
        name_not="电磁",
        asks="brake",
        condition="original_value > 0".replace("original_value", "temp_c"),
    )
    device = {
        "brake": {True: "带式制动", False: "盘式制动", None: None}[words],
        "temp_c": {True: 5.0, False: -5.0, None: None}[condition],
    }
    frame_device = {name: value for name, value in device.items() if value is not None}
    found = answer(reference, **frame_device)
    assert found["outcome"] == KLEENE.get((words, condition), "clear")
    if found["outcome"] == "undecided":
        asked = {name for name, known in (("brake", words), ("temp_c", condition)) if known is None}
        assert set(found["missing"].split(";")) == asked


def test_words_that_exclude_win_over_words_that_include(tmp_path):
    reference = city(tmp_path, name_any="天车", name_not="电磁")
    assert answer(reference, name="电磁天车")["outcome"] == "clear"
    assert answer(reference, name="天车")["outcome"] == "eliminate"


def test_a_row_without_model_is_always_a_suspicion(tmp_path):
    found = answer(city(tmp_path, name_any="天车"), name="天车")
    assert (found["basis"], found["mandatory"], found["deadline"]) == ("inferred", False, None)


def test_a_whole_series_orders_and_a_listed_one_suspects(tmp_path):
    whole = answer(city(tmp_path, series="QD", series_whole="true", deadline="2026-06-30"))
    assert (whole["outcome"], whole["basis"], whole["mandatory"]) == ("eliminate", "nameplate", True)
    assert whole["deadline"] == "2026-06-30"
    listed = answer(city(tmp_path, series="QD", series_whole="false", models="QD5-10m", deadline="2026-06-30"))
    assert (listed["outcome"], listed["basis"], listed["mandatory"]) == ("eliminate", "inferred", False)
    assert listed["deadline"] is None


@pytest.mark.parametrize("certainty", ["secondary", "recalled", "doubtful"])
def test_an_unsure_row_orders_nothing(tmp_path, certainty):
    found = answer(city(tmp_path, series="QD", series_whole="true", certainty=certainty, deadline="立即"))
    assert (found["mandatory"], found["deadline"], found["certainty"]) == (False, None, certainty)


@pytest.mark.parametrize(
    ("condition", "metric", "limit"),
    [
        ("lift_t <= 20", "lift_t", 20),
        ("lift_t >= 5; lift_t <= 20", "lift_t", 20),
        ("lift_t >= 5", "lift_t", 5),
        ("lift_t = 20; made_year <= 2010", "made_year", 2010),
        ("lift_t = 20", "lift_t", 20),
    ],
)
def test_the_figure_shown_is_the_one_that_decides(tmp_path, condition, metric, limit):
    found = answer(city(tmp_path, series="QD", series_whole="true", condition=condition), made_year=2001)
    assert (found["outcome"], found["metric"], found["limit"]) == ("eliminate", metric, limit)


def test_what_is_missing_is_named_in_both_languages(tmp_path):
    found = answer(city(tmp_path, series="QD", series_whole="true", condition="made_year <= 2010"))
    assert found["missing"] == "made_year"
    assert "出厂年份" in found["reason_zh"]
    assert "year made" in found["reason_en"]
