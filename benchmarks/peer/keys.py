"""The keys a designation is compared with catalogues by, one text at a time."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.peer.tidying import RATING, body

_SUFFIX = re.compile(r"(?:[-(]?(?:T2|B3|B5|B35|V1|V5|V6|W|TH|TA|WF1|WF2|WF|F1|F2|IP\d{2})\)?)+$")
_STAGE, _BRACKET = re.compile(r"×\d{1,2}[A-Z]?$"), re.compile(r"\([^()]*\)$")
_OLD, _HYPHEN = re.compile(r"\(老型\)|\(老\)|老型|老|\(\)"), re.compile(r"([A-Z)])-(\d)")
_CLASS = re.compile(r"-([AWL])(III|II|I)")
_LEAD = re.compile(r"^(\d*[A-Z][0-9A-Z]*(?:\.\d+)?[0-9A-Z]*)(?:[-(/.×]|$)")
_BEFORE_SIZE = re.compile(r"^(\d*(?:\.\d+)?[A-Z]+)\d{3,}")
_LETTERS, _SIZED = re.compile(r"^\d*(?:\.\d+)?([A-Z]+)"), re.compile(r"^(\d+(?:\.\d+)?[A-Z]+)")
_VARIANT = re.compile(r"^([A-Z]+\d-(?:WF|F|0))(?:-|\d|$)")
_FAN = re.compile(r"^([A-Z]{0,3}\d{1,2}-\d{2})(?:\D|$)")


def without_ratings(norm: str | None) -> str | None:
    """Return the tidied text without ratings set apart and without spaces."""
    return None if norm is None else re.sub(r"\s+", "", RATING.sub(" ", RATING.sub(" ", norm)))


def canonical(text: str | None) -> str | None:
    """Return the key of a tidied text without spaces."""
    if text is None:
        return None
    text = _CLASS.sub(lambda found: f"-{found[1]}{len(found[2])}", _OLD.sub("", text))
    return _HYPHEN.sub(r"\g<1>\g<2>", text).strip("-./;:, ") or None


def plain(number: Any) -> str | None:
    """Return a number as people write it."""
    return None if number is None else str(float(number)).removesuffix(".0")


def model_keys(norm: str | None, kind: str | None, read: dict[str, Any]) -> tuple[str | None, list[str]]:
    """Return the whole key and all candidates to compare with models."""
    whole, bare = canonical(without_ratings(norm)), canonical(body(norm))
    keys = [whole, bare]
    if bare is not None:
        keys += [_STAGE.sub("", bare, count=1), _BRACKET.sub("", bare, count=1)]
        keys.append(_SUFFIX.sub("", bare, count=1) if kind == "motor" else None)
    series = _upper(read.get("series"))
    if kind == "motor":
        keys.append(canonical(_joined("{}-{}-{}", series, read.get("frame"), read.get("poles"))))
    elif kind == "transformer":
        size = canonical(_joined("{}-{}", series, plain(read.get("capacity_kva"))))
        keys += [size, _joined("{}/{}", size, plain(read.get("voltage_kv")))]
    elif kind == "fan":
        fan = _joined("{}NO{}", series, plain(read.get("machine_no")))
        keys += [fan, _joined("{}{}", fan, read.get("drive"))]
    return whole, list(dict.fromkeys(key for key in keys if key is not None))


def series_keys(norm: str | None, kind: str | None, read: dict[str, Any]) -> list[str]:
    """Return the whole leading tokens to compare with series."""
    text = body(norm)
    keys = [_upper(read.get("series"))]
    if text is not None:
        keys.append(canonical(_first(_LEAD, text)))
        if kind == "pump":
            keys += [_first(_BEFORE_SIZE, text), _first(_LETTERS, text), _first(_SIZED, text)]
        if kind == "motor":
            keys.append(_first(_VARIANT, text))
        if kind in ("fan", "blower"):
            keys.append(_first(_FAN, text))
    return list(dict.fromkeys(key for key in keys if key is not None))


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None


def _upper(text: str | None) -> str | None:
    return None if text is None else text.upper()


def _joined(template: str, *parts: str | None) -> str | None:
    return None if None in parts else template.format(*parts)
