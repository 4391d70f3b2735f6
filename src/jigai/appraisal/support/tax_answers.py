"""Answers on tax: credits before the tax payable limits them, and drafts of deductions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from jigai.appraisal.support.answers import Answer, YearAmount
from jigai.appraisal.support.asking import Asked, amounts
from jigai.appraisal.support.carry_forward import Credit, Used, carry_forward
from jigai.appraisal.support.case import Case, Item
from jigai.appraisal.support.credits import Base, first_year, purchase_base, upgrade_base
from jigai.appraisal.support.depreciation import METHODS, at_once, shortened
from jigai.appraisal.support.entry import fact_asked
from jigai.appraisal.support.instruments import Instrument
from jigai.appraisal.support.money import NOTHING, share, written
from jigai.appraisal.support.rules import Rules
from jigai.appraisal.support.words import Said, said

BaseOf = Callable[[Instrument, Item, date], Base | None]
Drafted = tuple[tuple[YearAmount, ...], Said | None]


def credit(asked: Asked) -> Answer:
    """Answer for TX-01: 10 % of the investment; whether the device is in the catalogue cannot be told."""
    return _credit(asked, ("in_use_on",), purchase_base)


def upgrade_credit(asked: Asked) -> Answer:
    """Answer for TX-02: 10 % of the spending on the upgrade, at most half the original tax basis of the equipment."""
    made = _credit(asked, ("tax_basis_yuan", "excluded_costs_yuan"), upgrade_base)
    # a plain purchase must not take up tax payable that other credits could use
    known = "digital_upgrade" in asked.facts
    return made if known or not made.amounts else replace(made, amounts=(), no_amount=said("upgrade_unknown"))


def _credit(asked: Asked, needed: tuple[str, ...], base_of: BaseOf) -> Answer:
    item = asked.item
    day = first_year(item, asked.as_of)
    base = base_of(asked.instrument, item, day)
    more = [fact_asked(name, asked.facts, asked.rules.fields[name]) for name in ("unit_value_yuan", *needed)]
    made = asked.answer(more, _bought(item), no_amount=said("price_unknown") if base is None else None)
    if base is None:
        return made
    low, high = base.credit(asked.instrument.asked("rate", day).number)
    return replace(made, amounts=amounts(made.status, [(day.year, low, high)]))


def within_tax_payable(answers: list[Answer], case: Case, rules: Rules) -> list[Answer]:
    """Return the answers with every credit limited to the tax payable, all credits of the enterprise together.

    Without a tax payable no credit is spread over years: it stands in its first year with nothing as the low end. With
    one, what is used stands in the year it is used in; the answers are private, and the tax payable is not in them.
    """
    claims = [one for one in answers if one.amounts and rules.instruments[one.instrument].method.endswith("credit")]
    keys = {_key(one) for one in claims}
    if not case.tax_payable:
        return [_unlimited(one, rules) if _key(one) in keys else one for one in answers]
    least = carry_forward(_claims(claims, rules, "low"), case.tax_payable)
    most = carry_forward(_claims(claims, rules, "high"), case.tax_payable)
    return [_limited(one, least, most, rules) if _key(one) in keys else one for one in answers]


def _carry(answer: Answer, rules: Rules) -> int:
    return int(rules.instruments[answer.instrument].asked("carry_forward").number)


def _key(answer: Answer) -> str:
    return f"{answer.subject} {answer.instrument}"


def _claims(claims: list[Answer], rules: Rules, end: str) -> list[Credit]:
    return [Credit(one.amounts[0].year or 0, _carry(one, rules), _key(one), getattr(one, end)) for one in claims]


def _unlimited(one: Answer, rules: Rules) -> Answer:
    note = said("tax_payable_unknown", years=_carry(one, rules))
    return replace(one, amounts=tuple(replace(year, low=NOTHING) for year in one.amounts), notes=(*one.notes, note))


def _limited(one: Answer, least: dict[str, Used], most: dict[str, Used], rules: Rules) -> Answer:
    low, high = least[_key(one)], most[_key(one)]
    # what others may also claim can leave less than the least by itself
    found = [YearAmount(y, min(low.by_year.get(y, NOTHING), most_), most_) for y, most_ in high.by_year.items()]
    last = (one.amounts[0].year or 0) + _carry(one, rules)
    notes = [said(key, amount=written(amount), last=last) for key, amount in
             (("credit_open", high.open), ("credit_lapsed", high.lapsed)) if amount > 0]  # fmt: skip
    return replace(one, amounts=tuple(found), notes=(*one.notes, *notes), private=True)


def single_deduction(asked: Asked) -> Answer:
    """Answer for TX-03: the whole cost in the year, by a rule only recalled: a draft and no amount."""
    item = asked.item
    day = first_year(item, asked.as_of)
    made = _no_amount(asked, _bought(item))
    if item.price is None or made.status == "not":
        return made
    percent = asked.instrument.asked("rate", day).number
    parts = at_once(share(item.price, percent))
    return replace(made, draft=_years(day.year, parts))


def accelerated(asked: Asked) -> Answer:
    """Answer for TX-04: the deductions of the chosen method, by a rule only recalled: a draft and no amount."""
    made = _no_amount(asked, [])
    draft, asks = _accelerated(asked)
    if made.status == "not":
        return made
    return replace(made, draft=draft, notes=(*made.notes, *([asks] if asks else [])))


def _no_amount(asked: Asked, days: list[date]) -> Answer:
    return asked.answer((), days, (said("deduction_only"),), said("recalled_no_amount"))


def _bought(item: Item) -> list[date]:
    day = item.day("bought_on")
    return [day] if day is not None else []


def _accelerated(asked: Asked) -> Drafted:
    """Return the deductions by year, or what is missing for them."""
    item = asked.item
    for name in ("unit_value_yuan", "tax_life_years", "salvage_share_pct", "depreciation_method"):
        if name not in asked.facts:
            field = asked.rules.fields[name]
            return (), said("draft_asks", label=Said(field.zh, field.en))
    cost, life, salvage = (item.price, item.number("tax_life_years"), item.number("salvage_share_pct"))
    method = str(asked.facts["depreciation_method"].value)
    if cost is None or life is None or salvage is None:
        return (), None
    day = first_year(item, asked.as_of)
    years = int(life)
    if method == "缩短年限":
        years = shortened(life, asked.instrument.asked("life_share", day).number)
    return _years(day.year, METHODS[method](cost, share(cost, salvage), years)), None


def _years(first: int, parts: tuple[Decimal, ...]) -> tuple[YearAmount, ...]:
    return tuple(YearAmount(first + number, part, part) for number, part in enumerate(parts))
