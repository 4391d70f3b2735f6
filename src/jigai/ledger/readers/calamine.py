"""Values of the cells of a workbook, by the calamine library, for every workbook format alike."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import python_calamine

from jigai.ledger.grid import MAX_CELLS, MAX_COLUMNS, Grid, Merge, column_index, filled_width, letter, to_cells
from jigai.ledger.limits import Refused


@dataclass
class Extras:
    """What the values alone do not tell, gathered by a format's own pass over its sheet."""

    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    percent_cells: list[tuple[int, int]] = field(default_factory=list)
    formulas_without_value: dict[tuple[int, int], str] = field(default_factory=dict)
    error_cells: dict[tuple[int, int], str] = field(default_factory=dict)
    pictures: dict[int, int] = field(default_factory=dict)
    """Column → number of pictures in its cells (WPS)."""
    corner: tuple[int, int] | None = None
    """Last row and column that hold a value; None when the format limits them itself."""


def read(data: bytes, extras_of: Callable[[str], Extras]) -> Iterator[Grid]:
    """Yield the work sheets of a workbook, with the ``extras_of`` each sheet name."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
    except BaseException as error:
        raise _refusal(error) from error
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
        yield _grid(book, meta.name, extras_of(meta.name), visible=visible)


def _refusal(error: BaseException) -> BaseException:
    """Turn what the library raises for a damaged file (several unrelated classes, and panics) into a refusal."""
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
        return error
    if "password" in type(error).__name__.lower() or "password" in str(error).lower():
        return Refused("password")
    return Refused("damaged", detail=str(error)[:80])


def _grid(book: python_calamine.CalamineWorkbook, name: str, extras: Extras, *, visible: bool) -> Grid:
    if extras.corner is not None:
        last_row, last_column = extras.corner
        if (last_row + 1) * (last_column + 1) > MAX_CELLS:
            return Grid(name, to_cells([]), visible, too_large=f"{letter(last_column)}{last_row + 1}")
    try:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        merges = [(first[0], first[1], last[0], last[1]) for first, last in sheet.merged_cell_ranges or []]
    except BaseException as error:
        raise _refusal(error) from error
    if (width := filled_width(rows)) > MAX_COLUMNS:
        return Grid(name, to_cells([]), visible, too_large=f"{letter(width - 1)}{len(rows)}")
    for row, column in extras.percent_cells:
        if row < len(rows) and column < len(rows[row]) and isinstance(value := rows[row][column], float):
            rows[row][column] = f"{value * 100:.12g}%"
    return Grid(
        name,
        to_cells(rows),
        visible,
        merges=merges or extras.merges,
        hidden_rows=extras.hidden_rows,
        hidden_columns=extras.hidden_columns,
        formulas_without_value=extras.formulas_without_value,
        error_cells=extras.error_cells,
        pictures=extras.pictures,
    )


def position(reference: str) -> tuple[int, int]:
    """Turn ``B3`` into (2, 1): row and column counted from 0."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]) - 1, column_index(letters)
