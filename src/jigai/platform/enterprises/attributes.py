"""The attribute table of annual figures, ``facts.csv`` (D14): form, import, template, API and help all read it here."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from jigai.attributes import Attribute, AttributeTable, read_attributes
from jigai.platform.enterprises.data import split
from jigai.platform.walls.actor import Actor

EXTRA: Final = ("group", "subject", "finance", "needed", "jump", "feeds", "offers")
"""Columns of ``facts.csv`` beside those of every attribute table: the heading it stands under; whether the legal
person, each site or each line gives it; ``yes`` where it needs the capability finance.view; ``yes`` where the sheet
is not submitted without it (of a line: where it is in a benchmark field); the factor against last year from which the
filler is asked; the figures that rest on it; and for a text the words offered, of which several may be picked."""


@cache
def figures() -> AttributeTable:
    """Return the attribute table of annual figures; ``AttributeTableError`` names every wrong cell."""
    columns = files("jigai.platform.enterprises").joinpath("facts.csv")
    return read_attributes(columns, "facts", "年度数据", "annual figures", "facts.csv", extra=EXTRA)


def attributes() -> dict[str, Attribute]:
    """Return every attribute by name, in the order of the table."""
    return figures().by_name


def visible_attributes(actor: Actor) -> dict[str, Attribute]:
    """Return the attributes ``actor`` may see: financial ones only with finance.view."""
    finance = actor.may("finance.view")
    return {name: one for name, one in attributes().items() if finance or not is_financial(one)}


def is_financial(one: Attribute) -> bool:
    """Whether a figure needs the capability finance.view."""
    return bool(one.extra["finance"])


def is_needed(one: Attribute) -> bool:
    """Whether the sheet cannot be submitted without it."""
    return bool(one.extra["needed"])


def of_site(one: Attribute) -> bool:
    """Whether each site gives it, not the legal person."""
    return one.extra["subject"] == "site"


def of_line(one: Attribute) -> bool:
    """Whether each production line gives it."""
    return one.extra["subject"] == "line"


def subject_of(one: Attribute) -> str:
    """Return who gives it: *legal_person*, *site* or *line*."""
    return one.extra["subject"]


def jump(one: Attribute) -> Decimal | None:
    """Return the factor against last year from which the filler is asked."""
    return Decimal(one.extra["jump"]) if one.extra["jump"] else None


def feeds(one: Attribute) -> tuple[str, ...]:
    """Return the figures of the board that rest on it."""
    return split(one.extra["feeds"], ";")


def offers(one: Attribute) -> tuple[str, ...]:
    """Return the words of which several may be picked."""
    return split(one.extra["offers"], "|")
