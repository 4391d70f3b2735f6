"""A scorecard as a page shows it: units by rank, a cell for every item, and what the points rest on in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.plan.amounts import Both, amount, decimals, percent, unit_words
from jigai.plan.registry import registry
from jigai.plan.score_words import plain
from jigai.plan.scorecard import Item
from jigai.plan.tables import table
from jigai.platform.plan.scores.services import GAP, INDICATOR, ITEM, Sheet
from jigai.platform.web.wording import english
from jigai.platform.web.workflow import Word, words

STATES: Final = words("jigai.platform.plan.scores", "score_states")
_HEATS: Final = ((Decimal("0.9"), "p2"), (Decimal("0.7"), "p1"), (Decimal("0.5"), "0"), (Decimal("0.25"), "n1"))
"""From which share of the most points a cell is shown in which tone; below the last it is the lowest."""


@dataclass(frozen=True)
class Shown:
    """What one item gave one unit, in words."""

    item: Item
    title: str
    figure: str
    measure: str
    state: Word
    points: str
    most: str
    weight: str
    value: str
    target: str
    coverage: str
    score: str
    why: str
    heat: str
    url: str
    """The list of those who make the figure up."""


@dataclass(frozen=True)
class UnitRow:
    """One unit with its points; ``moved`` is how many ranks it is higher than by the plan's own weights."""

    code: str
    name: str
    rank: int | None
    tied: bool
    points: str
    most: str
    share: int
    grey: str
    missing: int
    cells: tuple[Shown, ...]
    moved: int = 0


def measure_words() -> dict[str, Mapping[str, str]]:
    """Return the measures of the core by their key, with label and meaning in the language of the page."""
    tongue = "en" if english() else "zh"
    return {
        row["key"]: {"label": row[tongue], "meaning": row[f"meaning_{tongue}"]} for row in table("score_measures.csv")
    }


def rows_of(
    sheet: Sheet, hidden: frozenset[str] = frozenset(), beside: Sheet | None = None, known_on: str = ""
) -> list[UnitRow]:
    """Return the units, the first rank first.

    Args:
        sheet: what is shown.
        hidden: items whose figures the reader may not see; their points stay.
        beside: the scorecard by the plan's own weights, where others are tried.
        known_on: the earlier day lists behind figures are opened as known on, if any.
    """
    names, units = _names(sheet), sheet.units
    by_unit = {str(key[0]): part for key, part in sheet.card.rows.group_by("unit")}
    before = _ranks(beside) if beside else {}
    items = {item.objective: item for item in sheet.card.items}
    found = []
    for row in sheet.card.totals.iter_rows(named=True):
        code, most = row["unit"], row["max"]
        told = by_unit.get(code, sheet.card.rows.clear())
        cells = {
            one["item"]: _shown(items[one["item"]], one, names, hidden, known_on) for one in told.iter_rows(named=True)
        }
        moved = (before[code] or 0) - row["rank"] if before.get(code) and row["rank"] else 0
        found.append(
            UnitRow(
                code, units.get(code, code), row["rank"], row["tied"], plain(row["points"]), plain(most),
                int(row["points"] / most * 100) if most else 0,
                plain(row["grey_points"]) if row["grey_points"] else "", row["missing"],
                tuple(cells[key] for key in items if key in cells), moved,
            )
        )  # fmt: skip
    return found


def _names(sheet: Sheet) -> dict[str, tuple[str, str]]:
    figures = sheet.named(INDICATOR)
    return {key: (title, figures.get(key, "")) for key, title in sheet.named(ITEM).items()}


def _ranks(sheet: Sheet) -> dict[str, int | None]:
    return dict(sheet.card.totals.select("unit", "rank").iter_rows())


def url_of(drill: str, known_on: str = "") -> str:
    """Return the list behind a figure kept as ``indicator/period/unit``; as it was known on a day, where one is given.

    Empty where this release no longer has the indicator.
    """
    indicator, period, unit = drill.split("/")
    if indicator not in registry():
        return ""
    query = {"period": period, "manager": unit} | ({"known_on": known_on} if known_on else {})
    return f"{reverse('plan:contributions', args=[indicator])}?{urlencode(query)}"


def _shown(
    item: Item,
    row: Mapping[str, Any],
    names: Mapping[str, tuple[str, str]],
    hidden: frozenset[str],
    known_on: str,
) -> Shown:
    title, figure = names.get(item.objective, (item.objective, ""))
    said = row["reason_en" if english() else "reason_zh"]
    secret = item.objective in hidden
    return Shown(
        item=item,
        title=title,
        figure=figure,
        measure=measure_words()[item.measure]["label"],
        state=STATES[row["state"]],
        points=plain(row["points"]),
        most=plain(row["max"]),
        weight=plain(row["weight"]),
        value="" if secret else _amount(item, row["value"]),
        target="" if item.measure != "target" else _amount(item, row["target"]),
        coverage="" if row["coverage"] is None else percent(row["coverage"]),
        score="" if row["score"] is None else percent(row["score"]),
        why="" if secret else said,
        heat=_heat(row),
        url=url_of(row["drill"], known_on),
    )


def _amount(item: Item, number: Decimal | None) -> str:
    if number is None:
        return ""
    unit = unit_words(item.unit)
    told: Both = amount(unit, number, decimals(unit, (number,)))
    return told.en if english() else told.zh


def _heat(row: Mapping[str, Any]) -> str:
    if row["state"] in ("not_applicable", "missing") or not row["max"]:
        return "na"
    share = row["points"] / row["max"]
    return next((tone for least, tone in _HEATS if share >= least), "n2")


@dataclass(frozen=True)
class Head:
    """One item of the scorecard as the head of a column: what it weighs, and why the city has no figure, if so."""

    key: str
    title: str
    weight: str
    measure: str
    meaning: str
    gap: str


def gap_word(why: str) -> str:
    """Return in words why an item has no figure in the whole city."""
    return why or _("这一年的指标还没有算。")


def heads_of(sheet: Sheet) -> list[Head]:
    """Return the items in the order of the plan."""
    names, gaps, told = _names(sheet), sheet.named(GAP), measure_words()
    return [
        Head(
            one.objective, names.get(one.objective, ("", ""))[0], plain(one.weight), told[one.measure]["label"],
            told[one.measure]["meaning"],
            gap_word(gaps[one.objective]) if one.objective in gaps else "",
        )
        for one in sheet.card.items
    ]  # fmt: skip


def total_weight(sheet: Sheet) -> str:
    """Return the sum of the weights."""
    return plain(sum((item.weight for item in sheet.card.items), Decimal(0)))


def differences(first: Sheet, second: Sheet) -> pl.DataFrame:
    """Return what two scorecards say of each unit and item, where they differ.

    Columns ``unit``, ``item``, and of the ``first`` and of the ``second`` points, value and state; a unit or item only
    one of them has is there with empty cells.
    """
    columns = ["points", "value", "state", "reason_zh", "reason_en"]
    left, right = (one.card.rows.select("unit", "item", *columns) for one in (first, second))
    both = left.join(right, on=["unit", "item"], how="full", coalesce=True, suffix="_second")
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_second")) for name in ("points", "value", "state")]
    return both.filter(pl.any_horizontal(differs)).sort("unit", "item")
