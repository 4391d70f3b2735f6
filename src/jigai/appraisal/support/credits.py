"""The base and the amount of the special-equipment credits, before the tax payable limits them (TX-01, TX-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jigai.appraisal.support.case import Item
from jigai.appraisal.support.instruments import Instrument
from jigai.appraisal.support.money import NOTHING, fen, share


@dataclass(frozen=True)
class Base:
    """What a credit is counted on [yuan]: ``low`` and ``high`` differ where a rule is not confirmed."""

    low: Decimal
    high: Decimal

    def credit(self, percent: Decimal) -> tuple[Decimal, Decimal]:
        """Return ``percent`` [%] of the base, low and high [yuan], to the fen."""
        return fen(share(self.low, percent)), fen(share(self.high, percent))


def purchase_base(instrument: Instrument, item: Item, year: date) -> Base | None:
    """Return the investment that counts for TX-01; None while the price is not known.

    Price without VAT, plus VAT unless it can be deducted, less what fiscal grants paid. That deductible VAT and grants
    do not count is recalled: until it is confirmed the high end counts them as if they did; the low end never.
    """
    price = item.price
    if price is None:
        return None
    grants = item.number("grants_yuan") or NOTHING
    deductible = item.facts.get("vat_deductible")
    vat_counts = deductible is not None and deductible.value is False
    low = price - grants + (item.vat if vat_counts else NOTHING)
    without_grants = _confirmed(instrument, "base_without_grants", year)
    without_vat = _confirmed(instrument, "base_without_deductible_vat", year)
    vat_may_count = vat_counts or deductible is None or not without_vat
    high = price + (item.vat if vat_may_count else NOTHING) - (grants if without_grants else NOTHING)
    return Base(max(low, NOTHING), max(high, NOTHING))


def upgrade_base(instrument: Instrument, item: Item, year: date) -> Base | None:
    """Return the spending that counts for TX-02; None while the price is not known.

    Price without refunded VAT, transport, installation and commissioning, at most ``base_cap`` [%] of the original tax
    basis of the equipment. While that basis is not known the low end is nothing and the high end has no cap.
    """
    if item.price is None:
        return None
    left_out = (item.number("excluded_costs_yuan") or NOTHING) + (item.number("refunded_vat_yuan") or NOTHING)
    spending = max(item.price - left_out, NOTHING)
    basis = item.number("tax_basis_yuan")
    if basis is None:
        return Base(NOTHING, spending)
    counted = min(spending, share(basis, instrument.asked("base_cap", year).number))
    known = item.number("excluded_costs_yuan") is not None
    return Base(counted if known else NOTHING, counted)


def first_year(item: Item, as_of: date) -> date:
    """Return the day a credit counts from: bought *and* in use, so the later of the two; else the day of asking."""
    days = [day for day in (item.day("bought_on"), item.day("in_use_on")) if day is not None]
    return max(days) if len(days) == 2 else max([*days, as_of])


def _confirmed(instrument: Instrument, name: str, day: date) -> bool:
    found = instrument.parameter(name, day)
    return found is not None and found.firm and found.value is True
