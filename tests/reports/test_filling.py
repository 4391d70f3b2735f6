"""A province's workbook is filled where asked, and is otherwise the one that was uploaded."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.styles import Border, Font, Side
from PIL import Image

from jigai.reports.filling import Blank, Block, Cell, FillingError, filled

NASTY = '<c r="A1"> & "引号" _x0041_ \x00\x0b控制符\n第二行 =cmd|\'/c calc\'!A0'


def form(*, formulas=True, foot=True):
    """A monthly report: a title merged over its columns, three figures with their total, and a list below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "月报"
    sheet["A1"] = "工业设备更新进展月报（示例）"
    sheet.merge_cells("A1:D1")
    sheet["A2"], sheet["C2"] = "填报单位：", "年   月"
    for row, name in enumerate(("规上企业数", "数控化率", "投资额"), 4):
        sheet[f"A{row}"] = name
    sheet["B5"].number_format = "0.00%"
    sheet["B6"].font = Font(bold=True)
    if formulas:
        sheet["B7"] = "=SUM(B4:B6)"
    heads = ("序号", "企业", "设备", "投资")
    for column, name in enumerate(heads, 1):
        sheet.cell(9, column, name)
    edge = Side(style="thin")
    for column in range(1, 5):
        sheet.cell(10, column).border = Border(edge, edge, edge, edge)
    sheet.merge_cells("B10:C10")
    sheet.row_dimensions[10].height = 30
    if foot:
        sheet["A16"] = "填表人："
    other = book.create_sheet("填报说明")
    other["A1"] = "本表每月 5 日前报送。"
    if formulas:
        other["A2"] = "=月报!B7*2"
    plain = book.create_sheet("附图")
    plain["A1"] = 1
    chart = BarChart()
    chart.add_data(Reference(plain, min_col=1, min_row=1, max_row=1))
    plain.add_chart(chart, "C3")
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    plain.add_image(SheetImage(picture), "F1")
    sheet.protection.sheet = True
    sheet.protection.password = "1234"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {one.filename: package.read(one) for one in package.infolist()}


def changed(before, after):
    old, new = parts(before), parts(after)
    assert list(old) == list(new)
    return {name for name, content in old.items() if new[name] != content}


def opened(data, **how):
    return openpyxl.load_workbook(io.BytesIO(data), **how)


LINES = [[1, "示例一厂", Decimal("12.5")], [2, "示例二厂", Decimal(3)], [3, "示例三厂", None]]
LIST = Block("月报", 10, ("A", "B", "D"), LINES)


def test_every_other_part_is_byte_for_byte_the_same():
    """D32: without formulas one part changes, the sheet that was filled."""
    data = form(formulas=False)
    done = filled(Blank(data), [Cell("月报", "B4", 35), Cell("月报", "C2", "2026年11月")], [LIST])
    assert changed(data, done) == {"xl/worksheets/sheet1.xml"}


def test_with_formulas_their_results_go_and_the_workbook_calculates_on_opening():
    """Formulas stay; the sheets that have any lose what they came to, and one attribute asks for a calculation."""
    data = with_results(form())
    done = filled(Blank(data), [Cell("月报", "B4", 35)])
    assert changed(data, done) == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"}
    old, new = parts(data), parts(done)
    said = b' fullCalcOnLoad="1"'
    assert new["xl/workbook.xml"].replace(said, b"") == old["xl/workbook.xml"]
    assert new["xl/worksheets/sheet2.xml"] == old["xl/worksheets/sheet2.xml"].replace(b"<v>7</v>", b"")
    assert opened(done)["月报"]["B7"].value == "=SUM(B4:B6)"
    assert opened(done, data_only=True)["月报"]["B7"].value is None


