"""The kind is settled by name, category and model together, and a contradiction stays open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import yaml

from jigai.nameplate import Reading
from jigai.nameplate.language import language
from jigai.nameplate.naming import kinds_of_names
from jigai.reference import Reference

Read = Callable[[list[dict[str, object]]], Reading]


def test_kinds_table(reading: Read) -> None:
    cases = yaml.safe_load((Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8"))
    assert len(cases) >= 80
    lines = [{"name": case["name"], "model": case.get("model"), "kind_text": case.get("category")} for case in cases]
    devices = reading(lines).devices
    wrong = [
        (case, device["kind"], device["kind_reason"])
        for case, device in zip(cases, devices.iter_rows(named=True), strict=True)
        if device["kind"] != case["kind"]
    ]
    assert wrong == []
    assert devices["kind_reason"].null_count() == 0
    assert not devices["kind_reason"].str.contains("{", literal=True).any()


def test_word_that_ends_furthest_right_decides_then_the_longest() -> None:
    named = kinds_of_names(pl.Series(["助燃风机电机", "柴油发电机", "循环水泵2#机组"]), language())
    assert named["word"].to_list() == ["电机", "柴油发电机", "水泵"]
    assert named["kind"].to_list() == ["motor", "generator", "pump"]
    assert named["anchored"].all()


def test_word_inside_a_longer_phrase_is_not_the_head() -> None:
    named = kinds_of_names(pl.Series(["水泵叶轮加工"]), language())
    assert named["kind"].to_list() == ["pump"]
    assert named["anchored"].to_list() == [False]


def test_contradiction_between_name_and_model_is_a_question(reading: Read) -> None:
    result = reading([{"name": "循环水泵", "model": "Y2-180M-4"}])
    assert result.devices["kind"].to_list() == [None]
    assert "矛盾" in result.devices["kind_reason"][0]
    assert result.conflicts.rows() == [(0, "kind", "泵", "电动机")]


def test_given_kind_is_kept(reading: Read) -> None:
    assert reading([{"name": "水泵", "model": None, "kind": "motor"}]).devices["kind"].to_list() == ["motor"]


def test_every_kind_is_named_once_and_has_a_life_class_of_the_official_list(reference: Reference) -> None:
    kinds = reference.table("kinds", "kinds")
    words = kinds.explode("aliases", empty_as_null=True)["aliases"].drop_nulls()
    assert words.is_unique().all()
    assert {"动力设备", "变电配电设备", "机械设备", "工业炉窑", "冶金专用设备"} <= set(kinds["life_class"])
    for batch in ("elimination-1", "elimination-2", "elimination-3", "elimination-4", "guidance-2024"):
        if reference.has(batch):
            assert set(reference.table(batch)["kind"]) <= set(kinds["kind"]), batch


def test_every_subkind_belongs_to_a_kind(reference: Reference) -> None:
    assert set(reference.table("kinds", "subkinds")["kind"]) <= set(reference.table("kinds", "kinds")["kind"])
