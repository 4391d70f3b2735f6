"""Equipment cards: one device per card, each value to the right of its label (设备卡片)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jigai.attributes import AttributeTable
from jigai.ledger.grid import Grid
from jigai.ledger.labels import is_unit, read_label, vocabulary
from jigai.ledger.mapping import names_device

_MAX_ROWS: Final = 2000
_MAX_COLUMNS: Final = 200
_MAX_LYING: Final = 60
_LEAST_PAIRS: Final = 3
_LONGEST_LABEL: Final = 20


@dataclass(frozen=True)
class Entry:
    """One label of a card and the cell of its value (None when it is blank), counted from 0."""

    label: str
    value: str
    row: int
    column: int


def find_cards(grid: Grid, table: AttributeTable | None = None) -> list[list[Entry]]:
    """Return the cards of a sheet, each a list of label and value; empty when the sheet holds no card.

    A card has at least three known labels with values, one of them the name or the model. A label that comes back
    starts the next card on the same sheet. A table lying on its side (labels in one column, a device in each column
    to the right of it) is a row of cards.
    """
    lying = _lying_table(grid, table)
    if lying:
        return lying
    cards: list[list[Entry]] = [[]]
    for row in range(min(grid.height, _MAX_ROWS)):
        for entry in _entries(grid.cells.row(row)[:_MAX_COLUMNS], row, table):
            known = {item.label for item in cards[-1]}
            if entry.label in known and any(names_device(label, table) for label in known):
                cards.append([])
            cards[-1].append(entry)
    return [
        card for card in cards if len(card) >= _LEAST_PAIRS and any(names_device(item.label, table) for item in card)
    ]


def _lying_table(grid: Grid, table: AttributeTable | None) -> list[list[Entry]]:
    rows = [grid.cells.row(row) for row in range(min(grid.height, _MAX_LYING))]
    for column in range(min(3, grid.width)):
        labelled = [row for row, cells in enumerate(rows) if cells[column] and _is_label(cells[column] or "", table)]
        if len(labelled) < _LEAST_PAIRS or not any(names_device(rows[row][column] or "", table) for row in labelled):
            continue
        others = [text for row in labelled for text in rows[row][column + 1 :] if text is not None]
        if any(_is_label(text, table) for text in others):
            continue
        cards = []
        for place in range(column + 1, min(grid.width, _MAX_COLUMNS)):
            values = [(row, rows[row][place]) for row in labelled if rows[row][place] is not None]
            texts = [text or "" for _, text in values]
            if 2 * len(texts) > len(labelled) and not any(is_unit(text) for text in texts):
                cards.append([Entry(rows[row][column] or "", text or "", row, place) for row, text in values])
        if len(cards) > 1:
            return cards
    return []


def _entries(cells: tuple[str | None, ...], row: int, table: AttributeTable | None) -> list[Entry]:
    found: list[Entry] = []
    column = 0
    while column < len(cells):
        text = cells[column]
        if text is None:
            column += 1
            continue
        inside = _label_and_value(text, table)
        if inside:
            found.append(Entry(inside[0], inside[1], row, column))
        elif _is_label(text, table):
            value = next((place for place in range(column + 1, len(cells)) if cells[place] is not None), None)
            if value is not None:
                content = cells[value] or ""
                if not _is_label(content, table) and not _label_and_value(content, table):
                    found.append(Entry(text, content, row, value))
                    column = value
        column += 1
    return found


def _is_label(text: str, table: AttributeTable | None) -> bool:
    if len(text) > _LONGEST_LABEL or is_unit(text):
        return False
    label = read_label(text)
    return label.full in vocabulary(table) or label.stem in vocabulary(table)


def _label_and_value(text: str, table: AttributeTable | None) -> tuple[str, str] | None:
    """Split ``设备名称：离心泵`` written in one cell."""
    for colon in ("：", ":"):
        label, mark, value = text.partition(colon)
        if mark and value.strip() and _is_label(label, table):
            return label, value.strip()
    return None
