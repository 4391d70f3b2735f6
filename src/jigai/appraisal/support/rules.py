"""The instruments as data: the dataset ``support-instruments`` and the documents it rests on, ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from jigai.appraisal.support.instruments import (
    EntryTest,
    Field,
    Instrument,
    Parameter,
    Relation,
    RulesError,
    Value,
)
from jigai.reference import Reference
from jigai.reference.condition import parse
from jigai.reference.dataset import Dataset
from jigai.reference.vocabulary import FIELD_TYPES

DATASET: Final = "support-instruments"
DOCUMENTS: Final = "tax-and-finance"


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
        row["field"], row["subject"], row["type"], row["unit"], _limit(row["min"]), _limit(row["max"]),
        tuple(row["choices"] or ()), row["zh"], row["en"],
        row["proof_zh"], row["proof_en"],
    )  # fmt: skip


def _limit(written: float | None) -> Decimal | None:
    return None if written is None else Decimal(str(written))


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
        certainty=document["certainty"],
        tests=tuple(tests.get(name, ())),
        parameters=tuple(parameters.get(name, ())),
    )
