"""What the charts of the board draw: points as plain JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from jigai.plan.paths import expected
from jigai.plan.period import Period
from jigai.platform.plan import ahead, words
from jigai.platform.plan.reading import TargetView


def chart(view: TargetView, title: str) -> dict[str, Any]:
    """Return what was, the path, and the forecast with its band, on common dates.

    Months where the bureau tells them; else years, each with its coverage.
    """
    monthly = _months(view)
    points = monthly or _years(view)
    dates = {day: value for day, value, _grey in points}
    grey = [day.isoformat() for day, _value, low in points if low]
    seen = {point.on: point for point in view.forecast.track} if view.forecast and monthly else {}
    now = max(dates, default=None)
    days = sorted({*dates, *(day for day in seen if now is None or day > now), *_ends(view, dates)})
    path = {day: expected(view.goal, day) if view.goal and not view.goal.each_year else None for day in days}
    own = view.goal.of_year(view.day.year) if view.goal else None
    return {
        "title": title,
        "unit": words.unit(view.indicator),
        "digits": view.indicator.digits,
        "monthly": bool(monthly),
        "days": [day.isoformat() for day in days],
        "actual": [_float(dates.get(day)) for day in days],
        "path": [_float(path[day]) for day in days],
        "forecast": [_float(dates[day] if day == now else seen[day].value if day in seen else None) for day in days],
        "low": [_float(dates[day] if day == now else seen[day].low if day in seen else None) for day in days],
        "high": [_float(dates[day] if day == now else seen[day].high if day in seen else None) for day in days],
        "grey": grey,
        "now": now.isoformat() if now else "",
        "target": _float(own.against) if own else None,
        "target_words": words.asked(view),
        "has_forecast": bool(seen),
    }


def _months(view: TargetView) -> list[tuple[date, Decimal, bool]]:
    """Return the cumulative figures by month where there is a monthly series."""
    if view.indicator.id != ahead.AMOUNT:
        return []
    until = Period.read(view.number.period)
    found = []
    for (year, month), _value in ahead.series(view.numbers, {}, until, 0).monthly.figures:
        number = view.numbers.get(("city", "", Period(year, month).key))
        if number and number.value is not None:
            found.append((Period(year, month).end, number.value, number.grey))
    return found


def _years(view: TargetView) -> list[tuple[date, Decimal, bool]]:
    until = Period.read(view.number.period).year
    known = [one for one in view.history if one.value is not None and one.reported and int(one.period) <= until]
    return [(Period.read(one.period).end, one.value, one.grey) for one in known if one.value is not None]


def _ends(view: TargetView, dates: dict[date, Decimal]) -> set[date]:
    """Return the ends of years from the first figure to the target's day."""
    if view.goal is None or not dates:
        return set()
    last = view.goal.due.year
    return {date(year, 12, 31) for year in range(min(dates).year, last + 1)}


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def bars(view: TargetView, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the bars of a breakdown: names, values, the lists they lead to, and the city's figure to compare."""
    shown = [row for row in rows if row["number"].value is not None]
    additive = view.indicator.aggregate in ("sum", "count")
    return {
        "names": [row["name"] for row in shown],
        "values": [_float(row["number"].value) for row in shown],
        "urls": [row["url"] for row in shown],
        "grey": [row["number"].grey for row in shown],
        "unit": words.unit(view.indicator),
        "digits": view.indicator.digits,
        "city": None if additive else _float(view.number.value),
        "period": words.period(view.number.period),
    }
