"""Every way a dataset can be broken, kept as a folder: the fault must name the exact place and a remedy."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from jigai.reference import DatasetError, Reference
from jigai.reference.loader import read_place

BROKEN = Path(__file__).parent / "broken"
EXPECTED = list(csv.DictReader((BROKEN / "expected.csv").read_text(encoding="utf-8").splitlines()))


def test_every_broken_folder_is_expected() -> None:
    folders = {path.name for path in BROKEN.iterdir() if path.is_dir()}
    assert folders == {row["folder"] for row in EXPECTED}


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: str(row["folder"]))
def test_names_the_exact_place(row: dict[str, str]) -> None:
    folder = BROKEN / row["folder"]
    with pytest.raises(DatasetError) as caught:
        Reference.load(date(2026, 1, 1), [folder])
    error = caught.value
    assert error.file == (folder / row["file"]).as_posix()
    assert error.row == (int(row["row"]) if row["row"] else None)
    assert error.column == (row["column"] or None)
    assert error.faults[0].code == row["code"]
    assert len(error.faults) == int(row["faults"])


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: str(row["folder"]))
def test_says_it_in_both_languages(row: dict[str, str]) -> None:
    with pytest.raises(DatasetError) as caught:
        Reference.load(date(2026, 1, 1), [BROKEN / row["folder"]])
    fault = caught.value.faults[0]
    chinese, english = fault.say("zh"), fault.say("en")
    assert any("一" <= character <= "鿿" for character in chinese)
    assert fault.file in english
    assert len(english) > len(fault.file) + 20
    if fault.row is not None:
        assert f"第{fault.row}行" in chinese
        assert f"row {fault.row}" in english


def test_reports_all_faults_of_a_table_at_once() -> None:
    with pytest.raises(DatasetError) as caught:
        read_place(BROKEN / "many-faults")
    found = {(fault.row, fault.column, fault.code) for fault in caught.value.faults}
    assert found == {
        (2, "code", "cell_type"),
        (2, "power_kw", "cell_type"),
        (3, "power_kw", "cell_range"),
        (3, "mandatory", "cell_type"),
        (3, "entry_id", "duplicate_key"),
        (4, "entry_id", "cell_required"),
        (4, "condition", "condition_field"),
    }


def test_reports_all_broken_datasets_of_a_folder_at_once() -> None:
    with pytest.raises(DatasetError) as caught:
        read_place(BROKEN)
    files = {Path(fault.file).parts for fault in caught.value.faults}
    named = {part for parts in files for part in parts}
    standalone = {row["folder"] for row in EXPECTED if row["folder"] not in ("link-unknown", "link-overlap")}
    assert standalone <= named


def test_text_of_the_error_has_a_line_per_fault_in_each_language() -> None:
    with pytest.raises(DatasetError) as caught:
        read_place(BROKEN / "many-faults")
    assert len(str(caught.value).splitlines()) == 2 * len(caught.value.faults)
    assert caught.value.message == caught.value.faults[0].say("zh")


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        Reference.load(date(2026, 1, 1), [tmp_path / "nowhere"])
    assert caught.value.faults[0].code == "not_found"
    assert "nowhere" in caught.value.file


def test_an_empty_folder_is_not_silently_nothing(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        Reference.load(date(2026, 1, 1), [tmp_path])
    assert caught.value.faults[0].code == "no_datasets"


def test_an_error_without_faults_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one"):
        DatasetError([])
