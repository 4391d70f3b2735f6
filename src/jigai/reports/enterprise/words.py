"""Words and figures of the report as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final

from jigai.diagnosis.worth.model import Spread
from jigai.reports.labels import label, read_table

NUMBERS: Final = "一二三四五六七八九十"
AT_ONCE: Final = "立即"


@cache
def _table() -> dict[tuple[str, str], str]:
    return {(row["group"], row["key"]): row["zh"] for row in read_table("enterprise_words")}


def word(group: str, key: str | None) -> str:
    """Return the Chinese word for a key, from this report's table or that of the screening report."""
    if key is None:
        return ""
    found = _table().get((group, key))
    return label(group, key) if found is None else found


def counted(number: int) -> str:
    """Return a number as headings of the second level carry it, up to 99."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{NUMBERS[tens - 1]}十"
    return ten + (NUMBERS[ones - 1] if ones else "")


def day(when: date) -> str:
    """Return a day as official papers write it."""
    return f"{when.year}年{when.month}月{when.day}日"


def until(deadline: str | None, as_of: date) -> str:
    """Return a deadline with what it means on the day: over, at once, or the day itself."""
    if deadline is None:
        return "文件未写期限"
    if deadline == AT_ONCE:
        return AT_ONCE
    when = date.fromisoformat(deadline)
    return f"{day(when)}（已过）" if when < as_of else day(when)


def figure(value: float) -> str:
    """Return a number with three digits that say something, thousands set apart: 1234.5 as ``1,230``, 0.0456 whole."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 100:
        digits = len(str(int(size)))
        return f"{round(value, 3 - digits if digits > 3 else 0):,.0f}"
    return f"{value:.3g}" if size >= 0.001 else f"{value:.1e}"


def brief(amount: Spread | None, scale: float = 1.0) -> str:
    """Return likely, and low to high with two digits on a line below it, for narrow columns."""
    if amount is None:
        return "—"
    low, high = (short(one / scale) for one in (amount.low, amount.high))
    likely = figure(amount.likely / scale)
    return likely if amount.low == amount.high else f"{likely}\n{low}~{high}"


def short(value: float) -> str:
    """Return a number with two digits that say something: 1234.5 as ``1200``."""
    return f"{float(f'{value:.2g}'):g}".replace("-", "−")  # a hyphen would break the line


def spread(amount: Spread | None, scale: float = 1.0) -> str:
    """Return likely with low to high, or a dash."""
    if amount is None:
        return "—"
    low, likely, high = (figure(one / scale) for one in (amount.low, amount.likely, amount.high))
    return likely if low == high else f"{likely}（{low}～{high}）"


def yuan(amount: float | None) -> str:
    """Return money [yuan] in 万元 from ten thousand on, else in yuan; a dash for none."""
    if amount is None:
        return "—"
    return f"{figure(amount / 10000)}万元" if abs(amount) >= 10000 else f"{figure(amount)}元"


def money(amount: Spread | None) -> str:
    """Return money of a year with its range, in one unit; a dash for none."""
    if amount is None:
        return "—"
    large = abs(amount.likely) >= 10000
    return spread(amount, 10000.0 if large else 1.0) + ("万元" if large else "元")


def listed(words: Iterable[str], most: int | None = None) -> str:
    """Return words set apart by 、, and how many more there are where only ``most`` are shown."""
    found = list(dict.fromkeys(one for one in words if one))
    if most is None or len(found) <= most:
        return "、".join(found)
    return "、".join(found[:most]) + f"等{len(found)}项"
