"""The bulletin (工作进展通报) as an editable Word document in official layout, filled from the board's figures."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jigai.plan.period import Period
from jigai.platform.reporting import wording
from jigai.platform.reporting.figures import CITY, MANAGER, Figure, FigureSource
from jigai.platform.reporting.overdue import Overdue
from jigai.reports.charts import Bar, bars
from jigai.reports.fonts import Face
from jigai.reports.word import Document

_NUMBERS: Final = "一二三四五六七八九十"


@dataclass(frozen=True)
class Issue:
    """An issue of the bulletin: of which month, as known on which day, with what people add.

    ``number`` is the issue (empty: none), ``office`` who edits it; without ``red_head`` it begins with its title.
    ``next_steps`` has a step a line. ``overdue`` is None where nobody keeps tasks.
    """

    city: str
    period: Period
    known_on: date
    units: Mapping[str, str]
    red_head: bool
    number: str
    office: str
    next_steps: str
    overdue: Sequence[Overdue] | None


@dataclass(frozen=True)
class Ranked:
    """A managing unit in a ranking; those without a reportable figure come last, unranked."""

    name: str
    figure: Figure
    rank: int | None


def write(text: wording.Text, issue: Issue, source: FigureSource, face: Face | None) -> bytes:
    """Return the bulletin as a Word document.

    A figure that is not there is written as missing, never as zero; which those are, and which rest on too few
    reports, is told at the end. Without a typeface (``face``) there are no charts, and the tables stand alone.
    """
    figures = {one: source.figure(one, issue.period, issue.known_on, *CITY) for one in wording.indicators(text)}
    names = _names(issue)
    document = Document()
    if issue.red_head:
        head = wording.filled(text.red_head, names, figures.__getitem__)
        document.red_head(head, issue.number, (issue.office, _day(issue.known_on)))
    document.title(wording.filled(text.title, names, figures.__getitem__))
    document.text(wording.filled(text.opening, names, figures.__getitem__))
    place = 0
    for section in text.sections:
        if section.get("overdue") and issue.overdue is None:
            continue
        if section.get("next") and not issue.next_steps.strip():
            continue
        document.heading(f"{_NUMBERS[place % 10]}、{section['heading']}")
        place += 1
        for paragraph in section.get("paragraphs") or []:
            document.text(wording.filled(paragraph, names, figures.__getitem__))
        if section.get("objectives"):
            _objectives(document, issue, source)
        if "ranking" in section:
            _ranking(document, section["ranking"], issue, source, face)
        if section.get("overdue"):
            _overdue(document, issue)
        if section.get("next"):
            _next(document, issue)
    _notes(document, figures, source)
    target = io.BytesIO()
    document.write(target)
    return target.getvalue()


def ranked(indicator: str, issue: Issue, source: FigureSource) -> list[Ranked]:
    """Return the managing units by a figure, the highest first; equal figures have the same rank."""
    found = [
        (name, source.figure(indicator, issue.period, issue.known_on, MANAGER, code))
        for code, name in issue.units.items()
    ]
    counted = [(name, one) for name, one in found if one.value is not None and one.reportable]
    counted.sort(key=lambda pair: (-(pair[1].value or Decimal(0)), pair[0]))
    values = [one.value for _name, one in counted]
    rest = [Ranked(name, one, None) for name, one in found if one.value is None or not one.reportable]
    return [Ranked(name, one, values.index(one.value) + 1) for name, one in counted] + rest


def _objectives(document: Document, issue: Issue, source: FigureSource) -> None:
    """Write how every objective stands, as on the board: a table, and under it what each card says."""
    found = source.standings(issue.period, issue.known_on)
    if not found:
        document.text("还没有启用规划文件，没有目标可说。")
        return
    rows = [[one.name, one.value, one.asked, one.state, one.coverage or "—"] for one in found]
    document.caption("表：各项目标进展")
    heads = ["目标", "目前", "要求", "状态", "填报覆盖率"]
    document.table(heads, rows, (32, 21, 23, 12, 12), ("left", "right", "left", "center", "right"))
    for one in found:
        if one.sentence:
            document.text(f"{one.name}：{one.sentence}")


def _ranking(
    document: Document, said: Mapping[str, Any], issue: Issue, source: FigureSource, face: Face | None
) -> None:
    found = ranked(str(said["indicator"]), issue, source)
    style = str(said["format"])
    rows = [
        [
            str(one.rank) if one.rank else "—",
            one.name,
            wording.written(one.figure.value, style).removesuffix("%"),
            wording.written(one.figure.coverage, "percent0").removesuffix("%"),
            "" if one.rank else ("覆盖率不足" if one.figure.value is not None else "暂缺"),
        ]
        for one in found
    ]
    when = next((text for one in found if (text := wording.when_of(one.figure))), "")
    caption = f"{said['caption']}（{when}）" if when else str(said["caption"])
    document.caption(f"表：{caption}")
    heads = ["位次", "管理主体", f"数值（{said['unit']}）", "覆盖率（%）", "说明"]
    document.table(heads, rows, (10, 30, 20, 22, 18), ("center", "left", "right", "right", "left"))
    if face is None or not found:
        return
    drawn = [
        Bar(one.name, one.figure.value, wording.written(one.figure.value, style), hatched=one.rank is None)
        for one in found
    ]
    told = "、".join(f"{one.label}{one.text}" for one in drawn)
    document.picture(bars(drawn, face), f"{caption}：{told}")
    document.caption(f"图：{caption}（斜线为覆盖率不足，不参加排位）")


def _overdue(document: Document, issue: Issue) -> None:
    if not issue.overdue:
        document.text(f"截至{_day(issue.known_on)}，没有逾期事项。")
        return
    rows = [
        [str(number), one.title, one.unit, one.due.isoformat(), str((issue.known_on - one.due).days)]
        for number, one in enumerate(issue.overdue, 1)
    ]
    heads = ["序号", "事项", "责任单位", "期限", "逾期（天）"]
    document.table(heads, rows, (9, 36, 22, 20, 17), ("center", "left", "left", "center", "right"))


def _next(document: Document, issue: Issue) -> None:
    steps = [line.strip() for line in issue.next_steps.splitlines() if line.strip()]
    for number, line in enumerate(steps, 1):
        document.text(f"{number}. {line}")


def _notes(document: Document, figures: Mapping[str, Figure], source: FigureSource) -> None:
    """Tell which figures are missing or not reportable; nothing where all are there."""
    names = {one.id: one.zh for one in source.indicators()}
    said = []
    for key, one in figures.items():
        name = names.get(key, key)
        if one.value is None:
            said.append(f"{name}：暂缺（{one.why or '来源中没有这个期间的数'}）。")
        elif not one.reportable:
            said.append(f"{name}：覆盖率{wording.written(one.coverage, 'percent0')}，仅供内部参考，不可上报。")
    if said:
        document.heading("数据说明", 2)
        for line in said:
            document.text(line)


def _names(issue: Issue) -> dict[str, str]:
    month = issue.period.month
    period = f"{issue.period.year}年" + (f"{month}月末" if month else "末")
    return {"city": issue.city, "period": period, "day": _day(issue.known_on)}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
