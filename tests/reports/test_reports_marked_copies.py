"""Marked copies: marks go in, every other byte stays (D32)."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import polars as pl
import pytest
from openpyxl.comments import Comment
from tests.reports.build import device, devices_frame, problem, problems_frame

from jigai.ledger.formers import author_of
from jigai.reports.labels import tones
from jigai.reports.returns.comments_part import MAX_NOTES
from jigai.reports.returns.marked import marked_copy
from jigai.reports.returns.marks import ANSWER_COLUMN, MARK, marks
from jigai.reports.returns.package import NotPatchableError
from jigai.reports.returns.rebuilt import NOTICE_SHEET, rebuilt_copy
from jigai.reports.returns.sheet_part import column_number, legacy_drawing, restyled, with_legacy_drawing
from jigai.reports.returns.styles_part import Stylesheet

SAMPLES = Path(__file__).parents[2] / "samples"
ROOT = '<worksheet xmlns="m" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'


def mark(
    row: int, column: str, tone: str = "stop", note: str | None = "看这里", sheet: str = "台账"
) -> dict[str, object]:
    return {"sheet": sheet, "row": row, "column": column, "tone": tone, "note": note}


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=MARK)


def workbook(**notes: str) -> bytes:
    """A workbook of two sheets with a picture formula, a coloured cell, and notes of its own."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    for values in (["名称", "型号"], ["风机", "Y280S-4"], ["水泵", None], ['=DISPIMG("ID_1",1)', 3.5]):
        sheet.append(values)
    sheet["B2"].number_format = "0.00"
    sheet["B2"].font = openpyxl.styles.Font(bold=True)
    for place, text in notes.items():
        sheet[place].comment = Comment(text, "罗工")
    book.create_sheet("其他")["A1"] = "不动"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def changed_parts(before: bytes, after: bytes) -> set[str]:
    first, second = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(after))
    assert set(first.namelist()) <= set(second.namelist())
    return {name for name in second.namelist() if name not in first.namelist() or first.read(name) != second.read(name)}


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_only_sheet_styles_notes_and_links_change() -> None:
    before = workbook()
    after = marked_copy(before, frame(mark(2, "B")))
    assert changed_parts(before, after) == {
        "[Content_Types].xml",
        "xl/styles.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
    }


def test_nothing_to_mark_changes_nothing() -> None:
    before = workbook()
    assert changed_parts(before, marked_copy(before, frame())) == set()


def test_cell_is_coloured_keeps_its_look_and_carries_the_note() -> None:
    sheet = opened(marked_copy(workbook(), frame(mark(2, "B"))))["台账"]
    cell = sheet["B2"]
    assert cell.value == "Y280S-4"
    assert cell.fill.fgColor.rgb == f"FF{tones()['stop'].fill}"
    assert (cell.number_format, cell.font.bold) == ("0.00", True)
    assert cell.comment.text == "看这里"
    assert sheet["A2"].fill.fill_type is None


def test_absent_cells_and_rows_are_added_blank() -> None:
    sheet = opened(marked_copy(workbook(), frame(mark(3, "F", note=None), mark(30, "A", note=None))))["台账"]
    for place in ("F3", "A30"):
        assert sheet[place].value is None
        assert sheet[place].fill.fgColor.rgb == f"FF{tones()['stop'].fill}"


def test_cell_pictures_stay_formulas() -> None:
    sheet = opened(marked_copy(workbook(), frame(mark(4, "A"))))["台账"]
    assert sheet["A4"].value == '=DISPIMG("ID_1",1)'


def test_notes_of_the_enterprise_are_kept_and_ours_stand_beside() -> None:
    before = workbook(B2="大修过", C3="另一条")
    sheet = opened(marked_copy(before, frame(mark(2, "B"), mark(3, "A"))))["台账"]
    assert sheet["B2"].comment.text == "大修过"
    assert sheet["B2"].comment.author == "罗工"
    assert sheet["C2"].comment.text == "（关于B2）看这里"
    assert sheet["C3"].comment.text == "另一条"
    assert sheet["A3"].comment.author == author_of(before)


