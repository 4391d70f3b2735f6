"""The entry tests of an instrument, field by field: met, not met, or what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import polars as pl

from jigai.appraisal.support.answers import Checked
from jigai.appraisal.support.case import Facts
from jigai.appraisal.support.rules import FIRM, EntryTest, Field, Rules
from jigai.appraisal.support.words import Said, said
from jigai.reference.vocabulary import FIELD_TYPES

Outcomes = Mapping[str, bool | None]
"""Outcome of each condition by its text."""


def outcomes(tests: Iterable[EntryTest], told: Sequence[Facts], rules: Rules) -> list[Outcomes]:
    """Try all conditions on all sets of facts at once (the grammar of decision D6); None where the fact is unknown."""
    wanted = {test.condition.text: test.condition for test in tests}
    if not wanted:
        return [{} for _ in told]
    names = sorted({name for condition in wanted.values() for name in condition.fields})
    schema = {name: FIELD_TYPES[rules.fields[name].type] for name in names}
    columns = {name: [_plain(facts, name) for facts in told] for name in names}
    asked = [condition.expr().alias(text) for text, condition in wanted.items()]
    found: list[Outcomes] = list(pl.DataFrame(columns, schema=schema).select(asked).to_dicts())
    return found


def _plain(facts: Facts, name: str) -> object:
    given = facts.get(name)
    if given is None:
        return None
    return float(given.value) if isinstance(given.value, Decimal) else given.value


def checked(test: EntryTest, holds: bool | None, facts: Facts, rules: Rules) -> Checked:
    """Return one entry test with its outcome and what is missing for it to settle something."""
    field = rules.fields[test.field]
    given = facts.get(test.field)
    label, proof = Said(field.zh, field.en), Said(field.proof_zh, field.proof_en)
    return Checked(
        field=test.field,
        label=label,
        clause=test.clause,
        holds=holds,
        certainty=test.certainty,
        origin=given.origin if given else None,
        sample=bool(given and given.sample),
        says=_says(test, holds, label, proof),
        proof=proof if given else None,
        doubt=test.doubt,
    )


def _says(test: EntryTest, holds: bool | None, label: Said, proof: Said) -> Said | None:
    if holds is None:
        return said("fact_missing", label=label, proof=proof)
    if test.certainty in FIRM and not holds:
        return said("not_met", label=label, clause=test.clause)
    if test.certainty not in FIRM:
        return said("rule_to_confirm" if holds else "rule_to_confirm_against", label=label, clause=test.clause)
    return None


def fact_asked(name: str, facts: Facts, field: Field) -> Checked:
    """Return what an amount needs to know: holds as soon as it is stated, whatever it is."""
    given = facts.get(name)
    label, proof = Said(field.zh, field.en), Said(field.proof_zh, field.proof_en)
    return Checked(
        field=name,
        label=label,
        clause="",
        holds=None if given is None else True,
        certainty="transcribed",
        origin=given.origin if given else None,
        sample=bool(given and given.sample),
        says=said("fact_missing", label=label, proof=proof) if given is None else None,
        proof=proof if given else None,
    )
