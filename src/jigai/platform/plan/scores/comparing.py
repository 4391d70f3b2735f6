"""Two scorecards side by side, in words: ranks and points of every unit, and every item that differs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jigai.plan.score_words import plain
from jigai.platform.plan.scores.services import ITEM, Sheet
from jigai.platform.plan.scores.shown import STATES, differences
from jigai.platform.web.wording import english
from jigai.platform.web.workflow import Word


@dataclass(frozen=True)
class Total:
    """One unit in both: points and ranks, empty where it is not in one of them; ``up`` is by how many ranks it rose."""

    name: str
    first: str
    second: str
    change: str
    first_rank: int | None
    second_rank: int | None
    up: int


@dataclass(frozen=True)
class Difference:
    """One item of one unit that is not the same in both; ``why`` is what the later one says."""

    unit: str
    item: str
    title: str
    first: str
    second: str
    first_state: Word | None
    second_state: Word | None
    why: str


def totals(first: Sheet, second: Sheet) -> list[Total]:
    """Return every unit of either, by its rank in the second."""
    left, right = (_by_unit(one) for one in (first, second))
    names = first.units | second.units
    found = []
    for unit in [*right, *(unit for unit in left if unit not in right)]:
        one, other = left.get(unit, {}), right.get(unit, {})
        moved = other["points"] - one["points"] if one and other else None
        ranks = one.get("rank"), other.get("rank")
        up = ranks[0] - ranks[1] if ranks[0] and ranks[1] else 0
        found.append(
            Total(
                names.get(unit, unit), _points(one.get("points")), _points(other.get("points")),
                "" if moved is None else f"{moved:+.2f}".rstrip("0").rstrip("."), *ranks, up,
            )
        )  # fmt: skip
    return found


def items(first: Sheet, second: Sheet, hidden: frozenset[str] = frozenset()) -> list[Difference]:
    """Return every item that differs; of ``hidden`` ones without their sentence."""
    units = first.units | second.units
    titles = first.named(ITEM) | second.named(ITEM)
    said = "reason_en_second" if english() else "reason_zh_second"
    return [
        Difference(
            units.get(row["unit"], row["unit"]), row["item"], titles.get(row["item"], ""), _points(row["points"]),
            _points(row["points_second"]), _word(row["state"]), _word(row["state_second"]),
            "" if row["item"] in hidden else row[said] or "",
        )
        for row in differences(first, second).iter_rows(named=True)
    ]  # fmt: skip


def _by_unit(sheet: Sheet) -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in sheet.card.totals.iter_rows(named=True)}


def _points(points: Decimal | None) -> str:
    return "" if points is None else plain(points)


def _word(state: str | None) -> Word | None:
    return STATES[state] if state else None