def test_every_note_has_a_shape_of_its_own() -> None:
    after = marked_copy(workbook(B2="大修过"), frame(mark(2, "A"), mark(3, "A")))
    archive = zipfile.ZipFile(io.BytesIO(after))
    drawings = [name for name in archive.namelist() if name.endswith(".vml")]
    text = "".join(archive.read(name).decode() for name in drawings)
    ids = re.findall(r"<\w+:shape [^>]*\bid=\"(\w+)\"", text)
    for name in drawings:
        ElementTree.fromstring(archive.read(name))
    assert len(ids) == len(set(ids)) == 3


def test_marking_twice_keeps_the_first_marks() -> None:
    once = marked_copy(workbook(), frame(mark(2, "B")))
    twice = opened(marked_copy(once, frame(mark(3, "A", "ask", "第二次"))))["台账"]
    assert (twice["B2"].comment.text, twice["A3"].comment.text) == ("看这里", "第二次")


def test_two_sheets_get_parts_of_their_own() -> None:
    after = marked_copy(workbook(), frame(mark(2, "B"), mark(1, "A", sheet="其他", note="这里也看")))
    assert "xl/comments2.xml" in zipfile.ZipFile(io.BytesIO(after)).namelist()
    assert opened(after)["其他"]["A1"].comment.text == "这里也看"


def test_more_notes_than_excel_bears_leave_colours_only() -> None:
    rows = [mark(row, "A") for row in range(1, MAX_NOTES + 11)]
    sheet = opened(marked_copy(workbook(), frame(*rows)))["台账"]
    assert sum(line[0].comment is not None for line in sheet.iter_rows()) == MAX_NOTES
    assert sheet.cell(MAX_NOTES + 10, 1).fill.fill_type == "solid"


def test_markup_in_notes_is_escaped() -> None:
    sheet = opened(marked_copy(workbook(), frame(mark(2, "B", note='<b>&"\x07'))))["台账"]
    assert sheet["B2"].comment.text == '<b>&"'


@pytest.mark.parametrize("name", ["01_rolling_mill.xlsx", "04_mine_many_sheets.xlsx"])
def test_samples_can_be_marked(name: str) -> None:
    before = (SAMPLES / name).read_bytes()
    sheets = opened(before).sheetnames
    after = marked_copy(before, frame(*(mark(5, "C", sheet=sheet) for sheet in sheets)))
    book = opened(after)
    assert [book[sheet]["C5"].comment.text for sheet in sheets] == ["看这里"] * len(sheets)
    touched = changed_parts(before, after)
    assert not any("theme" in part or "docProps" in part or part == "xl/workbook.xml" for part in touched)


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml"])
def test_workbooks_lacking_a_part_are_not_patched(part: str) -> None:
    source, target = zipfile.ZipFile(io.BytesIO(workbook())), io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            if name != part:
                copy.writestr(name, source.read(name))
    with pytest.raises(NotPatchableError):
        marked_copy(target.getvalue(), frame(mark(2, "B")))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<sheetData/>", '<sheetData><row r="2"><c r="B2" s="7"/></row></sheetData>'),
        (
            '<sheetData><row r="1"/><row r="3"/></sheetData>',
            '<sheetData><row r="1"/><row r="2"><c r="B2" s="7"/></row><row r="3"/></sheetData>',
        ),
        (
            '<sheetData><row><c><v>1</v></c></row><row><c/><c s="4" t="n"><v>2</v></c><c/></row></sheetData>',
            '<sheetData><row><c><v>1</v></c></row><row><c/><c t="n" s="7"><v>2</v></c><c/></row></sheetData>',
        ),
        (
            "<x:sheetData><x:row r='2' spans='1:3'><x:c r='C2' s='1'/></x:row></x:sheetData>",
            "<x:sheetData><x:row r='2' spans='1:3'><x:c r=\"B2\" s=\"7\"/><x:c r='C2' s='1'/></x:row></x:sheetData>",
        ),
    ],
    ids=["empty", "row-between", "no-references", "prefixed"],
)
def test_cells_are_found_however_the_sheet_is_written(body: str, expected: str) -> None:
    assert (
        restyled(ROOT + body + "</worksheet>", {2: {1: "stop"}}, lambda base, tone: 7)
        == ROOT + expected + "</worksheet>"
    )


