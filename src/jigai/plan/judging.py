"""Judge a figure against its target on a day: reached, on path, at risk, behind, or not judged and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from jigai.plan.amounts import Both, amount, apart, as_written, difference, percent, rounded, sentence, unit_words
from jigai.plan.paths import corners, expected
from jigai.plan.targets import Target, TargetError
from jigai.screening.sentences import templates


@dataclass(frozen=True)
class Measured:
    """A figure as it is known.

    Attributes:
        value: in the unit of the target; None when there is no figure.
        day: last day the figure speaks of, not later than the day it is known on.
        coverage: reported ÷ should (0–1); None where nobody reports.
    """

    value: Decimal | None
    day: date
    coverage: Decimal | None = None


@dataclass(frozen=True)
class Tolerance:
    """What still counts as at risk, and from which coverage a figure is judged at all.

    ``behind`` is the share of the way the path has gone so far (0–1): with 0.1 a figure that should have come 50 of the
    way is at risk down to 45, behind below that.
    """

    behind: Decimal = Decimal("0.1")
    coverage: Decimal = Decimal("0.8")


@dataclass(frozen=True)
class Judgement:
    """How a figure stands against its target.

    Attributes:
        outcome: a key of ``data/outcomes.csv``.
        reason: why: a key of ``data/judgement_sentences.csv``.
        target: what was judged by; of an each-year target, that of the year.
        measured: the figure judged.
        expected: where the path stands on that day [unit]; None without a path.
        gap: how much is lacking to the target [unit]; negative is beyond.
        forecast: value forecast for the due day, where it made the difference [unit].
    """

    outcome: str
    reason: str
    target: Target
    measured: Measured
    expected: Decimal | None = None
    gap: Decimal | None = None
    forecast: Decimal | None = None
    tolerance: Tolerance = Tolerance()


_WHOLE_YEAR: Final = (12, 31)


def judge(
    target: Target, measured: Measured, tolerance: Tolerance | None = None, forecast: Decimal | None = None
) -> Judgement:
    """Return how ``measured`` stands against ``target``.

    What is missing is looked at first, so that nothing is called reached or behind that cannot be told. A figure on
    path becomes at risk when ``forecast`` (the likely value on the due day) fails the target; no forecast makes
    a figure better than it is.
    """
    allowed = tolerance or Tolerance()
    day, value = measured.day, measured.value
    own = target.of_year(day.year)
    missing = _missing(own, measured, allowed)
    if missing or value is None:
        return Judgement("not_judged", missing or "no_figure", own, measured, tolerance=allowed)
    line, gap = _asked(own, expected(own, day)), own.gap(value)
    reason = _settled(own, value, day) or _on_the_way(own, value, line, allowed, forecast)
    outcome = templates("jigai.plan", "data/judgement_sentences.csv")[reason]["outcome"]
    used = forecast if reason == "forecast_short" else None
    return Judgement(outcome, reason, own, measured, line, gap, used, allowed)


def _missing(target: Target, measured: Measured, allowed: Tolerance) -> str:
    """Return what keeps the figure from being judged at all, empty if nothing does."""
    if measured.value is None:
        return "no_figure"
    if measured.coverage is not None and measured.coverage < allowed.coverage:
        return "coverage_low"
    if measured.day < target.since:
        return "not_begun"
    if target.each_year:
        return "years_over"
    if target.against is None:
        return "baseline_missing" if target.operator in ("up", "down") else "no_target_value"
    if target.counting == "whole" and (measured.day.month, measured.day.day) != _WHOLE_YEAR:
        return "period_not_over"
    return ""


def _settled(target: Target, value: Decimal, day: date) -> str:
    """Return the reason where the path plays no part: met, due, or compared with the baseline only."""
    met, over = target.met(value), day >= target.due
    against = target.against
    if over:
        short = "exactly_short" if value == against else "due_over"
        return _reached(target, value) if met else short
    if target.counting == "running" and target.operator not in (">", ">="):
        # More is still to come: under a cap today says nothing, over it says all.
        if target.operator in ("<", "<=", "=", "down") and against is not None and value > against:
            return "cap_exceeded"
        return "better_than_baseline" if target.operator == "up" and met else "period_not_over"
    if target.operator in ("up", "down"):
        return "better_than_baseline" if met else "not_better"
    return _reached(target, value) if met else ""


def _reached(target: Target, value: Decimal) -> str:
    return "reached" if value == target.against else "reached_beyond"


def _on_the_way(
    target: Target, value: Decimal, line: Decimal | None, allowed: Tolerance, forecast: Decimal | None
) -> str:
    """Return the reason for a figure that has not reached its target before it is due."""
    if line is None:
        return "period_not_over" if target.each_year or _of_one_year(target) else "baseline_missing"
    short = _short(target, value, line)
    if short <= 0:
        if forecast is not None and not target.met(forecast):
            return "forecast_short"
        return "ahead" if short < 0 else "on_the_line"
    way = abs(line - corners(target)[0].value)
    return "little_behind" if short <= allowed.behind * way else "far_behind"


def _asked(target: Target, line: Decimal | None) -> Decimal | None:
    """Return what the path asks for: of things that are counted, 75.3 asks for 75 of them."""
    if line is None or unit_words(target.unit).digits:
        return line
    return line.to_integral_value(ROUND_FLOOR if target.direction >= 0 else ROUND_CEILING)


def _of_one_year(target: Target) -> bool:
    """Tell whether the target is one of a single year without a baseline: it must only stand at its end."""
    return target.since.year == target.due.year


def _short(target: Target, value: Decimal, line: Decimal) -> Decimal:
    """Return how far ``value`` is behind the path [unit]; for a target met only by equality, how far off it."""
    return (line - value) * target.direction if target.direction else abs(line - value)


def say(judgement: Judgement) -> Both:
    """Return the judgement in a plain sentence, Chinese and English."""
    target, measured = judgement.target, judgement.measured
    fields: dict[str, Both | str | int] = {
        "day": _on(measured.day),
        "due": _on(target.due),
        "since": _on(target.since),
        "share": percent(judgement.tolerance.coverage),
    }
    if measured.coverage is not None:
        fields["coverage"] = percent(measured.coverage)
    value, against = measured.value, target.against
    if value is not None and against is not None:
        unit = unit_words(target.unit)
        other = judgement.expected if judgement.expected is not None else target.baseline
        digits = apart(unit, value, against, *(() if other is None else (other,)))
        shown = {"value": value, "against": against, "baseline": target.baseline, "expected": judgement.expected}
        shown["forecast"] = judgement.forecast
        fields |= {name: amount(unit, number, digits) for name, number in shown.items() if number is not None}
        fields["gap"] = difference(unit, rounded(against, digits) - rounded(value, digits), digits)
        if other is not None:
            fields["lead"] = difference(unit, rounded(other, digits) - rounded(value, digits), digits)
        fields["target"] = target_words(target)
    return sentence("judgement_sentences", judgement.reason, fields)


def target_words(target: Target) -> Both:
    """Return what a target asks for (``超过 200 亿元``); ``TargetError`` while there is nothing to compare with."""
    if target.against is None:
        raise TargetError("nothing to compare with")
    return sentence("operator_words", target.operator, {"against": as_written(unit_words(target.unit), target.against)})


def _on(day: date) -> Both:
    """Return a day as people say it: the end of a year is one."""
    if (day.month, day.day) == _WHOLE_YEAR:
        return Both(f"{day.year}年底", f"at the end of {day.year}")
    return Both(f"{day.year}年{day.month}月{day.day}日", f"on {day}")
