"""A blank as a province might send it: several sheets, merged cells, formulas, a picture, a chart, a hidden sheet."""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter
from PIL import Image

COVER, FIGURES, LIST, TOTALS, HIDDEN = "封面", "表一 指标", "表二 名单", "汇总", "字典"
ROOM = 6
"""Rows there are for the list."""


def hard_workbook(values=None):
    """Return the blank; ``values`` are put into cells of the first table, as somebody filled them in by hand."""
    target = io.BytesIO()
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), (180, 20, 20)).save(picture, "PNG")
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 1, 5, 9), "author": "示例省厅（虚构）"})
        head = book.add_format({"bold": True, "align": "center", "font_size": 18})
        boxed = book.add_format({"border": 1, "num_format": "#,##0.00"})
        cover = book.add_worksheet(COVER)
        cover.merge_range("A1:F3", "工业设备更新进展月报（示例，虚构表式）", head)
        cover.insert_image("A5", "badge.png", {"image_data": picture, "description": "示例徽标"})
        cover.write("A12", "填报单位：")
        cover.write("A13", "报告期：")
        _figures(book, head, boxed, values or {})
        _list(book, boxed)
        totals = book.add_worksheet(TOTALS)
        totals.write("A1", "合计核对")
        totals.write_formula("B1", f"='{FIGURES}'!C5+'{FIGURES}'!D5", boxed, 0)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{FIGURES}'!$C$5:$D$5"})
        totals.insert_chart("A4", chart)
        hidden = book.add_worksheet(HIDDEN)
        hidden.write_column("A1", ["正常", "滞后"])
        hidden.hide()
        book.define_name("状态", f"={HIDDEN}!$A$1:$A$2")
    return target.getvalue()


def _figures(book, head, boxed, values):
    sheet = book.add_worksheet(FIGURES)
    sheet.merge_range("A1:F1", "表一　主要指标", head)
    sheet.merge_range("C3:D3", "其中")
    sheet.write_row("A4", ["指标", "全市", "东区", "西区", "两区合计", "进度"])
    names = (
        "设备投资（统计口径，亿元）",
        "研发设计工具普及率（%）",
        "设备投资（调度口径，亿元）",
        "属地东区投资（亿元）",
    )
    for row, name in enumerate(names, 5):
        sheet.write(f"A{row}", name, boxed)
        for letter in "BCD":
            sheet.write_blank(f"{letter}{row}", None, boxed)
        sheet.write_formula(f"E{row}", f"=C{row}+D{row}", boxed, 0)
    sheet.data_validation("F5:F8", {"validate": "list", "source": "=状态"})
    sheet.conditional_format("B5:D8", {"type": "cell", "criteria": "<", "value": 0, "format": boxed})
    sheet.write("A10", "情况说明")
    sheet.merge_range("B10:F10", "", boxed)
    sheet.write_row("A12", ["填报人：", "", "审核人：", "", "负责人：", ""])
    sheet.freeze_panes(4, 1)
    for address, value in values.items():
        sheet.write(address, value, boxed)


def _list(book, boxed):
    sheet = book.add_worksheet(LIST)
    sheet.write_row("A2", ["序号", "企业", "管理主体", "计入情况"])
    for row in range(3, 3 + ROOM):
        sheet.write_row(f"A{row}", ["", "", "", ""], boxed)
    sheet.write(f"A{3 + ROOM}", "注：名单按数据截止日。")
