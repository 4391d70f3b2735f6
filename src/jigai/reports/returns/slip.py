"""The list for an enterprise's equipment manager: what was found, what to do, what to fill in, what to answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from xlsxwriter.worksheet import Worksheet

from jigai.reports.book import Book, Field, field_widths, lines_for
from jigai.reports.labels import label, read_table
from jigai.reports.run import Run
from jigai.reports.tables import DISMANTLED

SHEET: Final = "核对清单"
TITLE: Final = "设备台账核对清单"
MAX_LISTED: Final = 500
"""Lines of one table; what lies beyond is coloured in the marked copy and listed in the report."""

COLOURS: Final = "红：必须淘汰；橙：建议更新；紫：资料不足；灰：未识别；黄：内容有疑问；蓝：空白待填"
HOW: Final = (
    "请逐项处理：补填的内容直接写在台账的空格里；台账没有这一栏的，在表格右边加一列，表头就写要补填的栏名"
    "（“是否……”的填“是”或“否”）；实在查不到的留空，不要估计。"
)
RETURN_BY: Final = (
    "补正后的台账连同回执，请于　　　　年　　月　　日前报"
    "　　　　　　　　　　　　（联系人、电话：　　　　　　　　　　）。"
)

_WIDTHS: Final = (5, 13, 12, 14, 5, 44, 22)
_LAST: Final = len(_WIDTHS) - 1


@dataclass(frozen=True)
class Slip:
    """What one list says. ``marked`` is the name of the marked copy, None when the file was refused."""

    source_file: str
    devices: pl.DataFrame
    problems: pl.DataFrame
    marked: str | None
    run: Run | None = None


def write_slip(slip: Slip, path: Path) -> None:
    """Write the list: A4 upright, one page wide, ending in a receipt to sign."""
    book = Book(path, TITLE, slip.run.as_of if slip.run else None)
    sheet = book.sheet(SHEET, slip.source_file.rpartition("/")[2][:60].replace("&", "&&"), portrait=True)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = book.heading(sheet, 0, TITLE, _LAST)
    row = _opening(book, sheet, row, slip)
    if slip.marked is None:
        row = _refusal(book, sheet, row, slip)
    else:
        for section in read_table("slip"):
            row = _section(book, sheet, row, slip, section)
        row = _questions(book, sheet, row, slip)
    _receipt(book, sheet, row + 1, slip)
    book.close()


def _opening(book: Book, sheet: Worksheet, row: int, slip: Slip) -> int:
    to = "、".join(_enterprises(slip.devices)[:2]) or "填报单位"
    row = _text(book, sheet, row, f"致：{to}", "ink")
    day = f"按{slip.run.as_of.isoformat()}有效的目录和标准，" if slip.run else ""
    if slip.marked is None:
        return _text(book, sheet, row, f"贵单位报送的“{slip.source_file}”未能读取，其中的设备没有参加筛查。", "ink")
    counted = slip.devices.filter(pl.col("use_state").is_null() | (pl.col("use_state") != DISMANTLED))
    sums = counted.group_by("verdict_key").agg(pl.col("quantity").sum())
    by_key = dict(zip(sums["verdict_key"].to_list(), sums["quantity"].to_list(), strict=True))
    parts = [
        f"{label('verdict', key)}{by_key[key]:,}台"
        for key in ("must_replace", "should_replace", "needs_data", "unknown_kind", "keep")
        if by_key.get(key)
    ]
    found = f"其中{'，'.join(parts)}" if parts else "其中没有可判定的设备"
    text = (
        f"贵单位报送的“{slip.source_file}”共{slip.devices.height:,}行、{sum(by_key.values()):,}台设备，{day}逐台核对，{found}。"
        f"单元格已在标记副本“{slip.marked}”中着色并加批注（{COLOURS}）。"
    )
    row = _text(book, sheet, row, text, "ink")
    row = _text(book, sheet, row, HOW, "ink")
    return _text(book, sheet, row, RETURN_BY, "ink")


def _enterprises(devices: pl.DataFrame) -> list[str]:
    if "enterprise" not in devices.columns:
        return []
    return [str(name) for name in devices["enterprise"].drop_nulls().unique(maintain_order=True)]


def _section(book: Book, sheet: Worksheet, row: int, slip: Slip, section: dict[str, str]) -> int:
    """Write the table of one verdict, when there are such devices."""
    lines = slip.devices.filter(pl.col("verdict_key").is_in(section["verdicts"].split("|")))
    if not lines.height:
        return row
    count = lines["quantity"].sum()
    row = book.heading(sheet, row + 1, f"{section['zh']}（{lines.height:,}行，{count:,}台）", _LAST, 12)
    fields = [
        Field("序号", 1, "count"), Field("位置"), Field("设备名称", 1, "text"), Field("规格型号", 1, "text"),
        Field("台数", 1, "count"), Field(section["evidence"]), Field("请贵单位"),
    ]  # fmt: skip
    places = pl.concat_str([pl.col("sheet").fill_null(""), pl.lit(" 第"), pl.col("row").cast(pl.String), pl.lit("行")])
    shown = lines.head(MAX_LISTED).select(places, "name", "model", "quantity", "reason", "action")
    rows: list[list[object]] = [[number, *values] for number, values in enumerate(shown.iter_rows(), start=1)]
    row = _table(book, sheet, row, fields, rows, section["tone"])
    return _rest(book, sheet, row, lines.height)


def _questions(book: Book, sheet: Worksheet, row: int, slip: Slip) -> int:
    """Write the questions to answer with the places of their cells."""
    asked = slip.problems.filter(pl.col("severity").is_in(["error", "question"]))
    if not asked.height:
        return row
    row = book.heading(sheet, row + 1, f"请核实的单元格（{asked.height:,}处）", _LAST, 12)
    fields = [
        Field("序号", 1, "count"),
        Field("位置"),
        Field("原始内容", 1, "text"),
        Field("问题和处理办法", 3),
        Field("请贵单位答复"),
    ]
    cell = pl.concat_str([pl.col("column").fill_null(""), pl.col("row").cast(pl.String)], ignore_nulls=True)
    places = pl.concat_str([pl.col("sheet").fill_null(""), pl.lit(" "), cell])
    shown = asked.head(MAX_LISTED).select(places, pl.col("raw").str.slice(0, 200), "message_zh")
    rows: list[list[object]] = [[number, *values, ""] for number, values in enumerate(shown.iter_rows(), start=1)]
    row = _table(book, sheet, row, fields, rows, "mark")
    return _rest(book, sheet, row, asked.height)


def _table(book: Book, sheet: Worksheet, row: int, fields: list[Field], rows: list[list[object]], tone: str) -> int:
    return book.block(sheet, row, fields, rows, tones_of=[tone] * len(rows), fitting=field_widths(fields, _WIDTHS))


def _rest(book: Book, sheet: Worksheet, row: int, height: int) -> int:
    if height <= MAX_LISTED:
        return row
    return _text(book, sheet, row, f"其余{height - MAX_LISTED:,}行见标记副本。", "quiet")


def _refusal(book: Book, sheet: Worksheet, row: int, slip: Slip) -> int:
    refused = slip.problems.filter(pl.col("severity") == "refused")
    row = book.heading(sheet, row + 1, "未能读取的原因和处理办法", _LAST, 12)
    rows: list[list[object]] = [
        [number, message] for number, message in enumerate(refused["message_zh"].to_list(), start=1)
    ]
    return _table(book, sheet, row, [Field("序号", 1, "count"), Field("原因和处理办法", 6)], rows, "stop")


def _receipt(book: Book, sheet: Worksheet, row: int, slip: Slip) -> None:
    row = book.heading(sheet, row, "回　执", _LAST, 12)
    for text in (
        f"关于“{slip.source_file}”的核对情况：□ 属实，已按要求补正　　□ 有异议，说明和证明材料附后",
        "填报人（签名）：　　　　　　　　　联系电话：　　　　　　　　　　负责人（签名）：",
        "企业（盖章）：　　　　　　　　　　　　　　　　　　　　　　日期：　　　　年　　月　　日",
    ):
        row = _text(book, sheet, row, text, "ink", spare=0.6)
    _text(book, sheet, row, "本清单由台账自动比对得出，供核实使用；处理决定由主管部门依法作出。", "quiet")


def _text(book: Book, sheet: Worksheet, row: int, text: str, tone: str, spare: float = 0) -> int:
    next_row = book.line(sheet, row, text, _LAST, lines_for(text, sum(_WIDTHS)), tone)
    if spare:
        sheet.set_row(row, 16 * (1 + spare) * lines_for(text, sum(_WIDTHS)))
    return next_row
