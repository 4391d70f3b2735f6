"""One kind of support as data: its document, its parameters, what it asks, and how it goes with others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from jigai.reference.condition import Condition

FIRM: Final = ("transcribed", "secondary")
"""Certainties that settle something. What is recalled or doubtful is only to be confirmed (decision D3)."""

Value = str | Decimal | date | bool


class RulesError(ValueError):
    """A dataset of instruments that contradicts itself: the text names every row."""


@dataclass(frozen=True)
class Parameter:
    """One figure or word of an instrument; ``value`` None is not held, then ``alternatives`` are ways in use.

    ``certainty`` None marks what was looked for and not found; ``doubt`` says in Chinese what is unsure.
    """

    instrument: str
    name: str
    value: Value | None
    unit: str
    alternatives: tuple[str, ...]
    since: date | None
    until: date | None
    source: str
    certainty: str | None
    doubt: str | None

    @property
    def firm(self) -> bool:
        """Tell whether a result may rest on it."""
        return self.value is not None and self.certainty in FIRM

    @property
    def number(self) -> Decimal:
        """The value as a number; `RulesError` where it is none."""
        if not isinstance(self.value, Decimal):
            raise RulesError(f"{self.instrument} {self.name} is no number: {self.value!r}")
        return self.value

    @property
    def ways(self) -> tuple[str, ...]:
        """The words to compute with: the value where it is held, else every alternative."""
        return (str(self.value),) if self.value is not None else self.alternatives


@dataclass(frozen=True)
class EntryTest:
    """One thing an instrument asks, a single field: ``clause`` in Chinese as the document has it."""

    field: str
    condition: Condition
    clause: str
    certainty: str
    doubt: str | None


@dataclass(frozen=True)
class Field:
    """A fact a case may state: what it is called, between what a number lies, and the document that proves it."""

    name: str
    subject: str
    type: str
    unit: str | None
    least: Decimal | None
    most: Decimal | None
    choices: tuple[str, ...]
    zh: str
    en: str
    proof_zh: str
    proof_en: str


@dataclass(frozen=True)
class Instrument:
    """One kind of support, with the document it rests on (a row of ``tax-and-finance``)."""

    id: str
    subject: str
    method: str
    tax: bool
    public_money: bool
    why_no_amount: str
    next_zh: str
    next_en: str
    title_zh: str
    title_en: str
    document: str
    number_certainty: str | None
    certainty: str
    tests: tuple[EntryTest, ...]
    parameters: tuple[Parameter, ...]

    def parameter(self, name: str, day: date | None = None) -> Parameter | None:
        """Return the parameter as in force on ``day``; None where the instrument has none of that name."""
        for one in self.parameters:
            begun = day is None or one.since is None or one.since <= day
            if one.name == name and begun and (day is None or one.until is None or day <= one.until):
                return one
        return None

    def asked(self, name: str, day: date | None = None) -> Parameter:
        """Return a parameter the method cannot do without; `RulesError` names it where it is absent."""
        found = self.parameter(name, day)
        if found is None:
            raise RulesError(f"{self.id} has no parameter {name} on {day}")
        return found


@dataclass(frozen=True)
class Relation:
    """How two instruments go together on one expenditure: ``excludes``, ``adds``, ``adds_to_cap`` (decision D28)."""

    one: str
    other: str
    relation: str
    any_order: bool
    source: str
    certainty: str
    doubt: str | None