def with_results(data):
    """The workbook as Excel saves it: formulas with what they came to, and no wish to calculate."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in parts(data).items():
            text = content
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(rb"(</f>)<v\s*/?>(</v>)?", rb"\1<v>7</v>", content)
            if name == "xl/workbook.xml":
                text = re.sub(rb' fullCalcOnLoad="1"', b"", content)
            package.writestr(name, text)
    return made.getvalue()


def test_the_workbook_asks_to_calculate_even_where_it_said_nothing_of_it():
    data = parts(with_results(form()))
    data["xl/workbook.xml"] = re.sub(rb"<calcPr[^>]*/>", b"", data["xl/workbook.xml"])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in data.items():
            package.writestr(name, content)
    done = filled(Blank(made.getvalue()), [Cell("月报", "B4", 1)])
    assert opened(done).calculation.fullCalcOnLoad
    assert re.search(rb"(<definedNames/>|</sheets>)<calcPr", parts(done)["xl/workbook.xml"])


def test_a_cell_picture_keeps_what_it_came_to():
    data = with_results(form())
    swapped = {
        name: content.replace(b"SUM(B4:B6)", b'_xlfn.DISPIMG("ID_1",1)') for name, content in parts(data).items()
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in swapped.items():
            package.writestr(name, content)
    done = parts(filled(Blank(made.getvalue()), [Cell("月报", "B4", 1)]))
    assert b"<v>7</v>" in done["xl/worksheets/sheet1.xml"]


def test_cells_keep_their_styles_and_number_formats():
    data = form()
    done = filled(Blank(data), [Cell("月报", "B5", Decimal("0.1234")), Cell("月报", "B6", Decimal("1800000.50"))])
    before, after = opened(data)["月报"], opened(done)["月报"]
    for address in ("B5", "B6", "A1", "A10"):
        assert after[address].style_id == before[address].style_id
    assert (after["B5"].value, after["B5"].number_format) == (0.1234, "0.00%")
    assert after["B6"].value == 1800000.5 and after["B6"].font.bold
    assert after.protection.sheet and after.protection.password == before.protection.password


def test_a_list_takes_a_row_each_made_like_the_pattern_row():
    sheet = opened(filled(Blank(form()), [], [LIST]))["月报"]
    assert [[sheet.cell(row, column).value for column in (1, 2, 4)] for row in (10, 11, 12)] == [
        [1, "示例一厂", 12.5],
        [2, "示例二厂", 3],
        [3, "示例三厂", None],
    ]
    assert {"B10:C10", "B11:C11", "B12:C12"} <= {str(one) for one in sheet.merged_cells.ranges}
    for row in (11, 12):
        assert sheet.row_dimensions[row].height == 30
        assert [sheet.cell(row, column).border.left.style for column in (1, 2, 4)] == ["thin"] * 3
    assert sheet["A16"].value == "填表人："
    assert sheet.dimensions == "A1:D16"


def test_rows_laid_out_already_keep_their_own_look_and_numbers():
    book = opened(form())
    sheet = book["月报"]
    for row in (11, 12):
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=3)
        sheet.cell(row, 1, row - 9)
        sheet.cell(row, 4).font = Font(italic=True)
    target = io.BytesIO()
    book.save(target)
    block = Block("月报", 10, ("B", "D"), [[one[1], one[2]] for one in LINES])
    done = opened(filled(Blank(target.getvalue()), [], [block]))["月报"]
    assert [done.cell(row, 1).value for row in (10, 11, 12)] == [None, 2, 3]
    assert done["D11"].font.italic and not done["D10"].font.italic
    assert sorted(str(one) for one in done.merged_cells.ranges) == ["A1:D1", "B10:C10", "B11:C11", "B12:C12"]


def test_a_list_with_no_lines_leaves_its_row_as_it_is():
    data = form(formulas=False)
    assert not changed(data, filled(Blank(data), [], [Block("月报", 10, ("A",), [])]))


def test_nothing_asked_nothing_changed():
    data = with_results(form())
    assert not changed(data, filled(Blank(data)))


def test_the_same_values_make_the_same_file():
    """D25: what is frozen can be made again, byte for byte."""
    data = form()
    asked = [Cell("月报", "B4", 35)]
    assert filled(Blank(data), asked, [LIST]) == filled(Blank(data), asked, [LIST])


def test_words_stay_words():
    done = filled(Blank(form()), [Cell("月报", "C2", NASTY)])
    assert opened(done)["月报"]["C2"].data_type == "s"
    assert Blank(done).values([("月报", "C2")])["月报", "C2"].endswith("=cmd|'/c calc'!A0")


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    number=st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**8), max_value=10**8),
    row=st.integers(20, 400),
    column=st.sampled_from(["A", "D", "Z", "AB", "XFD"]),
)
def test_what_was_put_in_is_read_back(text, number, row, column):
    asked = [Cell("月报", f"{column}{row}", number), Cell("月报", "C2", text)]
    done = filled(Blank(PLAIN), asked)
    values = Blank(done).values([("月报", f"{column}{row}"), ("月报", "C2")])
    assert values["月报", f"{column}{row}"] == number
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert (values["月报", "C2"] or "") == re.sub(r"_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1", kept)
    opened(done)


PLAIN = form(formulas=False)


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 9))
def test_a_list_fits_or_is_refused_with_how_many_rows_to_add(number):
    """Six rows are free between the pattern row and the foot."""
    block = Block("月报", 10, ("A", "B"), [[one, "厂"] for one in range(number)])
    if number <= 6:
        sheet = opened(filled(Blank(PLAIN), [], [block]))["月报"]
        assert sheet["A16"].value == "填表人："
        return
    with pytest.raises(FillingError) as refused:
        filled(Blank(PLAIN), [], [block])
    (fault,) = refused.value.faults
    assert fault.code == "no_room" and "第 16 行之前插入" in fault.zh and f" {number - 6} 行" in fault.zh


REFUSED = [
    ([Cell("月报", "B7", 1)], [], "formula", "B7"),
    ([Cell("月报", "C1", "题")], [], "merged", "A1"),
    ([Cell("季报", "B4", 1)], [], "no_sheet", "月报、填报说明、附图"),
    ([Cell("月报", "4B", 1)], [], "no_address", "B5"),
    ([Cell("月报", "A1048577", 1)], [], "no_address", "B5"),
    ([Cell("月报", "B4", 1), Cell("月报", "$b$4", 2)], [], "twice", "B4"),
    ([Cell("月报", "A10", 1)], [LIST], "twice", "A10"),
    ([Cell("月报", "B4", "长" * 32_768)], [], "too_long", "32768"),
    ([Cell("月报", "B4", Decimal("NaN"))], [], "no_number", "B4"),
    ([], [Block("月报", 10, ("C",), [["x"]])], "merged", "B10"),
    ([], [Block("月报", 7, ("B",), [])], "formula", "B7"),
    ([], [Block("月报", 10, (), [])], "no_columns", "10"),
    ([], [Block("月报", 10, ("A", "B"), [[1]])], "uneven", "第 1 条"),
    ([], [Block("年报", 10, ("A",), [[1]])], "no_sheet", "年报"),
]


@pytest.mark.parametrize(("cells", "blocks", "code", "says"), REFUSED)
def test_refusals_name_the_place_and_what_to_do(cells, blocks, code, says):
    with pytest.raises(FillingError) as refused:
        filled(Blank(form()), cells, blocks)
    assert [one.code for one in refused.value.faults] == [code]
    assert says in refused.value.faults[0].zh
    assert refused.value.faults[0].words("en") == refused.value.faults[0].en != refused.value.faults[0].zh


def test_all_faults_are_told_at_once():
    asked = [one for cells, *_ in REFUSED[:5] for one in cells]
    with pytest.raises(FillingError) as refused:
        filled(Blank(form()), asked)
    assert len(refused.value.faults) == 5


def test_a_row_merged_with_others_is_no_pattern():
    book = opened(form())
    book["月报"].merge_cells("D10:D12")
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(FillingError, match="merged over several rows"):
        filled(Blank(target.getvalue()), [], [LIST])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_format"),
        (b"\x09\x08" + b"\x00" * 40, "old_format"),
        (b"%PDF-1.4", "not_workbook"),
        (b"", "not_workbook"),
        ("表,数\n".encode(), "not_workbook"),
        (PLAIN[:-200], "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused_with_how_to_save_it(data, code):
    with pytest.raises(FillingError) as refused:
        Blank(data)
    assert [one.code for one in refused.value.faults] == [code]
    assert ".xlsx" in refused.value.faults[0].zh or "修复" in refused.value.faults[0].zh


def test_a_workbook_written_in_another_way_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in parts(PLAIN).items():
            package.writestr(name, content.replace(b"<sheetData>", b"<!-- x --><sheetData>"))
    with pytest.raises(FillingError, match="written in a way"):
        filled(Blank(made.getvalue()), [Cell("月报", "B4", 1)])


def test_a_sheet_written_with_prefixes_is_filled_too():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in parts(PLAIN).items():
            text = content.decode("utf-8", "surrogateescape")
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub(r"<(/?)(?=\w)", r"<\1x:", text).replace("xmlns=", "xmlns:x=")
            package.writestr(name, text.encode("utf-8", "surrogateescape"))
    done = filled(Blank(made.getvalue()), [Cell("月报", "B4", 35)], [LIST])
    sheet = opened(done)["月报"]
    assert (sheet["B4"].value, sheet["B11"].value) == (35, "示例二厂")


def test_what_stands_in_a_workbook_is_read():
    blank = Blank(with_results(form()))
    values = blank.values([("月报", "A1"), ("月报", "B7"), ("月报", "Z9"), ("没有", "A1"), ("月报", "?")])
    assert list(values.values()) == ["工业设备更新进展月报（示例）", Decimal(7), None, None, None]
    assert blank.names == ["月报", "填报说明", "附图"]
    assert blank.sheet("月报").cells[7, 1].formula
    with pytest.raises(FillingError):
        blank.sheet("没有")


UTF8 = "csv:Text - txt - csv (StarCalc):44,34,76"


@pytest.mark.slow
def test_an_office_programme_opens_it_and_calculates(tmp_path):
    """LibreOffice reads the filled workbook, works the formulas out and finds the list where it was put."""
    office = shutil.which("soffice")
    if office is None:
        pytest.fail("install libreoffice-calc to run this test")
    path = tmp_path / "月报.xlsx"
    path.write_bytes(filled(Blank(with_results(form())), [Cell("月报", f"B{row}", row) for row in (4, 5, 6)], [LIST]))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [office, profile, "--headless", "--convert-to", UTF8, "--outdir", str(tmp_path), str(path)]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    said = (tmp_path / "月报.csv").read_text(encoding="utf-8")
    assert ",15,," in said and "3,示例三厂,," in said and "示例二厂" in said
