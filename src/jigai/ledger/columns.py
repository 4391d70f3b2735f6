"""The attribute table: what a ledger may say about a device, and how each attribute is written.

``columns.csv`` beside this module is the only list of attributes. Header mapping, validation, the Excel template,
the web forms and the documentation all read it through the functions here.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from jigai.attributes import DTYPES, Attribute, AttributeTable, read_attributes

__all__ = [
    "DTYPES",
    "Attribute",
    "attribute",
    "attribute_dtypes",
    "attributes",
    "attributes_for",
    "ledger_table",
    "signature_attributes",
]

_SIGNATURE_EXTRAS: Final = ("name", "model", "remark", "use_state", "made_year", "in_service_year", "kind_text")


@cache
def ledger_table() -> AttributeTable:
    """Return the attribute table of a ledger of equipment, the subject that is read where no other is named."""
    return read_attributes(
        files("jigai.ledger").joinpath("columns.csv"),
        "ledger",
        "设备台账",
        "ledger",
        "ledger/columns.csv",
        anchors=("name", "model"),
        naming=("name", "model", "code"),
    )


def attributes() -> list[Attribute]:
    """Return all attributes in the order of ``columns.csv``."""
    return list(ledger_table())


def attribute(name: str) -> Attribute:
    """Return one attribute; ``KeyError`` names it when ``columns.csv`` has no such row."""
    return ledger_table().attribute(name)


def attribute_dtypes() -> dict[str, pl.DataType]:
    """Return the column type of every attribute, by name."""
    return {item.name: item.dtype for item in ledger_table()}


def attributes_for(kind: str) -> list[Attribute]:
    """Return the attributes that concern a kind of equipment: those without kinds and those that name it."""
    return [item for item in ledger_table() if not item.kinds or kind in item.kinds]


def signature_attributes() -> list[str]:
    """Return the names of the attributes that may change a judgement; lines alike in all of them are judged once."""
    return [
        item.name
        for item in ledger_table()
        if item.role in {"signature", "nameplate"} or item.name in _SIGNATURE_EXTRAS
    ]
