"""Whom a rehearsal hits, as a workbook: what it is, the sums, and every line (试算影响)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.ledger.words import kind_word, language, word
from jigai.platform.places.models import ManagingUnit
from jigai.platform.screening.impact import Told
from jigai.platform.screening.impact_words import headline, tables
from jigai.platform.screening.models import Run
from jigai.platform.walls.actor import Actor
from jigai.platform.web.workbook import told_line_by_line
from jigai.reports.book import Book, Field

WIDTHS: Final = (20, 22, 16, 14, 18, 8, 11, 10, 12, 12, 34, 12, 12, 54)
STYLES: Final = ("text",) * 4 + ("text", "whole", "amount", "year") + ("text",) * 6


def write(path: Path, run: Run, told: Told, actor: Actor) -> None:
    """Write the workbook; every sheet says that it is a rehearsal and changes nothing in force."""
    book = Book(path, run.title, run.as_of)
    _about(book, run, told, actor)
    _sums(book, run, told)
    _lines(book, run, told)
    book.close()


def _mark(run: Run) -> str:
    return _("试算：按 %(day)s 的依据测算，不改变现行结论，不得作为行政决定的依据。") % {"day": run.as_of.isoformat()}


def _about(book: Book, run: Run, told: Told, actor: Actor) -> None:
    sheet = book.sheet(_("说明"), portrait=True)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 76)
    row = book.heading(sheet, 0, _("试算影响"), 1)
    row = book.line(sheet, row, _mark(run), 1, tone="stop")
    against = "；".join(f"{one.title}（{_('编号')} {one.pk}）" for one in told.against) or _("没有现行筛查")
    rows = [
        (_("名称"), run.title),
        (_("城市"), settings.CITY_NAME),
        (_("判定日"), run.as_of.isoformat()),
        (_("范围"), _("%(count)d 个厂区") % {"count": len(run.sites)}),
        (_("对照"), against),
        (
            _("没有对照"),
            _("%(count)d 个厂区还没有正式筛查过，其设备没有原结论") % {"count": told.unjudged}
            if told.unjudged
            else _("无"),
        ),
        (_("口径"), _("只列结论与现行不同的设备；台数按数量累计，千瓦为额定功率乘台数，空白功率不计。")),
        (_("依据数据"), run.reference_hash[:16]),
        (_("软件"), f"jigai {run.engine_version}"),
        (_("导出人"), f"{actor.user or actor.label} {timezone.localtime():%Y-%m-%d %H:%M}"),
    ]
    told_line_by_line(book, sheet, row, rows)


def _sums(book: Book, run: Run, told: Told) -> None:
    sheet = book.sheet(_("汇总"), portrait=True)
    for column, width in enumerate((40, 16, 14, 14, 14, 12)):
        sheet.set_column(column, column, width)
    row = book.heading(sheet, 0, _("试算影响汇总"), 5)
    row = book.line(sheet, row, _mark(run), 5, tone="stop")
    names = {"must_replace": _("新增必须淘汰"), "should_replace": _("新增建议更新"), "better": _("不再需要更换")}
    fields = [
        Field(_("变化"), 2), Field(_("行"), style="whole"), Field(_("台"), style="whole"),
        Field(_("千瓦"), style="whole"), Field(_("企业"), style="whole"),
    ]  # fmt: skip
    found = [
        (names[one["key"]], one["lines"], one["machines"], one["kw"], one["enterprises"]) for one in headline(told)
    ]
    row = book.block(sheet, row, fields, found) + 1
    for table in tables(told, timezone.localdate()):
        spans = (1, 1) if len(table.heads) == 2 else (2,)
        heads = [Field(head, span) for head, span in zip(table.heads, spans, strict=True)]
        fields = [
            *heads, Field(_("新增必须淘汰（台）"), style="whole"), Field(_("新增建议更新（台）"), style="whole"),
            Field(_("合计（kW）"), style="whole"), Field(_("企业（家）"), style="whole"),
        ]  # fmt: skip
        row = book.line(sheet, row, table.title, 5, tone="ink")
        content = [(*one.names, one.must, one.should, one.kw, one.enterprises) for one in table.rows]
        row = (
            book.block(
                sheet,
                row,
                fields,
                content,
                fitting=[40, 16, 14, 14, 14, 12] if len(heads) == 2 else [56, 14, 14, 14, 12],
            )
            + 1
        )


def _lines(book: Book, run: Run, told: Told) -> None:
    sheet = book.sheet(_("明细"))
    heads = [
        _("管理主体"), _("企业"), _("设备"), _("型号"), _("种类"), _("数量（台）"), _("功率（kW/台）"), _("出厂年份"),
        _("现行结论"), _("试算结论"), _("依据文件"), _("条款"), _("期限"), _("理由"),
    ]  # fmt: skip
    row = book.heading(sheet, 0, run.title, len(heads) - 1)
    row = book.line(sheet, row, _mark(run), len(heads) - 1, tone="stop")
    for column, (head, width) in enumerate(zip(heads, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        book.put(sheet, row, column, head, book.head())
    sheet.set_row(row, 30)
    first = row
    looks = [book.tone("ink", style) for style in STYLES]
    for values in _rows(told):
        row += 1
        for column, (value, look) in enumerate(zip(values, looks, strict=True)):
            book.put(sheet, row, column, value, look)
    sheet.freeze_panes(first + 1, 3)
    sheet.autofilter(first, 0, max(row, first + 1), len(heads) - 1)
    sheet.repeat_rows(first)


def _rows(told: Told) -> Iterator[Sequence[object]]:
    units = dict(ManagingUnit.objects.values_list("code", "name"))
    graver = told.changed.sort("manager_code", "enterprise", "device")
    for one in graver.iter_rows(named=True):
        yield (
            units.get(one["manager_code"], one["manager_code"]),
            one["enterprise"],
            one["name"],
            one["model"],
            kind_word(one["kind"]) if one["kind"] else "",
            one["machines"],
            one["power_kw"],
            one["made_year"],
            word("verdict", one["before"]) if one["before"] else _("没有判过"),
            word("verdict", one["after"]),
            one["document"],
            one["clause"],
            one["deadline"],
            one[f"reason_{language()}"],
        )
