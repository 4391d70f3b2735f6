"""What is held of lists and standards: every dataset with its standing on a day, its rows, and what is not held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from jigai.platform.standards import active
from jigai.reference import Dataset, Gap

PAGE: Final = 50
"""Rows of a table on a page."""
FOUND: Final = 100
"""Rows a search over everything shows."""
_TEXTS: dict[tuple[str, str], pl.Series] = {}
Standing = str
"""*now* in force on the day, *later* not yet, *former* no more."""


@dataclass(frozen=True)
class Entry:
    """A dataset as the list shows it; ``origin`` is *shipped*, *city* (setting) or *package*."""

    dataset: Dataset
    standing: Standing
    origin: str
    rows: int
    gaps: int


@dataclass(frozen=True)
class Hit:
    """A row found: where it stands, its place in the table (from 1), and its text."""

    dataset: Dataset
    table: str
    number: int
    text: str


@dataclass(frozen=True)
class Slice:
    """Some rows of a table: their places (from 1), the rows, how many there are in all."""

    numbers: list[int]
    rows: pl.DataFrame
    total: int


@active.kept
def catalogue(as_of: date) -> list[Entry]:
    """Return every dataset held: those of a check first, in the order of checks, then the others."""
    reference = active.reference(as_of)
    entries = [
        Entry(
            one,
            _standing(one, as_of),
            _origin(one),
            sum(table.height for table in one.tables.values()),
            len(one.gaps) + sum(gap.dataset != one.id and gap.document == one.title_zh for gap in reference.gaps),
        )
        for one in reference.all_datasets.values()
    ]
    return sorted(entries, key=lambda entry: (entry.dataset.check is None, entry.dataset.check or "", entry.dataset.id))


def gaps(as_of: date) -> list[Gap]:
    """Return what is known not to be held on the day."""
    return active.reference(as_of).gaps


def find(dataset: str, as_of: date) -> Dataset | None:
    """Return a dataset by its id, in force or not."""
    return active.reference(as_of).all_datasets.get(dataset)


def rows(dataset: Dataset, table: str, words: str, page: int) -> Slice:
    """Return a page of the rows that hold every one of ``words``."""
    frame = dataset.tables[table].with_row_index("_number", offset=1)
    hit = frame.filter(_holds(dataset, table, words)) if words.strip() else frame
    part = hit.slice((page - 1) * PAGE, PAGE)
    return Slice(part["_number"].to_list(), part.drop("_number"), hit.height)


def search(words: str, as_of: date, only: Sequence[Dataset] = ()) -> tuple[list[Hit], int]:
    """Return rows of all datasets that hold every one of ``words``, and how many there are in all."""
    hits: list[Hit] = []
    total = 0
    if not words.strip():
        return hits, total
    for one in only or [entry.dataset for entry in catalogue(as_of)]:
        for table in one.tables:
            places = _holds(one, table, words).arg_true()
            total += places.len()
            texts = _texts(one, table)
            hits += [Hit(one, table, place + 1, texts[place]) for place in places[: max(0, FOUND - len(hits))]]
    return hits, total


def number_of(dataset: Dataset, table: str, column: str, value: str) -> int | None:
    """Return the place (from 1) of the row whose ``column`` is ``value``."""
    if column not in dataset.tables.get(table, pl.DataFrame()).columns:
        return None
    places = (dataset.tables[table][column].cast(pl.String) == value).arg_true()
    return int(places[0]) + 1 if places.len() else None


def _holds(dataset: Dataset, table: str, words: str) -> pl.Series:
    texts = _texts(dataset, table).str.to_lowercase()
    held = pl.Series([True]).new_from_index(0, texts.len())
    for part in words.lower().split():
        held &= texts.str.contains(part, literal=True)
    return held


def _texts(dataset: Dataset, table: str) -> pl.Series:
    """Return each row of a table as one text, to look for words in; made once."""
    key = (dataset.content_hash, table)
    if key not in _TEXTS:
        _TEXTS[key] = _joined(dataset.tables[table])
    return _TEXTS[key]


def _joined(frame: pl.DataFrame) -> pl.Series:
    columns = [
        (pl.col(name).cast(pl.List(pl.String)).list.join("、") if dtype == pl.List else pl.col(name).cast(pl.String))
        for name, dtype in frame.schema.items()
    ]
    return frame.select(pl.concat_str(columns, separator=" · ", ignore_nulls=True).alias("text"))["text"]


def _standing(dataset: Dataset, day: date) -> Standing:
    if dataset.in_force(day):
        return "now"
    return "later" if dataset.in_force_from is not None and dataset.in_force_from > day else "former"


def _origin(dataset: Dataset) -> str:
    if dataset.place.startswith(active.folder().as_posix()):
        return "package"
    return "city" if any(dataset.place.startswith(place.as_posix()) for place in active.own_places()) else "shipped"
