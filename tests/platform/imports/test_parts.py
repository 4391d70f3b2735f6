"""The parts of the import one by one: the store, the preview, the lines of columns and problems."""

from __future__ import annotations

import hashlib
import os
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platform.imports.conftest import MESSY, book

from jigai.ledger import read_table
from jigai.platform.imports import pages, previews, storage
from jigai.platform.imports.preview import FURTHER, TOP, WIDEST, preview
from jigai.platform.imports.reading import Reading, rows_of
from jigai.platform.imports.subjects import Match, Row, subjects
from jigai.platform.jobs import files
from jigai.platform.registers.definition import registers

GREEN = "registers.green-factories"


def table():
    return registers()["green-factories"].table


def read(rows, **options):
    grids = []
    found = read_table(book(rows), table(), source_file="名单.xlsx", on_grid=grids.append, **options)
    return found, preview(grids, found)


def as_reading(found, shown):
    from dataclasses import asdict

    return Reading(found.rows, found.problems, [asdict(one) for one in found.sheets], shown, found.refused, "xlsx")


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000))
def test_what_is_kept_comes_back_byte_for_byte(data):
    mark = storage.keep(data)
    assert mark == hashlib.sha256(data).hexdigest()
    assert storage.read(mark) == data
    assert storage.keep(data) == mark


def test_the_store_keeps_files_from_strangers_and_leaves_no_drafts():
    mark = storage.keep(os.urandom(100))
    path = storage.path_of(mark)
    assert path.parent.name == mark[:2]
    assert path.stat().st_mode & 0o007 == 0
    assert [one for one in path.parent.iterdir() if one.name.startswith(".new-")] == []


def test_the_same_file_handed_in_by_many_at_once_is_kept_once():
    data = os.urandom(200_000)
    marks = []
    threads = [threading.Thread(target=lambda: marks.append(storage.keep(data))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(marks)) == 1
    assert storage.read(marks[0]) == data
    assert len(list(storage.path_of(marks[0]).parent.glob("*"))) >= 1


def test_another_error_of_the_disk_is_not_called_full(monkeypatch):
    def broken(_descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files.os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output") as caught:
        storage.keep(os.urandom(10))
    assert not isinstance(caught.value, storage.StorageFullError)


def test_a_lost_file_is_said_to_be_lost():
    with pytest.raises(FileNotFoundError):
        storage.read("0" * 64)


def test_the_preview_shows_titles_header_rows_and_what_is_left_out():
    found, (page,) = read(MESSY)
    kinds = {row["row"]: row["kind"] for row in page["rows"]}
    assert kinds == {1: "title", 2: "title", 3: "head", 4: "", 5: "", 6: "", 7: "omit"}
    assert page["letters"] == list("ABCDEFGH")
    assert page["header_rows"] == [3]
    assert (page["tables"], page["records"]) == (1, 3)
    assert not found.refused


def test_cells_are_toned_by_their_worst_problem():
    _found, (page,) = read(MESSY, corrections={"名单": {"F5": "90"}})
    tones = {
        f"{letter}{row['row']}": tone
        for row in page["rows"]
        for letter, tone in zip(page["letters"], row["tones"], strict=True)
    }
    assert tones["D5"] == "stop", "without its year the row is held"
    assert tones["E5"] == "ask"
    assert tones["F5"] == "fix"
    assert tones["B4"] == ""


def test_a_long_sheet_is_cut_and_rows_with_problems_further_down_are_shown():
    head = ["企业名称", "级别", "认定年份"]
    rows = [[f"公司{place}", "国家级", 2023] for place in range(1000)]
    rows[700][2] = "去年"
    for place in range(800, 1000):
        rows[place][1] = "县级"
    _found, (page,) = read([head, *rows])
    shown = [row["row"] for row in page["rows"]]
    assert shown[: TOP + 1] == list(range(1, TOP + 2))
    assert 702 in shown
    assert len(shown) == TOP + 1 + FURTHER
    assert page["height"] == 1001


def test_a_wide_sheet_is_cut_too_and_long_texts_are_shortened():
    head = ["企业名称", "级别", "认定年份", *[f"栏{place}" for place in range(100)]]
    _found, (page,) = read([head, ["甲" * 500, "国家级", 2023, *range(100)]])
    assert len(page["letters"]) == WIDEST
    assert len(page["rows"][1]["cells"][0]) == 120


def test_columns_say_how_surely_they_were_taken():
    found, shown = read([["企业名称", "认定的级别", "认定年份", "备注二"], ["甲", "国家级", 2023, "x"]])
    upload = type("Upload", (), {"mapping": {}})()
    (layout,) = pages.column_lines(upload, subjects()[GREEN], as_reading(found, shown))
    lines = {line.label: line for line in layout["lines"]}
    assert (lines["企业名称"].state, lines["企业名称"].score) == ("ok", 100)
    assert lines["备注二"].state == "idle"
    assert lines["企业名称"].examples == "甲"
    assert [line.letter for line in layout["lines"]] == list("ABCD")


def test_sheets_with_the_same_header_are_settled_together():
    import io

    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as file:
        for name in ("一", "二"):
            page = file.add_worksheet(name)
            page.write_row(0, 0, ["企业名称", "级别", "认定年份"])
            page.write_row(1, 0, [f"公司{name}", "国家级", 2023])
    grids = []
    found = read_table(target.getvalue(), table(), on_grid=grids.append)
    upload = type("Upload", (), {"mapping": {}})()
    layouts = pages.column_lines(upload, subjects()[GREEN], as_reading(found, preview(grids, found)))
    assert len(layouts) == 1
    assert found.rows["enterprise_name"].to_list() == ["公司一", "公司二"]


def test_problems_are_listed_by_weight_and_filtered():
    found, shown = read(MESSY)
    reading = as_reading(found, shown)
    listed, counts = pages.problems(reading)
    assert [one.state for one in listed] == sorted((one.state for one in listed), key=("stop", "warn").index)
    assert counts["all"] == counts["stop"] + counts["warn"]
    assert all(one.state == "stop" for one in pages.problems(reading, "stop")[0])
    assert all(one.state == "warn" for one in pages.problems(reading, "warn")[0])
    notes = pages.problems(reading, "notes")[0]
    assert any("小计或合计" in one.text for one in notes)
    assert "“级别”" in listed[0].text and "认列" in listed[0].text, "which column, and where to say so"


def test_rows_hold_only_what_has_a_value():
    found, _shown = read([["企业名称", "级别", "认定年份", "得分"], ["甲", "国家级", 2023, ""]])
    (row,) = rows_of(found.rows, subjects()[GREEN])
    assert row == Row("名单", 2, {"enterprise_name": "甲", "level": "national", "year": 2023})


def test_changes_are_counted_and_the_ones_that_matter_come_first():
    row = Row("名单", 2, {})
    matched = [Match(row, state, state) for state in ("same", "new", "changed", "refused", "new")]
    assert previews.change_counts(matched) == {"new": 2, "changed": 1, "same": 1, "refused": 1}
    assert [one.state for one in previews.change_lines(matched)] == ["refused", "changed", "new", "new"]


def test_every_subject_can_be_read_and_named():
    for key, subject in subjects().items():
        assert subject.key == key
        assert str(subject.title)
        assert subject.table.header_names
        assert subject.list_url().startswith("/")
        assert len(pages.choices(subject)) == len(subject.table.asked)
