"""A diagnosis, what it is worth, and all its versions as canonical JSON: equal content gives equal bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from jigai.diagnosis.model import Diagnosis, Part

UNKNOWN: Final = "unknown"
FORMAT: Final = 1
"""Version of the form; kept in every file."""


Kept = TypeVar("Kept")


def to_json(kept: object) -> str:
    """Return a `Diagnosis`, or what holds some (`worth.Costed`, `editing.History`), as canonical JSON.

    Keys sorted, no blanks, days as ISO text, an unknown score as ``"unknown"``.
    """
    said = {"format": FORMAT, **_plain(kept)}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Diagnosis:
    """Return the diagnosis that `to_json` wrote.

    Raises:
        ValueError: it is not JSON of this form; the text says which format was found.
    """
    said = json.loads(text)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        found = said.get("format") if isinstance(said, dict) else type(said).__name__
        raise ValueError(f"a diagnosis of format {FORMAT} is wanted, this is {found}; diagnose again")
    return read_as(Diagnosis, said)


def read_as(kind: type[Kept], said: Mapping[str, Any]) -> Kept:
    """Return what `to_json` wrote of a ``kind`` (`worth.Costed`, `editing.History`), from the parsed JSON.

    Raises:
        KeyError: a field is not there: it is of another kind or format.
    """
    made: Kept = _made(kind, {key: value for key, value in said.items() if key != "format"})
    return made


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        said = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        if isinstance(value, Part) and value.score is None:
            said["score"] = UNKNOWN
        return said
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _made(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (UnionType, Union):
        if isinstance(value, list):  # a value that may be a text, a number or several texts
            return tuple(value)
        real = [one for one in get_args(kind) if one is not type(None)]
        return None if value is None or (value == UNKNOWN and kind == (float | None)) else _made(real[0], value)
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            return tuple(_made(kinds[0], one) for one in value)
        return tuple(_made(one, part) for one, part in zip(kinds, value, strict=True))
    if kind is date:
        return date.fromisoformat(value)
    if kind is float:
        return float(value)
    if is_dataclass(kind) and isinstance(kind, type):
        given: Mapping[str, Any] = value
        hints = get_type_hints(kind)
        return kind(**{one.name: _made(hints[one.name], given[one.name]) for one in fields(kind)})
    return value
