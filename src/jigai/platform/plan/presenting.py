"""The board as its pages draw it: cards with their bars, the table of units, the heat table, the sketch map."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.plan import words
from jigai.platform.plan.kept import Number
from jigai.platform.plan.reading import Board, ObjectiveView, TargetView, UnitView, shared
from jigai.platform.plan.words import State
from jigai.platform.web.period import When

TILES: Final = "tiles.csv"
"""The sketch map: here for shipped cities; a file of this name in the data folder takes its place."""
_HEAT: Final = {
    "reached": ("p2", "flag"),
    "on_path": ("p1", "upa"),
    "at_risk": ("n1", "down"),
    "behind": ("n2", "chev2down"),
}


@dataclass(frozen=True)
class Bar:
    """The bar of a card, in hundredths of its width; what is None is not drawn."""

    value: float | None = None
    forecast: float | None = None
    path: float | None = None
    target: float | None = None

    @property
    def more(self) -> float:
        """How long the hatched piece is that the forecast adds."""
        return max(0.0, (self.forecast or 0.0) - (self.value or 0.0))


@dataclass(frozen=True)
class Card:
    """One objective as its card shows it."""

    view: ObjectiveView
    state: State
    value: str
    unit: str
    asked: str
    period: str
    coverage: str
    sentence: str
    bar: Bar
    url: str
    lists: str
    before: str = ""
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Cell:
    """One cell of the heat table, or one tile of the map: value, colour class, icon, the list behind."""

    text: str
    css: str
    icon: str
    url: str
    name: str = ""
    said: str = ""
    bar: Bar = field(default_factory=Bar)


def contributions_url(number: Number, when: When, **more: str) -> str:
    """Return the list behind a figure: its indicator, period and part, as known on the day looked at."""
    part = {} if number.partition == "city" else {number.partition: number.key or "-"}
    query: dict[str, str] = {"period": number.period, **part, **more}
    if when.replay:
        query["known_on"] = when.known_on.isoformat()
    return f"{reverse('plan:contributions', args=[number.indicator.id])}?{urlencode(query)}"


def objective_url(view: ObjectiveView, when: When, **more: str) -> str:
    """Return the page of an objective with the filter kept."""
    query = urlencode(more)
    return f"{reverse('plan:objective', args=[view.objective.id])}?{when.query}{'&' if query else ''}{query}"


def card(view: ObjectiveView, when: When) -> Card:
    """Return the card of an objective: its first target, the state of the one that stands worst."""
    main = view.main
    worst = next(one for one in view.targets if one.outcome == view.outcome)
    others = tuple(
        (
            words.title(one.indicator),
            f"{one.number.text} {words.unit(one.indicator) if one.number.value is not None else ''}",
        )
        for one in view.targets[1:]
    )
    return Card(
        view=view,
        state=words.state_of(worst),
        value=main.number.text,
        unit=words.unit(main.indicator),
        asked=words.asked(main),
        period=words.period(main.number.period),
        coverage=words.coverage(main.number),
        sentence=words.sentence(main),
        bar=bar(main),
        url=objective_url(view, when),
        lists=contributions_url(main.number, when),
        before=before(main),
        others=others,
    )


def before(view: TargetView) -> str:
    """Return what a figure of whole years was the year before, in words; empty where that is not known."""
    year = view.number.period
    if len(year) != 4 or view.indicator.monthly or view.indicator.time == "cumulative":
        return ""
    held = view.numbers.get(("city", "", str(int(year) - 1)))
    if held is None or held.value is None or not held.reported:
        return ""
    return _("上年 %(value)s") % {"value": held.text}


def bar(view: TargetView, number: Number | None = None) -> Bar:
    """Return the bar of a figure: as long as the largest of value, target, path and forecast, a share as a share."""
    own = number or view.number
    alone = number is not None and not (view.goal and shared(view.goal, view.indicator))
    target = view.goal.against if view.goal and not alone else None
    line = view.judgement.expected if view.judgement and not alone else None
    if view.indicator.better == "down":  # how much is left says nothing of how far it has come
        return Bar()
    seen = view.forecast.value if view.forecast and number is None else None
    known = [
        abs(one) for one in (own.value, target, line, seen, view.number.value if alone else None) if one is not None
    ]
    percent = view.indicator.display_unit == "%" and view.indicator.aggregate != "growth"
    full = Decimal(100) if percent else max(known, default=Decimal(0)) * Decimal("1.1")
    if not full:
        return Bar(value=0.0 if own.value is not None else None)

    def at(value: Decimal | None) -> float | None:
        return None if value is None else round(float(min(max(value / full, Decimal(0)), Decimal(1)) * 100), 1)

    return Bar(at(own.value), at(seen), at(line), at(target) if target else None)


def unit_rows(view: TargetView, when: When) -> list[dict[str, Any]]:
    """Return the table of units: value, what is asked, how far off, and the bar of that, the farthest behind first."""
    digits = view.indicator.digits
    widest = max((abs(one.gap) for one in view.units if one.gap is not None), default=Decimal(0))
    behind = {one.key: place for place, one in enumerate(view.behind)}
    rows = []
    for one in sorted(view.units, key=lambda unit: behind.get(unit.key, len(behind))):
        line = one.judgement.expected if one.judgement and one.judgement.expected is not None else None
        against = one.judgement.target.against if one.judgement else None
        length = float(abs(one.gap) / widest * 50) if one.gap is not None and widest else 0.0
        better = one.gap is not None and (one.gap == 0 or (one.gap > 0) == _upwards(view))
        rows.append(
            {
                "unit": one,
                "name": one.name,
                "text": one.number.text,
                "reason": words.here(one.number.reason) if one.number.value is None else "",
                "asked": words.signed(line if line is not None else against, digits).lstrip("+"),
                "gap": words.signed(one.gap, digits),
                "better": better,
                "grey": one.number.grey and one.number.value is not None,
                "left": 50.0 - length if (one.gap or 0) < 0 else 50.0,
                "length": length,
                "share": _share(view, one),
                "url": contributions_url(one.number, when),
                "state": words.state(one.judgement.outcome, one.judgement.reason) if one.judgement else None,
                "coverage": one.number.percent,
            }
        )
    return rows


def _upwards(view: TargetView) -> bool:
    return (view.goal.direction >= 0) if view.goal and view.goal.direction else view.indicator.better == "up"


def _share(view: TargetView, one: UnitView) -> str:
    """Return what part of the city's sum a unit is; empty for what does not add up."""
    whole, own = view.number.value, one.number.value
    if view.indicator.aggregate not in ("sum", "count") or not whole or own is None:
        return ""
    return f"{round(float(own / whole * 100), 1):g}%"


