"""Credits against the tax payable of a year, the rest carried forward (TX-01, TX-02)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from jigai.appraisal.support.money import NOTHING


@dataclass(frozen=True, order=True)
class Credit:
    """A credit [yuan] that begins in ``year`` and may still be used ``carry`` years after it; ``key`` says whose."""

    year: int
    carry: int
    key: str
    amount: Decimal = field(compare=False)

    @property
    def last(self) -> int:
        """Last year it can be used in."""
        return self.year + self.carry


@dataclass(frozen=True)
class Used:
    """What becomes of a credit [yuan]: used by year, still open at the end of what is known, or lapsed."""

    by_year: Mapping[int, Decimal]
    open: Decimal
    lapsed: Decimal


def carry_forward(credits: Iterable[Credit], payable: Mapping[int, Decimal]) -> dict[str, Used]:
    """Return what is used of each credit, by its key.

    A year's credits together never exceed its tax payable. Which is taken first is not in the documents held: the one
    that lapses first is, which loses the enterprise the least; of two that lapse together the earlier, then by key.

    Args:
        credits: keys must differ.
        payable: corporate income tax payable by year before the credits [yuan]; a loss year is 0. A year that is not
            there is not known: nothing is used in it, and what could be is still ``open`` unless its time is over and
            every year of it is known.
    """
    claims = sorted(credits, key=lambda one: (one.last, one.year, one.key))
    left = {one.key: one.amount for one in claims}
    if len(left) != len(claims):
        raise ValueError("two credits have the same key")
    used: dict[str, dict[int, Decimal]] = {one.key: {} for one in claims}
    for year in sorted(payable):
        room = max(payable[year], NOTHING)
        for one in claims:
            taken = min(left[one.key], room) if one.year <= year <= one.last else NOTHING
            if taken > 0:
                used[one.key][year] = taken
                left[one.key] -= taken
                room -= taken
    return {one.key: _rest(one, used[one.key], left[one.key], payable) for one in claims}


def _rest(one: Credit, used: dict[int, Decimal], left: Decimal, payable: Mapping[int, Decimal]) -> Used:
    unknown = any(year not in payable for year in range(one.year, one.last + 1))
    return Used(used, left if unknown else NOTHING, NOTHING if unknown else left)
