"""Which instruments may go together on one expenditure, and how much public money it can get (decision D28)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jigai.appraisal.support.instruments import FIRM, Relation
from jigai.appraisal.support.money import NOTHING, fen, share, written
from jigai.appraisal.support.rules import Rules
from jigai.appraisal.support.words import TAX_NOTE, Said, said


@dataclass(frozen=True)
class Claim:
    """Money of one instrument for the expenditure [yuan]; against what is ``granted`` only what else is granted speaks.

    ``key`` tells two claims of the same instrument apart: the number of an application, a line.
    """

    instrument: str
    amount: Decimal
    granted: bool = False
    key: str = ""


@dataclass(frozen=True)
class Decision:
    """A recorded decision that two instruments may go together: its number, its day, and who decided."""

    one: str
    other: str
    number: str
    day: date
    by: str


@dataclass(frozen=True)
class Ruling:
    """What becomes of one claim: ``why`` is every reason it is refused for, empty where it is allowed."""

    claim: Claim
    why: tuple[Said, ...]

    @property
    def allowed(self) -> bool:
        """Tell whether nothing speaks against it."""
        return not self.why


@dataclass(frozen=True)
class Stack:
    """The claims on one expenditure.

    Attributes:
        rulings: in the order of the claims.
        total: public money of the claims allowed [yuan].
        room: what the expenditure can still get [yuan]; zero where it is over.
        notes: 仅供参考 where tax is among the claims, and the decisions that were used.
    """

    rulings: tuple[Ruling, ...]
    total: Decimal
    room: Decimal
    notes: tuple[Said, ...]


def stack(
    claims: Sequence[Claim], price: Decimal, rules: Rules, decisions: Iterable[Decision] = (), as_of: date | None = None
) -> Stack:
    """Return which claims on one expenditure are allowed, and why the others are not.

    Nothing depends on the order of the claims: of two that do not go together neither is picked, both are refused until
    one is withdrawn; only what is already granted stands. The rules, all of decision D28:

    - the same expenditure twice under one instrument is refused;
    - so are two instruments that exclude each other;
    - a pair that is not listed, is known from memory only, or depends on which comes first needs a recorded decision;
    - ``adds_to_cap``: the first instrument counts on the price less what the second gives, so its claim is at most its
      rate of that;
    - all public money together is at most the price without VAT; above it no claim that is not yet granted is allowed.

    Args:
        claims: of this expenditure alone.
        price: of the expenditure without VAT [yuan], from the invoice.
        rules: see ``rules``.
        decisions: recorded ones; a decision after ``as_of`` does not count yet.
        as_of: the day of asking; None counts all decisions.

    Raises `ValueError` for an instrument that is not held and for amounts below zero.
    """
    unknown = sorted({one.instrument for one in claims} - set(rules.instruments))
    if unknown or price < 0 or any(one.amount < 0 for one in claims):
        raise ValueError(f"no instrument {', '.join(unknown)}" if unknown else "amounts are not below zero")
    recorded = {frozenset((one.one, one.other)): one for one in decisions if as_of is None or one.day <= as_of}
    why: list[list[Said]] = [[] for _ in claims]
    used: dict[frozenset[str], Decision] = {}
    for place, mine in enumerate(claims):
        for other in (one for at, one in enumerate(claims) if at != place):
            reason = _against(mine, other, rules, recorded, used)
            if reason is not None and (other.granted or not mine.granted) and reason not in why[place]:
                why[place].append(reason)
    _cap(claims, why, price, rules)
    _limit(claims, why, price, rules)
    rulings = tuple(Ruling(one, tuple(sorted(reasons))) for one, reasons in zip(claims, why, strict=True))
    total = sum((one.claim.amount for one in rulings if one.allowed and _public(one.claim, rules)), NOTHING)
    notes = [TAX_NOTE] if any(rules.instruments[one.instrument].tax for one in claims) else []
    notes += sorted(said("stack_decided", number=one.number, day=one.day, by=one.by) for one in used.values())
    return Stack(rulings, total, max(price - total, NOTHING), tuple(notes))


def _public(claim: Claim, rules: Rules) -> bool:
    return rules.instruments[claim.instrument].public_money


def _title(name: str, rules: Rules) -> Said:
    one = rules.instruments[name]
    return Said(one.title_zh, one.title_en)


def _against(
    mine: Claim,
    other: Claim,
    rules: Rules,
    recorded: dict[frozenset[str], Decision],
    used: dict[frozenset[str], Decision],
) -> Said | None:
    """Return what keeps a claim from going together with another; None where nothing does."""
    title = _title(other.instrument, rules)
    if mine.instrument == other.instrument:
        return said("stack_twice", title=title)
    found = rules.relation(mine.instrument, other.instrument)
    if found is not None and found.relation == "excludes":
        return said("stack_excludes", title=title, source=found.source, sure=_sure(found))
    if found is not None and found.certainty in FIRM and found.any_order:
        return None
    pair = frozenset((mine.instrument, other.instrument))
    if pair in recorded:
        used[pair] = recorded[pair]
        return None
    if found is None:
        return said("stack_unlisted", title=title)
    key = "stack_recalled" if found.certainty not in FIRM else "stack_order"
    return said(key, title=title, source=found.source)


def _sure(found: Relation) -> Said:
    return Said("", "") if found.certainty in FIRM else said("stack_to_confirm")


def _cap(claims: Sequence[Claim], why: list[list[Said]], price: Decimal, rules: Rules) -> None:
    """Refuse what is more than its rate of the price less the grants that stand."""
    standing = [one for place, one in enumerate(claims) if not why[place]]
    for place, mine in enumerate(claims):
        taken = [one for one in standing if one is not mine and _capped(mine, one, rules)]
        if taken and not mine.granted:
            left = max(price - sum((one.amount for one in taken), NOTHING), NOTHING)
            most = fen(share(left, rules.instruments[mine.instrument].asked("rate").number))
            if mine.amount > most:
                why[place].append(said("stack_over_cap", most=written(most), left=written(left)))


def _capped(mine: Claim, other: Claim, rules: Rules) -> bool:
    found = rules.relation(mine.instrument, other.instrument)
    return found is not None and found.relation == "adds_to_cap" and found.one == mine.instrument


def _limit(claims: Sequence[Claim], why: list[list[Said]], price: Decimal, rules: Rules) -> None:
    """Refuse what is not granted yet where all together would be more than the price."""
    standing = [place for place, one in enumerate(claims) if not why[place] and _public(one, rules)]
    total = sum((claims[place].amount for place in standing), NOTHING)
    if total > price:
        over = said("stack_over_price", total=written(total), price=written(price), excess=written(total - price))
        for place in standing:
            if not claims[place].granted:
                why[place].append(over)
