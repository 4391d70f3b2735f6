"""Reading one CSV table of a dataset: every cell typed, every rule of the manifest checked, all faults at once."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import Final

import polars as pl

from jigai.reference.cells import check_cells, typed
from jigai.reference.errors import Fault
from jigai.reference.manifest import TableSpec
from jigai.reference.vocabulary import Vocabulary

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ROW: Final = "__row"
"""Working column with the row as Excel numbers it."""


def read_table(
    spec: TableSpec, content: bytes, file: str, vocabulary: Vocabulary
) -> tuple[pl.DataFrame | None, list[Fault]]:
    """Return the typed table, or None and every fault found in it.

    ``file`` is the path shown in faults; ``vocabulary`` holds the fields that conditions may use. Types are those of
    ``docs/reference/datasets.md``: number Float64, integer Int64 (codes never wrap), year Int32, flag Boolean,
    date Date, list List(String), text and condition String.
    """
    text, faults = _decode(content, file)
    if text is None:
        return None, faults
    cells, faults = _read_cells(text, spec, file)
    if cells is None:
        return None, faults
    words = vocabulary.with_fields(spec.fields)
    faults += check_cells(cells, spec.columns, ROW, file, words)
    faults += _duplicates(cells, spec, file)
    if faults:
        return None, sorted(faults, key=lambda fault: (fault.row or 0, fault.column or ""))
    return cells.select(typed(column).alias(column.name) for column in spec.columns), []


def _decode(content: bytes, file: str) -> tuple[str | None, list[Fault]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        detail = f"byte {error.start + 1}: {error.reason}"
        return None, [Fault(file, content[: error.start].count(b"\n") + 1, None, "file_encoding", {"detail": detail})]
    control = _CONTROL.search(text)
    if control is not None:
        row = text.count("\n", 0, control.start()) + 1
        return None, [Fault(file, row, None, "file_control", {"position": str(control.start() + 1)})]
    return text, []


def _read_cells(text: str, spec: TableSpec, file: str) -> tuple[pl.DataFrame | None, list[Fault]]:
    """Return the cells as text (blank → null) with their row numbers."""
    faults: list[Fault] = []
    numbered: list[tuple[int, list[str]]] = []
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        numbered = [(number, cells) for number, cells in enumerate(reader, 1) if any(cells)]
    except csv.Error as error:
        return None, [Fault(file, reader.line_num, None, "csv", {"detail": str(error)})]
    if not numbered or numbered[0][0] != 1:
        return None, [Fault(file, 1, None, "header_missing")]
    header = [name.strip() for name in numbered[0][1]]
    faults += _check_header(header, spec, file)
    for number, cells in numbered[1:]:
        if len(cells) != len(header):
            values = {"found": str(len(cells)), "wanted": str(len(header))}
            faults.append(Fault(file, number, None, "row_width", values))
    if faults:
        return None, faults
    rows = numbered[1:]
    columns = {name: [cells[place] for _, cells in rows] for place, name in enumerate(header)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(header, pl.String)).select(
        pl.all().str.strip_chars().replace("", None), pl.Series(ROW, [number for number, _ in rows], dtype=pl.Int64)
    )
    return frame, []


def _check_header(header: list[str], spec: TableSpec, file: str) -> list[Fault]:
    declared = [column.name for column in spec.columns]
    twice = sorted({name for name in header if header.count(name) > 1})
    return [
        *[Fault(file, 1, name, "column_twice") for name in twice],
        *[Fault(file, 1, name, "column_missing") for name in declared if name not in header],
        *[Fault(file, 1, name, "column_undeclared") for name in dict.fromkeys(header) if name not in declared],
    ]


def _duplicates(frame: pl.DataFrame, spec: TableSpec, file: str) -> list[Fault]:
    if not spec.key:
        return []
    key = list(spec.key)
    if not frame.select(pl.struct(key).is_duplicated().any()).item():
        return []
    twice = frame.with_columns(pl.col(ROW).first().over(key).alias("__first")).filter(pl.col(ROW) != pl.col("__first"))
    return [
        Fault(
            file,
            row[ROW],
            key[0],
            "duplicate_key",
            {"key": ", ".join(f"{name}={row[name] or ''}" for name in key), "other": str(row["__first"])},
        )
        for row in twice.select(ROW, "__first", *key).iter_rows(named=True)
    ]
