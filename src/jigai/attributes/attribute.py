"""One attribute of a subject: a row of its ``columns.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

DTYPES: Final[dict[str, pl.DataType]] = {
    "text": pl.String(),
    "choice": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "year": pl.Int32(),
    "flag": pl.Boolean(),
    "date": pl.Date(),
}
"""Column type of each attribute type of ``columns.csv``."""

FORMATS: Final = ("credit_code",)
"""Texts with a form of their own: the unified social credit code with its check digit."""


@dataclass(frozen=True)
class Choice:
    """One answer of a choice: the stable ``key`` that is stored, its names, and other ways to write it."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attribute:
    """One attribute: what it is called, what may be written, and what it is for.

    ``role`` says what it is for. In the ledger: *provenance* (where the line came from), *identity* (which machine it
    is), *signature* (a rule may look at it), *nameplate* (a rule may look at it and the model designation may tell
    it), *quantity*, *evidence* (kept as written), *derived* (settled by jigai). Elsewhere: empty, or *derived*.
    ``kinds`` empty means every kind of equipment. ``minimum`` and ``maximum`` are inclusive and in ``unit``.
    A row without a ``required`` attribute is held back; the ``key`` attributes together tell which row it is.
    ``show`` places it in lists: empty, ``hidden`` (may be chosen) or ``page`` (on the page of one entry only).
    ``extra`` carries the columns a subject has of its own, as written, by header; nothing in the core looks at them.
    """

    name: str
    type: str
    unit: str
    zh: str
    en: str
    role: str = ""
    kinds: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    definition: str = ""
    required: bool = False
    key: bool = False
    format: str = ""
    show: str = ""
    source: str = ""
    answers: tuple[Choice, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def dtype(self) -> pl.DataType:
        """Column type of the cleaned attribute."""
        return DTYPES[self.type]

    @property
    def numeric(self) -> bool:
        """Whether the value is a number to count with; a year is not."""
        return self.type in ("number", "integer")

    @property
    def asked_zh(self) -> str:
        """The Chinese label as a question to the filler: 双吸 is asked as 是否双吸."""
        return f"是否{self.zh}" if self.type == "flag" and not self.zh.startswith("是否") else self.zh

    def label(self, language: str = "zh") -> str:
        """Return the name of the attribute in ``zh`` or ``en``."""
        return self.en if language.startswith("en") else self.zh

    def answer(self, key: str) -> Choice:
        """Return one answer of a choice; a key without words of its own names itself."""
        return next((item for item in self.answers if item.key == key), Choice(key, key, key))
