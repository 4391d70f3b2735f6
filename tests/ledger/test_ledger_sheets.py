"""Every sheet drawn in sheets.yaml: the devices in it, and what is asked, as a workbook and as text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from tests.ledger import books

from jigai.ledger import Ledger, read_ledger

AS_OF = date(2026, 11, 23)
SHEETS = yaml.safe_load((Path(__file__).parent / "sheets.yaml").read_text(encoding="utf-8"))
PLAIN = [sheet for sheet in SHEETS if not sheet.get("merges")]


def drawn(sheet: dict[str, Any]) -> list[list[str | None]]:
    rows = [line.strip().removeprefix("|").removesuffix("|").split("|") for line in sheet["sheet"].splitlines()]
    return [[cell.strip() or None for cell in row] for row in rows]


def check(sheet: dict[str, Any], ledger: Ledger) -> None:
    found = ledger.devices.to_dicts()
    assert len(found) == len(sheet["devices"])
    for device, expected in zip(found, sheet["devices"], strict=True):
        for name, value in expected.items():
            read = device.get(name)
            same = abs(read - value) <= 1e-9 * value if isinstance(value, float) and read is not None else read == value
            assert same, (device["row"], name, read, value)
    asked = ledger.problems.filter(pl.col("severity") != "note").select("row", "column", "code").rows()
    assert [list(problem) for problem in asked] == sheet.get("problems", [])


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet["title"])
def test_as_a_workbook(sheet: dict[str, Any]) -> None:
    data = books.strings(drawn(sheet), merges=sheet.get("merges", ()))
    check(sheet, read_ledger(data, source_file="a.xlsx", as_of=AS_OF))


@pytest.mark.parametrize("sheet", PLAIN, ids=lambda sheet: sheet["title"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_as_text(sheet: dict[str, Any], encoding: str) -> None:
    text = "\n".join("\t".join(cell or "" for cell in row) for row in drawn(sheet))
    check(sheet, read_ledger(text.encode(encoding), source_file="a.txt", as_of=AS_OF))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet["title"])
def test_every_value_names_its_cell(sheet: dict[str, Any]) -> None:
    data = books.strings(drawn(sheet), merges=sheet.get("merges", ()))
    ledger = read_ledger(data, source_file="a.xlsx", as_of=AS_OF)
    rows = drawn(sheet)
    for device in ledger.devices.to_dicts():
        places = dict(item.split("=") for item in device["cells"].split(";") if item)
        inherited = dict(item.split("=") for item in device["inherited"].split(";") if item)
        for name, reference in places.items():
            letters = reference.rstrip("0123456789")
            row, column = int(reference[len(letters) :]) - 1, books.column(letters)
            assert rows[row][column] is not None or name in inherited, (name, reference)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet["title"])
def test_reading_again_changes_nothing(sheet: dict[str, Any]) -> None:
    data = books.strings(drawn(sheet), merges=sheet.get("merges", ()))
    first, second = (read_ledger(data, source_file="a.xlsx", as_of=AS_OF) for _ in range(2))
    assert first.devices.equals(second.devices)
    assert first.problems.equals(second.problems)
    assert first.sheets == second.sheets
