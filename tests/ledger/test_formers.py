"""A marked copy names the workbook it is of, also after Excel's like has saved it; any other file names none."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import polars as pl
import pytest
from tests.reports.test_reports_marked_copies import frame, mark, workbook

from jigai.ledger import read_ledger
from jigai.ledger.formers import Former, author_of, former_lines, formers_of
from jigai.reports.returns.marked import marked_copy
from jigai.reports.returns.rebuilt import rebuilt_copy


@pytest.fixture
def kept(tmp_path):
    def _kept(data):
        place = tmp_path / f"{len(list(tmp_path.iterdir()))}.xlsx"
        place.write_bytes(data)
        return place

    return _kept


def begins(data):
    return author_of(data).split()[1]


def saved_again(data, **cells):
    """What a spreadsheet program makes of it: every part written anew."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell, text in cells.items():
        book.worksheets[0][cell] = text
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_marked_copy_names_its_workbook_whatever_is_typed_into_it(kept):
    before = workbook(B2="大修过")
    copy = marked_copy(before, frame(mark(2, "B")))
    assert formers_of(kept(copy)) == [Former(begins(before))]
    assert formers_of(kept(saved_again(copy, B3="另填"))) == [Former(begins(before))]


def test_a_copy_of_a_copy_names_both(kept):
    first = workbook()
    second = saved_again(marked_copy(first, frame(mark(2, "B"))), B3="另填")
    third = marked_copy(second, frame(mark(3, "A")))
    assert set(formers_of(kept(third))) == {Former(begins(first)), Former(begins(second))}


def test_a_copy_made_anew_has_a_sheet_before_those_of_the_ledger(kept):
    text = "设备名称,规格型号,数量\n电机,J02-61-4,1\n".encode("gb18030")
    cells = pl.DataFrame({"A": ["设备名称", "电机"], "B": ["规格型号", "J02-61-4"], "C": ["数量", "1"]})
    copy = rebuilt_copy("旧.csv", [("旧", cells)], frame(mark(2, "B", sheet="旧")), text)
    formers = formers_of(kept(copy))
    assert formers == [Former(begins(text), before=1)]
    now = read_ledger(copy, source_file="旧.csv.标记.xlsx").devices["device_id"]
    was = read_ledger(text, source_file="旧.csv").devices["device_id"]
    assert former_lines(now, formers)["formers"].to_list() == [[was[0]]]


def test_a_line_is_named_in_each_of_the_former_workbooks():
    told = former_lines(pl.Series(["aa-2-15", "aa-2-15-2", "typed"]), [Former("bb"), Former("cc", before=1)])
    assert told["formers"].to_list() == [["bb-2-15", "cc-1-15"], ["bb-2-15-2", "cc-1-15-2"], [None, None]]
    assert former_lines(pl.Series(["aa-2-15"]), [])["formers"].to_list() == [None]


def test_other_files_name_none(kept, tmp_path):
    locked = io.BytesIO()
    with zipfile.ZipFile(locked, "w") as book:
        book.writestr("xl/comments1.xml", f"<authors><author>{author_of(b'x')}0</author></authors>")
        book.writestr("xl/media/comment.png", f"<author>{author_of(b'x')}</author>")
    for data in (b"", b"PK\x03\x04", b"a,b", workbook(B2="大修过"), locked.getvalue()):
        assert formers_of(kept(data)) == []
    assert formers_of(tmp_path / "gone.xlsx") == []
