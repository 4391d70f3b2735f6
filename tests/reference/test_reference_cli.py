"""``jigai reference``: the list lines up, one dataset is shown in full, a city's data is checked."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from tests.reference.conftest import MakeDataset

from jigai.cli import reference as command
from jigai.cli.errors import CommandError
from jigai.cli.text_table import fit, text_table, width

BROKEN = Path(__file__).parent / "broken"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    args = parser.parse_args(["reference", *words])
    code: int = args.run(args)
    return code


def test_list_lines_up_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--as-of", "2024-08-01") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("2024-08-01 有效的依据数据")
    rule = lines[3]
    starts = [place for place in range(len(rule)) if rule[place] == "─" and (place == 0 or rule[place - 1] == " ")]
    for line in lines[4 : lines.index("", 4)]:
        for start in starts[1:]:
            before, places = "", 0
            for character in line:
                if places >= start:
                    break
                before, places = before + character, places + width(character)
            assert places == start and before.endswith("  "), line


def test_list_shows_what_is_not_held_that_day(capsys: pytest.CaptureFixture[str]) -> None:
    run("list", "--as-of", "2024-08-01")
    then = capsys.readouterr().out
    run("list", "--as-of", "2026-11-23")
    now = capsys.readouterr().out
    assert "版本未收录：GB 20052-2020" in then
    assert "GB 20052-2020（电力变压器）" not in now
    assert "gb20052-2024" in then.split("当日无效")[1].splitlines()[0]
    assert "存疑事项共" in now


def test_list_flags_unsure_numbers(capsys: pytest.CaptureFixture[str], make_dataset: MakeDataset) -> None:
    folder = make_dataset()
    manifest = folder / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8").replace("number_certainty: transcribed", "number_certainty: recalled")
    manifest.write_text(text, encoding="utf-8")
    run("list", "--as-of", "2026-11-23", "--reference", str(folder))
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("city-list"))
    assert "示例〔2024〕1号（文号待核）" in line
    run("list", "--as-of", "2026-11-23", "--reference", str(folder), "--lang", "en")
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("city-list"))
    assert "示例〔2024〕1号 (to check)" in line


def test_a_long_number_is_cut_but_never_its_flag(capsys: pytest.CaptureFixture[str], make_dataset: MakeDataset) -> None:
    folder = make_dataset()
    manifest = folder / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8").replace("number_certainty: transcribed", "number_certainty: doubtful")
    manifest.write_text(text.replace("number: 示例〔2024〕1号", "number: " + "示例〔2024〕1号、" * 9), encoding="utf-8")
    run("list", "--as-of", "2026-11-23", "--reference", str(folder))
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("city-list"))
    assert "…（文号待核）" in line


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--as-of", "2026-11-23", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["as_of"] == "2026-11-23"
    assert len(data["content_hash"]) == 64
    assert {"gb4754-2017", "known-gaps"} <= {dataset["id"] for dataset in data["datasets"]}
    assert all(gap["text_zh"] and gap["text_en"] for gap in data["gaps"])


@pytest.mark.parametrize(("lang", "word"), [("zh", "约束对象：使用"), ("en", "binds: use")])
def test_show_prints_manifest_doubts_gaps_and_tables(
    capsys: pytest.CaptureFixture[str], make_dataset: MakeDataset, lang: str, word: str
) -> None:
    assert run("show", "city-list", "--reference", str(make_dataset()), "--lang", lang) == 0
    shown = capsys.readouterr().out
    assert word in shown
    assert "条款号待核" in shown
    assert ("缺附件" if lang == "zh" else "the annex is not held") in shown
    assert "510402001" in shown


def test_show_names_the_columns_that_do_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    run("show", "tax-and-finance")
    shown = capsys.readouterr().out
    assert "另有列" in shown
    table = shown[shown.index("表 instruments") :].splitlines()[1:7]
    assert max(map(width, table)) <= 110


def test_show_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("show", "gb4754-2017", "--json")
    data = json.loads(capsys.readouterr().out)
    assert data["tables"] == {"classes": 667}
    assert data["doubts"]


def test_show_of_an_unknown_id_names_those_close_to_it() -> None:
    with pytest.raises(CommandError, match="gb4754-2017"):
        run("show", "gb4754")


def test_check_accepts_sound_data(capsys: pytest.CaptureFixture[str], make_dataset: MakeDataset) -> None:
    assert run("check", str(make_dataset())) == 0
    shown = capsys.readouterr().out
    assert "city-list" in shown
    assert "rules 2 行" in shown


def test_check_says_when_a_shipped_dataset_is_replaced(
    capsys: pytest.CaptureFixture[str], make_dataset: MakeDataset
) -> None:
    assert run("check", str(make_dataset("gb4754-2017")), "--lang", "en") == 0
    assert "takes the place of the shipped dataset" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["many-faults", "link-unknown", "encoding-gbk"])
def test_check_refuses_broken_data_with_remedies(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run("check", str(BROKEN / name)) == 2
    assert name in capsys.readouterr().out


def test_check_lists_every_fault_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(BROKEN / "many-faults"), "--json") == 2
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert len(faults) == 7
    assert {fault["row"] for fault in faults} == {2, 3, 4}


def test_text_table_counts_wide_characters_twice() -> None:
    assert width("技改ab") == 6
    assert fit("技改", 6) == "技改  "
    assert fit("技术改造", 6) == "技术… "
    assert text_table(["甲", "b"], [["一二", "3"]], [10, 10]) == ["甲    b", "────  ─", "一二  3"]


def test_list_names_kinds_as_people_do(capsys: pytest.CaptureFixture[str]) -> None:
    run("list", "--as-of", "2024-01-31")
    shown = capsys.readouterr().out
    assert "版本未收录：GB 20052-2020（电力变压器）\n" in shown
    assert "（电动机）" in next(line for line in shown.splitlines() if "单相、电容电动机" in line)
    many = next(line for line in shown.splitlines() if "国务院关于进一步加强淘汰落后产能工作的通知：" in line)
    assert many.rstrip("）").endswith("种")
