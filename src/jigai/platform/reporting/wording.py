"""The text of the bulletin as data: read, checked, and filled with figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jigai.platform.reporting.figures import Figure

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_FIGURE: Final = re.compile(r"(\w+)(\.coverage)?:(\w+)")
_WHEN: Final = re.compile(r"(\w+)\.period")
_NAMES: Final = ("city", "period", "day")
_FACTORS: Final = {"plain": Decimal(1), "percent": Decimal(100), "wan": Decimal("1E-4"), "yi": Decimal("1E-8")}
_FORMAT: Final = re.compile(r"(plain|percent|wan|yi)([0-4])")
_KEYS: Final = {"title", "red_head", "opening", "sections"}
_PARTS: Final = {"heading", "paragraphs", "objectives", "ranking", "overdue", "next"}
_RANKING: Final = {"indicator", "format", "unit", "caption"}
MISSING: Final = "（暂缺）"


@dataclass(frozen=True)
class Text:
    """The text of a bulletin: title, name in the red head, opening, and sections as written."""

    title: str
    red_head: str
    opening: str
    sections: tuple[Mapping[str, Any], ...]


@cache
def shipped() -> str:
    """Return the text that comes with the programme."""
    return files("jigai.platform.reporting").joinpath("bulletin.yaml").read_text(encoding="utf-8")


def read(source: str) -> Text:
    """Return a text as data.

    Raises:
        ValidationError: it is no YAML, something is missing or unknown, or a place cannot be filled; says where.
    """
    try:
        said = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ValidationError(_("第 %(line)d 行写法不对：请对照缩进、冒号后的空格和引号。") % {"line": line}) from error
    if not isinstance(said, dict) or set(said) != _KEYS or not isinstance(said["sections"], list):
        raise ValidationError(_("请保留 title、red_head、opening、sections 四项，不增不减。"))
    faults = [fault for one in said["sections"] for fault in _faults(one)]
    for text in [said["title"], said["red_head"], said["opening"], *_texts(said["sections"])]:
        faults += _wrong_places(str(text))
    if faults:
        raise ValidationError(list(dict.fromkeys(faults)))
    return Text(str(said["title"]), str(said["red_head"]), str(said["opening"]), tuple(said["sections"]))


def written(number: Decimal | None, style: str) -> str:
    """Write a figure in a format of the text (``percent1``, ``yi2``); a missing one says so."""
    found = _FORMAT.fullmatch(style)
    if number is None or found is None:
        return MISSING
    value = (number * _FACTORS[found[1]]).quantize(Decimal(1).scaleb(-int(found[2])), ROUND_HALF_UP)
    return f"{value:f}" + ("%" if found[1] == "percent" else "")


def filled(text: str, names: Mapping[str, str], figure: Callable[[str], Figure]) -> str:
    """Return a sentence with its places filled."""

    def put(found: re.Match[str]) -> str:
        if when := _WHEN.fullmatch(found[1]):
            return when_of(figure(when[1])) or names.get("period", "")
        place = _FIGURE.fullmatch(found[1])
        if place is None:
            return names.get(found[1], found[0])
        said = figure(place[1])
        return written(said.coverage if place[2] else said.value, place[3])

    return _PLACE.sub(put, text)


def when_of(figure: Figure) -> str:
    """Return of which year a figure is, where it is not of the month of the issue; empty where it is."""
    return f"{figure.period}年" if len(figure.period) == 4 else ""


def indicators(text: Text) -> list[str]:
    """Return the indicators a text asks for, in order."""
    found = [place[1] for one in _texts(text.sections) for place in _FIGURE.finditer(one)]
    ranked = [one["ranking"]["indicator"] for one in text.sections if "ranking" in one]
    return list(dict.fromkeys([*found, *ranked]))


def _texts(sections: Any) -> list[str]:
    return [str(text) for one in sections if isinstance(one, dict) for text in one.get("paragraphs") or []]


def _faults(section: Any) -> list[str]:
    if not isinstance(section, dict) or not section.get("heading") or set(section) - _PARTS:
        return [_("sections 的每一节要有 heading，另可有 paragraphs、objectives、ranking、overdue、next，没有别的。")]
    ranking = section.get("ranking")
    if ranking is not None and (not isinstance(ranking, dict) or set(ranking) != _RANKING):
        return [_("“%(name)s”的 ranking 要写 indicator、format、unit、caption 四项。") % {"name": section["heading"]}]
    if ranking is not None and not _FORMAT.fullmatch(str(ranking["format"])):
        return [_("没有“%(format)s”这种格式。") % {"format": ranking["format"]}]
    return []


def _wrong_places(text: str) -> list[str]:
    found = []
    for place in _PLACE.findall(text):
        figure = _FIGURE.fullmatch(place)
        if place not in _NAMES and not _WHEN.fullmatch(place) and (figure is None or not _FORMAT.fullmatch(figure[3])):
            found.append(_("看不懂 {%(place)s}：写 {编号:格式}，例如 {nc_rate:percent1}。") % {"place": place})
    return found
