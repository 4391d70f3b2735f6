"""The attribute table of annual figures, ``facts.csv`` (D14): form, import, template, API and help all read it here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from django.utils.translation import get_language

from jigai.platform.enterprises.data import rows, split
from jigai.platform.walls.actor import Actor

TYPES: Final = ("number", "integer", "flag", "choice", "list", "text")


@dataclass(frozen=True)
class Attribute:
    """One row of ``facts.csv``.

    ``subject`` is *legal_person* or *site*. ``finance`` figures need the capability finance.view. ``required`` ones
    must be given before the sheet is submitted. ``jump`` is the factor against last year from which the filler is
    asked. ``feeds`` names the figures of the board that rest on it. ``minimum`` and ``maximum`` are in ``unit``.
    """

    name: str
    group: str
    type: str
    unit: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    minimum: Decimal | None
    maximum: Decimal | None
    choices: tuple[str, ...]
    subject: str
    finance: bool
    required: bool
    jump: Decimal | None
    definition: str
    source: str
    feeds: tuple[str, ...]

    @property
    def numeric(self) -> bool:
        """Whether the value is a number."""
        return self.type in ("number", "integer")

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return self.en if (get_language() or "").startswith("en") else self.zh


@cache
def attributes() -> dict[str, Attribute]:
    """Return every attribute by name, in the order of the table; ``ValueError`` names a row of unknown type."""
    found: dict[str, Attribute] = {}
    for row in rows("facts"):
        if row["type"] not in TYPES:
            raise ValueError(f"facts.csv: {row['name']} has type {row['type']!r}; write one of {', '.join(TYPES)}")
        found[row["name"]] = Attribute(
            name=row["name"],
            group=row["group"],
            type=row["type"],
            unit=row["unit"],
            zh=row["zh"],
            en=row["en"],
            aliases=split(row["aliases"], ";"),
            minimum=_decimal(row["min"]),
            maximum=_decimal(row["max"]),
            choices=split(row["choices"], "|"),
            subject=row["subject"],
            finance=row["finance"] == "1",
            required=row["required"] == "1",
            jump=_decimal(row["jump"]),
            definition=row["definition"],
            source=row["source"],
            feeds=split(row["feeds"], ";"),
        )
    return found


def visible_attributes(actor: Actor) -> dict[str, Attribute]:
    """Return the attributes ``actor`` may see: financial ones only with finance.view."""
    finance = actor.may("finance.view")
    return {name: one for name, one in attributes().items() if finance or not one.finance}


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text.strip() else None
