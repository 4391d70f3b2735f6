"""One sheet → its devices, and how each table on it was understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from jigai.ledger.build import card_headers, table_of, table_of_card, used_columns
from jigai.ledger.cards import find_cards
from jigai.ledger.clean import Cleaned, clean
from jigai.ledger.devices import traces
from jigai.ledger.grid import Grid, letter
from jigai.ledger.header import find_blocks
from jigai.ledger.labels import plain
from jigai.ledger.mapping import ColumnMap, Mapping, fingerprint, propose
from jigai.ledger.problems import Problems
from jigai.ledger.quantity import read_quantity
from jigai.ledger.remarks import read_texts
from jigai.ledger.rows import spans
from jigai.ledger.table import Table
from jigai.ledger.titles import enterprise_of, kind_of_sheet

_NOTES = "说明"
"""A sheet of instructions (填表说明) lists the columns one below the other; that makes it no equipment card."""


@dataclass(frozen=True)
class SheetReading:
    """How one table of a sheet was read. Rows count from 1, as Excel shows them; ``card`` marks an equipment card."""

    name: str
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    columns: tuple[ColumnMap, ...]
    fingerprint: str
    devices: int
    card: bool = False


def read_sheet(
    grid: Grid, prefix: str, mapping: Mapping | None, problems: Problems, as_of: date | None
) -> tuple[list[pl.DataFrame], list[SheetReading]]:
    """Read all tables, or else all cards, of one sheet. ``prefix`` starts the ids of its devices."""
    if grid.too_large is not None:
        problems.add("sheet_too_large", sheet=grid.name, sheet_name=grid.name, reference=grid.too_large)
        return [], []
    given = _given(mapping)
    blocks = find_blocks(grid, given)
    frames: list[pl.DataFrame] = []
    readings: list[SheetReading] = []
    for block in blocks:
        columns = propose(block.headers, mapping)
        used = used_columns(columns, grid.name, problems)
        table = table_of(grid, block, used, problems)
        beside = any(other.header_rows == block.header_rows for other in blocks[: blocks.index(block)])
        suffix = f"-{letter(block.headers[0].index)}" if beside else ""
        frames.append(_devices(grid, table, block.header_rows[0], prefix, suffix, problems, as_of))
        readings.append(
            SheetReading(
                grid.name,
                tuple(row + 1 for row in block.header_rows),
                block.first + 1,
                block.last + 1,
                tuple(columns),
                fingerprint(block.headers),
                table.raw.height,
            )
        )
    if not blocks and _NOTES not in grid.name:
        frames, readings = _cards(grid, prefix, mapping, problems, as_of)
    if readings:
        for column, count in sorted(grid.pictures.items()):
            problems.add("pictures", sheet=grid.name, column=letter(column), columns=letter(column), count=count)
        _say_hidden(grid, readings[0].header_rows[0], problems)
    elif grid.height:
        problems.add("sheet_without_ledger", sheet=grid.name, sheet_name=grid.name)
    return frames, readings


def _given(mapping: Mapping | None) -> set[str]:
    if mapping is None:
        return set()
    tables = [mapping.columns, *mapping.layouts.values()]
    return {plain(header) for table in tables for header, name in table.items() if name is not None}


def _cards(
    grid: Grid, prefix: str, mapping: Mapping | None, problems: Problems, as_of: date | None
) -> tuple[list[pl.DataFrame], list[SheetReading]]:
    frames: list[pl.DataFrame] = []
    readings: list[SheetReading] = []
    for number, card in enumerate(find_cards(grid)):
        headers = card_headers(card)
        columns = propose(headers, mapping)
        used = used_columns(columns, grid.name, problems)
        table = table_of_card(grid, card, used)
        suffix = f"-{number + 1}" if number else ""
        frames.append(_devices(grid, table, card[0].row, prefix, suffix, problems, as_of))
        rows = [entry.row + 1 for entry in card]
        readings.append(
            SheetReading(
                grid.name, tuple(sorted(set(rows))), min(rows), max(rows), tuple(columns), fingerprint(headers), 1, True
            )
        )
    return frames, readings


def _devices(
    grid: Grid, table: Table, header_row: int, prefix: str, suffix: str, problems: Problems, as_of: date | None
) -> pl.DataFrame:
    if table.raw.is_empty():
        return pl.DataFrame()
    table.raw = _spec_as_model(table, problems)
    cleaned = clean(table, problems, as_of)
    read_quantity(table, cleaned, grid.merges, problems)
    text_fields = read_texts(table, cleaned, problems, as_of)
    _use_state(table, cleaned, problems)
    _enterprise(grid, table, cleaned, header_row, problems)
    if (kind := kind_of_sheet(grid.name)) and "kind_text" not in table.columns:
        cleaned.values = cleaned.values.with_columns(pl.lit(kind).alias("kind_text"))
    _questions(table, cleaned, problems)
    _driving_motors(table, cleaned, problems)
    trace = traces(table, cleaned.references, text_fields, grid.hidden_rows)
    return pl.concat([cleaned.values, trace], how="horizontal").with_columns(
        pl.format("{}-{}{}", pl.lit(prefix), "row", pl.lit(suffix)).alias("device_id"),
        pl.lit(grid.name).alias("sheet"),
    )


def _spec_as_model(table: Table, problems: Problems) -> pl.DataFrame:
    """A sheet with 型号 and 规格 side by side: where only 规格 is filled, it is what there is of a model."""
    spec = table.columns.get("spec_text")
    if spec is None or "model" not in table.columns or not plain(spec.label).startswith("规格"):
        return table.raw
    alone = table.raw.filter(pl.col("model").is_null() & pl.col("spec_text").is_not_null())
    problems.add_rows(
        "spec_as_model",
        alone.select("row", pl.lit(table.letter("spec_text")).alias("column"), pl.col("spec_text").alias("raw")),
        sheet=table.sheet,
    )
    taken = alone.select(
        "row",
        pl.lit("model").alias("attribute"),
        table.reference("spec_text").alias("source"),
        pl.lit(None, dtype=pl.String).alias("ditto"),
        pl.col("spec_text").alias("value"),
    )
    table.inherited = pl.concat([table.inherited, taken])
    return table.raw.with_columns(pl.coalesce("model", "spec_text").alias("model"))


def _use_state(table: Table, cleaned: Cleaned, problems: Problems) -> None:
    """An empty cell in a column of use states asks (D11), unless the remark of the line tells the state."""
    if "use_state" not in table.columns:
        return
    blank = cleaned.values["use_state"].is_null()
    # The place is added before the columns are chosen: a choice of constants alone would make up a row.
    unsaid = (
        table.raw.filter(blank & table.raw["use_state"].is_null())
        .with_columns(
            table.row_expr("use_state").alias("row"),
            pl.lit(table.letter("use_state")).alias("column"),
            pl.lit("").alias("raw"),
        )
        .select("row", "column", "raw")
    )
    problems.add_rows("state_blank", unsaid, sheet=table.sheet)
    cleaned.values = cleaned.values.with_columns(pl.col("use_state").fill_null("未注明"))


def _enterprise(grid: Grid, table: Table, cleaned: Cleaned, header_row: int, problems: Problems) -> None:
    if "enterprise" in table.columns:
        return
    found = enterprise_of(grid, header_row)
    if found is None:
        return
    height = table.raw.height
    cleaned.put(
        "enterprise",
        pl.Series([found.name] * height, dtype=pl.String),
        pl.Series([found.reference] * height, dtype=pl.String),
    )
    if found.from_title:
        problems.add("enterprise_from_title", sheet=grid.name, row=found.row, column=found.column, raw=found.name)


def _questions(table: Table, cleaned: Cleaned, problems: Problems) -> None:
    """Ask about lines that cannot be judged at all, and about years in the wrong order."""
    values = cleaned.values
    present = [name for name in ("name", "model") if name in values.columns]
    nameless = values.filter(pl.all_horizontal([pl.col(name).is_null() for name in present]))
    first = table.letter(present[0])
    problems.add_rows(
        "no_name_no_model",
        nameless.select("row", pl.lit(first).alias("column"), pl.lit("").alias("raw")),
        sheet=table.sheet,
    )
    if {"made_year", "in_service_year"} <= set(values.columns) and "in_service_year" in table.columns:
        odd = values.filter(pl.col("in_service_year") < pl.col("made_year")).select(
            "row",
            pl.lit(table.letter("in_service_year")).alias("column"),
            pl.col("in_service_year").cast(pl.String).alias("raw"),
            pl.col("made_year").alias("value"),
        )
        problems.add_rows("year_order", odd, sheet=table.sheet)


def _driving_motors(table: Table, cleaned: Cleaned, problems: Problems) -> None:
    """Say that a motor written on the line of its pump or fan is not judged by itself."""
    if "driver_model" not in cleaned.values.columns:
        return
    source = "driver_model" if "driver_model" in table.columns else "remark" if "remark" in table.columns else "name"
    written = cleaned.values.filter(pl.col("driver_model").is_not_null()).select(
        table.row_expr(source).alias("row"),
        pl.lit(table.letter(source)).alias("column"),
        pl.col("driver_model").alias("raw"),
    )
    problems.add_rows("driver_not_judged", written, sheet=table.sheet)


def _say_hidden(grid: Grid, header_row: int, problems: Problems) -> None:
    if not grid.visible:
        problems.add("hidden_sheet", sheet=grid.name, sheet_name=grid.name)
    rows = [row + 1 for row in grid.hidden_rows if header_row <= row < grid.height]
    if rows:
        problems.add("hidden_rows", sheet=grid.name, row=rows[0], count=len(rows), rows=spans(rows))
    columns = [letter(column) for column in grid.hidden_columns if column < grid.width]
    if columns:
        problems.add("hidden_columns", sheet=grid.name, column=columns[0], columns="、".join(columns))
