"""The core's words for verdicts, outcomes, kinds and attributes, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, Literal

from django.utils import timezone
from django.utils.translation import get_language, gettext

from jigai.attributes import Attribute
from jigai.ledger.columns import attributes
from jigai.platform.enterprises.reference import reference
from jigai.platform.standards import active
from jigai.reports.labels import label, labels, read_table

TONES: Final = {"stop": "stop", "warn": "warn", "ask": "ask", "ok": "ok", "idle": "idle", "": "idle"}


def language() -> Literal["zh", "en"]:
    """Return the language the core is asked for."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def word(group: str, key: str | None) -> str:
    """Return the word for a key of a group of the report's labels."""
    return label(group, key, language())


def tone(group: str, key: str) -> str:
    """Return the state a key is shown in."""
    found = labels(group).get(key)
    return TONES.get(found.tone if found else "", "idle")


def choices(group: str, keys: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the keys of a group with their words, in their order; only ``keys`` where any are given."""
    wanted = set(keys) or set(labels(group))
    return [(key, word(group, key)) for key in labels(group) if key in wanted]


@active.kept
def _kinds(as_of: Any) -> dict[str, tuple[str, str]]:
    rows = reference(as_of).table("kinds", "kinds").select("kind", "zh", "en").rows()
    return {kind: (zh, en) for kind, zh, en in rows}


def kind_word(kind: str) -> str:
    """Return the name of a kind of equipment; an unknown one is shown as it is."""
    zh, en = _kinds(timezone.localdate()).get(kind, (kind, kind))
    return en if language() == "en" else zh


def kind_choices(used: Iterable[str]) -> list[tuple[str, str]]:
    """Return the kinds that occur with their names, in the order of the table."""
    known = set(used)
    return [(kind, kind_word(kind)) for kind in _kinds(timezone.localdate()) if kind in known]


@lru_cache(maxsize=1)
def _attributes() -> dict[str, Attribute]:
    return {item.name: item for item in attributes()}


@lru_cache(maxsize=1)
def _chosen() -> dict[tuple[str, str], str]:
    return {(row["attribute"], row["choice"]): row["zh"] for row in read_table("choices")}


def attribute_word(name: str) -> str:
    """Return the name of an attribute; what is no attribute (版本未收录 …) is shown as it is."""
    item = _attributes().get(name)
    return name if item is None else item.en if language() == "en" else item.zh


def with_unit(name: str, value: Any) -> str:
    """Return a value as people write it: choices by their words, numbers with the unit of their attribute."""
    item = _attributes().get(name)
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if item is not None and value in item.choices:
        return _chosen().get((name, value), value) if language() == "zh" else value.replace("_", " ")
    text = f"{value:,.10g}" if isinstance(value, float) else str(value)
    return f"{text} {item.unit}" if item is not None and item.unit and item.type != "year" else text


def missing_words(missing: str) -> str:
    """Return what is missing in words."""
    return ("、" if language() == "zh" else ", ").join(attribute_word(name) for name in missing.split(";") if name)
