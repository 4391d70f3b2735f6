"""``jigai diagnose`` as users type it, and the report opened and read."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import docx
import pytest

from jigai.cli.main import main
from jigai.diagnosis.file import template
from jigai.diagnosis.worth import Costed
from jigai.diagnosis.writing import read_as

LEDGER = (
    "设备名称,规格型号,功率(kW),数量,出厂年份,使用状态\r\n变压器,S9-M-1000/10,,2,1996,在用\r\n"
    "辊道电机,Y160L-6,11,1,2001,在用\r\n风机,4-72,15,1,2019,在用\r\n"
)
FACTS = """
enterprise: {name: 甲厂, industry: "3391", size: 小型, region: "510411"}
discount_rate: 0.08
facts: {2025: {key_processes: 8, key_processes_nc: 2}}
running: [{hours: 6000, electricity_price: 0.6}]
prices: [{kind: 电动机, unit_yuan: 9000, life_years: 15, origin: quotation, document: 报价单}]
"""


def written(tmp_path: Path, facts: str = FACTS, *more: str) -> int:
    (tmp_path / "台账.csv").write_bytes(LEDGER.encode("gb18030"))
    (tmp_path / "甲.yaml").write_text(facts, encoding="utf-8")
    words = ["diagnose", str(tmp_path / "台账.csv"), "--enterprise", str(tmp_path / "甲.yaml"), "--as-of", "2026-11-23"]
    return main([*words, "-o", str(tmp_path / "报告.docx"), "--no-pdf", "--json", str(tmp_path / "甲.json"), *more])


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("diagnose")
    assert written(place) == 0
    return place


def test_the_report_tells_every_measure_and_every_machine_of_an_order(folder: Path) -> None:
    costed = read_as(Costed, json.loads((folder / "甲.json").read_text(encoding="utf-8")))
    said = text_of(folder / "报告.docx")
    orders = [one for one in costed.diagnosis.measures if one.standing == "order"]
    assert {one.device_kind for one in orders} == {"motor", "transformer"}
    for one in costed.diagnosis.measures:
        assert one.zh in said, one.id
        assert all(f"{ask.zh}" in said for ask in one.missing), one.id
    for words in ("S9-M-1000/10", "Y160L-6", "台账.csv", "!2", "!3")[:2]:
        assert words in said
    for dimension in costed.diagnosis.dimensions:
        assert all(part.zh in said for part in dimension.parts)
    for aid in costed.aids:
        assert aid.zh in said and aid.document in said


def test_the_report_says_what_it_was_made_of_and_leaves_no_gap(folder: Path) -> None:
    said = text_of(folder / "报告.docx")
    costed = read_as(Costed, json.loads((folder / "甲.json").read_text(encoding="utf-8")))
    assert "jigai 按 2026年11月23日 有效的依据编制" in said and costed.diagnosis.reference_hash in said
    assert costed.diagnosis.as_of == date(2026, 11, 23)
    assert "测算示例" in said and "仅供参考，由企业自行判别申报" in said
    assert "年运行小时数 6000 h（企业填报）" in said and "报价单" in said
    assert not re.search(r"\bNone\b|\bnan\b|\{\w+\}|lambda|Spread\(", said)


def test_equal_content_gives_equal_files(folder: Path, tmp_path: Path) -> None:
    assert written(tmp_path) == 0
    for name in ("报告.docx", "甲.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "第1行 enterprise：缺少“name”"), ("en", "line 1, enterprise: lacks")]
)
def test_a_faulty_file_of_facts_is_refused_with_line_and_remedy(
    tmp_path: Path, lang: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written(tmp_path, "enterprise: {size: 小型}\n", "--lang", lang) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "报告.docx").exists()


def test_a_machine_that_is_not_in_the_ledger_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert written(tmp_path, "enterprise: {name: 甲}\nrunning:\n  - {device: P-9, hours: 5}\n") == 2
    assert "第3行" in (said := capsys.readouterr().err) and "P-9" in said


def test_the_blank_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.yaml"
    assert main(["diagnose", "--template", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == template()
    path.write_text("mine", encoding="utf-8")
    assert main(["diagnose", "--template", str(path)]) == 1
    assert "没有改动" in capsys.readouterr().err and path.read_text(encoding="utf-8") == "mine"


def test_what_is_not_given_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "x.csv", "--lang", "en"]) == 1
    assert "--template" in capsys.readouterr().err


def test_without_the_part_that_writes_word_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jigai.cli.diagnose.importlib.util.find_spec", lambda name: None)
    assert written(tmp_path) == 1
    assert "jigai[reports]" in capsys.readouterr().err
