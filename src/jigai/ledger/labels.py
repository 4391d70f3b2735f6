"""Header texts: one way to write them, and the unit cut off their end."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jigai.attributes import Attribute, AttributeTable
from jigai.ledger.columns import ledger_table
from jigai.ledger.units import known_units, tidy

_BRACKET = re.compile(r"^(.+?)[(\[【〔{]([^()\[\]【】〔〕{}]*(?:\([^()]*\)[^()]*)*)[)\]】〕}]$")
_SEPARATED = re.compile(r"^(.+?)[/,:、_\-]([^/,:、_].*)$")
_GLUED = re.compile(r"^(.*[\u4e00-\u9fff])([a-z%‰°\"][a-z0-9/%.()°\u4e00-\u9fff]*)$")
_MEANINGLESS = re.compile(r"^(?:单位|计量单位)[:：]?")


def plain(text: str) -> str:
    """Write a header one way: half width, lower case, no blanks or line breaks, no mark of duty or colon."""
    half = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\s+", "", half).strip("*:;,。.、★☆#/-_")


@dataclass(frozen=True)
class Label:
    """A header cell: ``full`` as written one way, ``stem`` without its unit or bracket, and the unit."""

    full: str
    stem: str
    unit: str


@cache
def read_label(text: str) -> Label:
    """Split a header into what it names and its unit: ``功率\\n(kW)``, ``额定功率/kW``, ``轴功率kW`` → kw."""
    full = plain(text)
    for pattern in (_GLUED, _SEPARATED):
        match = pattern.match(full)
        if match and tidy(match.group(2)) in known_units():
            return Label(full, plain(match.group(1)), tidy(match.group(2)))
    bracket = _BRACKET.match(full)
    if bracket:
        inner = _MEANINGLESS.sub("", bracket.group(2))
        return Label(full, plain(bracket.group(1)), tidy(inner) if tidy(inner) in known_units() else "")
    return Label(full, full, "")


@cache
def vocabulary(table: AttributeTable | None = None) -> dict[str, tuple[tuple[int, int, Attribute], ...]]:
    """Return header text → the attributes it may mean, as (place among the aliases, place in the table, attribute).

    ``table`` is the attribute table of the subject, by default that of the ledger.
    """
    found: dict[str, list[tuple[int, int, Attribute]]] = {}
    for order, attribute in enumerate(table or ledger_table()):
        if attribute.role in {"provenance", "derived"}:
            continue
        seen: set[str] = set()
        names = [*attribute.aliases, attribute.zh, attribute.asked_zh, attribute.name, attribute.en]
        for place, name in enumerate(names):
            label = read_label(name)
            for form in (label.full, label.stem if label.unit else label.full):
                if form and form not in seen:
                    seen.add(form)
                    found.setdefault(form, []).append((place, order, attribute))
    return {key: tuple(sorted(value, key=lambda item: item[:2])) for key, value in found.items()}


@cache
def kind_words() -> tuple[str, ...]:
    """Return words that name a kind of equipment in a header, a title or the name of a sheet, longest first."""
    text = files("jigai.ledger").joinpath("kind_words.csv").read_text(encoding="utf-8")
    words = [row["word"] for row in csv.DictReader(text.splitlines())]
    return tuple(sorted(words, key=len, reverse=True))


@cache
def _ignored_rows() -> tuple[str, ...]:
    text = files("jigai.ledger").joinpath("ignored_headers.csv").read_text(encoding="utf-8")
    return tuple(row["label"] for row in csv.DictReader(text.splitlines()))


@cache
def ignored() -> frozenset[str]:
    """Return headers that say nothing about a device, such as the running number."""
    return frozenset(plain(label) for label in _ignored_rows() if not label.endswith("*"))


@cache
def never_guessed() -> tuple[str, ...]:
    """Return beginnings of headers that are never taken for a likeness: 总功率 is not the power of one machine."""
    return tuple(label.removesuffix("*") for label in _ignored_rows() if label.endswith("*"))


def is_unit(text: str) -> bool:
    """Say whether a cell holds nothing but a unit: ``kW``, ``(V)``, ``%``, ``台``."""
    return tidy(plain(text).strip("()[]【】")) in known_units()
