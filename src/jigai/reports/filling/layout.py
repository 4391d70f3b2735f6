"""Where the lines of a list go: how many rows are free below its pattern row, and what may stand in them already."""

from __future__ import annotations

from decimal import Decimal

from jigai.reports.filling.asked import Block, address_of
from jigai.reports.filling.blank import Seen, Sheet
from jigai.reports.filling.faults import Fault, fault
from jigai.reports.returns.sheet_part import column_number

MAX_TEXT = 32_767
"""Longest text of a cell in Excel's file format [UTF-16 units]."""


def columns_of(block: Block) -> list[int]:
    """Return the columns a list fills, counted from 0."""
    return [column_number(one) for one in block.columns]


def block_faults(sheet: Sheet, block: Block) -> list[Fault]:
    """Return why a list cannot be put where it is to go."""
    if not block.columns:
        return [fault("no_columns", sheet=sheet.name, row=block.row)]
    tall = next((one for one in sheet.merges_of(block.row) if one.first[0] != one.last[0]), None)
    if tall is not None:
        return [fault("tall_row", sheet=sheet.name, row=block.row, range=tall.ref)]
    for number, values in enumerate(block.rows, 1):
        if len(values) != len(block.columns):
            found, due = len(values), len(block.columns)
            return [fault("uneven", sheet=sheet.name, row=block.row, number=number, found=found, wanted=due)]
    wanted, free = len(block.rows), room(sheet, block)
    if wanted > free:
        return [
            fault(
                "no_room",
                sheet=sheet.name,
                address=f"{block.columns[0]}{block.row}",
                row=block.row,
                wanted=wanted,
                room=free,
                stop=block.row + free,
                more=wanted - free,
            )
        ]
    return []


def room(sheet: Sheet, block: Block) -> int:
    """Return how many lines fit from the pattern row down, counted no further than the list is long.

    A row below is free when the columns to be filled are empty in it, it is merged as the pattern is (or wholly
    empty), and the rest of it holds nothing but numbers, formulas, or what the pattern row says too.
    """
    columns = columns_of(block)
    pattern = sheet.by_row.get(block.row, {})
    spans = _spans(sheet, block.row)
    for row in range(block.row + 1, block.row + len(block.rows)):
        cells = sheet.by_row.get(row, {})
        held = {column: seen for column, seen in cells.items() if seen.formula or seen.value is not None}
        own = _spans(sheet, row)
        if own != spans and (own or held):
            return row - block.row
        if any(column in held for column in columns):
            return row - block.row
        if any(_says_something(seen, pattern.get(column)) for column, seen in held.items()):
            return row - block.row
    return max(len(block.rows), 1)


def missing_merges(sheet: Sheet, block: Block) -> list[str]:
    """Return the merged cells that the rows of a list need, as the pattern row has them, and do not have yet."""
    spans = _spans(sheet, block.row)
    return [
        f"{address_of((row, first))}:{address_of((row, last))}"
        for row in range(block.row + 1, block.row + len(block.rows))
        if not sheet.merges_of(row)
        for first, last in spans
    ]


def _spans(sheet: Sheet, row: int) -> list[tuple[int, int]]:
    """Return the columns merged within a row; cells merged over several rows make it unlike any single row."""
    return sorted(
        (one.first[1], one.last[1]) if one.first[0] == one.last[0] else (-1, one.first[1])
        for one in sheet.merges_of(row)
    )


def _says_something(seen: Seen, pattern: Seen | None) -> bool:
    if seen.formula or isinstance(seen.value, Decimal):
        return False
    return pattern is None or seen.value != pattern.value
