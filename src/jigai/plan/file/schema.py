"""The fields of a plan file, read from ``data/schema.csv``: the reader, the check and the documents go by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jigai.plan.file.faults import table
from jigai.reference.errors import Language

TOP = "plan"
"""The record a whole file is."""


@dataclass(frozen=True)
class Field:
    """One field of a record.

    ``of`` narrows the type: the record it holds, its choices, the kinds of keys it refers to. ``required`` is *yes*,
    empty or *unless* another field is there. ``needs`` are fields that must stand beside it; ``open`` lets a parameter
    give the value; ``inside`` keeps a time within the period of the plan.
    """

    record: str
    name: str
    type: str
    of: tuple[str, ...]
    required: bool
    instead: str
    needs: tuple[str, ...]
    open: bool
    inside: bool
    place: int
    zh: str
    en: str

    def after(self, other: Field) -> bool:
        """Tell whether it stands after ``other`` in the table."""
        return self.place > other.place

    def meaning(self, language: Language) -> str:
        """Return what it means to the user."""
        return self.zh if language == "zh" else self.en


@cache
def schema() -> Mapping[str, Mapping[str, Field]]:
    """Return the fields of every record by name, in the order of the table."""
    found: dict[str, dict[str, Field]] = {}
    for place, row in enumerate(table("schema")):
        required = row["required"]
        found.setdefault(row["record"], {})[row["field"]] = Field(
            record=row["record"],
            name=row["field"],
            type=row["type"],
            of=tuple(filter(None, row["of"].split("|"))),
            required=required == "yes",
            instead=required.removeprefix("unless ") if required.startswith("unless ") else "",
            needs=tuple(filter(None, row["with"].split(";"))),
            open=row["open"] == "open",
            inside=row["inside"] == "yes",
            place=place,
            zh=row["zh"],
            en=row["en"],
        )
    return found


@cache
def wanted(type_: str) -> dict[Language, str]:
    """Return in both languages what a field of this type is to hold."""
    return {row["type"]: {"zh": row["zh"], "en": row["en"]} for row in table("types")}[type_]  # type: ignore[return-value]


@cache
def operators() -> Mapping[str, Mapping[str, str]]:
    """Return the operators by their sign and also by the Chinese word an officer may write instead."""
    rows = table("operators")
    return {row["operator"]: row for row in rows} | {row["written"]: row for row in rows}


@cache
def measures() -> Mapping[str, Mapping[str, str]]:
    """Return the ways of giving points by their key."""
    return {row["measure"]: row for row in table("measures")}
