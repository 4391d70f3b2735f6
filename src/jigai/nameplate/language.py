"""How designations are written, as data: the tables of the dataset ``nameplate-series`` made ready for use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Final

import polars as pl

from jigai.reference import Dataset, Reference
from jigai.reference.loader import read_place

WRITING: Final = "nameplate-series"
KINDS: Final = "kinds"
_SPACE: Final = "␣"


@dataclass(frozen=True, eq=False)
class Language:
    """Tables needed to read a designation; ``writing`` are those of ``nameplate-series``, ``kinds`` of ``kinds``.

    One language is one object as long as its datasets are, so that what is made of it can be kept by it.
    """

    writing: dict[str, pl.DataFrame]
    kinds: pl.DataFrame

    def words(self, table: str) -> list[str]:
        """Return the written words of a one-column table, in the order of the file."""
        return self.writing[table]["written"].to_list()

    def replacements(self, table: str) -> list[tuple[str, str]]:
        """Return (written, replacement) pairs; a blank cell stands for nothing, ``␣`` for a space."""
        source, target = self.writing[table].columns[-3:-1]
        pairs = self.writing[table].select(source, pl.col(target).fill_null("").str.replace_all(_SPACE, " "))
        return list(pairs.iter_rows())


def language(reference: Reference | None = None) -> Language:
    """Return the language of a reference, or of the shipped datasets when none is given.

    How a model is written does not depend on the day, so tables may be asked for without a reference.
    Raises ``KeyError`` when the reference lacks one of the two datasets.
    """
    if reference is None:
        return _shipped()
    return _made(reference.dataset(WRITING), reference.dataset(KINDS))


@lru_cache(maxsize=4)
def _made(writing: Dataset, kinds: Dataset) -> Language:
    return Language(writing.tables, kinds.tables["kinds"])


@cache
def _shipped() -> Language:
    with as_file(files("jigai.reference").joinpath("data")) as place:
        return _made(*(read_place(place / name)[name] for name in (WRITING, KINDS)))
