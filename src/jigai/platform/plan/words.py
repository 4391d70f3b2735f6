"""Figures, targets and outcomes in the words of the page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from jigai.plan import forecast_words
from jigai.plan.amounts import Both, apart, difference, rounded, unit_words
from jigai.plan.judging import say, target_words
from jigai.plan.registry import Indicator
from jigai.plan.standings import scale, standings
from jigai.plan.tables import table
from jigai.platform.enterprises import reference
from jigai.platform.plan.kept import Number
from jigai.platform.plan.reading import TargetView, period_words
from jigai.platform.web.wording import english
from jigai.reference.errors import Language


class State(NamedTuple):
    """How something stands, as it is drawn: colour, icon, word."""

    tone: str
    icon: str
    word: str
    meaning: str = ""


_DRAWN: Final = {
    "reached": ("ok", "flag"),
    "on_path": ("busy", "equal"),
    "at_risk": ("warn", "down"),
    "behind": ("stop", "chev2down"),
    "not_judged": ("idle", "trend"),
}
_ASKED: Final = frozenset({"no_target_value", "baseline_missing", "no_figure", "coverage_low"})
"""Reasons of not judging that somebody can mend."""


def language() -> Language:
    """Return the language of the page."""
    return "en" if english() else "zh"


def here(both: Both | None) -> str:
    """Return a text in the language of the page; empty for none."""
    return "" if both is None else both.en if english() else both.zh


def period(key: str) -> str:
    """Return the words of a period as it is stored."""
    return here(period_words(key))


def state(outcome: str, reason: str = "") -> State:
    """Return how an outcome is drawn."""
    row = next(one for one in table("outcomes.csv") if one["key"] == outcome)
    tone, icon = ("ask", "ask") if outcome == "not_judged" and reason in _ASKED else _DRAWN[outcome]
    return State(tone, icon, row["en" if english() else "zh"], row["meaning_en" if english() else "meaning_zh"])


def state_of(view: TargetView) -> State:
    """Return how a target stands."""
    return state(view.outcome, view.judgement.reason if view.judgement else "no_target_value")


def unit(indicator: Indicator) -> str:
    """Return the unit figures of an indicator are shown in."""
    return unit_words(indicator.display_unit).en if english() else indicator.display_unit


def with_unit(number: Number) -> str:
    """Return a figure with its unit; a dash where there is none."""
    return number.text if number.value is None else f"{number.text} {unit(number.indicator)}".strip()


def title(indicator: Indicator) -> str:
    """Return the name of an indicator."""
    return indicator.en if english() else indicator.zh


def asked(view: TargetView) -> str:
    """Return what a target asks for, without its date; that the plan leaves it open where it does."""
    if view.written.operator in ("up", "down"):
        return _("提升") if view.written.operator == "up" else _("下降")
    if view.goal is None or view.goal.against is None:
        return _("方案未定值")
    return here(target_words(view.goal))


def sentence(view: TargetView) -> str:
    """Return the one line of a card: what is forecast, else how it stands, else why that cannot be told."""
    number, seen = view.number, view.forecast
    if number.reason and (number.value is None or not number.reported):
        return here(number.reason)
    if seen and seen.value is not None and seen.method != "complete":
        return here(forecast_words.say(seen, view.goal)) + _("。")
    judged = view.judgement
    if judged is None:
        return _("方案没有给出可以判断的目标。")
    if judged.outcome != "not_judged" or judged.reason not in ("baseline_missing", "period_not_over"):
        return here(say(judged))
    why = _("缺基数，没有进度线") if judged.reason == "baseline_missing" else _("统计期没有结束")
    lacking = gap(view)
    return _("距目标差 %(gap)s；%(why)s。") % {"gap": lacking, "why": why} if lacking else _("%(why)s。") % {"why": why}


def gap(view: TargetView) -> str:
    """Return what the city's figure lacks to the target, with its unit; empty where it lacks nothing."""
    value, goal = view.number.value, view.goal.of_year(view.day.year) if view.goal else None
    lacking = goal.gap(value) if goal and value is not None else None
    if goal is None or value is None or lacking is None or lacking <= 0 or goal.against is None:
        return ""
    named = unit_words(goal.unit)
    digits = apart(named, value, goal.against)
    return here(difference(named, rounded(goal.against, digits) - rounded(value, digits), digits))


def judged(view: TargetView) -> str:
    """Return the judgement in a sentence; empty where there is none."""
    return here(say(view.judgement)) if view.judgement else ""


def part(indicator: Indicator, partition: str, key: str, names: dict[str, str]) -> str:
    """Return the name of a part: a unit, a county, a division, or a group of the indicator's own."""
    if not key:
        return _("未分到具体部分")
    if partition in ("manager", "place"):
        return names.get(key, key)
    if partition == "division":
        return f"{key} {names.get(key, '')}".strip()
    return group(indicator, key)


def group(indicator: Indicator, key: str) -> str:
    """Return the name of a group of an indicator's own breakdown."""
    if not key:
        return _("未分组")
    level = scale(indicator.group_words).get(key) if indicator.group_words else None
    return (level.en if english() else level.zh) if level else key


def standing(key: str) -> State:
    """Return how a standing is drawn."""
    one = standings()[key]
    tone = one.tone if one.tone in ("ok", "warn", "stop", "ask", "idle", "busy") else "idle"
    return State(tone, "", one.en if english() else one.zh, one.meaning_en if english() else one.meaning_zh)


def divisions(day: date) -> dict[str, str]:
    """Return the names of the divisions of industry in force on a day."""
    return dict(reference.divisions(day))


def coverage(number: Number) -> str:
    """Return how much of what should be reported is, as people read it; empty where nobody should."""
    return _("覆盖 %(share)s") % {"share": number.percent} if number.percent else ""


def signed(value: Decimal | None, digits: int) -> str:
    """Return a difference with its sign; a dash where there is none."""
    if value is None:
        return "—"
    shown = rounded(value, digits)
    return f"{'+' if shown > 0 else '−' if shown < 0 else ''}{abs(shown):,f}"
