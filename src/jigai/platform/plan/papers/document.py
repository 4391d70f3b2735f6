"""The board as an official Word document: a sentence per objective, a table of units, charts for grey print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from jigai.platform.plan import words
from jigai.platform.plan.papers import words as told
from jigai.platform.plan.reading import Board, TargetView
from jigai.reports.charts import Bar, NoFontError, bars
from jigai.reports.fonts import Face
from jigai.reports.word import Document

_LEVELS: Final = "一二三四五六七八九十"
FEWEST: Final = 2
"""Figures a chart is drawn of: one bar compares nothing."""
Progress = Callable[[int, int], None]


def write(target: Path, board: Board, by: str, face: Face | None, progress: Progress = lambda done, all_: None) -> bool:
    """Write the document; tell whether its charts could be drawn (not without a typeface with Chinese signs)."""
    paper = Document()
    paper.title(told.title(board))
    if settings.DEMO:
        paper.mark(_("示范城市：企业、人员、数值均为虚构，不得用于任何决定。"))
    paper.text(told.line(board), indent=False, align="center")
    paper.heading(f"{_LEVELS[0]}、{_('总的情况')}")
    paper.text(told.summary(board))
    paper.heading(f"{_LEVELS[1]}、{_('各项目标')}")
    drawn = True
    for place, view in enumerate(board.objectives, 1):
        paper.heading(f"（{_counted(place)}）{told.heading(view)}", 2)
        for one in view.targets:
            paper.text(_("目标：%(asked)s。") % {"asked": told.target(one)} + "".join(told.said(one)))
            drawn &= _units(paper, one, face)
        progress(place, len(board.objectives))
    paper.heading(f"{_LEVELS[2]}、{_('说明')}")
    for name, text in told.notes(board, by):
        paper.text(f"{name}：{text}")
    paper.write(target)
    return drawn


def _counted(number: int) -> str:
    """Return a number up to 99 in Chinese, as headings of the second level are numbered."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_LEVELS[tens - 1]}十"
    return ten + (_LEVELS[ones - 1] if ones else "")


def _units(paper: Document, view: TargetView, face: Face | None) -> bool:
    """Write the table of units, with a chart where there are two figures to compare; False if it could not be drawn."""
    shown = [one for one in view.units if one.number.value is not None or one.number.should]
    if not shown:
        return True
    unit = words.unit(view.indicator)
    name = words.title(view.indicator) + (f"（{unit}）" if unit else "")
    paper.caption(name)
    rows = [
        [one.name, one.number.text, one.number.percent or "—", told.gap(view, one.gap), told.unit_state(one)]
        for one in shown
    ]
    heads = [_("县区、园区"), _("数值"), _("填报覆盖率"), _("差距"), _("状态")]
    paper.table(heads, rows, [30, 20, 20, 15, 15], ["left", "right", "right", "right", "center"])
    found = [one for one in shown if one.number.value is not None]
    if len(found) < 2:
        return True
    try:
        png = bars([Bar(one.name, one.number.value, one.number.text, one.number.grey) for one in found], face)
    except NoFontError:
        return False
    listed = "、".join(f"{one.name} {one.number.text}" for one in found)
    paper.picture(png, f"{name}：{listed}")
    if any(one.number.grey for one in found):
        paper.caption(_("斜线：填报覆盖率不够，不可上报"))
    return True
