"""A block or a card of a sheet → the table of raw attribute columns of its devices."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from jigai.attributes import AttributeTable
from jigai.ledger import filldown
from jigai.ledger.cards import Entry
from jigai.ledger.columns import ledger_table
from jigai.ledger.grid import Grid, letter
from jigai.ledger.header import Block
from jigai.ledger.labels import ignored, plain, read_label, vocabulary
from jigai.ledger.mapping import ColumnMap, Header
from jigai.ledger.problems import Problems
from jigai.ledger.rows import classify, spans, wide_rows
from jigai.ledger.table import Table
from jigai.ledger.units import convertible

_SKIPS = {
    "subtotal": "subtotal_skipped",
    "signature": "signature_skipped",
    "section": "section_skipped",
    "repeated_header": "repeated_header_skipped",
}


def used_columns(
    columns: Sequence[ColumnMap], sheet: str, problems: Problems, subject: AttributeTable | None = None
) -> dict[str, ColumnMap]:
    """Return attribute → column, and say which headers were guessed, not used, or in a unit that does not convert."""
    subject = subject or ledger_table()
    used: dict[str, ColumnMap] = {}
    unused: list[str] = []
    for column in columns:
        shown = f"{letter(column.index)}“{column.label}”"
        if column.attribute is None:
            wanted = None if column.given else _unit_misfit(column, subject)
            if wanted is not None:
                item = subject.attribute(wanted)
                problems.add(
                    "header_unit_unknown",
                    sheet=sheet,
                    column=letter(column.index),
                    raw=column.label,
                    label=column.label,
                    unit=column.unit,
                    wanted=item.unit,
                    attribute_zh=item.zh,
                    attribute_en=item.en,
                )
            elif plain(column.label) not in ignored() and not column.given:
                unused.append(shown)
            continue
        used[column.attribute] = column
        item = subject.attribute(column.attribute)
        if column.score < 0.95:
            problems.add(
                "header_guessed",
                sheet=sheet,
                column=letter(column.index),
                raw=column.label,
                label=column.label,
                score=column.score,
                attribute_zh=item.zh,
                attribute_en=item.en,
            )
    if unused:
        listed = "、".join(unused)
        problems.add("columns_not_used", sheet=sheet, raw=listed, columns=listed)
    service = used.get("in_service_year")
    if service and any(word in service.label for word in ("购置", "购入", "购买")):
        problems.add(
            "purchase_as_service", sheet=sheet, column=letter(service.index), raw=service.label, label=service.label
        )
    return used


def _unit_misfit(column: ColumnMap, subject: AttributeTable) -> str | None:
    """Name the attribute a header would be, were its unit not of another quantity."""
    if not column.unit:
        return None
    offers = vocabulary(subject).get(read_label(column.label).stem, ())
    return next((item.name for _, _, item in offers if item.unit and not convertible(column.unit, item.unit)), None)


def table_of(
    grid: Grid,
    block: Block,
    used: dict[str, ColumnMap],
    problems: Problems,
    subject: AttributeTable | None = None,
) -> Table:
    """Cut the devices out of a block: fill merged cells and 同上, skip what is not a device, and say so."""
    subject = subject or ledger_table()
    columns = [letter(header.index) for header in block.headers]
    cells = grid.cells.slice(block.first, max(block.last - block.first + 1, 0)).select(
        pl.int_range(block.first + 1, block.first + 1 + pl.len(), dtype=pl.Int64).alias("row"), *columns
    )
    places = {name: column.index for name, column in used.items()}
    raw = cells.select("row", *[pl.col(letter(index)).alias(name) for name, index in places.items()])
    merges = [merge for merge in grid.merges if block.first <= merge[0] <= block.last]
    raw, merged = filldown.fill_merged(raw, merges, places)
    raw = _skip(grid, block, cells, raw, used, problems, subject)
    raw, copied, lost = filldown.fill_ditto(raw, places)
    letters = {name: letter(index) for name, index in places.items()}
    column = pl.col("attribute").replace_strict(letters, default="", return_dtype=pl.String).alias("column")
    noted = copied.with_columns(column, pl.col("ditto").alias("raw"))
    problems.add_rows("filled_down", noted, sheet=grid.name)
    problems.add_rows("nothing_above", lost.with_columns(column), sheet=grid.name)
    inherited = pl.concat([merged, copied]).join(raw.select("row"), on="row", how="semi")
    table = Table(grid.name, raw, used, inherited, subject=subject)
    _unread_cells(grid, table, problems)
    return table


def _skip(
    grid: Grid,
    block: Block,
    cells: pl.DataFrame,
    raw: pl.DataFrame,
    used: dict[str, ColumnMap],
    problems: Problems,
    subject: AttributeTable,
) -> pl.DataFrame:
    filled = cells.with_columns([raw[name].alias(letter(column.index)) for name, column in used.items()])
    at = [letter(used[name].index) if name in used else None for name in subject.row_names]
    unread = [letter(header.index) for header in block.headers if plain(header.text) in ignored()]
    what = classify(
        filled,
        name=at[0],
        model=at[1],
        code=at[2],
        unread=unread,
        wide_rows=wide_rows(grid.merges) | {row + 1 for row in block.title_rows},
        repeated={row + 1 for row in block.repeated_rows},
    )
    formulas = {row + 1 for row, column in grid.formulas_without_value if column in {c.index for c in used.values()}}
    what = (
        pl.select(pl.when((what == "blank") & raw["row"].is_in(formulas)).then(pl.lit("device")).otherwise(what))
        .to_series()
        .alias("what")
    )
    texts = cells.select(
        "row",
        pl.concat_str(
            [pl.col(column) for column in cells.columns if column != "row"], separator=" ", ignore_nulls=True
        ).alias("raw"),
        pl.lit(letter(block.headers[0].index)).alias("column"),
    ).with_columns(what)
    for kind, code in _SKIPS.items():
        problems.add_rows(code, texts.filter(pl.col("what") == kind), sheet=grid.name)
    last = texts.filter(pl.col("what") != "blank")["row"].max()
    blanks = texts.filter((pl.col("what") == "blank") & (pl.col("row") < last))["row"].to_list() if last else []
    if blanks:
        problems.add("blank_rows_skipped", sheet=grid.name, row=blanks[0], rows=spans(blanks), count=len(blanks))
    return raw.filter(what == "device")


def _unread_cells(grid: Grid, table: Table, problems: Problems) -> None:
    """Say which cells of the devices hold formulas without a result or ending in an error, or are too many."""
    rows = set(table.raw["row"].to_list()) if grid.formulas_without_value or grid.error_cells or grid.ragged else set()
    columns = {column.index for column in table.columns.values()}
    for code, found in (("formula_without_value", grid.formulas_without_value), ("excel_error", grid.error_cells)):
        for (row, column), text in found.items():
            if row + 1 in rows and column in columns:
                problems.add(code, sheet=grid.name, row=row + 1, column=letter(column), raw=text)
    for row, count in grid.ragged.items():
        if row + 1 in rows:
            problems.add("ragged_row", sheet=grid.name, row=row + 1, raw=str(count), count=count)


def card_headers(card: Sequence[Entry]) -> list[Header]:
    """Return the labels of a card as headers, numbered in order (the same for all cards of one form)."""
    return [Header(place, (entry.label,)) for place, entry in enumerate(card)]


def table_of_card(
    grid: Grid, card: Sequence[Entry], used: dict[str, ColumnMap], subject: AttributeTable | None = None
) -> Table:
    """Return a card as a table of one line; its row is the first row of the card."""
    first = min(entry.row for entry in card) + 1
    values = {name: card[column.index].value for name, column in used.items()}
    raw = pl.DataFrame(
        {"row": [first], **{name: [value] for name, value in values.items()}},
        schema={"row": pl.Int64, **dict.fromkeys(values, pl.String)},
    )
    columns = {
        name: ColumnMap(card[column.index].column, column.label, column.unit, name, column.score, column.also)
        for name, column in used.items()
    }
    rows = {name: card[column.index].row + 1 for name, column in used.items()}
    return Table(grid.name, raw, columns, filldown.empty(), rows, subject or ledger_table())
