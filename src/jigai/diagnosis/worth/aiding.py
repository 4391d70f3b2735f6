"""Which support a measure, a loan, the project and the enterprise can get: asked of the calculator, written plainly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from jigai.appraisal.support.answers import Answer, Checked
from jigai.appraisal.support.calculator import support
from jigai.appraisal.support.case import Case, Given, Item
from jigai.appraisal.support.rules import rules
from jigai.diagnosis.model import Diagnosis, Measure
from jigai.diagnosis.tables import table
from jigai.diagnosis.worth.model import Aid, Price, Tested, Words
from jigai.reference import Reference

OUT: Final = "not"
"""Status of what cannot be had."""


def aids(
    diagnosis: Diagnosis, prices: Mapping[str, Price | None], told: Case, as_of: date, reference: Reference
) -> tuple[dict[str, tuple[Aid, ...]], tuple[Aid, ...]]:
    """Return the instruments by the id of the measure whose purchase they are for, and those of the whole.

    For a measure only what can still be had is told (eligible or undecided); of project, enterprise and loans what
    cannot be had is told too, with the reason, so that nobody asks twice. A measure that is to be confirmed on site
    has none: it buys nothing yet.

    Args:
        diagnosis: whose measures.
        prices: what each measure costs, by its id.
        told: what the enterprise says of itself, its project and its loans; items by rule or kind add to measures.
        as_of: the day of asking.
        reference: facts in force.
    """
    wanted: dict[str, list[str]] = {}
    for row in table("aids.csv"):
        wanted.setdefault(row["measure_kind"], []).append(row["instrument"])
    bought = [one for one in diagnosis.measures if one.kind in wanted]
    extra = {item.key: item for item in told.items}
    items = tuple(_item(one, prices.get(one.id), extra) for one in bought)
    case = replace(told, items=items, tax_payable={}, enterprise=_enterprise(diagnosis, told))
    kinds = {one.id: one.kind for one in bought}
    own: dict[str, list[Aid]] = {one.id: [] for one in bought}
    whole = []
    instruments = rules(reference).instruments
    for answer in support(case, as_of, reference):
        if instruments[answer.instrument].subject != "item":
            whole.append(plainly(answer))
        elif answer.subject in kinds and answer.instrument in wanted[kinds[answer.subject]] and answer.status != OUT:
            own[answer.subject].append(plainly(answer))
    return {key: tuple(found) for key, found in own.items()}, tuple(whole)


def _item(measure: Measure, price: Price | None, extra: Mapping[str, Item]) -> Item:
    """Return what a measure buys as one line of an invoice, its unit price the mean over its machines."""
    facts: dict[str, Given] = {}
    for key in (measure.device_kind or "", measure.rule, measure.id):
        if key in extra:
            facts |= extra[key].facts
    if price is not None and price.machines and price.equipment > 0:
        unit = (Decimal(repr(price.equipment)) / price.machines).quantize(Decimal("0.01"))
        facts["unit_value_yuan"] = Given(unit, price.origin, price.sample)
        facts["quantity"] = Given(Decimal(price.machines), price.origin, price.sample)
    return Item(measure.id, facts)


def _enterprise(diagnosis: Diagnosis, told: Case) -> dict[str, Given]:
    """Add what follows from the division code of the enterprise where nobody said otherwise."""
    facts = dict(told.enterprise)
    code = diagnosis.region or ""
    if "division_code" not in facts and code.isascii() and code.isdigit() and len(code) >= 6:
        for name, text in (("division_code", code), ("province_code", code[:2]), ("city_code", code[:4])):
            facts.setdefault(name, Given(text, "enterprise"))
    return facts


def plainly(answer: Answer) -> Aid:
    """Return an answer of the calculator as it is kept and written.

    Raises:
        ValueError: it was made with a tax payable: such an answer is for the enterprise alone and is never kept.
    """
    if answer.private:
        raise ValueError("an answer made with the tax payable is not kept")
    known = bool(answer.amounts)
    return Aid(
        instrument=answer.instrument,
        zh=answer.title.zh,
        en=answer.title.en,
        subject=answer.subject,
        status=answer.status,
        against=answer.against,
        document=answer.document,
        number_unsure=answer.number_unsure,
        certainty=answer.certainty,
        low=f"{answer.low:.2f}" if known else None,
        high=f"{answer.high:.2f}" if known else None,
        by_year=tuple((str(one.year or ""), f"{one.low:.2f}", f"{one.high:.2f}") for one in answer.amounts),
        no_amount=Words("", answer.no_amount.zh, answer.no_amount.en) if answer.no_amount else None,
        tests=tuple(_tested(one) for one in answer.checks),
        next_zh=answer.next.zh,
        next_en=answer.next.en,
        notes=tuple(Words("", one.zh, one.en) for one in answer.notes),
        until=answer.until.isoformat() if answer.until else None,
        sample=answer.sample,
    )


def _tested(one: Checked) -> Tested:
    return Tested(
        field=one.field,
        zh=one.label.zh,
        en=one.label.en,
        clause=one.clause,
        holds=one.holds,
        certainty=one.certainty,
        origin=one.origin,
        says_zh=one.says.zh if one.says else None,
        says_en=one.says.en if one.says else None,
        proof_zh=one.proof.zh if one.proof else None,
        proof_en=one.proof.en if one.proof else None,
    )
