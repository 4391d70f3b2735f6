"""Why a unit got its points, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jigai.plan.amounts import Both, amount, as_written, bare, decimals, percent, rounded, sentence, unit_words
from jigai.plan.scoring import Cell, Score

_SHARES: Final = ("coverage", "part", "size")
_COUNTS: Final = ("place", "peers")


@dataclass(frozen=True)
class Given:
    """What one item gave one unit: the weight of the plan, that of this unit after redistribution, most and points."""

    planned: Decimal
    weight: Decimal
    most: Decimal
    points: Decimal


def tell(unit: str, given: Given, cell: Cell, score: Score | None, grey: Decimal | None) -> Both:
    """Return the sentence behind the points of one item.

    Args:
        unit: name of the unit of the figures.
        given: its points.
        cell: what is known of the unit.
        score: how the item was scored; None where it does not apply.
        grey: the coverage asked for, where it was not reached.
    """
    if score is None:
        zh, en = cell.not_applicable or ("", "")
        return sentence("score_sentences", "not_applicable", {"why": Both(zh, en), "weight": plain(given.planned)})
    fields: dict[str, Both | str | int] = {"points": plain(given.points), "max": plain(given.most)}
    said = sentence("score_sentences", score.said, fields | _figures(unit, score))
    if grey is not None and cell.coverage is not None:
        fields |= {"said": said, "coverage": percent(cell.coverage), "share": percent(grey)}
        said = sentence("score_sentences", "grey", fields)
    if given.weight != given.planned:
        fields |= {"said": said, "planned": plain(given.planned), "weight": plain(given.weight)}
        said = sentence("score_sentences", "spread", fields)
    return said


def plain(points: Decimal) -> str:
    """Return points as written by hand: 7.5, not 7.50."""
    return f"{points.normalize():f}"


def _figures(unit: str, score: Score) -> dict[str, Both | str | int]:
    words, per_cent = unit_words(unit), unit_words("%")
    told: dict[str, Both | str | int] = {}
    for name, number in score.figures.items():
        if name in _SHARES:
            told[name] = percent(number)
        elif name in _COUNTS:
            told[name] = int(number)
        elif name == "growth":
            told[name] = bare(per_cent, rounded(number * 100, 1), 1)
        elif name == "against":
            told[name] = as_written(words, number)
        else:
            told[name] = amount(words, number, decimals(words, (number,)))
    return told
