"""``jigai explain`` and ``jigai template`` as users type them."""

from __future__ import annotations

import json

import openpyxl
import pytest

from jigai.cli.main import main


def test_explain_tells_reading_rows_and_result(capsys):
    assert main(["explain", "S9-M-1000/10", "--made", "1996", "--as-of", "2024-08-01"]) == 0
    said = capsys.readouterr().out
    for words in ("变压器", "1000 kVA", "B4-1-2-15", "必须淘汰", "出厂（投用）年份在 1997 年及以前"):
        assert words in said


def test_explain_in_english(capsys):
    assert main(["explain", "S9-M-1000/10", "--made", "2006", "--as-of", "2024-08-01", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "rated capacity" in said
    assert "not met" in said


def test_explain_as_json(capsys):
    main(["explain", "Y160L-6", "--name", "电机", "--set", "power_kw=11", "--as-of", "2024-08-01", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["device"]["verdict"] == "must_replace"
    assert any(row["rule_id"] == "B2-1-1-27" for row in told["tried"])


def test_the_sample_ledgers_are_written_once_and_can_be_screened(tmp_path, capsys):
    place = tmp_path / "台账"
    assert main(["sample", "ledgers", str(place), "--size", "2"]) == 0
    assert "已写出 2 户" in capsys.readouterr().out
    assert main(["sample", "ledgers", str(place), "--size", "2", "--lang", "en"]) == 0
    assert "are there already" in capsys.readouterr().out
    assert main(["screen", str(place), "--as-of", "2026-11-01", "--out", str(tmp_path / "out")]) == 0
    assert "筛查 2 个文件" in capsys.readouterr().out
    for words, said in ((["--size", "0"], "至少为 1"), (["--size", "3"], "已有别的内容")):
        assert main(["sample", "ledgers", str(place), *words]) == 1
        assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "words"),
    [("power=5", "power_kw"), ("power_kw", "属性=数值"), ("power_kw=很大", "数字"), ("sealed=也许", "sealed")],
)
def test_a_wrong_assignment_says_how_to_write_it(given, words, capsys):
    assert main(["explain", "Y160L-6", "--set", given, "--as-of", "2024-08-01"]) == 1
    assert words in capsys.readouterr().err


def test_flags_are_given_in_words(capsys):
    assert main(["explain", "X62", "--name", "铣床", "--set", "upgraded_after_2000=否", "--as-of", "2024-08-01"]) == 0
    assert "必须淘汰" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["motor", "水泵", "transformer"])
def test_a_template_is_a_workbook_to_fill_in(kind, tmp_path, capsys):
    path = tmp_path / "模板.xlsx"
    assert main(["template", kind, "-o", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    assert "填表说明" in openpyxl.load_workbook(path).sheetnames


def test_an_unknown_kind_names_those_there_are(tmp_path, capsys):
    assert main(["template", "永动机", "-o", str(tmp_path / "a.xlsx")]) == 1
    assert "电动机" in capsys.readouterr().err


def test_a_template_that_cannot_be_written_says_so(tmp_path, capsys):
    assert main(["template", "motor", "-o", str(tmp_path / "没有" / "a.xlsx")]) == 1
    assert "写不了" in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_are_fine(flag, capsys):
    with pytest.raises(SystemExit) as left:
        main([flag])
    assert left.value.code == 0
    assert "jigai" in capsys.readouterr().out