def test_legacy_drawing_stands_where_the_schema_wants_it() -> None:
    nested = "<conditionalFormatting><cfRule><extLst/></cfRule></conditionalFormatting>"
    sheet = f"{ROOT}<sheetData/>{nested}<drawing r:id='a'/><tableParts/><extLst/></worksheet>"
    linked = with_legacy_drawing(sheet, "rId9")
    assert linked.index("<drawing") < linked.index("<legacyDrawing") < linked.index("<tableParts")
    assert legacy_drawing(sheet) is None
    assert legacy_drawing(linked) == "rId9"


def test_tinted_styles_are_shared() -> None:
    formats = '<cellXfs count="2"><xf fillId="0"/><xf fontId="1"><alignment/></xf></cellXfs>'
    text = f'<styleSheet><fills count="1"><fill/></fills>{formats}</styleSheet>'
    styles = Stylesheet(text)
    assert [styles.tinted(1, "stop"), styles.tinted(1, "stop"), styles.tinted(0, "stop"), styles.tinted(1, "ask")] == [
        2,
        2,
        3,
        4,
    ]
    saved = styles.save()
    assert '<fills count="3">' in saved
    assert '<cellXfs count="5">' in saved
    assert '<xf fontId="1" fillId="1" applyFill="1"><alignment/></xf>' in saved


@pytest.mark.parametrize(("reference", "number"), [("A1", 0), ("Z9", 25), ("AA10", 26), ("XFD1", 16383)])
def test_column_number(reference: str, number: int) -> None:
    assert column_number(reference) == number


def judged(**values: object) -> pl.DataFrame:
    lines = devices_frame([device(5, "must_replace", cells="name=B5;model=C5;power_kw=D5", **values),
                           device(6, "keep", cells="name=B6;model=C6;made_year=E6")])  # fmt: skip
    return lines.with_columns(
        pl.col("verdict").alias("verdict_key"), pl.lit("在目录内").alias("reason"), pl.lit("更换").alias("action")
    )


COLUMNS = pl.DataFrame(
    [("台账", "made_year", "E", 5, 9), ("台账", "power_kw", "D", 5, 9), ("台账", "efficiency_pct", "F", 6, 9)],
    schema=ANSWER_COLUMN, orient="row",
)  # fmt: skip
NO_COLUMNS = COLUMNS.clear()


def missing(*pairs: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema={"device_id": pl.String, "attribute": pl.String}, orient="row")


def test_model_and_name_are_coloured_and_the_note_stands_at_the_model() -> None:
    found = marks(judged(), missing(), problems_frame([]), NO_COLUMNS)
    assert found.rows() == [
        ("台账", 5, "C", "stop", "【必须淘汰】在目录内\n下一步：更换"),
        ("台账", 5, "B", "stop", None),
    ]


def test_blank_cells_to_fill_in_are_coloured_where_the_sheet_has_their_column() -> None:
    lacking = missing(("d5", "made_year"), ("d5", "power_kw"), ("d5", "no_load_loss_w"), ("d5", "efficiency_pct"))
    found = marks(judged(), lacking, problems_frame([]), COLUMNS)
    assert found.filter(pl.col("tone") == "fill_in").select("row", "column").rows() == [(5, "E")]


def test_problem_and_verdict_on_one_cell_are_one_mark() -> None:
    found = marks(
        judged(), missing(), problems_frame([problem(5, "question", column="C"), problem(6, "note")]), NO_COLUMNS
    )
    assert found.height == 2
    assert found.row(0)[3] == "stop"
    assert found.row(0)[4].endswith("下一步：更换\n【请核实】效率写成了小数，是否为91.7%？")


def test_rebuilt_copy_says_so_and_keeps_places_and_texts() -> None:
    cells = pl.DataFrame({"A": ["台账", None, "001"], "B": [None, "12.5", "=1+1"]})
    data = rebuilt_copy("旧.xls", [("a/b", cells), ("空", pl.DataFrame())], frame(mark(3, "B", sheet="a/b")), b"old")
    book = opened(data)
    assert book.sheetnames == [NOTICE_SHEET, "a_b", "空"]
    assert "旧.xls" in book[NOTICE_SHEET]["A1"].value
    assert [[cell.value for cell in row] for row in book["a_b"].iter_rows()] == [
        ["台账", None],
        [None, 12.5],
        ["001", "=1+1"],
    ]
    assert book["a_b"]["B3"].data_type != "f"
    assert book["a_b"]["B3"].comment.text == "看这里"
    assert book["a_b"]["B3"].comment.author == author_of(b"old", before=1), "ours is the first sheet"
