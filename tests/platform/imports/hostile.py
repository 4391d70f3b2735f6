"""Files made to hurt, each with what must be told of it: a refusal that names a step, or rows that still come in."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.ledger.books import patched, strings, xlsx, zipped
from tests.ledger.test_ledger_formats import compound

SAMPLES = Path(__file__).parents[3] / "samples"
HEAD = ["设备名称", "规格型号", "数量", "出厂年份"]
MOTOR = ["电机", "Y132M-4", "2", "1998"]
SHEET = "xl/worksheets/sheet1.xml"
_BEHIND = "</sheetData>"


def _sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def _changed(old: str, new: str, *, head: str = "", rows: int = 1) -> bytes:
    """A workbook whose sheet has ``new`` for ``old``, with ``head`` before its first element."""

    def change(part: bytes) -> bytes:
        sheet = part.decode()
        assert old in sheet
        return sheet.replace(old, new, 1).replace("<worksheet", f"{head}<worksheet", 1).encode()

    return patched(inline([HEAD, *[MOTOR] * rows]), SHEET, change)


def inline(rows: list[list[str]]) -> bytes:
    """A workbook whose texts stand in the sheet itself."""

    def change(_part: bytes) -> bytes:
        data = "".join(f'<row r="{row}">{_line(row, cells)}</row>' for row, cells in enumerate(rows, 1))
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return f'<worksheet xmlns="{space}"><sheetData>{data}</sheetData></worksheet>'.encode()

    return patched(strings(rows), SHEET, change)


def _line(row: int, cells: list[str]) -> str:
    pairs = zip("ABCD", cells, strict=True)
    return "".join(f'<c r="{letter}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for letter, text in pairs)


def _million_columns() -> bytes:
    line = b",".join([b"x"] * 1_000_000)
    return b"\n".join([",".join(HEAD).encode(), ",".join(MOTOR).encode(), line])


def _far_columns() -> bytes:
    """Cells in every column there is (16 384), named far outside of what Excel knows."""

    cells = "".join(f'<c r="ZZZ{row}" t="inlineStr"><is><t>x</t></is></c>' for row in range(1, 200))
    return _changed(_BEHIND, f'<row r="9">{cells}</row></sheetData>')


def _far_row() -> bytes:
    return _changed(
        _BEHIND,
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
    )


def _deep_merges() -> bytes:
    """Sixty thousand merged ranges over one another."""
    ranges = "".join(f'<mergeCell ref="A{row}:D{row + 5000}"/>' for row in range(1, 60_000))
    merges = f'<mergeCells count="59999">{ranges}</mergeCells>'
    return _changed(_BEHIND, f"</sheetData>{merges}", rows=200)


def _entities() -> bytes:
    """The thousand laughs, in the shared strings and in the sheet."""
    names = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _changed("Y132M-4", "&l9;", head=f"<!DOCTYPE x [{names}]>")


def _outside() -> bytes:
    """An entity that would read a file of the server."""
    return _changed("Y132M-4", "&e;", head='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')


def _bomb(megabytes: int = 400) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in zipfile.ZipFile(io.BytesIO(xlsx([HEAD, MOTOR]))).namelist():
            archive.writestr(name, zipfile.ZipFile(io.BytesIO(xlsx([HEAD, MOTOR]))).read(name))
        with archive.open("xl/media/image1.png", "w", force_zip64=True) as member:
            for _ in range(megabytes):
                member.write(b"\0" * 1_000_000)
    return target.getvalue()


def _formulas() -> bytes:
    bad = ["=cmd|' /C calc'!A0", "+SUM(1)", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1+1", "\r=2"]
    return xlsx([HEAD, *[[text, "Y132M-4", text, text] for text in bad], MOTOR])


def _names() -> bytes:
    """A zip whose members would lie outside."""
    return zipped({"../../etc/cron.d/x": b"x", "/abs.xlsx": b"x", "xl/../../y": b"y", "[Content_Types].xml": b"<x/>"})


def _truncated() -> bytes:
    return _sample("01_rolling_mill.xlsx")[:3000]


def _encrypted() -> bytes:
    """What Excel writes with a password: a compound file with the two streams that tell it."""
    return compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})


def fuzzed(seed: int) -> bytes:
    """Return a sample with some bytes changed, cut out or doubled; the same for the same seed."""
    chance = random.Random(seed)
    data = bytearray(_sample(chance.choice(["01_rolling_mill.xlsx", "02_substation.xls", "04_mine_many_sheets.xlsx"])))
    for _ in range(chance.randint(1, 30)):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 200)]
            case 2:
                data[place:place] = data[place : place + chance.randint(1, 200)]
            case _:
                data[place : place + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("空.xlsx", lambda: b""),
    "truncated": ("断.xlsx", _truncated),
    "password": ("密.xlsx", _encrypted),
    "not a workbook": ("说明.xlsx", lambda: _sample("bad_not_excel.xlsx")),
    "a program": ("台账.xlsx", lambda: b"MZ\x90\x00" + bytes(range(256)) * 40),
    "a picture": ("台账.xls", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 500),
    "a page": ("台账.xls", lambda: b"<html><table><tr><td>x</td></tr></table></html>"),
    "a bomb": ("炸.xlsx", _bomb),
    "the sample bomb": ("炸2.xlsx", lambda: _sample("bad_zip_bomb.xlsx")),
    "bad cells": ("坏.xlsx", lambda: _sample("bad_cells.xlsx")),
    "a million columns": ("宽.csv", _million_columns),
    "columns out of the sheet": ("宽.xlsx", _far_columns),
    "the last cell": ("远.xlsx", _far_row),
    "merges on merges": ("并.xlsx", _deep_merges),
    "entities": ("笑.xlsx", _entities),
    "an entity from outside": ("外.xlsx", _outside),
    "formulas": ("式.xlsx", _formulas),
    "names that climb": ("爬.xlsx", _names),
    "one long line": ("长.csv", lambda: "设备名称,规格型号\n".encode() + b'"' + b"x" * 8_000_000),
    "quotes without end": ("引.csv", lambda: ("设备名称,规格型号\n" + '"a,' * 200_000).encode()),
    "nul bytes": ("零.csv", lambda: "设备名称\0,规格型号\n电\0机,Y132M-4\n".encode()),
}
"""What → (file name, how it is made)."""
