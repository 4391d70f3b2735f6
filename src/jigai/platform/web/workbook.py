"""A list as an official-looking workbook: title, what it shows, units in the head, sums, and a sheet 说明."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jigai import __version__
from jigai.platform.web.listing import Cell, Column, Listing, Selection, cell_of
from jigai.reports.book import Book, Field, lines_for

CHUNK: Final = 1000
SHEET_ROWS: Final = 1_000_000
"""Rows of a sheet; Excel has room for 1,048,576."""
LONGEST: Final = 32_000
"""Letters of a cell; Excel has room for 32,767."""
WRAPPED: Final = 40
"""From so many letters on a text goes on in a second line."""
NUMBER: Final = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
DIGITS: Final = 15
LARGEST: Final = 10**15
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
HEAD: Final = 2
"""Row of the header, below the title and the line that says what is shown."""


@dataclass(frozen=True)
class About:
    """What a workbook says of itself."""

    title: str
    filters: tuple[tuple[str, str], ...]
    order: str
    by: str
    post: str
    scope: str
    at: datetime
    count: int
    sums: dict[str, Any]

    @property
    def line(self) -> str:
        """The line under the title."""
        shown = "；".join(f"{label}：{value}" for label, value in self.filters) or _("全部")
        parts = {_("城市"): settings.CITY_NAME, _("数据时间"): f"{self.at:%Y-%m-%d %H:%M}", _("筛选"): shown}
        parts[_("条数")] = f"{self.count:,}"
        return "　".join(f"{key}：{value}" for key, value in parts.items())


def write(
    path: Path, listing: Listing, selection: Selection, about: About, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Write the workbook and return its number of rows; they pass through, however many there are."""
    book = Book(path, about.title, about.at.date(), streaming=True)
    written = 0
    try:
        # Closed here and not when it is collected: by then the transaction of its cursor may be gone.
        with closing(_stream(selection)) as rows:
            first = list(islice(rows, CHUNK))
            table = _Table(book, selection.columns, about, first)
            for row in chain(first, rows):
                table.add(row)
                written += 1
                if written % CHUNK == 0:
                    progress(written)
        table.finish(about.sums)
        _notes(book, listing, about)
    finally:
        book.close()  # also when cut short: it has temporary files of its own
    return written


def _stream(selection: Selection) -> Generator[Any, None, None]:
    yield from selection.ordered().iterator(chunk_size=CHUNK)


class _Table:
    """The sheets of rows, one after another where one is not enough."""

    def __init__(self, book: Book, columns: list[Column], about: About, first: list[Any]) -> None:
        self._book, self._columns, self._about = book, columns, about
        cells = [[cell_of(column, row) for column in columns] for row in first]
        # A second line in a cell becomes a column of its own, so that both can be filtered.
        self._second = [any(row[place].sub for row in cells) for place in range(len(columns))]
        self._widths = self._measure(cells)
        self._looks = _Looks(book)
        self._sheets = 0
        self._row = 0
        self._sheet: Worksheet = self._open()

    def add(self, row: Any) -> None:
        """Write one row."""
        if self._row > SHEET_ROWS + HEAD:
            self._close()
            self._sheet = self._open()
        for place, (value, look) in enumerate(self._values(row)):
            self._put(place, value, look)
        self._row += 1

    def finish(self, sums: dict[str, Any]) -> None:
        """Write the sums and set the filters."""
        self._close()
        if not sums:
            return
        place = 0
        for column, second in zip(self._columns, self._second, strict=True):
            value = _number(sums.get(column.key))
            if column.key in sums:
                self._put(place, value, self._looks.number(value, tone="group", bold=True))
            else:
                self._put(place, _("合计") if place == 0 else "", self._book.tone("group", "text", bold=True))
            if second:
                self._put(place + 1, "", self._book.tone("group", "text"))
            place += 1 + second

    def _open(self) -> Worksheet:
        self._sheets += 1
        name = self._about.title[:25] if self._sheets == 1 else f"{self._about.title[:25]}（{self._sheets}）"
        sheet = self._book.sheet(_sheet_name(name), note=f"{self._about.at:%Y-%m-%d}")
        last = len(self._widths) - 1
        for place, width in enumerate(self._widths):
            sheet.set_column(place, place, width)
        if last:
            self._book.heading(sheet, 0, self._about.title, last)
            self._book.line(sheet, 1, self._about.line, last, lines_for(self._about.line, sum(self._widths)))
        else:  # nothing to merge
            sheet.write_string(0, 0, self._about.title)
            sheet.write_string(1, 0, self._about.line)
        sheet.set_row(HEAD, 30)
        place = 0
        for column, second in zip(self._columns, self._second, strict=True):
            sheet.write_string(HEAD, place, _head(column), self._book.head())
            if second:
                sheet.write_string(HEAD, place + 1, _("%(column)s（附）") % {"column": column.label}, self._book.head())
            place += 1 + second
        sheet.freeze_panes(HEAD + 1, 1)
        sheet.repeat_rows(HEAD)
        self._row = HEAD + 1
        return sheet

    def _close(self) -> None:
        self._sheet.autofilter(HEAD, 0, max(self._row - 1, HEAD), len(self._widths) - 1)

    def _values(self, row: Any) -> Iterator[tuple[Any, Format]]:
        for column, second in zip(self._columns, self._second, strict=True):
            cell = cell_of(column, row)
            value, look = self._looks.of(cell)
            if cell.sub and not second:
                value, look = f"{value}（{cell.sub}）", self._looks.text(str(value))
            yield value, look
            if second:
                yield str(cell.sub), self._looks.text(str(cell.sub))

    def _put(self, place: int, value: Any, look: Format) -> None:
        if isinstance(value, (date, datetime)):
            self._sheet.write_datetime(self._row, place, value, look)
        else:
            self._book.put(self._sheet, self._row, place, value, look)

    def _measure(self, cells: list[list[Cell]]) -> list[float]:
        widths: list[float] = []
        for place, column in enumerate(self._columns):
            texts = [_head(column), *(str(row[place].text) for row in cells)]
            widths.append(_width(texts))
            if self._second[place]:
                widths.append(_width([f"{column.label}（附）", *(str(row[place].sub) for row in cells)]))
        return widths


