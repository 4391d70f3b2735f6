"""Write docs/reference/plan-file.zh.md from the schema of the plan file (``make plan-file``)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from jigai.plan.file.faults import table  # noqa: E402
from jigai.plan.file.schema import Field, schema, wanted  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "plan-file.zh.md"
HEAD = """# 方案文件的各项

方案文件是 `plan.yaml`，与正文 `text.txt` 放在同一个文件夹里；一个文件夹就是一个城市的一份方案，样例在 `plans/`。
怎样一步一步写，见《[怎样写本市的方案文件](../how-to/plan-file.zh.md)》；写完用 `jigai plan check 文件夹` 检查。

本页由 `scripts/plan_file.py` 按 `src/jigai/plan/file/data/schema.csv` 生成，程序也按这张表检查。

- 标“必填”的不能缺，也不能空着；没有列出的项不能写。
- 文字里有“: ”“ #”，或以 `>` `*` `&` `[` `{` 开头的，加半角引号。
- 要问市里的：参数、评分表写 `ask: true`，文号、基数写 `missing`（为什么）和 `whom`（问谁），牵头部门写 `lead: ask`。
  没有的数不要编。
- 引文 `quotes` 必须在正文里恰好找到一处，空格和换行不计；系统由此从目标、任务链接到正文的那一句。
- 标“可取参数”的，可以写 `{parameter: 代号}`，取那个参数的值；参数还没有值的，目标暂不判断。
- 标“期限内”的时间，要在 `period` 的起止之间。
"""
TITLES = {
    "plan": "整个文件",
    "text": "正文 text",
    "period": "期限 period",
    "department": "部门 departments",
    "unit": "县区、园区 units",
    "part": "行动 parts",
    "sector": "行业 sectors",
    "parameter": "参数 parameters",
    "objective": "目标 objectives",
    "target": "目标值 targets",
    "baseline": "基数 baseline",
    "step": "中间年份 path",
    "task": "任务 tasks 和保障措施 measures",
    "subtask": "分任务 subtasks",
    "milestone": "节点 milestones",
    "scorecard": "评分表 scorecard",
    "weight": "评分表的一行 items",
}
TAIL = """
## 单位和目标

目标值的单位要与指标显示的单位相同（例如设备投资写亿元、比例写 %），写成别的单位会报错，请换算后填写。

## 换了正文怎么办

`text.sha256` 写上以后，正文改动一个字都会报错，报错里有新的 sha256。确要更换的，改写它，再检查全部引文。
"""


def kind(field: Field) -> str:
    """Return what is written in a field, in Chinese."""
    if field.type == "choice":
        return "、".join(f"`{one}`" for one in field.of) + " 之一"
    if field.type in ("record", "records"):
        title = f"“{TITLES[field.of[0]]}”"
        return f"列表，每条见{title}" if field.type == "records" else f"见{title}"
    if field.type in ("operator", "measure"):
        return "见下表"
    return wanted(field.type)["zh"]


def needed(field: Field) -> str:
    """Return whether a field must be there, and what must be there with it."""
    words = ["必填"] if field.required else []
    words += [f"没有 `{field.instead}` 时必填"] if field.instead else []
    if field.needs:
        when = "写的是数，就要写 " if field.type == "value" else "写了它，就要写 "
        words.append(when + "、".join(f"`{one}`" for one in field.needs))
    words += ["可取参数"] if field.open else []
    words += ["期限内"] if field.inside else []
    return "；".join(words)


def rows(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """Return a table."""
    names = list(head)
    written = [names, ["---"] * len(names), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in written) + "\n"


def render() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for record, fields in schema().items():
        lines = ([f"`{one.name}`", kind(one), needed(one), one.zh] for one in fields.values())
        parts.append(f"## {TITLES[record]}\n\n" + rows(("项", "写什么", "要求", "含义"), lines))
    operators = (
        [
            f'`"{row["operator"]}"`',
            row["written"],
            "要" if row["value"] else "不要",
            "要" if row["baseline"] else "可以没有",
            row["zh"],
        ]
        for row in table("operators")
    )
    head = ("operator", "也可以写", "目标值", "基数", "显示成")
    parts.append("## 与目标值怎么比 operator\n\n" + rows(head, operators))
    measures = ([f"`{row['measure']}`", row["zh"]] for row in table("measures"))
    parts.append("## 怎么计分 measure\n\n" + rows(("measure", "含义"), measures))
    return "\n".join(parts) + TAIL


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8", newline="\n")
