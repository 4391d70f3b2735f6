"""One measure with all its evidence: machines, findings, savings with their inputs, price, return, support."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final

from jigai.appraisal.tables import keyed as facts_of
from jigai.diagnosis.model import Measure, Reason
from jigai.diagnosis.worth.model import Aid, DeviceWorth, Returns, Worth
from jigai.diagnosis.worth.rows import inputs_of
from jigai.reports.enterprise.boss import WAN, payback
from jigai.reports.enterprise.naming import Names
from jigai.reports.enterprise.words import brief, figure, listed, money, spread, until, word, yuan
from jigai.reports.labels import attribute_words
from jigai.reports.word import Document
from jigai.reports.word_styles import Align

_UNITS: Final = {"discounted": "年", "npv": "元", "yearly_cost": "元/年", "per_tce": "元/吨标准煤", "per_tco2": "元/吨"}


def write_measure(paper: Document, one: Measure, worth: Worth, names: Names, as_of: date) -> None:
    """Write a measure with its evidence."""
    paper.small("\n".join(_head(one, worth, as_of)))
    rows = {row.device_id: row for row in worth.devices}
    if one.devices:
        table = [_row(device, rows.get(device), names) for device in one.devices]
        heads = ["设备", "编号和位置", "台数", "年节能\n吨标准煤", "年省\n万元", "状态和还缺"]
        aligns: tuple[Align, ...] = ("left", "left", "center", "center", "center", "left")
        paper.table(heads, table, [26, 20, 7, 14, 13, 20], aligns)
    tail = [f"产线：{listed(one.lines)}。"] if one.lines else []
    tail += [f"依据：{_reason(why)}" for why in one.why]
    tail += _inputs(worth)
    tail += _assumptions(worth)
    tail += _price(worth)
    tail += _returns(worth.returns)
    tail += [f"说明：{why.zh}" for why in worth.why]
    if one.missing:
        tail.append(f"还要：{listed(ask.zh for ask in one.missing)}。")
    tail += [_aid(aid) for aid in worth.aids]
    paper.small("\n".join(tail))


def _aid(aid: Aid) -> str:
    """Tell an instrument in a line; rule, proof and next step stand once in the annex on support."""
    amount = f"最多{yuan(float(aid.high))}" if aid.high is not None else "金额不能算"
    missing = listed(one.zh for one in aid.tests if one.holds is None)
    sample = "（测算示例）" if aid.sample else ""
    lacks = f"；还缺：{missing}" if missing else ""
    return f"支持【{word('status', aid.status)}】{aid.zh}{sample}：{amount}{lacks}。规定和凭证见附件3。"


def _head(one: Measure, worth: Worth, as_of: date) -> Iterator[str]:
    law = "依法必须办理" if one.law and one.standing == "order" else word("standing", one.standing)
    deadline = f"；期限：{until(one.deadline, as_of)}" if one.deadline or one.standing == "order" else ""
    size = f"；{one.machines}台，额定功率合计{figure(one.power_kw)}千瓦" if one.machines and one.power_kw else ""
    yield f"性质：{law}{deadline}{size}；可靠程度：{word('certainty', one.certainty)}。"
    yield f"出处：{one.basis_zh}。"
    if one.fit_zh:
        yield f"换用：{one.fit_zh}。"
    if one.directions:
        yield f"行业方向条目：{listed(one.directions)}。"
    if worth.sample:
        yield "测算示例：本项金额或节能量含示例假设。"
    if worth.tce:
        co2 = f"，减排二氧化碳{spread(worth.co2)}吨" if worth.co2 else ""
        saved = f"，省{money(worth.money)}" if worth.money else ""
        yield f"每年：节能{spread(worth.tce)}吨标准煤（当量）{co2}{saved}（{worth.appraised}台）。"


def _row(device: str, row: DeviceWorth | None, names: Names) -> list[str]:
    head = [names.what(device), names.where(device), names.machines(device)]
    if row is None:
        return [*head, "—", "—", "没有测算公式"]
    lacks = [key for key in row.missing if ":" not in key]  # factors that are not held are told once, as a reason
    missing = listed(_asked(key) for key in lacks)
    said = row.refused.zh if row.refused else word("row", row.status) + (f"：{missing}" if missing else "")
    return [*head, brief(row.tce), brief(row.money, WAN), said]


def _asked(key: str) -> str:
    fact = facts_of("facts", "key").get(key)
    if fact:
        return fact["zh"]
    return attribute_words().get(key, key)


def _reason(reason: Reason) -> str:
    beside = "（另外查到）" if reason.also else ""
    clause = f" {reason.clause}" if reason.clause else ""
    basis = f"，根据{word('basis', reason.basis)}" if reason.basis else ""
    sure = f"，{word('certainty', reason.certainty)}" if reason.certainty else ""
    count = f"（{len(reason.of)}行）" if len(reason.of) > 1 else ""
    head = f"{beside}{word('outcome', reason.outcome)}{count}，{reason.document or '没有文件'}{clause}{basis}{sure}"
    return f"{head}。{'例：' if count else ''}{reason.example_zh}"


def _inputs(worth: Worth) -> Iterator[str]:
    """Tell the inputs of the formula with their origins, once for machines that have the same."""
    alike: dict[str, list[DeviceWorth]] = defaultdict(list)
    for row in worth.devices:
        if row.inputs:
            alike[row.inputs].append(row)
    measures = facts_of("measures", "measure")
    for rows in alike.values():
        told = "；".join(
            f"{_asked(name)} {value}（{word('origin', origin)}）" for name, value, origin in inputs_of(rows[0])
        )
        yield f"公式“{measures[rows[0].appraisal]['zh']}”的输入（{len(rows)}行台账）：{told}。"


def _assumptions(worth: Worth) -> Iterator[str]:
    """Tell each assumption once, with its range."""
    texts = [one for row in worth.devices for one in row.assumptions.split(";") if one]
    if texts:
        yield f"所用假定（低–可能–高）：{_assumed(';'.join(dict.fromkeys(texts)))}。"


def _assumed(text: str) -> str:
    parts = (one.partition("=") for one in text.split(";"))
    return "；".join(f"{_asked(name)} {value}" for name, _equals, value in parts)


def _price(worth: Worth) -> Iterator[str]:
    price = worth.price
    if price is None:
        return
    old = f"，旧设备回收{yuan(price.old)}" if price.old is not None else ""
    life = f"，使用年限{price.life_years:g}年" if price.life_years else ""
    documents = f"，{listed(price.documents)}" if price.documents else ""
    sample = "（示例）" if price.sample else ""
    yield (
        f"投资：设备{yuan(price.equipment)}，运输安装等{yuan(price.more)}{old}，合计{yuan(price.capital)}"
        f"（{price.machines}台{life}；来源：{word('origin', price.origin)}{documents}{sample}；不含可抵扣增值税）。"
    )


def _returns(pays: Returns | None) -> Iterator[str]:
    if pays is None:
        return
    said = [f"投资{yuan(pays.capital)}，年省{money(pays.saving)}（{pays.machines}台既有价格又能测算）"]
    said.append(f"静态回收期{_years(pays)}")
    if pays.irr is not None:
        said.append(f"内部收益率{pays.irr:.1%}")
    for name, unit in _UNITS.items():
        value = getattr(pays, name)
        if value is not None:
            said.append(f"{word('figure', name)}{figure(value)}{unit}")
    yield f"经济性：{'；'.join(said)}。"
    reasons: dict[str, list[str]] = defaultdict(list)
    for name, why in pays.reasons:
        reasons[why.zh].append(word("figure", name))
    for text, figures in reasons.items():
        yield f"没有{listed(figures)}：{text}"


def _years(pays: Returns) -> str:
    stand_in = Worth("", 0, 0, (), None, None, None, None, pays, (), (), sample=False)
    said = payback(stand_in)
    return said if said == "收不回" else f"{said}年"


def aid_rule(aid: Aid) -> list[str]:
    """Return the document an instrument rests on and how sure it is."""
    unsure = "（文号待核）" if aid.number_unsure and "文号待核" not in aid.document else ""
    return [f"　规定：{aid.document}{unsure}，{word('certainty', aid.certainty)}。"]


def aid_tests(aid: Aid) -> list[str]:
    """Return what is met, not met, missing with its proof, and to be compared; and the amount."""
    met = [one.zh for one in aid.tests if one.holds and not one.says_zh]
    failed = [f"{one.zh}（{one.clause}）" if one.clause else one.zh for one in aid.tests if one.holds is False]
    missing = [(one.says_zh or one.zh).rstrip("。").removeprefix("缺") for one in aid.tests if one.holds is None]
    recalled = [(one.says_zh or "").rstrip("。") for one in aid.tests if one.holds and one.says_zh]
    proofs = [one.proof_zh for one in aid.tests if one.proof_zh and one.holds is not None]
    said = []
    parts = (("已符合", met), ("不符合", failed), ("还缺", missing), ("须核对", recalled), ("凭证", proofs))
    for name, texts in parts:
        if texts:
            said.append(f"　{name}：{'；'.join(dict.fromkeys(texts))}。")
    if aid.high is not None and aid.low is not None:
        years = "；".join(f"{year or '年份未定'} {low}～{high}元" for year, low, high in aid.by_year)
        said.append(f"　金额：{aid.low}～{aid.high}元（{years}）。")
    elif aid.no_amount:
        said.append(f"　金额：{aid.no_amount.zh}")
    return said


def aid_asks(aid: Aid) -> list[str]:
    """Return everything an instrument asks of a purchase, with the clause and the proof where one is known."""
    said = []
    for one in aid.tests:
        clause = f"（{one.clause}）" if one.clause and one.clause != one.zh else ""
        says = f"：{one.says_zh.rstrip('。')}" if one.says_zh and one.holds is None else ""
        said.append(f"　条件：{one.zh}{clause}，{word('certainty', one.certainty) or '没有收录'}{says}。")
    return said


def aid_next(aid: Aid) -> list[str]:
    """Return what to bring next, until when, and what must stand beside it."""
    said = []
    if aid.status != "not":
        said.append(f"　下一步：{aid.next_zh.rstrip('。')}。" + (f"截止：{aid.until}。" if aid.until else ""))
    return said + [f"　注：{note.zh}" for note in aid.notes]