def cell(view: TargetView, one: UnitView, when: When) -> Cell:
    """Return a unit's cell of the heat table, coloured by how it stands; without a path, held against the city."""
    url = contributions_url(one.number, when) if one.number.should or one.number.reported else ""
    if one.number.value is None:
        return Cell("—", "na", "", url if one.number.should else "", one.name, words.here(one.number.reason))
    if one.number.grey:
        return Cell(one.number.text, "nt grey", "ask", url, one.name, words.coverage(one.number), bar(view, one.number))
    css, icon = "nt", ""
    if one.judgement and one.judgement.outcome in _HEAT:
        css, icon = _HEAT[one.judgement.outcome]
    elif view.goal and shared(view.goal, view.indicator) and view.number.value is not None:
        ahead = one.number.value - view.number.value
        css, icon = "z0", "" if not ahead else "upa" if (ahead > 0) == _upwards(view) else "down"
    judged = one.judgement is not None and one.judgement.outcome != "not_judged"
    said = words.state(one.judgement.outcome).word if one.judgement and judged else ""
    return Cell(one.number.text, css, icon, url, one.name, said, bar(view, one.number))


def heat(board: Board, when: When) -> list[dict[str, Any]]:
    """Return the rows of the heat table: objectives by units."""
    rows = []
    for view in board.objectives:
        for number, target in enumerate(view.targets):
            title = view.objective.title.say(words.language())
            rows.append(
                {
                    "id": view.objective.id,
                    "title": title if not number else words.title(target.indicator),
                    "unit": words.unit(target.indicator),
                    "city": target.number.text,
                    "url": objective_url(view, when, **({"t": str(number)} if number else {})),
                    "cells": [cell(target, one, when) for one in target.units],
                }
            )
    return rows


def tiles(board: Board, view: TargetView, when: When) -> list[dict[str, Any]]:
    """Return the sketch map: each unit's cell with its place on the grid; units nobody has placed follow below."""
    placed = {row["code"]: row for row in _placed(board.plan.region, board.ask.partition)}
    found = []
    bottom = max((int(row["row"]) + int(row["height"]) for row in placed.values()), default=1)
    loose = 0
    for one in view.units:
        row = placed.get(one.key)
        if row:
            at = (int(row["column"]), int(row["row"]), int(row["width"]), int(row["height"]))
        else:
            at = (1 + loose % 3 * 2, bottom + loose // 3 * 2, 2, 2)
            loose += 1
        css = "x{} y{} w{} h{}".format(*at)
        found.append({"cell": cell(view, one, when), "place": css, "state": _state(one), "asked": _asked(view, one)})
    return found


def _state(one: UnitView) -> State | None:
    return words.state(one.judgement.outcome, one.judgement.reason) if one.judgement else None


def _asked(view: TargetView, one: UnitView) -> str:
    if one.gap is not None:
        return _("差 %(gap)s") % {"gap": words.signed(one.gap, view.indicator.digits)} if one.gap else ""
    part = _share(view, one)
    return _("占全市 %(share)s") % {"share": part} if part else ""


def _placed(region: str, partition: str) -> Iterable[dict[str, str]]:
    """Return the rows of the sketch map of a city and partition: the city's own file where it has one."""
    own = Path(settings.DATA_DIR) / TILES
    shipped = files("jigai.platform.plan").joinpath(TILES)
    text = own.read_text(encoding="utf-8-sig") if own.is_file() else shipped.read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return [row for row in rows if row["region"] == region and row["partition"] == partition]
