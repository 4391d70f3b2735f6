"""A blank workbook as a province might send it, made for tests."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.styles import Border, Side

SHEET = "月报"


def workbook(foot=16):
    """The province's blank: three figures, a column for each county, a line of text, a list, a foot."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet["A1"] = "工业设备更新进展月报（示例）"
    sheet.merge_cells("A1:D1")
    for column, name in enumerate(("指标", "全市", "东区", "西区"), 1):
        sheet.cell(3, column, name)
    heads = ("规上工业企业数（户）", "关键工序数控化率（%）", "设备工器具购置投资（亿元）", "情况说明")
    for row, name in enumerate(heads, 4):
        sheet.cell(row, 1, name)
    sheet["C6"] = "=B6*100"
    edge = Side(style="thin")
    for column, name in enumerate(("序号", "企业", "管理主体"), 1):
        sheet.cell(9, column, name)
        sheet.cell(10, column).border = Border(edge, edge, edge, edge)
    sheet.cell(foot, 1, "填报人：")
    sheet.cell(foot, 3, "负责人：")
    book.create_sheet("填报说明")["A1"] = "本表次月 5 日前报送。"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
