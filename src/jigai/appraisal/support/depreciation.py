"""Pre-tax deductions by year: at once, over a shortened life, or faster at first (TX-03, TX-04).

They move tax to later years and are no public money. The percentage of life and the cap are parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Final

from jigai.appraisal.support.money import NOTHING, fen, share


def at_once(cost: Decimal) -> tuple[Decimal, ...]:
    """Return the whole cost [yuan] in the first year."""
    return (fen(cost),)


def straight_line(cost: Decimal, salvage: Decimal, years: int) -> tuple[Decimal, ...]:
    """Return (cost − salvage) / years for each year [yuan]; the last year takes what rounding left."""
    return _whole(cost - salvage, [(cost - salvage) / years] * years)


def double_declining(cost: Decimal, salvage: Decimal, years: int) -> tuple[Decimal, ...]:
    """Return deductions by the double-declining balance [yuan].

    2 / years of what is left each year, salvage not taken off; in the last two years what is left above the salvage is
    spread evenly. Never below the salvage value.
    """
    left, found = cost, []
    for _ in range(max(years - 2, 0)):
        part = min(left * 2 / years, max(left - salvage, NOTHING))
        found.append(part)
        left -= part
    rest = min(years, 2)
    return _whole(cost - salvage, [*found, *[(left - salvage) / rest] * rest])


def sum_of_years(cost: Decimal, salvage: Decimal, years: int) -> tuple[Decimal, ...]:
    """Return deductions by the sum of the years' digits [yuan]: (cost − salvage) · years left / (1 + … + years)."""
    digits = years * (years + 1) // 2
    return _whole(cost - salvage, [(cost - salvage) * (years - past) / digits for past in range(years)])


def shortened(years: Decimal, percent: Decimal) -> int:
    """Return the life cut to ``percent`` [%], whole years, up: it may be cut *to* that share, not below it."""
    return int(share(years, percent).to_integral_value(ROUND_CEILING))


METHODS: Final[Mapping[str, Callable[[Decimal, Decimal, int], tuple[Decimal, ...]]]] = {
    "缩短年限": straight_line,
    "双倍余额递减": double_declining,
    "年数总和": sum_of_years,
}
"""Methods by the words of the field ``depreciation_method``; the first also takes the shortened life."""


def _whole(total: Decimal, parts: list[Decimal]) -> tuple[Decimal, ...]:
    """Return the parts to the fen so that they add up to ``total``."""
    rounded = [fen(part) for part in parts[:-1]]
    return (*rounded, fen(total) - sum(rounded, NOTHING))
