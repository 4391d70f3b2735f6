"""Filling a small sheet, case by case (``cases/filling.yaml``)."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import yaml

from jigai.reports.filling import Blank, Block, Cell, FillingError, filled

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "filling.yaml").read_text(encoding="utf-8"))
SHEET = "表"


def blank():
    """A title over three columns, a placeholder, a formula, four free rows and a foot."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet["A1"] = "标题"
    sheet.merge_cells("A1:C1")
    sheet["A2"] = "××××年×月"
    sheet["C2"] = "=B2*2"
    sheet["A4"], sheet["B4"] = "序号", "名称"
    sheet["A9"] = "合计"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def value(said):
    return Decimal(said[1:]) if isinstance(said, str) and said.startswith("#") else said


@pytest.mark.parametrize("case", CASES, ids=[one["name"] for one in CASES])
def test_a_sheet_is_filled_as_the_case_says(case):
    cells = [Cell(SHEET, address, value(said)) for address, said in case.get("cells", {}).items()]
    block = case.get("block")
    blocks = [Block(SHEET, block["row"], tuple(block["columns"]), block["rows"])] if block else []
    if "refused" in case:
        with pytest.raises(FillingError) as refused:
            filled(Blank(blank()), cells, blocks)
        assert case["refused"] in {one.code for one in refused.value.faults}
        return
    done = filled(Blank(blank()), cells, blocks)
    found = Blank(done).values([(SHEET, address) for address in case["then"]])
    assert {address: None if one is None else str(one) for (_, address), one in found.items()} == case["then"]
    assert openpyxl.load_workbook(io.BytesIO(done))[SHEET]["C2"].value == "=B2*2"
