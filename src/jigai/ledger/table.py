"""One table of a sheet as attribute columns of raw text, before any value is read."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from jigai.attributes import AttributeTable
from jigai.ledger.columns import ledger_table
from jigai.ledger.grid import letter
from jigai.ledger.mapping import ColumnMap


@dataclass
class Table:
    """Raw cells of the devices of one table.

    ``raw`` has ``row`` (Excel's row number) and one text column per attribute found. ``columns`` tells the sheet
    column of each attribute; ``card_rows`` is given for cards, where every attribute has a row of its own.
    ``inherited`` lists the filled-down cells. ``subject`` is the attribute table the columns are named by.
    """

    sheet: str
    raw: pl.DataFrame
    columns: dict[str, ColumnMap]
    inherited: pl.DataFrame
    card_rows: dict[str, int] = field(default_factory=dict)
    subject: AttributeTable = field(default_factory=ledger_table)

    def letter(self, attribute: str) -> str:
        """Letter of the sheet column the attribute stands in."""
        return letter(self.columns[attribute].index)

    def row_expr(self, attribute: str) -> pl.Expr:
        """Row number of the cell of an attribute, for every line."""
        own = self.card_rows.get(attribute)
        return pl.col("row") if own is None else pl.lit(own, dtype=pl.Int64)

    def reference(self, attribute: str) -> pl.Expr:
        """Reference of the cell of an attribute (``C10``), for every line."""
        return pl.format("{}{}", pl.lit(self.letter(attribute)), self.row_expr(attribute))
