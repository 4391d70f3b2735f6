"""The small parts by themselves: references, spans, row kinds, XML marks, delimiters, names in zips, limits."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger import books

from jigai.ledger import limits, ole, read_all, read_ledger
from jigai.ledger.filldown import fill_ditto, fill_merged
from jigai.ledger.grid import Grid, column_index, letter, show, to_cells
from jigai.ledger.header import find_blocks
from jigai.ledger.limits import Refused, refuse_if_bomb
from jigai.ledger.problems import Problems
from jigai.ledger.readers import text, xlsx
from jigai.ledger.rows import classify, spans, wide_rows
from jigai.ledger.sniff import ignorable, looks_utf16, sniff
from jigai.ledger.sources import member_name, open_all
from jigai.ledger.titles import enterprise_of, kind_of_sheet


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_letters(index: int, name: str) -> None:
    assert letter(index) == name
    assert column_index(name) == index


@given(st.integers(0, 20_000))
def test_letters_go_both_ways(index: int) -> None:
    assert column_index(letter(index)) == index


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (380.0, "380"),
        (95.59999999999999, "95.6"),
        (0.1 + 0.2, "0.3"),
        (1e300, "1e+300"),
        (True, "TRUE"),
        (None, None),
        ("x", "x"),
    ],
)
def test_values_are_shown_as_excel_shows_them(value: Any, shown: str | None) -> None:
    assert show(value) == shown


def test_cells_of_unequal_rows_are_padded_and_trimmed() -> None:
    frame = to_cells([["a ", "\u3000"], [], ["b", 1.0, '=DISPIMG("ID",1)']])
    assert frame.to_dict(as_series=False) == {"A": ["a", None, "b"], "B": [None, None, "1"], "C": [None, None, None]}


@pytest.mark.parametrize(
    ("rows", "text_"),
    [([3], "3"), ([5, 3, 4], "3-5"), ([1, 3, 4, 9], "1、3-4、9"), ([], ""), ([2, 2], "2")],
)
def test_spans_of_rows(rows: list[int], text_: str) -> None:
    assert spans(rows) == text_


def test_long_spans_are_cut() -> None:
    assert spans(list(range(1, 200, 2))).endswith("39…")


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (["1", "泵", "IS80"], "device"),
        ([None, "泵", None], "device"),
        (["小计", None, None], "subtotal"),
        ([None, "合  计", None], "subtotal"),
        (["电机小计：", None, None], "subtotal"),
        (["总计（台）", None, None], "subtotal"),
        (["3", "总计量泵", None], "device"),
        (["1", "小计", "X-1"], "device"),
        (["审核人：", None, None], "signature"),
        (["注：略", None, None], "signature"),
        (["制表：张三", None, "2024年"], "signature"),
        (["动力车间", None, None], "section"),
        ([None, "（一）电动机", None], "section"),
        (["7", None, None], "blank"),
        ([None, None, None], "blank"),
    ],
)
def test_kinds_of_rows(cells: list[str | None], what: str) -> None:
    frame = pl.DataFrame(
        {"row": [5], "A": [cells[0]], "B": [cells[1]], "C": [cells[2]]},
        schema={"row": pl.Int64, "A": pl.String, "B": pl.String, "C": pl.String},
    )
    found = classify(frame, name="B", model="C", code=None, unread=["A"], wide_rows=set(), repeated=set())
    assert found.to_list() == [what]


def test_a_name_merged_over_the_table_is_a_section() -> None:
    assert wide_rows([(4, 0, 4, 5), (6, 0, 7, 5), (8, 0, 8, 1)]) == {5}
    frame = pl.DataFrame({"row": [5], "A": ["炼钢"], "B": [None]}, schema_overrides={"B": pl.String})
    found = classify(frame, name="A", model="B", code=None, unread=[], wide_rows={5}, repeated=set())
    assert found.to_list() == ["section"]


def test_merges_fill_only_below_their_top_cell() -> None:
    raw = pl.DataFrame({"row": [3, 4, 5, 6], "name": ["泵", None, None, None], "quantity": ["2", None, None, None]})
    filled, inherited = fill_merged(raw, [(2, 0, 4, 0), (2, 1, 4, 1)], {"name": 0, "quantity": 1})
    assert filled["name"].to_list() == ["泵", "泵", "泵", None]
    assert filled["quantity"].to_list() == ["2", None, None, None]
    assert inherited.select("row", "source").rows() == [(4, "A3"), (5, "A3")]


def test_ditto_over_a_ditto_names_the_first_source() -> None:
    raw = pl.DataFrame({"row": [3, 4, 7], "name": ["泵", "同上", "〃"]})
    filled, inherited, lost = fill_ditto(raw, {"name": 2})
    assert filled["name"].to_list() == ["泵"] * 3
    assert inherited.select("row", "source", "ditto").rows() == [(4, "C3", "同上"), (7, "C3", "〃")]
    assert lost.is_empty()


def test_marks_in_the_xml_of_a_sheet() -> None:
    xml = (
        b'<worksheet><cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/></cols><sheetData>'
        b'<row r="1"><c r="A1" s="7"><v>0.5</v></c><c s="7" r="B1"><v>1</v></c><c r="C1" s="77"><v>1</v></c></row>'
        b'<row r="2" hidden="1"><c r="A2"><f>1+1</f><v></v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
        b'<row hidden="true" r="3"><c r="AB3" t="e"><f>A1/0</f><v>#DIV/0!</v></c>'
        b'<c r="AC3" t="str"><f t="shared" si="0"/><v></v></c></row>'
        b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B3"/></mergeCells></worksheet>'
    )
    extras = xlsx.scan(xml, frozenset({b"7"}))
    assert extras.merges == [(0, 0, 2, 1)]
    assert extras.hidden_rows == [1, 2]
    assert extras.hidden_columns == [1, 2]
    assert extras.percent_cells == [(0, 0), (0, 1)]
    assert extras.formulas_without_value == {(1, 0): "=1+1"}
    assert extras.error_cells == {(2, 27): "#DIV/0!"}
    assert extras.corner == (2, 28)


def test_marks_in_xml_with_a_namespace_prefix() -> None:
    xml = (
        b'<x:worksheet><x:sheetData><x:row r="1" hidden="1"><x:c r="A1"><x:f>1+1</x:f></x:c></x:row></x:sheetData>'
        b'<x:mergeCells><x:mergeCell ref="A1:A2"/></x:mergeCells></x:worksheet>'
    )
    extras = xlsx.scan(xml)
    assert extras.hidden_rows == [0]
    assert extras.merges == [(0, 0, 1, 0)]
    assert extras.formulas_without_value == {(0, 0): "=1+1"}


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        ("a,b,c\n1,2,3", ","),
        ("a\tb\n1,5\t2", "\t"),
        ("a;b;c\n1,5;2;3", ";"),
        ("a|b\n1|2", "|"),
        ("甲，乙\n一，二", "，"),
        ("no table at all", ","),
    ],
)
def test_delimiters(sample: str, delimiter: str) -> None:
    assert text.delimiter_of(sample) == delimiter


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    sample = "设备名称,规格型号\n水泵,IS80-65-160\n" * 20
    assert text.decode(sample.encode(encoding)) == sample


def test_utf16_is_told_by_its_zero_bytes() -> None:
    assert looks_utf16("plain".encode("utf-16-le")) == "utf-16-le"
    assert looks_utf16("plain".encode("utf-16-be")) == "utf-16-be"
    assert looks_utf16(b"\x00\x01\x00\x00") is None
    assert looks_utf16(b"") is None


@pytest.mark.parametrize(
    ("stored", "utf8", "shown"),
    [
        ("a/b.xlsx", False, "a/b.xlsx"),
        ("../../b.xlsx", False, "b.xlsx"),
        ("C:\\x\\b.xlsx", False, "C_/x/b.xlsx"),
        ("/etc/b.xlsx", False, "etc/b.xlsx"),
        ("台账.xlsx", True, "台账.xlsx"),
        ("台账.xlsx".encode("gb18030").decode("cp437"), False, "台账.xlsx"),
        ("台账.xlsx".encode().decode("cp437"), False, "台账.xlsx"),
        ("..", False, "noname"),
    ],
)
def test_names_in_zips(stored: str, utf8: bool, shown: str) -> None:
    member = zipfile.ZipInfo("x")
    member.filename = stored
    member.flag_bits = 0x800 if utf8 else 0
    assert member_name(member) == shown


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        ("~$台账.xlsx", True),
        (".DS_Store", True),
        ("__MACOSX/a.xlsx", True),
        ("a.JPG", True),
        ("a.xlsx", False),
        ("a.pdf", False),
    ],
)
def test_files_left_aside_in_folders(name: str, ignored: bool) -> None:
    assert ignorable(name) is ignored


def test_limits_of_unpacking() -> None:
    refuse_if_bomb(limits.RATIO_FROM, 1)
    refuse_if_bomb(limits.MAX_UNPACKED, limits.MAX_UNPACKED // limits.MAX_RATIO)
    with pytest.raises(Refused, match="zip_bomb") as caught:
        refuse_if_bomb(limits.RATIO_FROM + 1, 1000)
    assert caught.value.fields["size"] == 20
    with pytest.raises(Refused, match="zip_bomb"):
        refuse_if_bomb(limits.MAX_UNPACKED + 1, limits.MAX_UNPACKED)


def test_a_file_over_the_size_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "大.csv"
    path.write_bytes(b"x" * 2_000_000)
    monkeypatch.setattr("jigai.ledger.sources.MAX_FILE", 1_000_000)
    problem = books.problem(read_ledger(path), "too_large")
    assert "2 MB" in problem["message_zh"]
    assert "1 MB" in problem["message_zh"]


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    raw = bytearray(books.zipped({"a.csv": "设备名称,型号\n泵,IS80"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + place] |= 1
    path = tmp_path / "密.zip"
    path.write_bytes(bytes(raw))
    ledger = read_all([path])[0]
    assert ledger.refused
    assert books.codes(ledger) == ["archive_password"]


def test_a_zip_bomb_among_good_files(tmp_path: Path) -> None:
    good = "设备名称,规格型号\n泵,IS80"
    (tmp_path / "好.csv").write_text(good, encoding="utf-8")
    (tmp_path / "弹.zip").write_bytes(books.zipped({"a.csv": b"0" * 30_000_000, "b.csv": good}))
    found = {ledger.source: books.codes(ledger) for ledger in read_all([tmp_path])}
    assert found["弹.zip"] == ["zip_bomb"]
    assert found["好.csv"] == ["no_quantity_column"]


def test_a_given_picture_is_refused_and_one_in_a_folder_left_aside(tmp_path: Path) -> None:
    path = tmp_path / "铭牌.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    assert next(iter(open_all([path]))).refusal is not None
    assert next(iter(open_all([tmp_path]))).skipped


def test_compound_files_that_point_nowhere() -> None:
    for data in (ole.MAGIC, ole.MAGIC + bytes(600), ole.MAGIC + b"\xff" * 600):
        with pytest.raises(ole.OleError):
            ole.stream_names(data)
        with pytest.raises(Refused):
            sniff(data, "a.xls")


def test_streams_of_a_real_xls_are_found() -> None:
    data = books.xls([["设备名称", "型号"], ["泵", "IS80"]])
    assert "Workbook" in ole.stream_names(data)
    assert ole.read_stream(data, "Workbook")[:2] == b"\x09\x08"
    with pytest.raises(KeyError):
        ole.read_stream(data, "Nothing")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=1500))
def test_no_compound_file_raises_anything_else(data: bytes) -> None:
    try:
        ole.stream_names(ole.MAGIC + data)
    except ole.OleError:
        return


def test_problems_are_sorted_by_sheet_and_row_and_filled_in() -> None:
    problems = Problems("a.xlsx")
    problems.add("no_quantity_column", sheet="乙")
    frame = pl.DataFrame({"row": [9, 4], "column": ["C", "C"], "raw": ["1~2", "3~4"]})
    problems.add_rows("range", frame, sheet="甲")
    problems.add("section_skipped", sheet="乙", row=2, column="A", raw="x" * 300)
    found = problems.frame()
    assert found.select("sheet", "row").rows() == [("乙", None), ("乙", 2), ("甲", 4), ("甲", 9)]
    assert found["message_zh"][3] == "“1~2”是一个范围，没有采用。请填铭牌上额定点的一个数。"
    assert found["raw"][1] == "x" * 300
    assert len(found["message_zh"][1]) < 250
    problems.add_rows("range", frame.clear(), sheet="丙")
    assert problems.frame().height == 4


def test_blocks_of_an_empty_sheet() -> None:
    assert find_blocks(Grid("空", to_cells([]))) == []
    assert find_blocks(Grid("空", to_cells([["说明"], ["设备名称"]]))) == []


@pytest.mark.parametrize(
    ("sheet", "kind"),
    [("变压器台账", "变压器台账"), ("空压机", "空压机"), ("Sheet1", None), ("填表说明", None), ("2024年", None)],
)
def test_sheets_named_after_a_kind(sheet: str, kind: str | None) -> None:
    assert kind_of_sheet(sheet) == kind


@pytest.mark.parametrize(
    ("cell", "name", "from_title"),
    [
        ("填报单位（盖章）：甲公司    填报日期：2024年", "甲公司", False),
        ("单位名称:乙厂", "乙厂", False),
        ("丙矿业有限公司设备台帐", "丙矿业有限公司", True),
        ("设备台账", None, False),
    ],
)
def test_enterprises(cell: str, name: str | None, from_title: bool) -> None:
    found = enterprise_of(Grid("x", to_cells([[cell], ["设备名称"]])), 1)
    assert (found.name if found else None) == name
    assert (found.from_title if found else False) is from_title


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_lines_changes_nothing(order: list[int]) -> None:
    lines = [
        ["泵", "IS80", "7.5kW", "1998.6", 2],
        ["电机", "Y160L-4", "11kW/台", "七六年", None],
        ["风机", "4-72", "1250KVA", "2003年大修", "很多"],
        ["变压器", "S9", "200~300", "1999/8/1", 1],
        ["锅炉", "SZL10", None, None, 1],
        ["车床", "C620", "-5", "2001-05", 3],
        ["电焊机", "BX1", "5", "98年", 1],
        ["空压机", "4L-20/8", "130", "36008", 1],
    ]
    header = ["设备名称", "规格型号", "功率(kW)", "出厂日期", "数量"]
    kept = ["name", "model", "power_kw", "made_year", "quantity", "capacity_kva"]
    straight = read_ledger(books.xlsx([header, *lines])).devices.select(kept).sort("name")
    mixed = read_ledger(books.xlsx([header, *[lines[place] for place in order]])).devices.select(kept).sort("name")
    assert straight.equals(mixed)


def test_splitting_a_ledger_changes_nothing() -> None:
    lines = [["泵", f"IS{number}", number + 0.5, 1990 + number] for number in range(1, 21)]
    header = ["设备名称", "规格型号", "功率(kW)", "出厂日期"]
    kept = ["name", "model", "power_kw", "made_year"]
    whole = read_ledger(books.xlsx([header, *lines])).devices.select(kept)
    halves = [read_ledger(books.xlsx([header, *part])).devices.select(kept) for part in (lines[:7], lines[7:])]
    assert whole.equals(pl.concat(halves))


def test_the_bytes_of_a_ledger_can_be_read_again(tmp_path: Path) -> None:
    data = books.xlsx([["设备名称", "型号"], ["泵", "IS80"]])
    path = tmp_path / "台账.xlsx"
    path.write_bytes(data)
    assert read_ledger(path).origin.read() == data
    assert read_ledger(data).origin.read() == data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("子/台账.xlsx", data)
    (tmp_path / "包.zip").write_bytes(out.getvalue())
    assert read_all([tmp_path / "包.zip"])[0].origin.read() == data
