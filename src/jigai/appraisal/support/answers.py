"""An answer to "can we get this?": status, rule, what is missing, how much and when, what to bring next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from jigai.appraisal.support.instruments import FIRM
from jigai.appraisal.support.money import NOTHING
from jigai.appraisal.support.words import Said

Status = Literal["eligible", "undecided", "not"]
_CERTAINTIES: Final = ("transcribed", "secondary", "recalled", "doubtful")


@dataclass(frozen=True)
class Checked:
    """One thing asked, with its outcome: ``holds`` is None where a fact or a rule is missing.

    Attributes:
        field: the fact asked for (``fields.csv``), or ``window``, ``catalogue`` and the like.
        label: what is asked.
        clause: what the document says, in Chinese.
        holds: true, false, or None where it cannot be told.
        certainty: of the rule; None where the rule itself is not held.
        origin: where the fact came from (decision D27); None where there is none.
        says: what has to be brought or confirmed, or why it is not met; None where it is met for sure.
        proof: the document that proves the fact; None where none is needed.
        doubt: what is unsure about the rule, in Chinese.
    """

    field: str
    label: Said
    clause: str
    holds: bool | None
    certainty: str | None
    origin: str | None = None
    sample: bool = False
    says: Said | None = None
    proof: Said | None = None
    doubt: str | None = None

    @property
    def firm(self) -> bool:
        """Tell whether it settles something: an outcome, by a rule that was read and not recalled."""
        return self.holds is not None and self.certainty in FIRM


@dataclass(frozen=True)
class YearAmount:
    """Money of one year [yuan], between ``low`` and ``high``; ``year`` None where the year is not known."""

    year: int | None
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Answer:
    """What one instrument means for one thing.

    Attributes:
        instrument: its id; ``title`` its name.
        subject: key of the item or loan, empty for project and enterprise.
        status: ``eligible`` by the rules read and the facts given, ``not``, or ``undecided``. The competent body
            decides (D26), on tax the enterprise itself.
        against: undecided, but by what is recalled or doubtful it would rather fail.
        document: the document with its number, ``number_unsure`` where that is to be shown 文号待核 (D3).
        certainty: how surely the content of the document is known.
        checks: everything asked, field by field.
        amounts: by year; of an undecided answer ``low`` is zero. Empty where none can be told: ``no_amount`` says why.
        draft: pre-tax deductions by year, by recalled rules: never public money, never summed, shown as unconfirmed.
        next: what to bring next.
        until: last day it is open; None where none is known.
        notes: what must stand beside it (tax: 仅供参考), and how the amount is to be read.
        doubts: what is unsure about the instrument's figures, in Chinese.
        together: how it goes with other instruments: id and relation of the matrix.
        origins: where the facts it rests on came from, the surest first (D27).
        private: made with the tax payable the enterprise entered: shown to it alone, and never kept elsewhere.
        sample: rests on a sample assumption (示例): watermarked 测算示例, enters no list (D27).
    """

    instrument: str
    title: Said
    subject: str
    status: Status
    against: bool
    document: str
    number_unsure: bool
    certainty: str
    checks: tuple[Checked, ...]
    next: Said
    amounts: tuple[YearAmount, ...] = ()
    draft: tuple[YearAmount, ...] = ()
    no_amount: Said | None = None
    until: date | None = None
    notes: tuple[Said, ...] = ()
    doubts: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    origins: tuple[str, ...] = ()
    private: bool = False
    sample: bool = False

    @property
    def missing(self) -> tuple[Said, ...]:
        """What is to be brought or confirmed before all is told."""
        return tuple(one.says for one in self.checks if one.says is not None and not one.firm)

    @property
    def failed(self) -> tuple[Said, ...]:
        """What is not met, by rules that were read."""
        return tuple(one.says for one in self.checks if one.says is not None and one.firm and not one.holds)

    @property
    def proofs(self) -> tuple[Said, ...]:
        """Documents that prove what was stated, each once."""
        return tuple(dict.fromkeys(one.proof for one in self.checks if one.proof is not None and one.holds is not None))

    @property
    def low(self) -> Decimal:
        """The least that can be told of all years [yuan]."""
        return sum((one.low for one in self.amounts), NOTHING)

    @property
    def high(self) -> Decimal:
        """The most that can be told of all years [yuan]."""
        return sum((one.high for one in self.amounts), NOTHING)


def settled(checks: tuple[Checked, ...]) -> tuple[Status, bool]:
    """Return status and whether an undecided one would rather fail.

    One firm no is enough; a yes takes all firm. What is recalled or doubtful settles nothing, neither way.
    """
    if any(one.firm and one.holds is False for one in checks):
        return "not", False
    against = any(one.holds is False for one in checks)
    if checks and all(one.firm and one.holds for one in checks):
        return "eligible", False
    return "undecided", against


def by_what_is_sure(answer: Answer) -> tuple[object, ...]:
    """Return the place of an answer in the list: sure ones first, then the surest sum, then the best hope."""
    ranks = ("eligible", "undecided", "not")
    certainty = _CERTAINTIES.index(answer.certainty) if answer.certainty in _CERTAINTIES else len(_CERTAINTIES)
    return (
        ranks.index(answer.status),
        answer.against,
        certainty,
        -answer.low,
        len(answer.missing),
        -answer.high,
        answer.instrument,
        answer.subject,
    )
