"""The evidence for the engineer: every part, every measure, every figure with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from jigai.diagnosis.editing import Rejected
from jigai.diagnosis.model import Ask, Diagnosis, Ground, Part
from jigai.diagnosis.tables import keyed
from jigai.diagnosis.worth.model import Costed
from jigai.reports.enterprise.boss import numbered
from jigai.reports.enterprise.marking import content_hash
from jigai.reports.enterprise.measures import aid_asks, aid_next, aid_rule, aid_tests, write_measure
from jigai.reports.enterprise.naming import Names
from jigai.reports.enterprise.words import day, listed, word
from jigai.reports.word import Document

MOST_NAMED: Final = 12
"""Machines named as grounds of one part; their number is always told."""


def write(
    paper: Document, costed: Costed, names: Names, wrong_answers: pl.DataFrame, rejected: Sequence[Rejected]
) -> None:
    """Write the annex."""
    diagnosis = costed.diagnosis
    paper.heading("附件1 四个方面逐项依据", new_page=True)
    _parts(paper, diagnosis, names)
    paper.heading("附件2 措施逐项依据", new_page=True)
    if not diagnosis.measures:
        paper.text("没有提出措施。")
    for number, (measure, worth) in enumerate(zip(diagnosis.measures, costed.worths, strict=True), 1):
        paper.heading(numbered(number, measure.zh), 2)
        write_measure(paper, measure, worth, names, diagnosis.as_of)
    paper.heading("附件3 各项支持的规定", new_page=True)
    _aids(paper, costed)
    paper.heading("附件4 编制说明")
    _about(paper, costed, wrong_answers, rejected)


def _parts(paper: Document, diagnosis: Diagnosis, names: Names) -> None:
    for place, dimension in enumerate(diagnosis.dimensions, 1):
        paper.heading(numbered(place, dimension.zh), 2)
        rows = [
            [one.zh, one.label_zh or "—", _points(one), _known(one), word("certainty", one.certainty)]
            for one in dimension.parts
        ]
        heads = ["项目", "数值", "得分（可能范围）", "已知", "可靠程度"]
        paper.table(heads, rows, [30, 26, 20, 12, 12], ["left", "left", "center", "center", "center"])
        for one in dimension.parts:
            paper.small("\n".join(_evidence(one, names)))


def _points(one: Part) -> str:
    span = f"（{one.low:.0f}～{one.high:.0f}）" if one.low is not None and one.high is not None else ""
    if one.score is None:
        return word("state", one.state) + (span if one.state == "unknown" else "")
    return f"{one.score:.0f}" + (span if one.low != one.high else "")


def _known(one: Part) -> str:
    return "—" if one.coverage is None else f"{one.coverage:.0%}"


def _evidence(one: Part, names: Names) -> list[str]:
    said = [f"{one.zh}：{one.formula_zh}。来源：{one.source}。"]
    if one.stand_in:
        said.append(f"代用：{one.stand_in}。")
    said += [_ground(ground, names) for ground in one.grounds]
    if one.asks:
        said.append(f"还缺：{listed((_ask(ask) for ask in one.asks), 6)}。")
    return said


def _ground(ground: Ground, names: Names) -> str:
    source, role = word("source", ground.source), word("role", ground.role)
    if ground.role == "value":
        year = f"{ground.year}年" if ground.year else ""
        return f"依据：{source}{year} {_fact(ground.keys[0], ground.value)}。"
    if ground.source in ("scene", "item"):
        return f"依据：{source}{len(ground.keys)}项{role}。"
    keys = [f"{names.what(key)}（{names.where(key)}）" if ground.source == "device" else key for key in ground.keys]
    return f"依据：{source}{len(keys)}项{role}：{listed(keys, MOST_NAMED)}。"


def _fact(key: str, value: str | None) -> str:
    row = keyed("facts.csv", "name").get(key)
    if row is None:
        return f"{key} = {value}"
    told = {"1": "是", "1.0": "是", "0": "否", "0.0": "否"}.get(value or "", value) if row["type"] == "flag" else value
    return f"{row['zh']} = {told}{row['unit']}"


def _ask(ask: Ask) -> str:
    return f"{ask.zh}（{len(ask.of)}行）" if ask.of else ask.zh


def _aids(paper: Document, costed: Costed) -> None:
    """Write the instruments of the whole one by one, then the rule of those that measures name."""
    for aid in costed.aids:
        about = f"（贷款：{aid.subject}）" if aid.subject else ""
        paper.small(f"【{word('status', aid.status)}】{aid.zh}{about}")
        paper.small("\n".join([*aid_rule(aid), *aid_tests(aid), *aid_next(aid)]))
    of_measures = {aid.instrument: aid for worth in costed.worths for aid in worth.aids}
    for aid in of_measures.values():
        paper.small(f"【按措施判断，见附件2】{aid.zh}")
        paper.small("\n".join([*aid_rule(aid), *aid_asks(aid), *aid_next(aid)]))


def _about(paper: Document, costed: Costed, wrong: pl.DataFrame, rejected: Sequence[Rejected]) -> None:
    diagnosis = costed.diagnosis
    said = [
        f"由 jigai 按 {day(diagnosis.as_of)} 有效的依据编制，依据版本 {diagnosis.reference_hash}，"
        f"内容校验 {content_hash(costed)}。",
        f"电力排放因子用“{costed.place}”的。" if costed.place else "没有给出电力排放因子用哪里的，减排量不推算。",
        "可靠程度：原文转录是逐字录自文件，转引是录自转述，待核对原文的不作依法必须办理的依据，存疑的须先查证。",
        "输入来源按可靠程度：发票、报价、企业填报、供给清单、依据数据、城市假设；标“示例”的假设只供试算。",
        "电力等价折标系数没有收录，节能量都按当量值折算。",
        "没有总分：四个方面各自打开到每一项，不知道的不算满分也不算零分。",
    ]
    said += [f"专家没有采用的措施：{one.measure.zh}。理由：{one.reason}（{one.by}，{day(one.on)}）" for one in rejected]
    said += [f"没有采用的答案：{row['message_zh']}" for row in wrong.iter_rows(named=True)]
    paper.small("\n".join(said))
