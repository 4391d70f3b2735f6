"""Write docs/reference/questionnaire.zh.md from the shipped questionnaire (``make questionnaire``)."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from jigai.diagnosis.questionnaire import Question, Questionnaire  # noqa: E402
from jigai.diagnosis.tables import keyed  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "questionnaire.zh.md"
HEAD = """# 诊断问卷

本页由 `make questionnaire` 从 `src/jigai/diagnosis/data/questionnaire/` 生成，请改数据，不改本页。

问卷只问台账和年报里没有的东西。没有答的题不算满分，也不算零分：对应的项写“未知”，并说明要答哪一题。
“代年报”一栏为“是”的题，只在当年年报没有这个数时才用；年报有数，以年报为准。
答错的不丢弃，连同原因和改法一起列出：企业、题目代号、原来写的内容、应当怎样写。

每题的写法：`number` 和 `integer` 填数字（按所列单位），`flag` 填“是”或“否”，`choice` 填选项之一。
“问谁”为空的题问所有企业；按行业问的题，行业代码不明的企业暂不问。
"""
TAIL = """
## 增加或修改题目

一类一个 CSV 文件，列名如下；多一列、少一列、写错一格，都会指出文件、行、列和改法。

| 列 | 写什么 |
|---|---|
| `name` | 题目代号：小写字母、数字、下划线，全部问卷中不重复 |
| `type` | `number`、`integer`、`flag`、`choice`、`text` |
| `unit` | 单位 |
| `zh`、`en` | 题目 |
| `min`、`max` | 允许的最小、最大值，含端点 |
| `choices` | 选项，用 `\\|` 隔开 |
| `definition` | 口径 |
| `source` | 从哪里找 |
| `sectors` | 问哪些行业（方案所列行业，用 `;` 隔开） |
| `industries` | 问哪些行业代码（可写开头几位，用 `;` 隔开） |
| `sizes` | 问哪些规模：大型、中型、小型、微型 |
| `feeds` | 用于哪一项（`data/parts.csv` 的 `part`），或 `measures` |
| `figure` | 该项中的哪一个指标（数据集里的编号） |
| `stands_for` | 代替哪一个年报数 |
"""


def page() -> str:
    """Return the page."""
    parts = keyed("parts.csv", "part")
    said = [HEAD]
    for dimension in keyed("dimensions.csv").values():
        mine = [one for one in Questionnaire.shipped() if one.group == dimension["key"]]
        rows = [_row(one, parts[one.feeds]["zh"] if one.feeds in parts else "措施") for one in mine]
        said.append(f"\n## {dimension['zh']}\n\n{_TOP}\n" + "\n".join(rows) + "\n")
    return "".join(said) + TAIL


_TOP = "| 代号 | 题目 | 写法 | 口径 | 问谁 | 用于 | 指标 | 代年报 |\n|---|---|---|---|---|---|---|---|"


def _row(one: Question, feeds: str) -> str:
    item = one.attribute
    whom = "；".join("、".join(words) for words in (one.sectors, one.industries, one.sizes) if words)
    form = " / ".join(item.choices) if item.choices else f"{item.type} {item.unit}".strip()
    if item.minimum is not None and item.maximum is not None:
        form += f"（{item.minimum:.10g}～{item.maximum:.10g}）"
    cells = [
        f"`{one.key}`",
        item.zh,
        form,
        item.definition,
        whom,
        feeds,
        one.figure or "",
        "是" if one.stands_for else "",
    ]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