class _Looks:
    """Formats of cells by what stands in them; each is made once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Format] = {}

    def of(self, cell: Cell) -> tuple[Any, Format]:
        """Return the value of a cell as Excel should have it, and its format."""
        text = cell.text
        if isinstance(text, datetime):
            local = timezone.localtime(text) if timezone.is_aware(text) else text
            return local.replace(tzinfo=None), self._look("text", "yyyy-mm-dd hh:mm")
        if isinstance(text, date):
            return text, self._look("text", "yyyy-mm-dd")
        if isinstance(text, bool):
            return (_("是") if text else _("否")), self.text("")
        value = _number(text) if cell.numeric or isinstance(text, (int, float, Decimal)) else None
        if value is not None:
            # A number is shown as the page writes it; a bare value as it is, without the zeros of its field.
            return value, self.number(value, text) if isinstance(text, str) else self._look("number", "General")
        words = "" if str(text) == "—" else str(text)
        return (words if len(words) <= LONGEST else f"{words[:LONGEST]}……"), self.text(words)

    def text(self, words: str) -> Format:
        """Return the format of a text; one that begins like a formula is marked as text for good."""
        return self._look("text", "@", text_wrap=len(words) > WRAPPED, quote_prefix=words.startswith(DANGEROUS))

    def number(self, value: float | None, written: str = "", tone: str = "ink", bold: bool = False) -> Format:
        """Return the format of a number: as it was written on the page where that is known."""
        places = len(written.partition(".")[2])
        whole = value is None or float(value).is_integer()
        if not written:
            form = "#,##0" if whole else "#,##0.00"
        else:
            form = f"{'#,##0' if ',' in written else '0'}{'.' + '0' * places if places else ''}"
        return self._look("number", form, tone, bold=bold)

    def _look(self, style: str, form: str, tone: str = "ink", **more: bool) -> Format:
        key = (style, form, tone, *more.values())
        if key not in self._made:
            set_ = {name: True for name, value in more.items() if value}
            self._made[key] = self._book.tone(tone, style, **{"num_format": form, "text_wrap": False, **set_})
        return self._made[key]


def _notes(book: Book, listing: Listing, about: About) -> None:
    sheet = book.sheet(_("说明"), portrait=True)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 76)
    row = book.heading(sheet, 0, _("说明"), 1)
    rows = [
        (_("清单"), about.title),
        (_("城市"), settings.CITY_NAME),
        (_("数据时间"), f"{about.at:%Y-%m-%d %H:%M}（{_('北京时间，其后的变化不在本表内')}）"),
        (_("筛选条件"), "；".join(f"{label}：{value}" for label, value in about.filters) or _("无，全部条目")),
        (_("排列"), about.order),
        (_("条数"), f"{about.count:,}"),
        (_("可见范围"), about.scope),
        (_("导出人"), " ".join(part for part in (about.by, about.post) if part)),
        (_("软件"), f"jigai {__version__}"),
        (
            _("读表须知"),
            _("单位写在表头，不写在单元格里；空白表示没有数据，不表示零；合计按全部条目计算，不受表内再次筛选影响。"),
        ),
    ]
    told_line_by_line(book, sheet, row, rows)


def told_line_by_line(book: Book, sheet: Worksheet, row: int, rows: list[tuple[str, str]]) -> None:
    """Write what a workbook says of itself, from ``row`` on, each line as high as it needs; a demonstration says so."""
    if settings.DEMO:
        rows = [*rows, (_("注意"), _("示范城市：企业、人员、数值均为虚构，不得用于任何决定。"))]
    fields = [Field(_("项目")), Field(_("内容"))]
    for place, values in enumerate(rows):
        height = 16.0 * lines_for(values[1], 74) + 4
        if place == 0:
            row = book.block(sheet, row, fields, [values], height=height)
        else:
            book.row(sheet, row, fields, values, height)
            row += 1


def _head(column: Column) -> str:
    return f"{column.label}（{column.unit}）" if column.unit else str(column.label)


def _width(texts: list[str]) -> float:
    """Return a width in which most of these texts stand in one line."""
    lengths = sorted(sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) for text in texts[1:]) or [0]
    usual = lengths[int(len(lengths) * 0.95)] if len(lengths) > 1 else lengths[-1]
    head = sum(2 if ord(letter) > 0x2E7F else 1 for letter in texts[0])
    return float(min(max(usual, min(head, 24), 6) + 3, 48))


def _number(value: Any) -> float | int | None:
    """Return a number, also one written with thousands separators; nothing for what is none.

    More digits than Excel keeps (15) stay text, or a long code would lose its end.
    """
    found: Decimal
    if isinstance(value, str):
        if not NUMBER.fullmatch(value) or sum(letter.isdigit() for letter in value) > DIGITS:
            return None
        found = Decimal(value.replace(",", ""))
    elif isinstance(value, (int, float, Decimal)):
        found = Decimal(str(value))
    else:
        return None
    if not found.is_finite() or abs(found) >= LARGEST:
        return None
    return int(found) if found == int(found) else float(found)


def _sheet_name(text: str) -> str:
    return "".join("_" if letter in "[]:*?/\\'" else letter for letter in text)[:31] or "Sheet1"
