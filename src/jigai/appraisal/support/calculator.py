"""What support can this case get? One question, one list of answers, the surest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from jigai.appraisal.support.answers import Answer, by_what_is_sure
from jigai.appraisal.support.asking import Asked, Thing
from jigai.appraisal.support.case import Case, Item, Loan
from jigai.appraisal.support.loan_answers import loan_entry, subsidy
from jigai.appraisal.support.project_answers import bond, entry
from jigai.appraisal.support.rules import rules
from jigai.appraisal.support.tax_answers import (
    accelerated,
    credit,
    single_deduction,
    upgrade_credit,
    within_tax_payable,
)
from jigai.reference import Reference

METHODS: Final[Mapping[str, Callable[[Asked], Answer]]] = {
    "credit": credit,
    "upgrade_credit": upgrade_credit,
    "single_deduction": single_deduction,
    "accelerated": accelerated,
    "loan_entry": loan_entry,
    "subsidy": subsidy,
    "bond": bond,
    "entry": entry,
}
"""How each instrument is worked out, by the word ``method`` of its row."""


def support(case: Case, as_of: date, reference: Reference) -> list[Answer]:
    """Return an answer for every instrument and everything it may be for, sorted by what is sure.

    What it means: what an enterprise sees when it asks which support it can get. Nothing is decided here: the competent
    body decides (D26), on tax the enterprise judges and declares itself. An item or loan that is not there yet is
    answered as one of which nothing is known, so that the list says what to bring.

    Args:
        case: the facts, each with its origin.
        as_of: the day of asking; what has not happened yet is asked for as if on that day.
        reference: datasets in force; those of ``support-instruments`` and ``tax-and-finance`` are needed.

    Amounts are yuan to the fen. Eligible answers come first, then undecided ones, last what cannot be had, each with
    its reason; among them the surer document first, then the larger sum. See ``docs/explanation/support.zh.md``.
    """
    held = rules(reference)
    things: list[tuple[str, Thing]] = [("item", one) for one in case.items or (Item(""),)]
    things += [("loan", one) for one in case.loans or (Loan(""),)]
    things += [("project", None), ("enterprise", None)]
    found = [
        METHODS[one.method](
            Asked(case, one, held, {**case.enterprise, **case.project, **(thing.facts if thing else {})}, as_of, thing)
        )
        for subject, thing in things
        for one in held.instruments.values()
        if one.subject == subject
    ]
    return sorted(within_tax_payable(found, case, held), key=by_what_is_sure)
