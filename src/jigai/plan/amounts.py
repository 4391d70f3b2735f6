"""Numbers and sentences as people read them: ``187 亿元``, ``18.7 billion yuan``; templates and units are data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final, NamedTuple

from jigai.screening.sentences import templates

SIX: Final = Decimal("0.000001")
"""Six decimals, as all figures are kept."""
_MOST_DIGITS: Final = 4
"""Decimals a gap may need before it is shown as nothing, in units that have decimals at all."""


class Both(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Unit:
    """A unit as it is written, a row of ``data/unit_words.csv``; ``en`` counts in 10^``en_shift`` of ``zh``.

    A difference has words of its own: shares in per cent differ by percentage points. ``digits`` is how many decimals
    are shown at most; things that are counted have none.
    """

    zh: str
    en: str
    en_shift: int
    gap_zh: str
    gap_en: str
    digits: int
    spaced: bool


@cache
def unit_words(name: str) -> Unit:
    """Return how the unit ``name`` is written; one that is not in the table is written as it is, up to two decimals."""
    row = templates("jigai.plan", "data/unit_words.csv").get(name)
    if row is None:
        return Unit(name, name, 0, name, name, 2, True)
    shift, digits = int(row["en_shift"]), int(row["digits"])
    return Unit(row["zh"], row["en"], shift, row["gap_zh"], row["gap_en"], digits, row["spaced"] == "yes")


def rounded(number: Decimal, digits: int) -> Decimal:
    """Return ``number`` with ``digits`` decimals, halves away from zero, as people round."""
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def decimals(unit: Unit, numbers: Iterable[Decimal]) -> int:
    """Return how many decimals ``numbers`` are shown with together: three figures of the largest, within the unit."""
    largest = max((abs(number) for number in numbers), default=Decimal(0))
    return min(unit.digits, 0 if largest >= 100 else 1 if largest >= 10 else 2 if largest >= 1 else 3)


def apart(unit: Unit, value: Decimal, *others: Decimal) -> int:
    """Return the decimals with which ``value`` and each of ``others`` differ on paper if they differ at all.

    199.7 of 200 is not to be read as 200 of 200; things that are counted stay whole.
    """
    digits = decimals(unit, (value, *others))
    different = [other for other in others if other != value]
    while unit.digits and digits < _MOST_DIGITS:
        if all(rounded(other, digits) != rounded(value, digits) for other in different):
            break
        digits += 1
    return digits


def bare(unit: Unit, number: Decimal, digits: int) -> Both:
    """Return a number alone, as in an interval; signs such as % stay with it."""
    shown = rounded(number, digits)
    return _signed(unit, shown, shown.scaleb(-unit.en_shift))


def amount(unit: Unit, number: Decimal, digits: int) -> Both:
    """Return a number with its unit."""
    return _named(unit, bare(unit, number, digits))


def as_written(unit: Unit, number: Decimal) -> Both:
    """Return a number people set, a target or a baseline, with its unit and exactly the decimals it has."""
    return _named(unit, _signed(unit, number.normalize(), number.scaleb(-unit.en_shift).normalize()))


def _signed(unit: Unit, zh: Decimal, en: Decimal) -> Both:
    sign = "" if unit.spaced else unit.zh
    return Both(f"{zh:f}{sign}", f"{en:,f}{sign}")


def _named(unit: Unit, number: Both) -> Both:
    if not unit.spaced:
        return number
    return Both(f"{number.zh} {unit.zh}".rstrip(), f"{number.en} {unit.en}".rstrip())


def percent(share: Decimal) -> str:
    """Return a share (0–1) in per cent, cut after one decimal: 79.99 % is not to be read as the 80 % asked for."""
    return f"{(share * 100).quantize(Decimal('0.1'), ROUND_DOWN).normalize():f}%"


def difference(unit: Unit, number: Decimal, digits: int) -> Both:
    """Return how far two numbers are apart, without sign; ``number`` is their difference as shown."""
    english = abs(rounded(number, digits)).scaleb(-unit.en_shift)
    zh = f"{abs(rounded(number, digits)):f} {unit.gap_zh}"
    return Both(zh.rstrip(), f"{english:,f} {unit.gap_en}".rstrip())


def sentence(table: str, key: str, fields: Mapping[str, Both | str | int] | None = None) -> Both:
    """Return the sentence ``key`` of ``data/<table>.csv`` with its ``{fields}`` filled in."""
    row = templates("jigai.plan", f"data/{table}.csv")[key]
    given = fields or {}
    zh = {name: value.zh if isinstance(value, Both) else value for name, value in given.items()}
    en = {name: value.en if isinstance(value, Both) else value for name, value in given.items()}
    return Both(row["zh"].format(**zh), row["en"].format(**en))
