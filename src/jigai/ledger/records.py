"""Any workbook → the rows of any subject that has an attribute table, by the same steps as a ledger of equipment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Final

import polars as pl

from jigai.attributes import AttributeTable
from jigai.ledger.build import card_headers, table_of, table_of_card, used_columns
from jigai.ledger.cards import find_cards
from jigai.ledger.clean import Cleaned, clean
from jigai.ledger.corrections import Corrections, apply_corrections
from jigai.ledger.devices import traces
from jigai.ledger.grid import Grid, letter
from jigai.ledger.header import find_blocks
from jigai.ledger.labels import plain
from jigai.ledger.limits import Refused
from jigai.ledger.mapping import Mapping, fingerprint, propose
from jigai.ledger.problems import Problems
from jigai.ledger.readers import read_grids
from jigai.ledger.sheet import SheetReading
from jigai.ledger.sources import Origin, Source, open_bytes, open_file
from jigai.ledger.table import Table

LEADING: Final[dict[str, pl.DataType]] = {"row_id": pl.String(), "sheet": pl.String(), "row": pl.Int64()}
TRAILING: Final[dict[str, pl.DataType]] = {
    "held": pl.String(),
    "cells": pl.String(),
    "inherited": pl.String(),
    "hidden": pl.Boolean(),
}


NOTES: Final = ("填表说明", "说明")
"""Sheets of our own templates and exports that speak about the columns and hold no rows."""


@dataclass(frozen=True)
class TableReading:
    """One file, read as rows of a subject.

    ``rows`` has one line per record: ``row_id`` (content of the file, sheet and row), ``sheet``, ``row``, the
    attributes found, ``held`` (attributes that keep the row from being used, joined by ``;``; empty for a good row),
    and where the values came from as for ledgers. ``problems`` is everything to be said about the file; ``sheets``
    how each table was understood. A ``refused`` file has no rows; its first problem names the step to take.
    """

    source: str
    subject: AttributeTable
    rows: pl.DataFrame
    problems: pl.DataFrame
    sheets: list[SheetReading] = field(default_factory=list)
    refused: bool = False
    content_hash: str = ""
    origin: Origin = field(default_factory=lambda: Origin(None))
    format: str | None = None


def read_table(
    path: str | Path | bytes,
    subject: AttributeTable,
    *,
    mapping: Mapping | None = None,
    source_file: str | None = None,
    as_of: date | None = None,
    corrections: Corrections | None = None,
    constants: Mapping_[str, Any] | None = None,
    on_grid: Callable[[Grid], None] | None = None,
) -> TableReading:
    """Read one workbook, text or parquet file as rows of ``subject``, given by path or as bytes.

    Never raises for what is in the file: a file that cannot be read comes back ``refused``. ``corrections`` are
    cells the user has put right, by sheet and reference (``{"表": {"C7": "2015"}}``); they take the place of what the
    file says. ``constants`` are values for attributes the file has no column for (the year of a whole file).
    ``on_grid`` is shown the cells of every sheet, corrections included.
    """
    if isinstance(path, bytes):
        source = open_bytes(path, source_file or subject.zh)
    else:
        source = open_file(Path(path), source_file or Path(path).name)
    if source.format == "zip":
        source = Source(source.name, source.origin, refusal=Refused("archive_of_several"))
    if source.refusal is not None:
        return _only_said(source, subject, source.refusal)
    problems = Problems(source.name)
    frames: list[pl.DataFrame] = []
    sheets: list[SheetReading] = []
    seen: list[str] = []
    try:
        for number, grid in enumerate(read_grids(source.data, source.format or "", source.name), 1):
            seen.append(grid.name)
            apply_corrections(grid, (corrections or {}).get(grid.name, {}), problems)
            if on_grid is not None:
                on_grid(grid)
            prefix = f"{source.content_hash[:16]}-{number}"
            for frame, reading in _read_sheet(grid, prefix, subject, mapping, problems, as_of, constants or {}):
                frames.append(frame)
                sheets.append(reading)
    except Refused as refusal:
        return _only_said(source, subject, refusal)
    if not any(frame.height for frame in frames):
        return _nothing_in(source, subject, seen, problems, header=bool(sheets))
    rows = _repeated(_joined(frames, subject), subject, sheets, problems)
    return TableReading(
        source.name,
        subject,
        rows,
        problems.frame(),
        sheets,
        False,
        source.content_hash,
        source.origin,
        source.format,
    )


def empty_rows(subject: AttributeTable) -> pl.DataFrame:
    """Return a frame of rows of ``subject`` without rows."""
    return pl.DataFrame(schema={**LEADING, **subject.dtypes, **TRAILING})


def _only_said(source: Source, subject: AttributeTable, refusal: Refused) -> TableReading:
    problems = Problems(source.name)
    problems.add_for_file(refusal.code, refusal.fields)
    rows, said = empty_rows(subject), problems.frame()
    return TableReading(source.name, subject, rows, said, [], True, source.content_hash, source.origin, source.format)


def _nothing_in(
    source: Source, subject: AttributeTable, seen: list[str], problems: Problems, *, header: bool
) -> TableReading:
    """Refuse a file without a single row, and keep the errors that may be the reason."""
    refusal = Problems(source.name)
    suffix = PurePosixPath(source.name).suffix.lower()
    if not header and source.format == "text" and suffix not in {".csv", ".txt", ".tsv", ".tab"}:
        refusal.add("not_a_workbook", suffix=suffix or "?", really="纯文本", really_en="plain text")
    else:
        refusal.add(
            "no_records" if header else "no_table",
            sheets="、".join(seen) or "（空）",
            wanted="、".join(subject.attribute(name).zh for name in subject.header_names),
            subject_zh=subject.zh,
            subject_en=subject.en,
        )
    errors = problems.frame().filter(pl.col("severity") == "error")
    said = pl.concat([refusal.frame(), errors])
    return TableReading(
        source.name, subject, empty_rows(subject), said, [], True, source.content_hash, source.origin, source.format
    )


def _read_sheet(
    grid: Grid,
    prefix: str,
    subject: AttributeTable,
    mapping: Mapping | None,
    problems: Problems,
    as_of: date | None,
    constants: Mapping_[str, Any],
) -> Iterator[tuple[pl.DataFrame, SheetReading]]:
    if grid.name in NOTES:
        return
    if grid.too_large is not None:
        problems.add("sheet_too_large", sheet=grid.name, sheet_name=grid.name, reference=grid.too_large)
        return
    found = False
    for table, reading, suffix in _tables(grid, subject, mapping, problems):
        found = True
        yield _records(grid, table, f"{prefix}-", suffix, problems, as_of, constants), reading
    if found:
        for column, count in sorted(grid.pictures.items()):
            problems.add("pictures", sheet=grid.name, column=letter(column), columns=letter(column), count=count)
        if not grid.visible:
            problems.add("hidden_sheet", sheet=grid.name, sheet_name=grid.name)
    elif grid.height:
        problems.add(
            "sheet_without_table", sheet=grid.name, sheet_name=grid.name, subject_zh=subject.zh, subject_en=subject.en
        )


def _tables(
    grid: Grid, subject: AttributeTable, mapping: Mapping | None, problems: Problems
) -> Iterator[tuple[Table, SheetReading, str]]:
    """Yield every table of a sheet, or every card where there is no table; with the end of the ids of its rows."""
    blocks = find_blocks(grid, _given(mapping), subject)
    cards = [] if any(block.last >= block.first for block in blocks) else find_cards(grid, subject)
    if cards:  # the last line of a form looks like a header with nothing below
        blocks = []
    for place, block in enumerate(blocks):
        columns = propose(block.headers, mapping, subject)
        used = used_columns(columns, grid.name, problems, subject)
        table = table_of(grid, block, used, problems, subject)
        beside = any(other.header_rows == block.header_rows for other in blocks[:place])
        rows = tuple(row + 1 for row in block.header_rows)
        mark = fingerprint(block.headers)
        reading = SheetReading(grid.name, rows, block.first + 1, block.last + 1, tuple(columns), mark, table.raw.height)
        yield table, reading, f"-{letter(block.headers[0].index)}" if beside else ""
    for number, card in enumerate(cards):
        headers = card_headers(card)
        columns = propose(headers, mapping, subject)
        used = used_columns(columns, grid.name, problems, subject)
        lines = sorted({entry.row + 1 for entry in card})
        mark = fingerprint(headers)
        reading = SheetReading(grid.name, tuple(lines), lines[0], lines[-1], tuple(columns), mark, 1, True)
        yield table_of_card(grid, card, used, subject), reading, f"-{number + 1}" if number else ""


def _given(mapping: Mapping | None) -> set[str]:
    if mapping is None:
        return set()
    tables = [mapping.columns, *mapping.layouts.values()]
    return {plain(header) for table in tables for header, name in table.items() if name is not None}


def _records(
    grid: Grid,
    table: Table,
    prefix: str,
    suffix: str,
    problems: Problems,
    as_of: date | None,
    constants: Mapping_[str, Any],
) -> pl.DataFrame:
    """Clean the rows of one table, hold back those without what is required, and say where values came from."""
    if table.raw.is_empty():
        return pl.DataFrame()
    cleaned = clean(table, problems, as_of)
    for name, value in constants.items():
        if name not in cleaned.values.columns and value is not None:
            dtype = table.subject.attribute(name).dtype
            cleaned.values = cleaned.values.with_columns(pl.lit(value, dtype=dtype).alias(name))
    held = _required(table, cleaned, problems)
    nothing = pl.Series("text_fields", [""] * table.raw.height, dtype=pl.String)
    trace = traces(table, cleaned.references, nothing, grid.hidden_rows).drop("text_fields")
    return pl.concat([cleaned.values, held, trace], how="horizontal").with_columns(
        pl.format("{}{}{}", pl.lit(prefix), "row", pl.lit(suffix)).alias("row_id"),
        pl.lit(grid.name).alias("sheet"),
    )


def _required(table: Table, cleaned: Cleaned, problems: Problems) -> pl.DataFrame:
    """Return ``held``: for every row the required attributes that have no usable value."""
    marks: list[pl.Expr] = [pl.lit("")]
    for item in table.subject.asked:
        if not item.required:
            continue
        if item.name not in cleaned.values.columns:
            problems.add("required_missing", sheet=table.sheet, attribute_zh=item.zh, attribute_en=item.en)
            marks.append(pl.lit(item.name))
            continue
        if item.name not in table.columns:
            continue
        blank = table.raw.filter(cleaned.values[item.name].is_null())
        places = blank.with_columns(table.row_expr(item.name).alias("row")).select(
            "row",
            pl.lit(table.letter(item.name)).alias("column"),
            pl.col(item.name).fill_null("").alias("raw"),
        )
        problems.add_rows("required_blank", places, sheet=table.sheet, attribute_zh=item.zh, attribute_en=item.en)
        marks.append(pl.when(pl.col(item.name).is_null()).then(pl.lit(item.name)))
    joined = pl.concat_str(marks, separator=";", ignore_nulls=True).str.strip_chars(";")
    return cleaned.values.select(joined.alias("held"))


def _joined(frames: list[pl.DataFrame], subject: AttributeTable) -> pl.DataFrame:
    joined = pl.concat([frame for frame in frames if frame.height], how="diagonal")
    names = [item.name for item in subject if item.name in joined.columns]
    return joined.select(*LEADING, *names, *TRAILING)


def _repeated(
    rows: pl.DataFrame, subject: AttributeTable, sheets: list[SheetReading], problems: Problems
) -> pl.DataFrame:
    """Hold back a row whose key an earlier row of the file has already."""
    keys = [item for item in subject.keys if item.name in rows.columns]
    if not keys:
        return rows
    names = [item.name for item in keys]
    needed = [pl.col(item.name).is_not_null() for item in keys if item.required]
    known = pl.all_horizontal([pl.lit(value=True), *needed])
    first = pl.col("row").first().over(names)
    again = known & (pl.col("held") == "") & ~pl.struct(names).is_first_distinct()
    marked = rows.with_columns(again.alias("_again"), first.alias("first"))
    for sheet in dict.fromkeys(reading.name for reading in sheets):
        column = next((_column(reading, names) for reading in sheets if reading.name == sheet), "A")
        found = marked.filter(pl.col("_again") & (pl.col("sheet") == sheet))
        problems.add_rows(
            "key_repeated",
            found.select("row", pl.lit(column).alias("column"), pl.lit("").alias("raw"), "first"),
            sheet=sheet,
            wanted="、".join(item.zh for item in keys),
        )
    return marked.with_columns(pl.when("_again").then(pl.lit(names[0])).otherwise("held").alias("held")).drop(
        "_again", "first"
    )


def _column(reading: SheetReading, names: list[str]) -> str:
    return next((letter(column.index) for column in reading.columns if column.attribute in names), "A")
