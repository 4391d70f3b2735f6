"""Put values into a blank workbook, or say everything that stands in the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from jigai.reports.filling.asked import Block, Cell, Place, Value, address_of, place_of
from jigai.reports.filling.blank import Blank, Sheet
from jigai.reports.filling.faults import Fault, FillingError, fault
from jigai.reports.filling.layout import MAX_TEXT, block_faults, columns_of, missing_merges
from jigai.reports.filling.patch import Put, Rows, has_formulas, patched, without_results
from jigai.reports.returns.package import NotPatchableError

_WORKBOOK: Final = "xl/workbook.xml"
_BEFORE_CALCULATION: Final = ("definedNames", "externalReferences", "functionGroups", "sheets")
"""Elements ``calcPr`` follows, the nearest first (ECMA-376, part 1, 18.2.27)."""


def filled(blank: Blank, cells: Sequence[Cell] = (), blocks: Sequence[Block] = ()) -> bytes:
    """Return the workbook with the values put in, everything else as it was (D32).

    Args:
        blank: the workbook as it was designed; protection of a sheet does not hinder filling and stays.
        cells: values for single cells. None empties a cell.
        blocks: lists, a row for each of their lines. A list with no lines leaves its rows as they are.

    Raises:
        FillingError: something cannot be put where it is to go; all reasons at once, each with what to do.
    """
    found = faults_of(blank, cells, blocks)
    if found:
        raise FillingError(found)
    asked: dict[str, tuple[Rows, list[str]]] = {}
    for cell in cells:
        row, column = _place(cell)
        rows, _ = asked.setdefault(cell.sheet, (Rows({}, {}), []))
        rows.cells.setdefault(row, {})[column] = Put(cell.value)
    for block in blocks:
        rows, merges = asked.setdefault(block.sheet, (Rows({}, {}), []))
        _spread(blank.sheet(block.sheet), block, rows)
        merges += missing_merges(blank.sheet(block.sheet), block)
    try:
        return _saved(blank, asked)
    except NotPatchableError as error:
        raise FillingError([fault("not_plain", detail=error)]) from error


def faults_of(blank: Blank, cells: Sequence[Cell] = (), blocks: Sequence[Block] = ()) -> list[Fault]:
    """Return everything that stands in the way of filling a workbook so, in the order it was asked for."""
    found: list[Fault] = []
    taken: Counter[tuple[str, Place]] = Counter()
    for cell in cells:
        place = place_of(cell.address)
        if place is None:
            found.append(fault("no_address", sheet=cell.sheet, address=cell.address))
        elif cell.sheet not in blank.parts:
            found.append(blank.no_sheet(cell.sheet))
        else:
            found += _cell_faults(blank.sheet(cell.sheet), place, cell.value)
            taken[cell.sheet, place] += 1
    for block in blocks:
        if block.sheet not in blank.parts:
            found.append(blank.no_sheet(block.sheet))
            continue
        sheet = blank.sheet(block.sheet)
        wrong = block_faults(sheet, block)
        found += wrong
        for down, values in enumerate([] if wrong else block.rows or [[None] * len(block.columns)]):
            for column, value in zip(columns_of(block), values, strict=True):
                place = (block.row + down, column)
                found += _cell_faults(sheet, place, value, merges=not down)
                taken[block.sheet, place] += 1
    twice = [place for place, number in taken.items() if number > 1]
    return found + [fault("twice", sheet=sheet_name, address=address_of(place)) for sheet_name, place in twice]


def _cell_faults(sheet: Sheet, place: Place, value: Value, *, merges: bool = True) -> list[Fault]:
    said = {"sheet": sheet.name, "address": address_of(place)}
    seen = sheet.cells.get(place)
    if seen is not None and seen.formula:
        return [fault("formula", **said)]
    merge = sheet.merge_at(place) if merges else None
    if merge is not None and merge.first != place:
        return [fault("merged", **said, range=merge.ref, anchor=address_of(merge.first))]
    if isinstance(value, str) and (length := len(value.encode("utf-16-le", "replace")) // 2) > MAX_TEXT:
        return [fault("too_long", **said, length=length)]
    if isinstance(value, Decimal) and not value.is_finite():
        return [fault("no_number", **said)]
    return []


def _place(cell: Cell) -> Place:
    place = place_of(cell.address)
    assert place is not None  # faults_of said so
    return place


def _spread(sheet: Sheet, block: Block, rows: Rows) -> None:
    """Lay a list out; rows the workbook has not yet laid out look like the pattern row."""
    pattern = sheet.by_row.get(block.row, {})
    for down, values in enumerate(block.rows):
        row = block.row + down
        puts = rows.cells.setdefault(row, {})
        for column, seen in pattern.items():
            puts.setdefault(column, Put(None, seen.style, blank=True))
        for column, value in zip(columns_of(block), values, strict=True):
            puts[column] = Put(value, pattern[column].style if column in pattern else 0)
        if down:
            rows.like[row] = block.row


def _saved(blank: Blank, asked: dict[str, tuple[Rows, list[str]]]) -> bytes:
    package = type(blank.package)(blank.data)
    calculates = False
    for name, part in blank.parts.items():
        before = package.text(part)
        rows, merges = asked.get(name, (Rows({}, {}), []))
        after = patched(before, rows, merges) if rows.cells else before
        if asked and has_formulas(after):
            calculates = True
            after = without_results(after)
        if after != before:
            package.put(part, after)
    if calculates:
        before = package.text(_WORKBOOK)
        after = _calculated_on_opening(before)
        if after != before:
            package.put(_WORKBOOK, after)
    return package.save()


def _calculated_on_opening(xml: str) -> str:
    """Ask for a full calculation when the workbook is opened; without kept results it is what shows any."""
    found = re.search(r"<(?:\w+:)?calcPr\b[^>]*?(?=\s*/?>)", xml)
    if found is not None:
        tag = re.sub(r"""\sfullCalcOnLoad\s*=\s*(?:"[^"]*"|'[^']*')""", "", found.group())
        return f'{xml[: found.start()]}{tag} fullCalcOnLoad="1"{xml[found.end() :]}'
    for name in _BEFORE_CALCULATION:
        after = re.search(rf"<((?:\w+:)?){name}\b[^>]*?(?:/>|>.*?</\1{name}\s*>)", xml, re.DOTALL)
        if after is not None:
            return f'{xml[: after.end()]}<{after[1]}calcPr fullCalcOnLoad="1"/>{xml[after.end() :]}'
    raise NotPatchableError("no sheets")
