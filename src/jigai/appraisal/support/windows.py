"""Whether an instrument is open: its first and last day, and which day of the case counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from jigai.appraisal.support.answers import Checked
from jigai.appraisal.support.instruments import FIRM, Instrument, Parameter
from jigai.appraisal.support.words import said


def window(instrument: Instrument, days: Sequence[date], as_of: date) -> tuple[Checked, ...]:
    """Return the checks of the window and of the day for applications.

    Args:
        instrument: first and last day are its parameters ``window_from``, ``window_to`` (both days are in the window)
            and ``application_to``; a blank one is open.
        days: the days of the case that may count (``days_that_count``); none where nothing has happened yet: then it
            is asked whether it could happen on ``as_of``.
        as_of: the day of asking.

    Days that lie on different sides settle nothing: which of them counts has to be confirmed first.
    """
    found = []
    first, last = instrument.parameter("window_from"), instrument.parameter("window_to")
    if first or last:
        found.append(_within(first, last, days or (as_of,), instrument.parameter("window_day")))
    closing = instrument.parameter("application_to")
    if closing is not None:
        found += _applications(closing, as_of)
    return tuple(found)


def closes(instrument: Instrument) -> date | None:
    """Return the last day something may happen or be applied for; None where none is known."""
    found = [instrument.parameter(name) for name in ("window_to", "application_to")]
    known = [one.value for one in found if one is not None and isinstance(one.value, date)]
    return min(known, default=None)


def sides(first: Parameter | None, last: Parameter | None, days: Iterable[date]) -> set[str]:
    """Return on which sides of the window the days lie: ``before``, ``in``, ``after``."""
    start = first.value if first is not None and isinstance(first.value, date) else date.min
    end = last.value if last is not None and isinstance(last.value, date) else date.max
    return {"before" if day < start else "after" if day > end else "in" for day in days}


def _within(first: Parameter | None, last: Parameter | None, days: Sequence[date], which: Parameter | None) -> Checked:
    there = sides(first, last, days)
    ends = [one for one in (first, last) if one is not None]
    bound = _bound(there, ends)
    from_, to = (one.value.isoformat() if one and isinstance(one.value, date) else "" for one in (first, last))
    label = said("window", first=from_, last=to)
    shown = "、".join(day.isoformat() for day in sorted(set(days)))
    doubts = "；".join(dict.fromkeys(one.doubt for one in ends if one.doubt))
    source = ends[0].source
    if len(there) > 1:
        why = which.doubt if which is not None and which.doubt else ""
        missing = said("window_days_differ", days=shown)
        return Checked("window", label, source, None, None, says=missing, doubt=why or doubts or None)
    holds = there == {"in"}
    certainty = bound.certainty if bound else None
    missing_ = None
    if certainty not in FIRM:
        missing_ = said("window_to_confirm", days=shown)
    elif not holds:
        missing_ = said(f"window_{next(iter(there))}", days=shown, first=from_, last=to)
    return Checked("window", label, source, holds, certainty, says=missing_, doubt=doubts or None)


def _bound(there: set[str], ends: Sequence[Parameter]) -> Parameter | None:
    """Return the end that settles the side: the nearer one outside, the less certain one inside."""
    if there == {"before"}:
        return next((one for one in ends if one.name == "window_from"), None)
    if there == {"after"}:
        return next((one for one in ends if one.name == "window_to"), None)
    unsure = [one for one in ends if not one.firm]
    return (unsure or sorted(ends, key=lambda one: FIRM.index(one.certainty or ""), reverse=True))[0]


def _applications(closing: Parameter, as_of: date) -> list[Checked]:
    """Return the check of the last day for applications: an unsure day that has not come closes nothing yet."""
    day = closing.value
    if not isinstance(day, date) or (as_of <= day and not closing.firm):
        return []
    holds = as_of <= day
    missing = None
    if not holds:
        missing = said("application_closed" if closing.firm else "application_over", last=day.isoformat())
    label = said("application", last=day.isoformat())
    return [
        Checked("application_to", label, closing.source, holds, closing.certainty, says=missing, doubt=closing.doubt)
    ]
