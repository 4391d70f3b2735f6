"""What each bound cell gets for a period: figures as known on a day, lists, names, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from jigai.plan.period import Period
from jigai.plan.standings import standings
from jigai.platform.reporting import words
from jigai.platform.reporting.data import options
from jigai.platform.reporting.figures import CITY, COUNTY, INDUSTRY, MANAGER, Figure, FigureSource
from jigai.platform.reporting.models import Binding
from jigai.platform.reporting.periods import Reported
from jigai.reports.filling import Value

YEAR: Final = 4
"""Signs of the key of a whole year."""


@dataclass(frozen=True)
class Bound:
    """A binding as a report keeps it: later changes of the form do not touch it."""

    key: str
    sheet: str
    address: str
    kind: str
    label: str
    said: Mapping[str, Any]

    @classmethod
    def of(cls, one: Binding) -> Bound:
        """Return what a report keeps of a binding."""
        return cls(str(one.pk), one.sheet, one.address, one.kind, one.label, one.said)

    @property
    def unit(self) -> str:
        """The managing unit whose figure it is, and who confirms it; empty for any other part and what is no figure."""
        kind, key = partition(str(self.said.get("key", "")))
        return key if kind == MANAGER else ""

    @property
    def place(self) -> str:
        """Sheet and cell, as people write it."""
        return f"{self.sheet}!{self.address}"


@dataclass(frozen=True)
class Made:
    """What a cell gets: the value as stored, and what it rests on."""

    bound: Bound
    held: Any
    about: Mapping[str, Any]
    figure: Figure | None = None


@dataclass(frozen=True)
class Asking:
    """For which period, as known on which day, and what people said: texts by the number of their binding."""

    period: Reported
    known_on: date
    typed: Mapping[str, Any]
    names: Mapping[str, str]
    units: Mapping[str, str]


def compute(bound: Sequence[Bound], asking: Asking, source: FigureSource) -> list[Made]:
    """Return what every bound cell gets, in order."""
    return [_MAKERS[one.kind](one, asking, source) for one in bound]


def partition(key: str) -> tuple[str, str]:
    """Return partition and key of what a binding names: ``""`` the city, a code alone a managing unit,
    ``place:…`` a county, ``division:…`` a division of industry.
    """
    kind, colon, code = key.partition(":")
    if colon and kind in (COUNTY, INDUSTRY):
        return kind, code
    return (MANAGER, key) if key else CITY


def asked_period(said: Mapping[str, Any], asking: Asking, source: FigureSource) -> Period:
    """Return the period of a binding's figure; of a yearly figure last year's is that before the one this period has,
    so that the two columns of a form never hold the same year.
    """
    period = asking.period.figure_period(said["span"])
    if said["span"] != "last":
        return period
    own = asking.period.figure_period("this")
    shown = source.figure(said["indicator"], own, asking.known_on, *partition(said["key"])).period
    return Period(int(shown) - 1) if len(shown) == YEAR else period


def in_form(said: Mapping[str, Any], figure: Figure) -> Value:
    """Return the part of a figure a cell asks for, in its unit and with its decimals."""
    part = said["part"]
    value = {
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "coverage": None if figure.coverage is None else figure.coverage * 100,
    }[part]
    if value is None:
        return None
    factor = Decimal(1) if part == "coverage" else Decimal(options("factor")[said["factor"]].row["value"])
    return (value * factor).quantize(Decimal(1).scaleb(-said["places"]), ROUND_HALF_UP)


def _figure(one: Bound, asking: Asking, source: FigureSource) -> Made:
    period = asked_period(one.said, asking, source)
    figure = source.figure(one.said["indicator"], period, asking.known_on, *partition(one.said["key"]))
    about = {
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "coverage": _text(figure.coverage),
        "data_date": figure.data_date.isoformat() if figure.data_date else None,
        "period": figure.period or period.key,
        "why": figure.why,
        "few": figure.few,
    }
    return Made(one, words.held(in_form(one.said, figure)), about, figure)


def _list(one: Bound, asking: Asking, source: FigureSource) -> Made:
    period = asked_period(one.said, asking, source)
    found = source.listed(one.said["indicator"], period, asking.known_on, *partition(one.said["key"]))
    if one.said.get("rows", "counted") == "counted":
        found = found.filter(found["standing"].is_in([key for key, kind in standings().items() if kind.counts]))
    rows = []
    for number, row in enumerate(found.sort("kind", "key", "group").iter_rows(named=True), 1):
        more = {
            "number": number,
            "manager_name": asking.units.get(row["manager_code"] or "", row["manager_code"]),
            "standing": standings()[row["standing"]].zh,
        }
        rows.append([words.held(_cell({**row, **more}[column["field"]])) for column in one.said["columns"]])
    financial = {each.id for each in source.indicators() if each.finance}
    return Made(one, rows, {"period": period.key, "few": one.said["indicator"] in financial})


def _cell(value: Any) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | Decimal) else str(value)


def _dimension(one: Bound, asking: Asking, source: FigureSource) -> Made:
    period = asking.period
    said: dict[str, Value] = {
        "period": period.words,
        "year": period.year,
        "month": period.last_month,
        **asking.names,
    }
    return Made(one, words.held(said.get(one.said["field"])), {})


def _typed(one: Bound, asking: Asking, source: FigureSource) -> Made:
    return Made(one, asking.typed.get(one.key), {})


def _constant(one: Bound, asking: Asking, source: FigureSource) -> Made:
    return Made(one, one.said["value"], {})


def _text(number: Decimal | None) -> str | None:
    return None if number is None else words.plain(number)


_MAKERS = {"figure": _figure, "list": _list, "dimension": _dimension, "typed": _typed, "constant": _constant}
