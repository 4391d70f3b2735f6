"""The two pages for the boss: what must be done, where the enterprise stands, what to do, what to get, next steps."""

from __future__ import annotations

import re
from typing import Final

from jigai.diagnosis.model import NOT_APPLICABLE, ORDER, Diagnosis, Measure, Part
from jigai.diagnosis.worth.model import Aid, Costed, Worth
from jigai.reports.charts import NoFontError, Range, ranges
from jigai.reports.enterprise.naming import Names
from jigai.reports.enterprise.words import NUMBERS, brief, counted, figure, listed, money, spread, until, word, yuan
from jigai.reports.enterprise.words import short as two
from jigai.reports.fonts import Face
from jigai.reports.word import Document
from jigai.reports.word_styles import Align

MOST_ORDERS: Final = 3
MOST_MEASURES: Final = 4
MOST_AIDS: Final = 3
MOST_STEPS: Final = 4
"""How much two pages hold; the annex has everything."""
CHART_WIDTH: Final = 140.0
"""How wide the chart may be [mm], so that the first page holds what is under it too."""
WAN: Final = 10000.0
"""Yuan in a 万元."""
_TITLE: Final = re.compile("《[^》]+》")


def write(paper: Document, costed: Costed, names: Names, face: Face | None) -> None:
    """Write both pages."""
    diagnosis = costed.diagnosis
    paper.heading(f"{NUMBERS[0]}、依法必须办的事")
    _orders(paper, diagnosis)
    paper.heading(f"{NUMBERS[1]}、企业现状")
    _standing(paper, diagnosis, face)
    paper.heading(f"{NUMBERS[2]}、做什么，花多少，省多少", new_page=True)
    _measures(paper, costed)
    paper.heading(f"{NUMBERS[3]}、能申请什么")
    _aids(paper, costed)
    paper.heading(f"{NUMBERS[4]}、下一步")
    for number, step in enumerate(steps(costed, names)[:MOST_STEPS], 1):
        paper.small(f"{number}. {step}")


def _orders(paper: Document, diagnosis: Diagnosis) -> None:
    orders = [one for one in diagnosis.measures if one.standing == ORDER]
    if not orders:
        paper.text("按已知情况没有依法必须办的事；这不等于全部合规，还没有核实的见附件。")
        return
    rows = [[one.zh, _size(one), until(one.deadline, diagnosis.as_of), _grounds(one)] for one in orders]
    heads = ["要做的事", "涉及", "期限", "依据"]
    paper.table(heads, rows[:MOST_ORDERS], [33, 8, 19, 40], ["left", "center", "center", "left"])
    # What the table has no room for is still named: the largest order may be among it.
    rest = "、".join(f"{one.zh.partition('，')[0]}{_size(one)}" for one in orders[MOST_ORDERS:])
    more = f"另有{len(rows) - MOST_ORDERS}件（{rest}）见附件。" if rest else ""
    paper.small(f"{more}不办的后果：所列文件的处罚条款没有收录，请向主管部门查询。")


def _size(one: Measure) -> str:
    return f"{one.machines}台" if one.machines else f"{len(one.lines) or len(one.items) or 1}项"


def _grounds(one: Measure) -> str:
    """Return the documents by their titles; numbers and clauses stand in the annex."""
    named = ((why.document or "") for why in one.why if not why.also)
    return listed(_TITLE.findall(text)[0] if _TITLE.findall(text) else text for text in named) or one.basis_zh


def _standing(paper: Document, diagnosis: Diagnosis, face: Face | None) -> None:
    shown = [
        (dimension, part)
        for dimension in diagnosis.dimensions
        for part in dimension.parts
        if part.state != NOT_APPLICABLE
    ]
    rows = [
        Range(f"{dimension.zh}·{part.zh}", part.low, part.high, part.score, _score(part)) for dimension, part in shown
    ]
    try:
        said = "；".join(f"{one.label}：{one.text}" for one in rows)
        paper.picture(ranges(rows, face), said, width=CHART_WIDTH)
        paper.caption("图：各项得分（0～100）。灰条和粗线为得分；斜线为数据不全、可能达到的范围")
    except NoFontError:
        paper.table(["项目", "得分或可能范围"], [[one.label, one.text] for one in rows], [70, 30])
    known = sorted((part for _dimension, part in shown if part.score is not None), key=lambda one: one.score or 0.0)
    unknown = [part for _dimension, part in shown if part.score is None]
    if known:
        weak, best = known[0], known[-1]
        paper.small(
            f"最弱：{weak.zh}（{weak.label_zh}）。最好：{best.zh}（{best.label_zh}）。"
            if weak is not best
            else f"已知的只有{weak.zh}（{weak.label_zh}）。"
        )
    if unknown:
        paper.small(f"还不知道{len(unknown)}项：{listed((one.zh for one in unknown), 2)}；要补什么见附件1。")


def _score(part: Part) -> str:
    if part.score is not None:
        return f"{part.score:.0f}分"
    if part.low is None or part.high is None or (part.low <= 0 and part.high >= 100):
        return "未知"
    return f"未知（{part.low:.0f}～{part.high:.0f}）"


