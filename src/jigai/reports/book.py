"""The house style of our workbooks: palette, formats, page set-up, and blocks of small tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jigai.reports.labels import tones

FONT: Final = "微软雅黑"
TITLE_FONT: Final = "微软雅黑"
FOOTER: Final = "&L&8&K626A72{name}&C&8第 &P 页 共 &N 页&R&8&K626A72{note}"

_NUMBER_FORMATS: Final = {
    "text": "@",
    "words": "General",
    "number": "General",
    "whole": '#,##0;-#,##0;"–"',
    "year": "0",
    "count": "#,##0",
    "amount": '#,##0.0;-#,##0.0;"–"',
    "share": "0.0%",
}
HIGHEST_ROW: Final = 409
"""Height of a row [points] beyond which Excel does not go."""

_RIGHT: Final = ("number", "whole", "amount", "share")
_CENTRED: Final = ("year", "count")


@dataclass(frozen=True)
class Field:
    """A column of a block: header, how many sheet columns it spans, and the style of its values."""

    header: str
    span: int = 1
    style: str = "words"


class Book:
    """A workbook in the house style. Texts are written as texts: nothing a ledger says can become a formula."""

    def __init__(
        self, target: Path | IO[bytes], title: str, as_of: date | None = None, streaming: bool = False
    ) -> None:
        """Open the workbook; ``as_of`` stands in for the day of creation, so that equal input gives equal files.

        With ``streaming`` rows go to disk as they are written, from top to bottom, and any number takes the same
        memory.
        """
        options: dict[str, Any] = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        options["constant_memory"] = streaming
        self.file = xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), options)
        created = datetime.combine(as_of or date(2000, 1, 1), time())
        self.file.set_properties({"title": title, "author": "jigai", "created": created})
        self.title = title
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        default = self.file.formats[0]
        default.set_font_name(FONT)
        default.set_font_size(10)

    def format(self, **properties: Any) -> Format:
        """Return the format with these XlsxWriter properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
            self._formats[key] = self.file.add_format({**base, **properties})
        return self._formats[key]

    def tone(self, name: str, style: str = "words", **properties: Any) -> Format:
        """Return the cell format of a tone (ink, head, stop …) for a style of value (text, number, share …)."""
        colours = tones()[name]
        looks: dict[str, Any] = {
            "font_color": f"#{colours.font}",
            "border": 1,
            "border_color": f"#{colours.line}",
            "num_format": _NUMBER_FORMATS[style],
            "align": "right" if style in _RIGHT else "center" if style in _CENTRED else "left",
            "text_wrap": style in {"words", "text"},
        }
        if colours.fill != "FFFFFF":
            looks["bg_color"] = f"#{colours.fill}"
        return self.format(**{**looks, **properties})

    def head(self) -> Format:
        """Return the format of table headers."""
        return self.tone("head", bold=True, align="center")

    def sheet(self, name: str, note: str = "", portrait: bool = False) -> Worksheet:
        """Add a sheet set up for A4: one page wide, numbered pages, narrow margins."""
        sheet = self.file.add_worksheet(name)
        sheet.set_paper(9)
        if portrait:
            sheet.set_portrait()
        else:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(FOOTER.format(name=self.title, note=note))
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        return sheet

    def heading(self, sheet: Worksheet, row: int, text: str, last_column: int, size: int = 16) -> int:
        """Write a title over the whole width and return the next row."""
        look = self.format(bold=True, font_size=size, font_name=TITLE_FONT, font_color=f"#{tones()['ink'].font}")
        sheet.set_row(row, size * 2)
        sheet.merge_range(row, 0, row, last_column, text, look)
        return row + 1

    def line(self, sheet: Worksheet, row: int, text: str, last_column: int, lines: int = 1, tone: str = "quiet") -> int:
        """Write running text over the whole width, ``lines`` high, and return the next row."""
        look = self.format(font_color=f"#{tones()[tone].font}", text_wrap=True, valign="top")
        sheet.set_row(row, 16 * lines + 2)
        sheet.merge_range(row, 0, row, last_column, text, look)
        return row + 1

    def block(
        self,
        sheet: Worksheet,
        row: int,
        fields: Sequence[Field],
        rows: Iterable[Sequence[object]],
        *,
        tones_of: Sequence[str] = (),
        last_is_total: bool = False,
        height: float = 18,
        fitting: Sequence[float] = (),
        head: float = 30,
    ) -> int:
        """Write a small table and return the next row; ``tones_of`` gives the tone of each row's first cell.

        ``fitting`` are the widths of the fields: given, every row is as high as its longest text needs.
        """
        self._cells(sheet, row, fields, [field.header for field in fields], [self.head()] * len(fields))
        sheet.set_row(row, head)
        content = list(rows)
        for index, values in enumerate(content):
            row += 1
            is_total = last_is_total and index == len(content) - 1
            first_tone = tones_of[index] if index < len(tones_of) and not is_total else ""
            high = max(height, fitting_height(values, fitting)) if fitting else height
            self.row(sheet, row, fields, values, high, tone="group" if is_total else "ink", first_tone=first_tone)
        return row + 1

    def row(
        self,
        sheet: Worksheet,
        row: int,
        fields: Sequence[Field],
        values: Sequence[object],
        height: float,
        *,
        tone: str = "ink",
        first_tone: str = "",
    ) -> None:
        """Write one row of a small table."""
        sheet.set_row(row, height)
        looks = [self.tone(tone, field.style, bold=tone == "group") for field in fields]
        if first_tone:
            looks[0] = self.tone(first_tone, fields[0].style, bold=True)
        self._cells(sheet, row, fields, values, looks)

    def _cells(
        self, sheet: Worksheet, row: int, fields: Sequence[Field], values: Sequence[object], looks: Sequence[Format]
    ) -> None:
        column = 0
        for field, value, look in zip(fields, values, looks, strict=True):
            if field.span > 1:
                sheet.merge_range(row, column, row, column + field.span - 1, "", look)
            self.put(sheet, row, column, value, look)
            column += field.span

    @staticmethod
    def put(sheet: Worksheet, row: int, column: int, value: object, look: Format | None = None) -> None:
        """Write one value: numbers as numbers, everything else as text, null as a blank."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_string(row, column, str(value), look)

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


def lines_for(text: str, width: float) -> int:
    """Lines a text needs in a cell ``width`` characters wide; a Chinese character is two wide."""
    return sum(
        max(1, -(-int(sum(2 if ord(letter) > 0x2E7F else 1 for letter in part)) // max(int(width), 1)))
        for part in text.split("\n")
    )


def fitting_height(values: Sequence[object], widths: Sequence[float]) -> float:
    """Height [points] of a row that shows every value in full, given the widths of its fields."""
    texts = ("" if value is None else str(value) for value in values)
    lines = max(lines_for(text, width - 1) for text, width in zip(texts, widths, strict=True))
    return min(15 * lines + 4, HIGHEST_ROW)


def field_widths(fields: Sequence[Field], columns: Sequence[float]) -> list[float]:
    """Width of every field, given the widths of the sheet's columns."""
    widths: list[float] = []
    column = 0
    for field in fields:
        widths.append(sum(columns[column : column + field.span]))
        column += field.span
    return widths
