"""What officers read about the plan file is true: the table of fields, the steps, the faults shown as examples."""

from __future__ import annotations

import re

import pytest
import yaml
from scripts import plan_file
from tests.ground.repository import ROOT
from tests.plan.plan_file.plans import PANZHIHUA

from jigai.plan.file import PlanError, operators, read_contents
from jigai.plan.file.faults import table
from jigai.plan.file.schema import schema

PAGE = (ROOT / "docs/reference/plan-file.zh.md").read_text(encoding="utf-8")
STEPS = (ROOT / "docs/how-to/plan-file.zh.md").read_text(encoding="utf-8")


def test_the_page_of_fields_is_as_the_schema_has_it():
    assert plan_file.render() == PAGE, "run make plan-file"


def test_every_field_operator_and_measure_is_on_the_page():
    for record, own in schema().items():
        part = PAGE.split(f"## {plan_file.TITLES[record]}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \|", part, re.M) == list(own), record
        for one in own.values():
            assert one.zh in part
            if one.required:
                assert re.search(rf"^\| `{one.name}` \| .* \| 必填", part, re.M), one
    for row in (*table("operators"), *table("measures")):
        assert row["zh"] in PAGE


def test_every_table_of_the_page_has_cells_that_fit():
    rows = [line for line in PAGE.splitlines() if line.startswith("|")]
    assert len(rows) > 80
    assert {line.count(" | ") for line in rows} <= {1, 3, 4}
    assert "{record" not in PAGE and "None" not in PAGE


def test_the_example_of_an_objective_can_be_read():
    example = re.search(r"```yaml\n(.*?)```", STEPS, re.S)
    assert example is not None
    (objective,) = yaml.safe_load(example[1])
    assert set(objective) <= set(schema()["objective"])
    assert objective["targets"][0]["operator"] in operators()
    own = (PANZHIHUA / "plan.yaml").read_text(encoding="utf-8")
    start, end = own.index("  - id: O1\n"), own.index("  - id: O2\n")
    plan = own[:start] + example[1] + own[end:]
    made = read_contents(plan.encode(), {"text.txt": (PANZHIHUA / "text.txt").read_bytes()})
    first = made.objective("O1").targets[0]
    assert (first.operator, first.value, first.deadline) == (">", 200, made.period.last)


def test_the_faults_shown_are_those_the_check_tells():
    texts = "\n".join(row["zh"] for row in table("faults")).replace("{text}", "text.txt")
    shown = re.findall(r"^\| ([^|]+) \| ", STEPS.split("## 常见的错")[1], re.M)
    assert len(shown) > 6
    for words in shown[2:]:
        for piece in re.split(r"“[^”]*”|（出处）", words):
            assert piece.strip() in texts, piece


def test_the_check_of_the_guide_says_what_it_shows():
    own = (PANZHIHUA / "plan.yaml").read_text(encoding="utf-8").replace('operator: ">"', "operator: 不低於", 1)
    own = own.replace("quotes: [全市建成绿色工厂 20 家以上]", "quotes: [全市建成绿色工厂 30 家以上]")
    with pytest.raises(PlanError) as caught:
        read_contents(own.encode(), {"text.txt": (PANZHIHUA / "text.txt").read_bytes()})
    said = [fault.text() for fault in caught.value.faults]
    assert said[0].startswith("“不低於”不行，是不是想写“不低于”？")
    assert said[1] == (
        "正文中没有这句话，相近的是“全市建成绿色工厂20家以上。”；请从 text.txt 原样复制（空格和换行不计）"
    )
    assert "相近的是“" in STEPS and "“不低於”不行，是不是想写“不低于”？" in STEPS


def test_a_copy_of_the_steps_names_every_command():
    assert "jigai plan new " in STEPS and "jigai plan check " in STEPS
    assert set(re.findall(r"measure 写 (\w+)、(\w+) 或 (\w+)", _new())[0]) == {
        row["measure"] for row in table("measures")
    }


def _new() -> str:
    return (ROOT / "src/jigai/plan/file/data/new.yaml").read_text(encoding="utf-8")
