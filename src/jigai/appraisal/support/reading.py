"""A case as somebody writes it down, read with every mistake told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jigai.appraisal.economics.capital import ORIGINS
from jigai.appraisal.support.case import Case, Facts, FactValue, Given, Item, Loan, Repayment, Tranche
from jigai.appraisal.support.instruments import Field
from jigai.appraisal.support.money import fen
from jigai.appraisal.support.rules import Rules
from jigai.appraisal.support.words import Said, said

_HEAD: Final = ("enterprise", "project", "items", "loans", "tax_payable")
_MOST: Final = Decimal(10) ** 13
"""Amounts above ten trillion yuan are a slip of the pen."""


class CaseError(ValueError):
    """A case that cannot be read: ``problems`` tells each mistake, where it is and how to mend it."""

    def __init__(self, problems: list[Said]) -> None:
        super().__init__("\n".join(one.zh for one in problems))
        self.problems = problems


def read_case(content: Mapping[str, Any], rules: Rules) -> Case:
    """Return the case written in ``content``.

    ``enterprise`` and ``project`` are facts by name, ``items`` and ``loans`` lists of facts with a ``key``; a loan also
    has ``tranches`` (amount, drawn_on, paid_on) and ``repayments`` (day, amount, tranche counted from 1);
    ``tax_payable`` is an amount by year. ``origin`` and ``sample`` of a block hold for its facts; a fact written as
    ``{value, origin, sample}`` has its own, and of a list of them the surest origin is taken (D27), 示例 last. The
    names are those of ``fields.csv``; province and city follow from ``division_code``. Amounts are yuan, without VAT
    where the field says so; days are ISO days.

    Raises `CaseError` with all mistakes.
    """
    return _Reader(rules).case(content)


class _Reader:
    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.problems: list[Said] = []

    def case(self, content: Mapping[str, Any]) -> Case:
        for name in content:
            if name not in _HEAD:
                self.wrong("case_block", place=name, names="、".join(_HEAD))
        read = Case(
            enterprise=self.region(self.facts(content.get("enterprise", {}), "enterprise", "enterprise")),
            project=self.facts(content.get("project", {}), "project", "project"),
            items=tuple(Item(key, facts) for key, facts, _ in self.several(content, "item")),
            loans=tuple(self.loan(key, facts, block) for key, facts, block in self.several(content, "loan")),
            tax_payable=dict(self.payable(content.get("tax_payable") or {})),
        )
        if self.problems:
            raise CaseError(self.problems)
        return read

    def wrong(self, key: str, /, **values: object) -> None:
        self.problems.append(said(key, **values))

    def blocks(self, content: Mapping[str, Any], name: str, place: str) -> list[Mapping[str, Any]]:
        """Return the blocks of a list; what is no list of blocks is a mistake."""
        found = content.get(name) or []
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            self.wrong("case_list", place=place)
            return []
        return found

    def several(self, content: Mapping[str, Any], subject: str) -> Iterator[tuple[str, Facts, Mapping[str, Any]]]:
        seen: set[str] = set()
        for number, block in enumerate(self.blocks(content, f"{subject}s", f"{subject}s"), 1):
            place = f"{subject}s {number}"
            key = str(block.get("key", ""))
            if not key or key in seen:
                self.wrong("case_key", place=place, name=key)
            seen.add(key)
            structure = {"key", "tranches", "repayments"}
            facts = {name: value for name, value in block.items() if name not in structure}
            yield key, self.facts(facts, subject, place), block

    def facts(self, written_block: object, subject: str, place: str) -> dict[str, Given]:
        block = {} if written_block is None else written_block
        if not isinstance(block, Mapping):
            self.wrong("case_facts", place=place)
            return {}
        origin, sample = block.get("origin", "enterprise"), bool(block.get("sample", False))
        found = {}
        for name, written in block.items():
            if name in ("origin", "sample") or written is None:
                continue
            field = self.rules.fields.get(name)
            if field is None or field.subject != subject:
                names = "、".join(one.name for one in self.rules.fields.values() if one.subject == subject)
                self.wrong("case_field", place=place, name=name, names=names)
                continue
            several = written if isinstance(written, list) else [written]
            said_by = [self.given(one, field, str(origin), sample, place) for one in several]
            known = [one for one in said_by if one is not None]
            if known:
                found[name] = min(known, key=lambda one: (one.sample, ORIGINS.index(one.origin)))
        return found

    def given(self, written: object, field: Field, origin: str, sample: bool, place: str) -> Given | None:
        own = written if isinstance(written, Mapping) else {"value": written}
        value, source = self.value(own.get("value"), field, place), str(own.get("origin", origin))
        if source not in ORIGINS:
            self.wrong("case_origin", place=place, name=field.name, origin=source, names="、".join(ORIGINS))
            return None
        return None if value is None else Given(value, source, bool(own.get("sample", sample)))

    def value(self, written: object, field: Field, place: str) -> FactValue | None:
        value = _typed(written, field.type)
        if value is None:
            wanted = said(f"case_{field.type}")
        elif field.choices and value not in field.choices:
            wanted = Said(*["、".join(field.choices)] * 2)
        elif isinstance(value, Decimal) and not (field.least or 0) <= value <= (field.most or _MOST):
            wanted = said("case_between", least=field.least or 0, most=field.most or _MOST)
        else:
            return value
        self.wrong("case_value", place=place, name=field.name, value=written, wanted=wanted)
        return None

    def region(self, facts: dict[str, Given]) -> dict[str, Given]:
        """Add province and city, the first two and four digits of the division code."""
        for name in ("province_code", "city_code"):
            if name in facts:
                self.wrong("case_region", place="enterprise", name=name)
        code = facts.get("division_code")
        if code is None:
            return facts
        text = str(code.value)
        if not (text.isascii() and text.isdigit() and len(text) in (6, 9, 12)):
            self.wrong("case_value", place="enterprise", name="division_code", value=text, wanted=said("case_code"))
            return facts
        parts = {"province_code": text[:2], "city_code": text[:4]}
        return {**facts, **{name: Given(part, code.origin, code.sample) for name, part in parts.items()}}

    def loan(self, key: str, facts: Facts, block: Mapping[str, Any]) -> Loan:
        place = f"loan {key}"
        tranches = []
        for one in self.blocks(block, "tranches", f"{place} tranches"):
            drawn, paid = self.day(one, "drawn_on", place), self.day(one, "paid_on", place)
            if drawn is not None and paid is not None and paid < drawn:
                self.wrong("case_paid_before_drawn", place=place, drawn=drawn, paid=paid)
            tranches.append(Tranche(self.amount(one.get("amount"), f"{place} tranches"), drawn, paid))
        repayments = []
        for one in self.blocks(block, "repayments", f"{place} repayments"):
            day, number = self.day(one, "day", place), one.get("tranche")
            if day is None or not (number is None or (isinstance(number, int) and 1 <= number <= len(tranches))):
                self.wrong("case_repayment", place=place, tranches=len(tranches))
                continue
            amount = self.amount(one.get("amount"), f"{place} repayments")
            repayments.append(Repayment(day, amount, None if number is None else number - 1))
        if sum(one.amount for one in repayments) > sum(one.amount for one in tranches):
            self.wrong("case_repaid_too_much", place=place)
        origin, sample = str(block.get("origin", "enterprise")), bool(block.get("sample", False))
        if origin not in ORIGINS:
            self.wrong("case_origin", place=place, name="tranches", origin=origin, names="、".join(ORIGINS))
        return Loan(key, facts, tuple(tranches), tuple(repayments), origin, sample)

    def day(self, block: Mapping[str, Any], name: str, place: str) -> date | None:
        written = block.get(name)
        if written is None:
            return None
        found = _typed(written, "date")
        if found is None:
            self.wrong("case_value", place=place, name=name, value=written, wanted=said("case_date"))
        return found if isinstance(found, date) else None

    def amount(self, written: object, place: str) -> Decimal:
        found = _typed(written, "number")
        if not isinstance(found, Decimal) or found <= 0:
            self.wrong("case_value", place=place, name="amount", value=written, wanted=said("case_number"))
            return Decimal(0)
        return found

    def payable(self, block: object) -> Iterator[tuple[int, Decimal]]:
        if not isinstance(block, Mapping):
            self.wrong("case_facts", place="tax_payable")
            return
        for year, written in block.items():
            amount = _typed(written, "number")
            if not isinstance(year, int) or not 1990 <= year <= 2100 or not isinstance(amount, Decimal):
                self.wrong("case_payable", place="tax_payable", year=year)
            else:
                yield year, fen(amount, "down")


def _typed(written: object, kind: str) -> FactValue | None:
    """Return what is written as text, number, flag or date; None where it is no such thing."""
    if kind == "flag":
        return written if isinstance(written, bool) else None
    if kind == "date":
        if isinstance(written, date) and not isinstance(written, datetime):
            return written
        try:
            return date.fromisoformat(written) if isinstance(written, str) else None
        except ValueError:
            return None
    if kind == "number":
        return _number(written)
    return str(written) if isinstance(written, str | int) and not isinstance(written, bool) and str(written) else None


def _number(written: object) -> Decimal | None:
    """Return a finite number that is not below zero; a slip of many digits is none."""
    if isinstance(written, bool) or not isinstance(written, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(written))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= _MOST else None
