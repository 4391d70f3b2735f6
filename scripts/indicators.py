"""Write docs/reference/indicators.zh.md from the register of indicators, the one list of them (``make indicators``)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from jigai.plan.parameters import Parameter, parameters  # noqa: E402
from jigai.plan.registry import Indicator, registry  # noqa: E402
from jigai.plan.standings import Standing, reasons, standings  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "indicators.zh.md"
HEAD = """# 指标 Indicators

市级看板、任务和报表上的每个数都是这里的一个指标。一个数等于它的明细之和：打开一个数，看到的就是算出它的每一行，
没有报的也在其中。怎样从企业到看板，见[一个数怎样到看板](../explanation/board.md)。

- **覆盖率**是已报与应报之比。没有报的只降低覆盖率，不作零，也不作达标；
  低于方案规定的比例（缺省八成），数显示为灰色，不可上报。
- **分两种归属**都加得回全市：管理主体（县区、高新区）和属地；行业按大类。不属于任何一方的单列一行。
- **企业已注销**的列在明细里，不计数，也不再应报。
- **以某日所知**计算：后来的更正只改变后来的数，当时的数随时可以重现。

Each figure is the sum of its contributions. Written by `scripts/indicators.py` from `src/jigai/plan/data/`.

"""
AGGREGATES = {
    "sum": "合计",
    "count": "计数",
    "ratio": "比率：分子之和 ÷ 分母之和",
    "mean": "各企业比率的平均",
    "index": "公布数",
    "growth": "增长：分子之和 ÷ 分母之和 − 1",
}
TIMES = {"year": "当年", "cumulative": "自起始年累计", "at_date": "统计日"}
BETTER = {"up": "越高越好", "down": "越低越好"}
DRILLS = {
    "enterprise": "企业",
    "site": "厂区",
    "line": "产线",
    "device": "设备",
    "entry": "登记册条目",
    "report": "统计月表",
    "project": "项目",
    "survey": "摸排名单",
    "city": "市（州）",
}
OBJECTIVES = {"all": "各目标"}
YES = {True: "是", False: "否"}


def cell(text: str) -> str:
    """Return a text as it may stand in a cell."""
    return (text or "–").replace("|", "\\|")


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table with its head."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell(one) for one in line)} |" for line in lines)


def unit(one: Indicator) -> str:
    """Return the unit a figure is shown in."""
    return one.display_unit or "（无单位）"


def overview() -> str:
    """Return the list of all indicators."""
    head = ("目标", "指标", "键", "单位", "汇总", "时间", "可上报")
    rows = []
    for one in registry().values():
        objective, how = OBJECTIVES.get(one.objective, one.objective), AGGREGATES[one.aggregate].split("：")[0]
        rows.append((objective, one.zh, f"`{one.id}`", unit(one), how, TIMES[one.time], YES[one.reportable]))
    return table(head, rows)


def section(one: Indicator) -> str:
    """Return all that is known of one indicator."""
    known = registry()
    also = "".join(f"；有则参考 `{name}`" for name in one.also)
    lines = {
        "算法": f"{one.formula_zh}（{one.formula_en}）",
        "分子": one.numerator_zh,
        "分母": one.denominator_zh,
        "汇总": AGGREGATES[one.aggregate] + ("" if one.addable else "；不同组单位不同，合计没有数"),
        "单位": unit(one) + (f"（存{one.unit}，÷ {one.scale}）" if one.unit and one.scale != 1 else ""),
        "对象": one.population,
        "时间": TIMES[one.time] + ("，可按月看" if one.monthly else "") + f"；{BETTER[one.better]}",
        "来源": "、".join(f"`{name}`" for name in one.sources) + also,
        "参数": "、".join(f"{parameters()[name].zh}（`{name}`）" for name in one.parameters),
        "分组": one.group_zh,
        "打开到": DRILLS[one.drill] + ("（明细涉及企业财务，按权限显示）" if one.finance else ""),
        "并列": "、".join(known[name].zh for name in one.beside),
        "可上报": YES[one.reportable],
        "来源未启用时": "0，并注明原因" if one.zero_when_absent else "没有数，并注明原因",
        "说明": one.note,
        "依据": one.formula_source,
    }
    told = "\n".join(f"- {name}：{text}" for name, text in lines.items() if text)
    return f"### {one.zh}\n\n`{one.id}` · {one.objective} · {one.en}\n\n{one.definition}\n\n{told}\n"


def standing(one: Standing) -> tuple[str, ...]:
    """Return the row of one standing."""
    return (one.zh, f"`{one.key}`", YES[one.counts], YES[one.should], YES[one.reported], one.meaning_zh)


def parameter(one: Parameter) -> tuple[str, ...]:
    """Return the row of one parameter."""
    default = one.default
    shown = {True: "是", False: "否"}.get(default, str(default)) if isinstance(default, bool) else str(default)
    shown = "、".join(map(str, default)) if isinstance(default, tuple) else shown
    return (one.zh, f"`{one.key}`", one.unit, shown or "（空）", "是" if one.ask else "", one.why)


def render() -> str:
    """Return the whole page."""
    parts = [
        HEAD + "## 一览\n\n" + overview(),
        "## 各指标\n\n" + "\n".join(section(one) for one in registry().values()).rstrip(),
        "## 明细为什么这样计\n\n每一行明细有一个状态，状态决定它计不计数、应不应报、算不算已报。\n\n"
        + table(("状态", "键", "计数", "应报", "已报", "含义"), map(standing, standings().values())),
        "## 为什么没有数\n\n" + table(("键", "说明"), ((f"`{one.key}`", one.zh) for one in reasons().values())),
        "## 参数\n\n方案没有写明的由市里确认；没有确认的用缺省值，看板上注明。\n\n"
        + table(
            ("参数", "键", "单位", "缺省", "须市里确认", "缺省的理由"),
            (parameter(one) for one in parameters().values()),
        ),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8", newline="\n")
