"""Headers → attributes: proposals, given mappings, and layouts learned once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.ledger import books

from jigai.ledger import Mapping, MappingError, read_ledger
from jigai.ledger.columns import (
    attribute,
    attribute_dtypes,
    attributes,
    attributes_for,
    signature_attributes,
)
from jigai.ledger.labels import read_label, vocabulary
from jigai.ledger.mapping import Header, fingerprint, propose
from jigai.ledger.mapping_file import unknown_headers, write_mapping_file
from jigai.ledger.units import factors, known_units


def mapped(*labels: str) -> list[str | None]:
    return [item.attribute for item in propose([Header(place, (label,)) for place, label in enumerate(labels)])]


@pytest.mark.parametrize(
    ("text", "stem", "unit"),
    [
        ("功率\n(kW)", "功率", "kw"),
        ("额定功率/kW", "额定功率", "kw"),
        ("轴功率kW", "轴功率", "kw"),
        ("额定蒸发量t/h", "额定蒸发量", "t/h"),
        ("热效率%", "热效率", "%"),
        ("数量（台）", "数量", "台"),
        ("＊设备 名称：", "设备名称", ""),
        ("排气量（m³/min）", "排气量", "m3/min"),
        ("机组输入比功率kW/(m3/min)", "机组输入比功率", "kw/(m3/min)"),
        ("COP(-12℃)", "cop", ""),
        ("规格/型号", "规格/型号", ""),
    ],
)
def test_labels_are_split_into_name_and_unit(text: str, stem: str, unit: str) -> None:
    label = read_label(text)
    assert (label.stem, label.unit) == (stem, unit)


def test_headers_find_their_attributes() -> None:
    assert mapped("序号", "设备名称", "规格型号", "额定容量(kvar)", "容量(t/h)", "容量(kVA)") == [
        None,
        "name",
        "model",
        "capacity_kvar",
        "capacity_tph",
        "capacity_kva",
    ]
    assert mapped("主要用能设备名称", "风机全压(Pa)", "水泵扬程", "锅炉型号") == [
        "name",
        "total_pressure_kpa",
        "head_m",
        "model",
    ]
    assert mapped("设备名称及型号", "总功率(kW)", "单台功率(kW)", "使用年限", "拟更换设备型号") == [
        "name",
        None,
        "power_kw",
        None,
        None,
    ]
    assert mapped("设备名称", "型号", "电机效率(%)", "泵效率(%)") == ["name", "model", None, "efficiency_pct"]
    assert mapped("规格形号", "合同编号", "负责人名称", "颜色") == ["model", None, None, None]


def test_scores_tell_aliases_from_guesses() -> None:
    sure, guess = propose([Header(0, ("设备名称",)), Header(1, ("全厂主要设备规格型号",))])
    assert sure.score == 1
    assert guess.attribute == "model"
    assert 0.78 <= guess.score < 0.95
    ledger = read_ledger(books.xlsx([["设备名称", "鼓风机全压(Pa)", "型号"], ["风机", 2500, "4-72"]]))
    assert books.problem(ledger, "header_guessed")["column"] == "B"


def test_every_alias_leads_to_its_attribute() -> None:
    for item in attributes():
        if item.role in {"provenance", "derived"}:
            continue
        for alias in item.aliases:
            offers = [found.name for _, _, found in vocabulary()[read_label(alias).full]]
            assert item.name in offers


def test_each_attribute_is_used_once() -> None:
    found = [name for name in mapped("设备名称", "名称", "型号", "规格型号", "规格") if name]
    assert len(found) == len(set(found))


def test_a_mapping_file_settles_headers_and_leaves_columns_out(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("columns:\n  甲栏: name\n  乙栏: model\n  功率(kW): null\n", encoding="utf-8")
    rows = [["甲栏", "乙栏", "功率(kW)", "数量"], ["泵", "IS80", 7.5, 1]]
    assert read_ledger(books.xlsx(rows)).refused
    ledger = read_ledger(books.xlsx(rows), mapping=Mapping.load(path))
    device = books.line(ledger, 2)
    assert (device["name"], device["model"]) == ("泵", "IS80")
    assert "power_kw" not in device
    assert all(column.given for column in ledger.sheets[0].columns[:3])


def test_one_learned_mapping_serves_all_books_of_the_same_shape(tmp_path: Path) -> None:
    rows = [["设备名称", "规格型号", "辅助栏"], ["泵", "IS80", "A-1"]]
    first = read_ledger(books.xlsx(rows))
    path = tmp_path / "mapping.yaml"
    Mapping.learn([first]).save(path)
    text = path.read_text(encoding="utf-8")
    assert "辅助栏: null" in text
    path.write_text(text.replace("辅助栏: null", "辅助栏: code"), encoding="utf-8")
    mapping = Mapping.load(path)
    assert mapping.knows(first.sheets[0].fingerprint)
    other = read_ledger(books.xlsx([["别的标题"], *rows, ["电机", "Y160L-4", "A-2"]]), mapping=mapping)
    assert other.devices["code"].to_list() == ["A-1", "A-2"]
    different = read_ledger(
        books.xlsx([["设备名称", "规格型号", "位置", "辅助栏"], ["泵", "IS80", "甲", "A"]]), mapping=mapping
    )
    assert "code" not in different.devices.columns


def test_json_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps({"columns": {"甲栏": "name"}}), encoding="utf-8")
    assert Mapping.load(path).columns == {"甲栏": "name"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- 1", "columns"),
        ("columns: {甲: nmae}", "nmae"),
        ("layouts: [{columns: {}}]", "fingerprint"),
        ("columns: [", "YAML"),
        ("columns: 3", "table"),
    ],
)
def test_errors_of_a_mapping_file_name_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=words) as caught:
        Mapping.load(path)
    assert "mapping.yaml" in str(caught.value)


def test_fingerprints_follow_the_headers_only() -> None:
    one = [Header(0, ("设备名称",)), Header(1, ("型号",))]
    same = [Header(0, ("设 备 名 称",)), Header(1, ("型号：",))]
    assert fingerprint(one) == fingerprint(same)
    assert fingerprint(one) != fingerprint(one[::-1])


def test_the_attribute_table_is_sound() -> None:
    names = [item.name for item in attributes()]
    assert len(names) == len(set(names))
    assert {"text", "choice", "number", "integer", "year", "flag"} >= {item.type for item in attributes()}
    for item in attributes():
        assert item.zh and item.en
        if item.type == "choice":
            assert item.choices, item.name
        if item.minimum is not None and item.maximum is not None:
            assert item.minimum < item.maximum, item.name
        if item.type == "number" and item.unit:
            assert 1.0 in factors(item.unit).values(), item.name
    assert set(signature_attributes()) <= set(attribute_dtypes())
    assert {"name", "model", "use_state", "made_year", "kind_text"} <= set(signature_attributes())
    assert not {"device_id", "quantity", "location", "kind", "maker"} & set(signature_attributes())


def test_attributes_of_a_kind() -> None:
    names = {item.name for item in attributes_for("transformer")}
    assert {"name", "capacity_kva", "no_load_loss_w"} <= names
    assert "head_m" not in names
    with pytest.raises(KeyError):
        attribute("no_such_attribute")


def test_units_are_written_one_way() -> None:
    assert all(unit == unit.lower() for unit in known_units())
    assert factors("kPa")["mmh2o"] == pytest.approx(0.00980665)
    assert factors("t/h")["蒸吨"] == 1


UNUSUAL = [["机器叫法", "牌号", "几台", "备注"], ["电机", "Y160L-6", 2, None], ["水泵", "IS80-65-160", 1, "两用"]]


def test_headers_nobody_knows_are_offered_and_once_explained_the_ledger_is_read(tmp_path: Path) -> None:
    lost = read_ledger(books.xlsx([["某厂设备"], *UNUSUAL]), source_file="甲.xlsx")
    assert lost.refused
    path = tmp_path / "列.yaml"
    write_mapping_file([lost], path)
    text = path.read_text(encoding="utf-8")
    assert "  机器叫法: null\n  牌号: null\n  几台: null\n" in text
    assert "备注: null" not in text, "what is known by itself is not asked"
    assert "#   model  规格型号" in text
    assert Mapping.load(path).columns == {"机器叫法": None, "牌号": None, "几台": None}
    for before, after in (
        ("机器叫法: null", "机器叫法: 设备名称"),
        ("牌号: null", "牌号: model"),
        ("几台: null", "几台: 数量"),
    ):
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    found = read_ledger(books.xlsx([["某厂设备"], *UNUSUAL]), mapping=Mapping.load(path))
    assert found.devices.select("name", "model", "quantity").rows() == [
        ("电机", "Y160L-6", 2),
        ("水泵", "IS80-65-160", 1),
    ]


def test_what_was_read_is_repeated_by_the_file(tmp_path: Path) -> None:
    rows = [["设备名称", "规格型号", "台数"], ["泵", "IS80", 2]]
    ledger = read_ledger(books.xlsx(rows))
    path = tmp_path / "列.yaml"
    write_mapping_file([ledger], path)
    assert Mapping.load(path).layouts == Mapping.learn([ledger]).layouts
    assert unknown_headers(ledger) == []


def test_a_wrong_attribute_is_answered_with_those_alike(tmp_path: Path) -> None:
    path = tmp_path / "列.yaml"
    path.write_text("columns: {牌号: modell}", encoding="utf-8")
    with pytest.raises(MappingError, match="相近的有：model"):
        Mapping.load(path)
