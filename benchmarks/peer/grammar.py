"""Designations of one kind, read by the patterns of the dataset one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import polars as pl

from benchmarks.peer.tidying import python_pattern
from jigai.ledger.columns import attribute_dtypes
from jigai.nameplate.language import Language

_TEXTS: Final = frozenset({"letters", "generation", "design", "fuel_code", "fuel_letter", "drive_code"})
_SIX: Final = Decimal("0.000001")
_DTYPES: Final = attribute_dtypes()


@dataclass(frozen=True)
class Reading:
    """What one pattern read: the kind, how surely its shape tells the kind, and the values."""

    kind: str
    strength: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Pattern:
    """One row of the table of patterns, compiled."""

    kind: str
    strength: str
    pattern: re.Pattern[str]
    listed: frozenset[str] | None
    fixed: dict[str, Any]
    scale: dict[str, Decimal]
    compute: dict[str, tuple[str, str]]

    def read(self, body: str) -> Reading | None:
        """Return what the pattern reads, None where it does not fit."""
        found = self.pattern.search(body)
        if found is None:
            return None
        groups = found.groupdict()
        if self.listed is not None and not {groups.get("series"), groups.get("letters")} & self.listed:
            return None
        values = {name: self._value(name, text) for name, text in groups.items()}
        for name, (one, other) in self.compute.items():
            left, right = _factor(one, values), _factor(other, values)
            values[name] = None if left is None or right is None else typed(name, (left * right).quantize(_SIX))
        return Reading(self.kind, self.strength, values | self.fixed)

    def _value(self, name: str, text: str | None) -> Any:
        if not text:
            return None
        if _DTYPES.get(name) == pl.String() or (name not in _DTYPES and name in _TEXTS):
            return text
        number = as_number(text)
        if number is not None and name in self.scale:
            number = (number * self.scale[name]).quantize(_SIX)
        return typed(name, number)


def patterns(words: Language) -> dict[str, list[Pattern]]:
    """Compile the patterns of each kind in the order they are tried."""
    known: dict[str, set[str]] = {}
    for kind, series in words.writing["series"].select("kind", "series").iter_rows():
        known.setdefault(kind, set()).add(series)
    found: dict[str, list[Pattern]] = {}
    for row in words.writing["grammars"].sort("order").iter_rows(named=True):
        fixed = dict(item.split("=", 1) for item in row["fixed"] or [])
        pattern = Pattern(
            kind=row["kind"],
            strength=row["strength"],
            pattern=python_pattern(row["pattern"]),
            listed=frozenset(known.get(row["kind"], ())) if row["listed"] else None,
            fixed={name.strip(): literal(name.strip(), value.strip()) for name, value in fixed.items()},
            scale={name: Decimal(factor) for name, factor in (item.split("*", 1) for item in row["scale"] or [])},
            compute={
                name.strip(): (product.split("*", 1)[0].strip(), product.split("*", 1)[1].strip())
                for name, product in (item.split("=", 1) for item in row["compute"] or [])
            },
        )
        found.setdefault(row["kind"], []).append(pattern)
    return found


def read_body(body: str, of_kind: list[Pattern], strengths: tuple[str, ...]) -> Reading | None:
    """Read a designation by the first pattern that fits."""
    for pattern in of_kind:
        if pattern.strength in strengths:
            reading = pattern.read(body)
            if reading is not None:
                return reading
    return None


def literal(name: str, text: str) -> Any:
    """Return a value written in a table, in the attribute's type."""
    dtype = _DTYPES[name]
    if dtype == pl.Boolean():
        return text == "true"
    return text if dtype == pl.String() else typed(name, Decimal(text))


def typed(name: str, number: Decimal | None) -> Any:
    """Give a number the attribute's type: whole or decimal."""
    if number is None:
        return None
    return int(number) if _DTYPES.get(name, pl.Float64()).is_integer() else number.normalize()


def as_number(text: str) -> Decimal | None:
    """Read a number, None where it is none."""
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _factor(text: str, values: dict[str, Any]) -> Decimal | None:
    if text[0].isdigit():
        return Decimal(text)
    return None if values.get(text) is None else Decimal(values[text])