def _measures(paper: Document, costed: Costed) -> None:
    rows = []
    for number, (measure, worth) in enumerate(_pairs(costed)[:MOST_MEASURES], 1):
        mark = "（测算示例）" if worth.sample else ""
        rows.append(
            [
                str(number),
                f"{measure.zh.partition('，')[0]}{mark}",
                _size(measure),
                brief(worth.tce),
                brief(worth.money, WAN),
                figure(worth.price.capital / WAN) if worth.price else "没有\n报价",
                payback(worth, short=True),
            ]
        )
    if not rows:
        paper.text("按已知情况没有提出措施；还缺的数据补齐后重新诊断。")
        return
    heads = ["序", "措施", "涉及", "年节能\n吨标准煤", "年省\n万元", "投资\n万元", "回收期\n年"]
    aligns: tuple[Align, ...] = ("center", "left", "center", "center", "center", "center", "center")
    paper.table(heads, rows, [5, 29, 9, 16, 17, 10, 14], aligns)
    paper.small(_summed(costed))


def _pairs(costed: Costed) -> list[tuple[Measure, Worth]]:
    return list(zip(costed.diagnosis.measures, costed.worths, strict=True))


def payback(worth: Worth, *, short: bool = False) -> str:
    """Return the simple payback with its range (``short``: below it), or a dash where it is not known."""
    pays = worth.returns
    if pays is None:
        return "—"
    if pays.payback is None:
        return "收不回"
    low = two(pays.payback_low) if pays.payback_low is not None else "—"
    high = two(pays.payback_high) if pays.payback_high is not None else "收不回"
    return f"{figure(pays.payback)}\n{low}~{high}" if short else f"{figure(pays.payback)}（{low}～{high}）"


def _summed(costed: Costed) -> str:
    total = costed.total
    more = len(costed.worths) - MOST_MEASURES
    rest = f"另有{more}项措施见附件。" if more > 0 else ""
    if total.tce is None:
        return f"{rest}还没有一项措施能测算节能量，缺什么见附件。下行和括号内为最低～最高。"
    sample = "（测算示例）" if total.sample else ""
    said = f"合计{sample}：{total.machines}台，年节能{spread(total.tce)}吨标准煤"
    said += f"，减排二氧化碳{spread(total.co2)}吨" if total.co2 else "，减排量因没有排放因子不推算"
    said += f"，年省{money(total.money)}" if total.money else ""
    said += f"；已有价格的{total.priced}项措施投资{yuan(total.capital)}" if total.capital is not None else ""
    twice = f"同一台机器有两项措施的只算省得多的一项（{len(total.shared)}行没有重复计入）。" if total.shared else ""
    return f"{rest}{said}。{twice}下行和括号内为最低～最高。"


def _aids(paper: Document, costed: Costed) -> None:
    every = [*costed.aids, *(aid for worth in costed.worths for aid in worth.aids)]
    best: dict[str, Aid] = {}
    for aid in every:
        held = best.get(aid.instrument)
        if aid.status != "not" and (held is None or float(aid.high or 0) > float(held.high or 0)):
            best[aid.instrument] = aid
    ranked = sorted(best.values(), key=_rank)
    rows = [[one.zh, word("status", one.status), _most(every, one), _next(one)] for one in ranked]
    if not rows:
        paper.text("按已知情况没有可以申请的支持，逐项原因见附件。")
        return
    heads = ["支持", "判断", "最多", "还要什么"]
    paper.table(heads, rows[:MOST_AIDS], [33, 8, 16, 43], ["left", "center", "center", "left"])
    rest = f"另有{len(rows) - MOST_AIDS}项待定，见附件。" if len(rows) > MOST_AIDS else ""
    paper.small(f"{rest}主管部门决定；税收仅供参考，由企业自行判别申报。")


def _rank(one: Aid) -> tuple[int, bool, bool, int, float, str]:
    return (
        ("eligible", "undecided").index(one.status),
        one.against,
        one.high is None,
        sum(test.holds is None for test in one.tests),
        -float(one.high or 0),
        one.instrument,
    )


def _most(every: list[Aid], one: Aid) -> str:
    """Return the most an instrument may bring over all it is for, as far as amounts can be told."""
    amounts = [float(aid.high) for aid in every if aid.instrument == one.instrument and aid.high is not None]
    return yuan(sum(amounts)) if amounts else "不能算"


def _next(one: Aid) -> str:
    """Return what is missing first, by the name of the fact; the proof for each stands in the annex."""
    wanted = [test.zh for test in one.tests if test.holds is None]
    return listed(wanted, 2) or one.next_zh


def steps(costed: Costed, names: Names) -> list[str]:
    """Return what to do next, the most pressing first: orders, looking on site, quotations, data that settle most."""
    diagnosis = costed.diagnosis
    found = []
    orders = [one for one in diagnosis.measures if one.standing == ORDER]
    if orders:
        machines = sum(one.machines for one in orders)
        found.append(f"按第一部分安排依法必须办的{len(orders)}件事，涉及{machines}台设备；逐台清单见附件2。")
    confirm = [one for one in diagnosis.measures if one.standing == "confirm" and one.machines]
    if confirm:
        machines = sum(one.machines for one in confirm)
        found.append(f"到现场核实{machines}台设备的铭牌和运行情况，清单见附件2。")
    unpriced = sum(one.price is None for one in costed.worths)
    if unpriced:
        found.append(f"为{unpriced}项措施取报价，写进企业情况文件后重新诊断。")
    asked = _asked(diagnosis)
    if asked:
        found.append(f"补数据，先补：{listed(asked, 2)}。")
    return found


def _asked(diagnosis: Diagnosis) -> list[str]:
    parts = [part for dimension in diagnosis.dimensions for part in dimension.parts if part.asks]
    wide = sorted(parts, key=lambda one: (one.low or 0.0) - (one.high if one.high is not None else 100.0))
    return list(dict.fromkeys(ask.zh for part in wide for ask in part.asks[:1]))


def numbered(place: int, text: str) -> str:
    """Return a heading of the second level with its number."""
    return f"（{counted(place)}）{text}"
