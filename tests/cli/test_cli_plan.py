"""``jigai plan check`` and ``new`` as users type them."""

from __future__ import annotations

import csv
import json
import shutil
from importlib.resources import files

import pytest
from tests.plan.plan_file.plans import PANZHIHUA, SHIPPED, TEXTILES

from jigai.cli.main import main
from jigai.plan.file import questions, read_plan


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sound_plan_tells_what_it_holds_and_what_it_asks(folder, lang, capsys):
    assert main(["plan", "check", str(folder), "--lang", lang]) == 0
    said = capsys.readouterr().out
    plan = read_plan(folder)
    for one in (*plan.objectives, *plan.tasks, *plan.measures):
        assert f"  {one.id} {one.title.say(lang)}" in said
    for question in questions(plan):
        assert (question.text.say(lang) if question.kind != "lead" else question.about) in said
    assert said.splitlines()[-1] == {"zh": "检查通过。", "en": "All good."}[lang]


def test_the_city_is_told_what_stands_in_its_plan(capsys):
    main(["plan", "check", str(PANZHIHUA / "plan.yaml")])
    said = capsys.readouterr().out
    for words in (
        "印发 2024-07-29，期限 2024-01-01 至 2027-12-31",
        "7 个部门发布，6 个管理主体落实",
        "O1 新增设备投资：超过 200 亿元（到 2027）",
        "O10 每年实施技改项目：每年不低于 100 项（至 2027）",
        "重点任务 12 项",
        "问市统计局——“设备投资比 2023 年增长”的基数",
        "正文没有写由谁牵头：O1 O2",
        "正文有 3 句没有条目引用",
    ):
        assert words in said, words


def test_a_plan_that_asks_nothing_says_so(tmp_path, capsys):
    copy = shutil.copytree(TEXTILES, tmp_path / "copy")
    text = (copy / "plan.yaml").read_text(encoding="utf-8")
    text = text.replace("lead: ask", "lead: [gongxin]").replace(
        "missing: 示例没有给出基数, whom: 市节水办", "origin: 表"
    )
    text = text.replace("{year: 2024, origin", '{year: 2024, value: 40, unit: "%", origin')
    text = text.replace("    ask: true\n    why: 示例没有写代码\n    whom: 市工信局\n", "")
    (copy / "plan.yaml").write_text(text, encoding="utf-8")
    assert main(["plan", "check", str(copy)]) == 0
    assert "没有要请市里定的事。" in capsys.readouterr().out


def test_faults_are_listed_with_their_lines(tmp_path, capsys):
    copy = shutil.copytree(PANZHIHUA, tmp_path / "copy")
    text = (copy / "plan.yaml").read_text(encoding="utf-8")
    (copy / "plan.yaml").write_text(text.replace("value: 200\n", "value: 二百\n"), encoding="utf-8")
    line = text[: text.index("value: 200\n")].count("\n") + 1
    assert main(["plan", "check", str(copy)]) == 2
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "共 1 处要改。改好后再检查一次："
    assert f"{copy.as_posix()}/plan.yaml 第{line}行 objectives[O1].targets[1].value：" in said[1]
    assert main(["plan", "check", str(copy), "--lang", "en"]) == 2
    assert f"line {line}, objectives[O1].targets[1].value: must be a number" in capsys.readouterr().out


def test_as_json(tmp_path, capsys):
    assert main(["plan", "check", str(PANZHIHUA), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["faults"] == [] and told["id"] == "panzhihua-2024" and told["region"] == "510400"
    assert [one["id"] for one in told["objectives"]] == [f"O{number}" for number in range(1, 16)]
    assert told["objectives"][0]["targets"] == ["超过 200 亿元（到 2027）"]
    assert (len(told["tasks"]), len(told["measures"]), len(told["uncited"])) == (12, 6, 3)
    assert {one["kind"] for one in told["asked"]} == {"number", "parameter", "baseline", "lead", "scorecard"}
    assert len(told["content_hash"]) == 64
    assert main(["plan", "check", str(tmp_path), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["line"], one["field"]) for one in told["faults"]] == [("not_found", None, "")]
    assert "jigai" not in told["faults"][0]["file"] and "没有这个文件" in told["faults"][0]["message"]


def test_a_new_plan_is_checked_until_its_blanks_are_filled(tmp_path, capsys):
    folder = tmp_path / "city-2026"
    words = ["plan", "new", str(folder), "--region", "510500", "--title", '某市"两新"方案: 2026']
    assert main(words) == 0
    said = capsys.readouterr().out
    assert f"jigai plan check {folder}" in said
    assert sorted(one.name for one in folder.iterdir()) == ["plan.yaml", "text.txt"]
    assert (folder / "text.txt").read_bytes() == b""
    assert main(["plan", "check", str(folder), "--json"]) == 2
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert {one["code"] for one in faults} == {"blank", "text_blank"}
    assert main(words) == 1
    assert "已有别的内容，没有改动" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("folder", "region", "title", "said"),
    [
        ("某市", "510500", "x", "文件夹名“某市”要作方案的编号"),
        ("city", "5105", "x", "区划代码“5105”不对"),
        ("city", "510500", "", "方案的全称不能是空的"),
        ("file", "510500", "x", "已有别的内容"),
        ("file/city", "510500", "x", "写不了"),
    ],
)
def test_a_new_plan_that_cannot_be_written_says_why(folder, region, title, said, tmp_path, capsys):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert main(["plan", "new", str(tmp_path / folder), "--region", region, "--title", title]) == 1
    assert said in capsys.readouterr().err
    assert main(["plan", "new", str(tmp_path / folder), "--region", region, "--title", title, "--lang", "en"]) == 1
    assert said not in capsys.readouterr().err


def test_every_word_of_the_command_has_both_languages():
    text = files("jigai.cli").joinpath("plan.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["key"] for row in rows if not (row["zh"] and row["en"]) or None in row] == []
