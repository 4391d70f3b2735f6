"""Is there a designation that lists can be compared with, and does it name more than a series? For one device."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from benchmarks.peer.conditions import Device

_HAN = re.compile("[\u3400-\u9fff]+")
_UNIT = r"(?:KVAR|KVA|MVA|KW|MW|KV|KA|MPA|PA|M3/H|M3/MIN|M3|M2|T/H|T/A|MM|CM|KG|HZ|HP|PS|RPM|R/MIN|[VATMPW寸])"
_RATINGS_ONLY = re.compile(rf"(?:Φ?\d+(?:\.\d+)?\s*{_UNIT}?|[\s;:,./()+×*±=~-]|DN|IP)+")
_FOREIGN = re.compile(r"[|!<>?$@`^{}]|^[=+]")
_READABLE = re.compile("[0-9A-Z０-９Ａ-Ｚ]")
_SERIES = [
    re.compile(pattern)
    for pattern in (r"^(\d*(?:\.\d+)?[A-Z]+)", r"^\d*(?:\.\d+)?([A-Z]+)", r"^(\d*[A-Z]+\d)(?:[-/×(])")
]


def is_named(device: Device, sized: bool) -> bool:
    """Whether there is a readable model, or a series read out of the name; ratings name kinds listed by size only."""
    if device.get("series") is not None:
        return True
    written = device.get("model_norm")
    text = _HAN.sub(" ", (device.get("model") if written is None else written) or "").upper().strip()
    if not _READABLE.search(text) or _FOREIGN.search(text):
        return False
    return sized or not _RATINGS_ONLY.fullmatch(text)


def series_of_models(models: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the series that are cut off listed models (group, key), as a ledger would write them alone."""
    found: set[tuple[str, Any]] = set()
    for group, key in models:
        cut = [hit[1] for hit in (pattern.search(key) for pattern in _SERIES) if hit]
        found |= {(group, series) for series in cut if series != key}
    return found
