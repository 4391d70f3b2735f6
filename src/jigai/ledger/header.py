"""Where the tables of a sheet are: header rows, columns, and the rows of data below them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import polars as pl

from jigai.attributes import AttributeTable
from jigai.ledger.columns import ledger_table
from jigai.ledger.grid import Grid
from jigai.ledger.labels import is_unit, plain, vocabulary
from jigai.ledger.mapping import Header, names_device, resolves
from jigai.ledger.titles import asks_enterprise

_HEADER_WORDS: Final = r"(?i)名\s*称|型\s*号|规\s*格|品\s*名|^\s*设\s*备\s*$|\b(?:model|name)\b"
_MAX_LABEL: Final = 30
_MAX_CANDIDATES: Final = 5000
_MAX_SUB_ROWS: Final = 2
_MAX_TITLES: Final = 3
_NUMERIC = re.compile(r"^[+-]?[\d.,]+%?$")

Row = tuple[str | None, ...]


@dataclass
class Block:
    """One table of a sheet. Rows and columns count from 0; ``last`` is the last row of data, inclusive."""

    headers: list[Header]
    header_rows: list[int]
    first: int
    last: int
    repeated_rows: set[int] = field(default_factory=set)
    title_rows: set[int] = field(default_factory=set)
    """Rows at the end that are the title of the table below, not devices."""


def find_blocks(grid: Grid, given: Collection[str] = (), table: AttributeTable | None = None) -> list[Block]:
    """Return the tables of a sheet from top to bottom and left to right.

    A header row has at least two cells that are known headers, one of them for the name or the model, and known
    headers make up at least half of its cells. ``given`` are further headers (written one way) the user settled.
    Rows of group titles above it and of parts or units below it belong to the header. A header that returns
    unchanged further down (printed again on every page) does not start a new table. ``table`` is the attribute table
    of the subject looked for, by default that of the ledger.
    """
    table = table or ledger_table()
    blocks: list[Block] = []
    marks: list[tuple[tuple[str, ...], int]] = []
    done = -1
    for row in _candidates(grid, given, table):
        if row <= done or not _is_header(grid.cells.row(row), given, table) or _is_card(grid, row, table):
            continue
        mark = tuple(plain(cell or "") for cell in grid.cells.row(row))
        rows = _header_rows(grid, row, done, given, table)
        same = [start for known, start in marks if known == mark]
        if same and blocks:
            for block in blocks:
                if block.header_rows[0] >= same[-1] - 1:
                    block.repeated_rows.update(rows)
            done = rows[-1]
            continue
        for block in blocks:
            block.last = min(block.last, rows[0] - 1)
            block.title_rows.update(_titles_above(grid, rows[0], done))
        marks = [(mark, rows[0])]
        new = [Block(part, rows, rows[-1] + 1, grid.height - 1) for part in _side_by_side(_headers(grid, rows))]
        blocks += new
        done = rows[-1]
    return blocks


def _candidates(grid: Grid, given: Collection[str], table: AttributeTable) -> list[int]:
    if not grid.width or not grid.height:
        return []
    short = pl.all().str.len_chars() <= _MAX_LABEL
    hit = pl.all().str.contains(_HEADER_WORDS) if table is ledger_table() else _names_subject(table)
    flags = grid.cells.select(pl.any_horizontal((short & hit).fill_null(False)).alias("hit"))
    rows = flags["hit"].arg_true().to_list()[:_MAX_CANDIDATES]
    if given:
        rows = sorted({*rows, *range(min(grid.height, 60))})
    return rows


def _names_subject(table: AttributeTable) -> pl.Expr:
    """Cells that hold a name of one of the headers a table of this subject must have."""
    words = [word for word, offers in vocabulary(table).items() if any(o[2].name in table.header_names for o in offers)]
    return pl.all().str.to_lowercase().str.replace_all(r"\s+", "").str.contains_any(words)


def _is_header(cells: Row, given: Collection[str], table: AttributeTable) -> bool:
    filled = [cell for cell in cells if cell is not None]
    known = [cell for cell in filled if len(cell) <= _MAX_LABEL and (plain(cell) in given or resolves(cell, table))]
    distinct = {plain(cell) for cell in known}
    device = any(plain(cell) in given or names_device(cell, table) for cell in known)
    return device and len(distinct) >= 2 and 2 * len(known) >= len(filled)


def _titles_above(grid: Grid, row: int, done: int) -> set[int]:
    """Rows right above a header with a single text in them: the title of its table."""
    titles: set[int] = set()
    for above in range(row - 1, max(done, row - 1 - _MAX_TITLES), -1):
        filled = sum(cell is not None for cell in grid.cells.row(above))
        if filled > 1 or (filled == 0 and titles):
            break
        if filled:
            titles.add(above)
    return titles


def _is_card(grid: Grid, row: int, table: AttributeTable) -> bool:
    """A row of an equipment card: every known header has its value to the right, and a header again below it."""
    cells = grid.cells.row(row)
    filled = [index for index, cell in enumerate(cells) if cell is not None]
    known = {index for index in filled if resolves(cells[index] or "", table)}
    if any(here in known and after in known for here, after in pairwise(filled)) or row + 1 >= grid.height:
        return False
    below = grid.cells.row(row + 1)
    return any(below[index] is not None and resolves(below[index] or "", table) for index in known)


def _header_rows(grid: Grid, row: int, done: int, given: Collection[str], table: AttributeTable) -> list[int]:
    rows = [row]
    if row - 1 > done and _is_group(grid, row - 1, row, table):
        rows.insert(0, row - 1)
    for _ in range(_MAX_SUB_ROWS):
        below = rows[-1] + 1
        if below < grid.height and _is_sub(grid, below, rows[-1], given, table):
            rows.append(below)
    covered = [last for first, _, last, _ in grid.merges if rows[0] <= first <= rows[-1] and last - first <= 3]
    rows += range(rows[-1] + 1, min(max(covered, default=0), grid.height - 1) + 1)
    return rows


def _is_group(grid: Grid, above: int, row: int, table: AttributeTable) -> bool:
    """Group titles over the header: several short texts without values, at least one of them over a header cell."""
    cells = grid.cells.row(above)
    filled = [(index, cell) for index, cell in enumerate(cells) if cell is not None]
    if len(filled) < 2 or any(len(cell) > 16 or ":" in cell or "：" in cell for _, cell in filled):
        return False
    if any(_NUMERIC.match(cell) or asks_enterprise(cell) for _, cell in filled):
        return False
    wide = any(first == above == last and right > left for first, left, last, right in grid.merges)
    blank_below = sum(grid.cells.row(row)[index] is None for index, _ in filled)
    known = sum(resolves(cell, table) for _, cell in filled)
    return wide or (blank_below > 0 and known > 0)


def _is_sub(grid: Grid, below: int, above: int, given: Collection[str], table: AttributeTable) -> bool:
    """Parts or units under the header: no numbers, mostly known headers or units, where the row above leaves room."""
    upper, lower = grid.cells.row(above), grid.cells.row(below)
    filled = [(index, cell) for index, cell in enumerate(lower) if cell is not None]
    if not filled or any(_NUMERIC.match(cell) or len(cell) > _MAX_LABEL for _, cell in filled):
        return False
    if all(is_unit(cell) for _, cell in filled):
        return True
    known = sum(is_unit(cell) or plain(cell) in given or resolves(cell, table) for _, cell in filled)
    if 5 * known < 3 * len(filled):
        return False
    spread = {
        column
        for first, left, last, right in grid.merges
        if first <= above <= last and right > left
        for column in range(left, right + 1)
    }
    return all(
        upper[index] is None or index in spread or is_unit(cell) or _starts_span(upper, lower, index)
        for index, cell in filled
    )


def _starts_span(upper: Row, lower: Row, index: int) -> bool:
    """Without merge marks (text files): a group title has its first part right below and blanks to its right."""
    return index + 1 < len(upper) and upper[index + 1] is None and lower[index + 1] is not None


def _headers(grid: Grid, rows: list[int]) -> list[Header]:
    texts = [list(grid.cells.row(row)) for row in rows]
    for first, left, _, right in grid.merges:
        if first in rows and right > left:
            line = texts[rows.index(first)]
            line[left : right + 1] = [line[left]] * (min(right, grid.width - 1) + 1 - left)
    for upper, lower in pairwise(texts):
        for index in range(1, grid.width):
            inside = upper[index] is None and lower[index] is not None and not is_unit(lower[index] or "")
            if inside and upper[index - 1] is not None and lower[index - 1] is not None:
                upper[index] = upper[index - 1]
    headers: list[Header] = []
    for index in range(grid.width):
        parts: list[str] = []
        for line in texts:
            text = line[index]
            if text is not None and (not parts or parts[-1] != text):
                parts.append(text)
        if parts:
            headers.append(Header(index, tuple(parts)))
    return headers


def _side_by_side(headers: list[Header]) -> list[list[Header]]:
    """Cut tables that stand beside each other on one sheet: where the headers start again from the first ones."""
    texts = [plain(header.text) for header in headers]
    cuts = [place for place in range(2, len(texts) - 1) if texts[place] == texts[0] and texts[place + 1] == texts[1]]
    edges = [0, *cuts, len(headers)]
    return [headers[start:end] for start, end in pairwise(edges)]
