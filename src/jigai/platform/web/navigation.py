"""The side bar as data: ``navigation.csv``; each role sees the entries it has the capability for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.urls import NoReverseMatch, reverse

from jigai.platform.walls.actor import Actor


@dataclass(frozen=True)
class Entry:
    """One row of ``navigation.csv``; entries of one ``group`` stand together."""

    key: str
    group: str
    url: str
    icon: str
    zh: str
    en: str
    capability: str


@cache
def entries() -> tuple[Entry, ...]:
    """Return all entries in order."""
    text = files("jigai.platform.web").joinpath("navigation.csv").read_text(encoding="utf-8")
    return tuple(Entry(**row) for row in csv.DictReader(text.splitlines()))


def groups_for(actor: Actor, path: str, language: str) -> list[list[dict[str, object]]]:
    """Return the groups of links ``actor`` sees; the one that ``path`` lies below most closely is current."""
    seen = [(entry, _url(entry)) for entry in entries() if actor.may(entry.capability)]
    under = [
        (len(url), entry.key) for entry, url in seen if url and (path == url or (url != "/" and path.startswith(url)))
    ]
    here = max(under)[1] if under else ""
    groups: dict[str, list[dict[str, object]]] = {}
    for entry, url in seen:
        if url:
            label = entry.en if language.startswith("en") else entry.zh
            link = {"url": url, "icon": entry.icon, "label": label, "current": entry.key == here}
            groups.setdefault(entry.group, []).append(link)
    return list(groups.values())


def _url(entry: Entry) -> str:
    try:
        return reverse(entry.url)
    except NoReverseMatch:
        return ""
