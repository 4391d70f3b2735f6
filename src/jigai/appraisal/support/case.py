"""A case to be asked about: an enterprise, its project, what it buys and borrows, every fact with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from jigai.appraisal.economics.capital import ORIGINS
from jigai.appraisal.support.money import NOTHING

FactValue = str | Decimal | date | bool
_NONE: Final[Mapping[str, Given]] = MappingProxyType({})
_NO_TAX: Final[Mapping[int, Decimal]] = MappingProxyType({})


@dataclass(frozen=True)
class Given:
    """A fact with where it came from: ``origin`` is one of `ORIGINS` (decision D27), ``sample`` marks 示例."""

    value: FactValue
    origin: str
    sample: bool = False

    def __post_init__(self) -> None:
        if self.origin not in ORIGINS:
            raise ValueError(f"origin {self.origin!r} is none of {', '.join(ORIGINS)}")


Facts = Mapping[str, Given]


@dataclass(frozen=True)
class Item:
    """One thing bought or upgraded, a line of an invoice or a quotation; ``facts`` by names of ``fields.csv``."""

    key: str
    facts: Facts = field(default_factory=lambda: _NONE)

    def number(self, name: str) -> Decimal | None:
        """Return a fact as a number; None while nobody has said."""
        return _number(self.facts, name)

    def day(self, name: str) -> date | None:
        """Return a fact as a day; None while nobody has said."""
        given = self.facts.get(name)
        return given.value if given is not None and isinstance(given.value, date) else None

    @property
    def quantity(self) -> Decimal:
        """How many; one unless said."""
        said = self.number("quantity")
        return Decimal(1) if said is None else said

    @property
    def price(self) -> Decimal | None:
        """Price of all without VAT [yuan]: the most public money the line can get (decision D28)."""
        unit = self.number("unit_value_yuan")
        return None if unit is None else unit * self.quantity

    @property
    def vat(self) -> Decimal:
        """VAT of all [yuan]; nothing while nobody has said."""
        return (self.number("vat_yuan") or NOTHING) * self.quantity


@dataclass(frozen=True)
class Tranche:
    """A part of a loan [yuan]: the day the bank gave it out, and the day its money reached the supplier."""

    amount: Decimal
    drawn_on: date | None = None
    paid_on: date | None = None


@dataclass(frozen=True)
class Repayment:
    """Principal paid back [yuan]; ``tranche`` counts from 0, None takes the oldest tranche first."""

    day: date
    amount: Decimal
    tranche: int | None = None


@dataclass(frozen=True)
class Loan:
    """A loan with its tranches and what is paid back before it matures, done or agreed."""

    key: str
    facts: Facts = field(default_factory=lambda: _NONE)
    tranches: tuple[Tranche, ...] = ()
    repayments: tuple[Repayment, ...] = ()
    origin: str = "enterprise"
    sample: bool = False

    @property
    def matures_on(self) -> date | None:
        """Day of maturity; None while nobody has said."""
        given = self.facts.get("matures_on")
        return given.value if given is not None and isinstance(given.value, date) else None


@dataclass(frozen=True)
class Case:
    """What is known of an enterprise and one project.

    Attributes:
        enterprise: facts of the enterprise.
        project: facts of the project.
        items: what is bought or upgraded.
        loans: what is borrowed for it.
        tax_payable: corporate income tax payable by year [yuan], only as the enterprise enters it itself. It is used
            and forgotten: no answer repeats it, and an answer made with it is `private` to the enterprise.
    """

    enterprise: Facts = field(default_factory=lambda: _NONE)
    project: Facts = field(default_factory=lambda: _NONE)
    items: tuple[Item, ...] = ()
    loans: tuple[Loan, ...] = ()
    tax_payable: Mapping[int, Decimal] = field(default_factory=lambda: _NO_TAX, repr=False)


def _number(facts: Facts, name: str) -> Decimal | None:
    given = facts.get(name)
    return given.value if given is not None and isinstance(given.value, Decimal) else None


def project_number(case: Case, name: str) -> Decimal | None:
    """Return a fact of the project as a number; None while nobody has said."""
    return _number(case.project, name)
