"""What every method shares: the checks of one instrument for one thing, and the answer they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jigai.appraisal.economics.capital import ORIGINS
from jigai.appraisal.support.answers import Answer, Checked, Status, YearAmount, settled
from jigai.appraisal.support.case import Case, Facts, Item, Loan
from jigai.appraisal.support.entry import checked
from jigai.appraisal.support.instruments import Instrument, Parameter
from jigai.appraisal.support.money import NOTHING, written
from jigai.appraisal.support.rules import Rules
from jigai.appraisal.support.windows import closes, window
from jigai.appraisal.support.words import TAX_NOTE, Said, said

Thing = Item | Loan | None


@dataclass(frozen=True)
class Asked:
    """One instrument asked about one thing on one day; ``thing`` is None for the project and the enterprise.

    ``facts`` are all that bear on it.
    """

    case: Case
    instrument: Instrument
    rules: Rules
    facts: Facts
    as_of: date
    thing: Thing = None

    @property
    def item(self) -> Item:
        """The item asked about; one of which nothing is known for an instrument that is for something else."""
        return self.thing if isinstance(self.thing, Item) else Item("")

    @property
    def loan(self) -> Loan:
        """The loan asked about; one of which nothing is known for an instrument that is for something else."""
        return self.thing if isinstance(self.thing, Loan) else Loan("")

    def answer(
        self,
        more: Sequence[Checked] = (),
        days: Sequence[date] = (),
        notes: Sequence[Said] = (),
        no_amount: Said | None = None,
    ) -> Answer:
        """Return the answer without amounts.

        Args:
            more: checks of the method's own, beside entry tests, window and what is not held.
            days: days of the case that count for the window, see ``window``.
            notes: what must stand beside the answer; on tax 仅供参考 comes first by itself.
            no_amount: why there is no amount.
        """
        one = self.instrument
        tests = [checked(test, self.facts, self.rules) for test in one.tests]
        checks = (*tests, *more, *window(one, days, self.as_of), *self._not_held())
        status, against = settled(checks)
        own = self.thing.facts if self.thing else {}
        sample = self.loan.sample or any(check.sample for check in checks) or any(fact.sample for fact in own.values())
        every = [*([TAX_NOTE] if one.tax else []), *notes, *([said("sample")] if sample else [])]
        return Answer(
            instrument=one.id,
            title=Said(one.title_zh, one.title_en),
            subject=self.thing.key if self.thing else "",
            status=status,
            against=against,
            document=one.document,
            number_unsure=one.number_certainty not in (None, "transcribed"),
            certainty=one.certainty,
            checks=checks,
            next=Said(one.next_zh, one.next_en),
            no_amount=None if status == "not" else no_amount,
            until=closes(one),
            notes=tuple(every),
            doubts=self._doubts(),
            together=self._together(),
            origins=self._origins(checks),
            sample=sample,
        )

    def _not_held(self) -> list[Checked]:
        """Return a check without outcome for every rule of the instrument that is known of and not held."""
        found = []
        for one in self.instrument.parameters:
            if one.value is None and one.unit == "word" and not one.alternatives:
                label = said(one.name)
                missing = said("not_held", what=one.doubt, name=label)
                found.append(Checked(one.name, label, one.source, None, None, says=missing, doubt=one.doubt))
        return found

    def _origins(self, checks: Sequence[Checked]) -> tuple[str, ...]:
        own = self.thing.facts.values() if self.thing else ()
        found = {check.origin for check in checks} | {fact.origin for fact in own}
        if self.loan.tranches:
            found.add(self.loan.origin)
        return tuple(origin for origin in ORIGINS if origin in found)

    def _doubts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.doubt for one in self.instrument.parameters if one.doubt))

    def _together(self) -> tuple[tuple[str, str], ...]:
        mine = self.instrument.id
        pairs = [(pair - {mine}, one.relation) for pair, one in self.rules.relations.items() if mine in pair]
        return tuple(sorted((next(iter(other)), relation) for other, relation in pairs))


def why_no_amount(instrument: Instrument) -> Said:
    """Return why an instrument gives no amount, a sentence named by its row and filled with its parameters."""
    return said(instrument.why_no_amount, **{one.name: shown(one) for one in instrument.parameters})


def shown(parameter: Parameter) -> str:
    """Return a parameter as people read it: 1.75%, 3,000 万元, a day or a word; a dash where it is not held."""
    value = parameter.value
    if not isinstance(value, Decimal):
        return "—" if value is None else str(value)
    return written(value) if parameter.unit == "yuan" else f"{value.normalize():f}{parameter.unit}"


def amounts(status: Status, by_year: Sequence[tuple[int | None, Decimal, Decimal]]) -> tuple[YearAmount, ...]:
    """Return amounts by year: none of what cannot be had, nothing at least of what is undecided, and no empty years."""
    if status == "not":
        return ()
    found = [YearAmount(year, low if status == "eligible" else NOTHING, high) for year, low, high in by_year]
    return tuple(one for one in found if one.high > 0)
