"""The attribute table: what a ledger may say about a device, and how each attribute is written.

``columns.csv`` beside this module is the only list of attributes. Header mapping, validation, the Excel template,
the web forms and the documentation all read it through the functions here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

DTYPES: Final[dict[str, pl.DataType]] = {
    "text": pl.String(),
    "choice": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "year": pl.Int32(),
    "flag": pl.Boolean(),
}
"""Column type of each attribute type of ``columns.csv``."""

_SIGNATURE_EXTRAS: Final = ("name", "model", "remark", "use_state", "made_year", "in_service_year", "kind_text")


@dataclass(frozen=True)
class Attribute:
    """One row of ``columns.csv``: an attribute of a device.

    ``role`` says what it is for: *provenance* (where the line came from), *identity* (which machine it is),
    *signature* (a rule may look at it), *nameplate* (a rule may look at it and the model designation may tell it),
    *quantity*, *evidence* (kept as written), *derived* (settled by jigai). ``kinds`` empty means every kind.
    ``minimum`` and ``maximum`` are inclusive and in ``unit``.
    """

    name: str
    type: str
    unit: str
    zh: str
    en: str
    role: str
    kinds: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...]
    aliases: tuple[str, ...]
    definition: str

    @property
    def dtype(self) -> pl.DataType:
        """Column type of the cleaned attribute."""
        return DTYPES[self.type]

    @property
    def asked_zh(self) -> str:
        """The Chinese label as a question to the filler: 双吸 is asked as 是否双吸."""
        return f"是否{self.zh}" if self.type == "flag" and not self.zh.startswith("是否") else self.zh


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


@cache
def _table() -> tuple[Attribute, ...]:
    text = files("jigai.ledger").joinpath("columns.csv").read_text(encoding="utf-8-sig")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["name"]]
    wrong = [row["name"] for row in rows if row["type"] not in DTYPES]
    if wrong:
        raise ValueError(f"columns.csv: unknown type for {wrong}; write one of {sorted(DTYPES)}")
    return tuple(
        Attribute(
            name=row["name"],
            type=row["type"],
            unit=row["unit"],
            zh=row["zh"],
            en=row["en"],
            role=row["role"],
            kinds=_split(row["kinds"], ";"),
            minimum=_number(row["min"]),
            maximum=_number(row["max"]),
            choices=_split(row["choices"], "|"),
            aliases=_split(row["aliases"], ";"),
            definition=row["definition"] or "",
        )
        for row in rows
    )


def attributes() -> list[Attribute]:
    """Return all attributes in the order of ``columns.csv``."""
    return list(_table())


@cache
def _by_name() -> dict[str, Attribute]:
    return {attribute.name: attribute for attribute in _table()}


def attribute(name: str) -> Attribute:
    """Return one attribute; ``KeyError`` names it when ``columns.csv`` has no such row."""
    return _by_name()[name]


def attribute_dtypes() -> dict[str, pl.DataType]:
    """Return the column type of every attribute, by name."""
    return {item.name: item.dtype for item in _table()}


def attributes_for(kind: str) -> list[Attribute]:
    """Return the attributes that concern a kind of equipment: those without kinds and those that name it."""
    return [item for item in _table() if not item.kinds or kind in item.kinds]


def signature_attributes() -> list[str]:
    """Return the names of the attributes that may change a judgement; lines alike in all of them are judged once."""
    return [item.name for item in _table() if item.role in {"signature", "nameplate"} or item.name in _SIGNATURE_EXTRAS]
