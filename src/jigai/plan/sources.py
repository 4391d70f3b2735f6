"""The frames indicators are computed from, as known on one day; what each has is said in ``data/sources.csv``."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

_TYPES: Final[dict[str, pl.DataType]] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "amount": pl.Decimal(38, 6),
    "date": pl.Date(),
    "flag": pl.Boolean(),
}
REGISTER: Final = "register:"
"""What the name of a register's source begins with; its own columns follow those of ``register``."""


class SourceError(ValueError):
    """A source that does not exist, or lacks what ``sources.csv`` promises; says which."""


@cache
def described() -> dict[str, pl.Schema]:
    """Return the columns each source has."""
    text = files("jigai.plan").joinpath("data/sources.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, pl.DataType]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["source"], {})[row["column"]] = _TYPES[row["type"]]
    owner = found.pop("*")
    return {name: pl.Schema({**owner, **columns}) for name, columns in found.items()}


@dataclass(frozen=True)
class Sources:
    """All sources as known at the end of ``known_on``; each is loaded when first asked for.

    ``loaders`` make a frame by the name of its source. ``absent`` says why a source cannot be there yet
    (source → reason in Chinese), so that a figure says it too instead of being zero without a word.
    """

    known_on: date
    loaders: Mapping[str, Callable[[], pl.DataFrame]]
    absent: Mapping[str, str] = field(default_factory=dict)
    _held: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def there(self, name: str) -> bool:
        """Say whether a source exists; one that does not is empty too, and a figure has to say which it is."""
        return name in self.loaders and name not in self.absent

    def frame(self, name: str) -> pl.DataFrame:
        """Return a source with at least its described columns; one that is absent is empty.

        Raises:
            SourceError: no such source, or a column is missing.
        """
        columns = described().get(REGISTER.rstrip(":") if name.startswith(REGISTER) else name)
        if columns is None:
            raise SourceError(f"no source {name!r}")
        if name not in self._held:
            made = self.loaders[name]() if self.there(name) else pl.DataFrame(schema=columns)
            missing = [one for one in columns if one not in made.columns]
            if missing:
                raise SourceError(f"source {name}: columns missing: {', '.join(missing)}")
            self._held[name] = made.with_columns(pl.col(one).cast(dtype) for one, dtype in columns.items())
        return self._held[name]
