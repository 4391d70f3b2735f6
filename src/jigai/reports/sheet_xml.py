"""Long sheets written column by column.

XlsxWriter lays out the workbook (styles, widths, filters, print set-up) with one *model row* of blank styled cells in
every long sheet; here the model row is replaced by the rows of a frame, whose XML is built by column expressions. A
hundred thousand lines cost seconds of column work instead of millions of calls.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

MAX_ROWS: Final = 1_048_576
"""Rows of a sheet in Excel's file format."""

MAX_TEXT: Final = 16_000
"""Characters kept in a cell. Excel allows 32,767 UTF-16 units; half of it is safe for every character."""

CUT_NOTE: Final = "…（内容过长，已截断）"

_CHUNK: Final = 20_000
_LINE_HEIGHT: Final = 15.0
_MAX_LINES: Final = 12
_PLAIN_NUMBER: Final = r"^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$"
_CELL_STYLE: Final = re.compile(r'<c r="[A-Z]+\d+"(?: s="(\d+)")?')


@dataclass(frozen=True)
class Body:
    """Rows to put in place of the model row of one sheet.

    ``widths`` are the widths, in characters, of the columns whose text wraps: they decide the row heights; without any,
    Excel sets the heights. With ``read_numbers``, texts that are plain numbers become numbers.
    """

    part: str
    model_row: int
    frame: pl.DataFrame
    widths: Mapping[str, float]
    read_numbers: bool = False


def fill(shell: BinaryIO, target: Path, bodies: list[Body]) -> None:
    """Copy the workbook ``shell`` to ``target`` with the model rows of ``bodies`` replaced by their frames."""
    by_part = {body.part: body for body in bodies}
    with (
        zipfile.ZipFile(shell) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as result,
    ):
        for info in source.infolist():
            content = source.read(info)
            body = by_part.get(info.filename)
            with result.open(_same_name(info), "w", force_zip64=body is not None) as part:
                if body is None:
                    part.write(content)
                else:
                    for piece in _with_rows(content.decode("utf-8"), body):
                        part.write(piece.encode("utf-8"))


def _same_name(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    copy = zipfile.ZipInfo(info.filename, info.date_time)
    copy.compress_type = zipfile.ZIP_DEFLATED
    return copy


def _with_rows(sheet: str, body: Body) -> Iterator[str]:
    found = re.search(rf'<row r="{body.model_row}"[^>]*>.*?</row>', sheet, re.S)
    if found is None:
        raise ValueError(f"{body.part}: no model row {body.model_row}")
    styles = _CELL_STYLE.findall(found.group())
    last = f"{column_letters(len(styles) - 1)}{body.model_row + max(body.frame.height, 1) - 1}"
    yield re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{last}"/>', sheet[: found.start()])
    if body.frame.height:
        yield from row_xml(body, styles)
    else:
        yield found.group()
    yield sheet[found.end() :]


def row_xml(body: Body, styles: list[str]) -> Iterator[str]:
    """Yield the ``<row>`` elements of a frame in chunks; texts become inline strings, never formulas."""
    frame = body.frame
    opening = pl.format('<row r="{}"{}>', "_row", _height(body.widths))
    cells = [
        _cell(name, frame.schema[name], column_letters(place), styles[place], body.read_numbers)
        for place, name in enumerate(frame.columns)
    ]
    for start in range(0, frame.height, _CHUNK):
        chunk = frame.slice(start, _CHUNK).with_row_index("_row", offset=body.model_row + start)
        chunk = chunk.with_columns(pl.col("_row").cast(pl.String))
        yield chunk.select(pl.concat_str([opening, *cells, pl.lit("</row>")]).str.join("")).item()


def _cell(name: str, dtype: pl.DataType, letters: str, style: str, read_numbers: bool) -> pl.Expr:
    attributes = f'" s="{style}' if style else ""
    place = [pl.lit(f'<c r="{letters}'), pl.col("_row")]
    blank = pl.concat_str([*place, pl.lit(f'{attributes}"/>')])
    if dtype != pl.String:
        value = pl.col(name).cast(pl.Float64) if dtype.is_float() else pl.col(name)
        finite = pl.when(value.is_finite()).then(value) if dtype.is_float() else value
        return pl.coalesce(_number(place, attributes, finite.cast(pl.String)), blank)
    opening = pl.lit(f'{attributes}" t="inlineStr"><is><t xml:space="preserve">')
    text = pl.concat_str([*place, opening, text_xml(name), pl.lit("</t></is></c>")])
    if not read_numbers:
        return pl.coalesce(text, blank)
    value = pl.col(name)
    return pl.coalesce(pl.when(value.str.contains(_PLAIN_NUMBER)).then(_number(place, attributes, value)), text, blank)


def _number(place: list[pl.Expr], attributes: str, value: pl.Expr) -> pl.Expr:
    return pl.concat_str([*place, pl.lit(f'{attributes}"><v>'), value, pl.lit("</v></c>")])


def text_xml(name: str) -> pl.Expr:
    """Make a text column safe inside XML: cut to what a cell holds, markup escaped, forbidden characters dropped."""
    text = pl.col(name)
    cut = pl.when(text.str.len_chars() > MAX_TEXT).then(text.str.slice(0, MAX_TEXT) + CUT_NOTE).otherwise(text)
    clean = cut.str.replace_all("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x{FFFE}\\x{FFFF}]", "")
    literal = clean.str.replace_all("_(x[0-9A-Fa-f]{4}_)", "_x005F_$1")
    return literal.str.replace_many(["&", "<", ">", "\r"], ["&amp;", "&lt;", "&gt;", ""])


def _height(widths: Mapping[str, float]) -> pl.Expr:
    """Height of a row [points] as attributes: the lines its longest wrapped text needs."""
    if not widths:
        return pl.lit("")
    lines = [
        (display_width(name) / max(width - 1, 1)).ceil().fill_null(1).clip(1, _MAX_LINES)
        for name, width in widths.items()
    ]
    height = pl.max_horizontal(lines) * _LINE_HEIGHT + 3
    return pl.format(' ht="{}" customHeight="1"', height)


def display_width(name: str) -> pl.Expr:
    """Width of a text in Latin characters: three UTF-8 bytes make a character two wide."""
    return (pl.col(name).str.len_bytes() + pl.col(name).str.len_chars()) / 2


def column_letters(index: int) -> str:
    """Name of a column counted from 0: A … Z, AA …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
