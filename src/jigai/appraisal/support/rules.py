"""The instruments as data: the dataset ``support-instruments`` and the documents it rests on, ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from jigai.appraisal.support.money import NOTHING
from jigai.reference import Reference
from jigai.reference.condition import Condition, parse
from jigai.reference.dataset import Dataset
from jigai.reference.vocabulary import FIELD_TYPES

DATASET: Final = "support-instruments"
DOCUMENTS: Final = "tax-and-finance"
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
    """A fact a case may state: what it is called, and the document that proves it."""

    name: str
    subject: str
    type: str
    unit: str | None
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
    eligibility: str
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

    def number(self, name: str, day: date | None = None) -> Decimal:
        """Return a parameter's number, zero where the instrument has none of that name or it is not held."""
        found = self.parameter(name, day)
        return NOTHING if found is None or found.value is None else found.number


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


@dataclass(frozen=True)
class Rules:
    """All instruments, the fields they ask for, and the stacking matrix."""

    instruments: Mapping[str, Instrument]
    fields: Mapping[str, Field]
    relations: Mapping[frozenset[str], Relation]

    def relation(self, one: str, other: str) -> Relation | None:
        """Return how two instruments go together, whichever is named first; None for an unlisted pair."""
        return self.relations.get(frozenset((one, other)))


def rules(reference: Reference) -> Rules:
    """Return the instruments held by ``reference``; read once per content.

    Raises `KeyError` where a dataset is not in force and `RulesError` with every row that contradicts another.
    """
    held, documents = reference.dataset(DATASET), reference.dataset(DOCUMENTS)
    return _read(_Held(held, held.content_hash), _Held(documents, documents.content_hash))


@dataclass(frozen=True, eq=False)
class _Held:
    """A dataset compared by its content."""

    dataset: Dataset
    content_hash: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.content_hash == self.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.dataset.tables[table].to_dicts()


@lru_cache(maxsize=4)
def _read(held: _Held, documents: _Held) -> Rules:
    faults: list[str] = []
    fields = {row["field"]: _field(row) for row in held.rows("fields")}
    known = {row["instrument_id"]: row for row in documents.rows("instruments")}
    types = {name: FIELD_TYPES[one.type] for name, one in fields.items()}
    tests: dict[str, list[EntryTest]] = {}
    for row in held.rows("tests"):
        condition = parse(row["condition"], types, units={}, choices={})
        if row["field"] not in fields or {test.field for test in condition.tests} != {row["field"]}:
            faults.append(f"tests {row['instrument_id']}: {row['condition']!r} must ask {row['field']!r} alone")
        one = EntryTest(row["field"], condition, row["clause"], row["certainty"], row["doubt"])
        tests.setdefault(row["instrument_id"], []).append(one)
    parameters: dict[str, list[Parameter]] = {}
    for row in held.rows("parameters"):
        try:
            parameters.setdefault(row["instrument_id"], []).append(_parameter(row))
        except (KeyError, ValueError, InvalidOperation):
            faults.append(f"parameters {row['instrument_id']} {row['parameter']}: {row['value']!r} is no {row['unit']}")
    rows = held.rows("instruments")
    faults += [
        f"instruments {row['instrument_id']}: no {row['rests_on']}" for row in rows if row["rests_on"] not in known
    ]
    ids = {row["instrument_id"] for row in rows}
    relations = [Relation(**row) for row in held.rows("stacking")]
    named = {*tests, *parameters, *(one.one for one in relations), *(one.other for one in relations)}
    faults += [f"no instrument {name}" for name in sorted(named - ids)]
    pairs = {frozenset((one.one, one.other)): one for one in relations}
    if len(pairs) != len(relations) or any(len(pair) != 2 for pair in pairs):
        faults.append("stacking: a pair is listed twice or with itself")
    if faults:
        raise RulesError("; ".join(faults))
    made = {row["instrument_id"]: _instrument(row, known[row["rests_on"]], tests, parameters) for row in rows}
    return Rules(made, fields, pairs)


def _field(row: dict[str, Any]) -> Field:
    return Field(
        row["field"], row["subject"], row["type"], row["unit"], tuple(row["choices"] or ()), row["zh"], row["en"],
        row["proof_zh"], row["proof_en"],
    )  # fmt: skip


def _parameter(row: dict[str, Any]) -> Parameter:
    value, unit = row["value"], row["unit"]
    read: Value | None = value
    if value is not None and unit == "day":
        read = date.fromisoformat(value)
    elif value is not None and unit == "flag":
        read = {"true": True, "false": False}[value]
    elif value is not None and unit != "word":
        read = Decimal(value)
    return Parameter(
        row["instrument_id"], row["parameter"], read, unit, tuple(row["alternatives"] or ()), row["in_force_from"],
        row["in_force_to"], row["source"], row["certainty"], row["doubt"],
    )  # fmt: skip


def _instrument(
    row: dict[str, Any],
    document: dict[str, Any],
    tests: Mapping[str, list[EntryTest]],
    parameters: Mapping[str, list[Parameter]],
) -> Instrument:
    name = row["instrument_id"]
    return Instrument(
        id=name,
        subject=row["subject"],
        method=row["method"],
        tax=row["tax"],
        public_money=row["public_money"],
        why_no_amount=row["why_no_amount"] or "",
        next_zh=row["next_zh"],
        next_en=row["next_en"],
        title_zh=document["title_zh"],
        title_en=document["title_en"],
        document=row["document"],
        number_certainty=row["number_certainty"],
        eligibility=document["eligibility"] or "",
        certainty=document["certainty"],
        tests=tuple(tests.get(name, ())),
        parameters=tuple(parameters.get(name, ())),
    )
