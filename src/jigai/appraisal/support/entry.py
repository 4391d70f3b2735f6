"""The entry tests of an instrument, field by field: met, not met, or what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any, Final

from jigai.appraisal.support.answers import Checked
from jigai.appraisal.support.case import Facts
from jigai.appraisal.support.instruments import FIRM, EntryTest, Field
from jigai.appraisal.support.rules import Rules
from jigai.appraisal.support.words import Said, said
from jigai.reference.condition import Condition, Test

_COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def holds(condition: Condition, facts: Facts) -> bool | None:
    """Tell whether a condition (the grammar of decision D6) holds; None where a fact it needs is unknown.

    It means what the condition means on columns, but numbers are compared to the fen: a column leaves room for rounding
    at a limit, and of twenty million that is two fen of money.
    """
    found = [_tried(test, facts) for test in condition.tests]
    if False in found:
        return False
    return None if None in found else True


def _tried(test: Test, facts: Facts) -> bool | None:
    given = facts.get(test.field)
    if given is None:
        return None
    wanted = [Decimal(str(value)) if isinstance(value, float) else value for value in test.values]
    if test.op in _COMPARED:
        return _COMPARED[test.op](given.value, wanted[0])
    return (given.value in wanted) is (test.op != "!=")


def checked(test: EntryTest, facts: Facts, rules: Rules) -> Checked:
    """Return one entry test with its outcome and what is missing for it to settle something."""
    met = holds(test.condition, facts)
    field = rules.fields[test.field]
    given = facts.get(test.field)
    label, proof = Said(field.zh, field.en), Said(field.proof_zh, field.proof_en)
    return Checked(
        field=test.field,
        label=label,
        clause=test.clause,
        holds=met,
        certainty=test.certainty,
        origin=given.origin if given else None,
        sample=bool(given and given.sample),
        says=_says(test, met, label, proof),
        proof=proof if given else None,
        doubt=test.doubt,
    )


def _says(test: EntryTest, met: bool | None, label: Said, proof: Said) -> Said | None:
    if met is None:
        return said("fact_missing", label=label, proof=proof)
    if test.certainty in FIRM and not met:
        return said("not_met", label=label, clause=test.clause)
    if test.certainty not in FIRM:
        return said("rule_to_confirm" if met else "rule_to_confirm_against", label=label, clause=test.clause)
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
