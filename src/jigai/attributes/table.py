"""The attribute table of one subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from jigai.attributes.attribute import Attribute


@dataclass(frozen=True, eq=False)
class AttributeTable:
    """All attributes of a subject (a ledger of equipment, an enterprise, a register …), in their order.

    ``anchors`` are the attributes one of which a header must have for a table to be about this subject; by default
    the key, else what is required. ``naming`` are the attributes that name a row (name, second name, number), by
    which rows are told from subtotals and headings. ``columns`` is where the table was read, for messages.
    """

    key: str
    zh: str
    en: str
    attributes: tuple[Attribute, ...]
    anchors: tuple[str, ...] = ()
    naming: tuple[str | None, str | None, str | None] = (None, None, None)
    columns: str = "columns.csv"

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes)

    @cached_property
    def by_name(self) -> dict[str, Attribute]:
        """Every attribute by its name."""
        return {item.name: item for item in self.attributes}

    def attribute(self, name: str) -> Attribute:
        """Return one attribute; ``KeyError`` names it when the table has no such row."""
        return self.by_name[name]

    @cached_property
    def dtypes(self) -> dict[str, pl.DataType]:
        """Column type of every attribute, by name."""
        return {item.name: item.dtype for item in self.attributes}

    @cached_property
    def keys(self) -> tuple[Attribute, ...]:
        """The attributes that together tell which row it is."""
        return tuple(item for item in self.attributes if item.key)

    @cached_property
    def asked(self) -> tuple[Attribute, ...]:
        """The attributes people fill in: all but those that jigai settles."""
        return tuple(item for item in self.attributes if item.role not in {"provenance", "derived"})

    @cached_property
    def header_names(self) -> tuple[str, ...]:
        """The names of :attr:`anchors`, or what stands for them where none are given."""
        if self.anchors:
            return self.anchors
        required = tuple(item.name for item in self.asked if item.required)
        return tuple(item.name for item in self.keys) or required or tuple(item.name for item in self.asked[:1])

    @cached_property
    def row_names(self) -> tuple[str | None, str | None, str | None]:
        """The names of :attr:`naming`, or the first two anchors where none are given."""
        if any(self.naming):
            return self.naming
        first, second = (*self.header_names, None, None)[:2]
        return first, None, second

    def joined(self, first: AttributeTable, **changes: str) -> AttributeTable:
        """Return this table with the attributes of ``first`` before its own; a name of its own replaces theirs."""
        own = set(self.by_name)
        before = tuple(item for item in first.attributes if item.name not in own)
        return replace(self, attributes=before + self.attributes, **changes)  # type: ignore[arg-type]
