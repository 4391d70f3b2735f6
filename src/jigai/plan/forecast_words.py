"""A forecast in plain words: the sentence of the card, why this method, and how far off it has been."""

from __future__ import annotations

from decimal import Decimal

from jigai.plan.amounts import (
    Both,
    Unit,
    amount,
    apart,
    bare,
    decimals,
    difference,
    percent,
    rounded,
    sentence,
    unit_words,
)
from jigai.plan.backtest import Backtest
from jigai.plan.forecast import Forecast
from jigai.plan.targets import Target

Fields = dict[str, Both | str | int]


def say(forecast: Forecast, target: Target | None = None) -> Both:
    """Return what is forecast and what that lacks to ``target``, in one sentence without a full stop.

    Where nothing is forecast it says so, and what is committed or has come instead. The gap is that of the figures as
    shown, so that whoever subtracts them finds it.
    """
    unit = unit_words(forecast.asked.unit)
    key, stands = _key(forecast)
    against = target.of_year(forecast.asked.last).against if target else None
    digits = decimals(unit, () if stands is None else (stands,))
    if stands is not None and against is not None:
        digits = apart(unit, stands, against)
    fields: Fields = _times(forecast)
    for name in ("value", "committed", "so_far"):
        number = getattr(forecast, name)
        if number is not None:
            fields[name] = amount(unit, number, digits)
    for name in ("low", "high"):
        number = getattr(forecast, name)
        if number is not None:
            fields[name] = bare(unit, number, digits)
    head, tail = sentence("forecast_sentences", key, fields), _gap(unit, target, stands, forecast.asked.last, digits)
    return Both(head.zh + tail.zh, head.en + tail.en)


def _key(forecast: Forecast) -> tuple[str, Decimal | None]:
    """Return the sentence that fits, and the number in it that is compared with the target."""
    growth = forecast.base_year is not None
    if forecast.value is not None:
        keys = ("complete", "complete_growth") if forecast.method == "complete" else ("forecast", "growth")
        return keys[growth], forecast.value
    if forecast.method == "yearly":
        if forecast.so_far is None:
            return "yearly_nothing", None
        return ("yearly", forecast.so_far) if forecast.committed is None else ("yearly_committed", forecast.committed)
    if forecast.committed is not None:
        return ("committed_growth" if growth else "committed_only"), forecast.committed
    return ("nothing", None) if forecast.so_far is None else ("so_far", forecast.so_far)


def _gap(unit: Unit, target: Target | None, stands: Decimal | None, year: int, digits: int) -> Both:
    """Return what ``stands`` lacks to the target, or is beyond it; nothing where there is no value to reach."""
    own = target.of_year(year) if target else None
    if own is None or stands is None or own.against is None:
        return sentence("forecast_sentences", "open")
    shown = difference(unit, rounded(own.against, digits) - rounded(stands, digits), digits)
    lacking = own.gap(stands) or Decimal(0)
    key = "equal" if stands == own.against else "short" if lacking > 0 else "beyond"
    return sentence("forecast_sentences", key, {"gap": shown})


def _times(forecast: Forecast) -> Fields:
    """Return how the target year is called: its end where years add up, the year itself where only it counts."""
    year = forecast.asked.last
    adds_up = forecast.asked.first < year or forecast.asked.yearly
    fields: Fields = {
        "when": f"{year}年底" if adds_up else f"{year}年",
        "when_en": f"by the end of {year}" if adds_up else f"in {year}",
    }
    return fields if forecast.base_year is None else {**fields, "base_year": str(forecast.base_year)}


def reasons(forecast: Forecast) -> tuple[Both, ...]:
    """Return why this method was taken, and what to keep in mind, one sentence each."""
    held = forecast.settings
    fields: Fields = {
        "finished": forecast.finished,
        "finished_needed": held.finished,
        "points": forecast.points,
        "points_needed": held.points,
        "level": percent(held.level),
    }
    return tuple(sentence("forecast_reasons", key, fields) for key in forecast.reasons)


def accuracy(forecast: Forecast, unit: str | None = None) -> tuple[Both, ...]:
    """Return how far off the method has been, and how the two methods compare; empty where nothing was tested.

    ``unit`` is that of the monthly series where the forecast is shown in another, as growth is.
    """
    words = unit_words(unit or forecast.asked.unit)
    said = [_tested(words, forecast.test)] if forecast.test is not None else []
    if len(forecast.compared) == 2 and forecast.compared[0].origins:
        library, yardstick = (_error(words, one) for one in forecast.compared)
        count = len(forecast.compared[0].origins)
        fields: Fields = {"tests": count, "library": library, "yardstick": yardstick}
        said.append(sentence("forecast_sentences", "compared", fields))
    return tuple(said)


def _tested(unit: Unit, test: Backtest) -> Both:
    fields: Fields = {"tests": len(test.origins), "error": _error(unit, test)}
    if test.share is None:
        return sentence("forecast_sentences", "tested_zero", fields)
    fields["share"] = percent(Decimal(test.share))
    return sentence("forecast_sentences", "tested", fields)


def _error(unit: Unit, test: Backtest) -> Both:
    error = Decimal(test.per_point or 0.0)
    return amount(unit, error, decimals(unit, (error,)))
