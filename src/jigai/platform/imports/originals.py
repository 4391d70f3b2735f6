"""Which originals belong to a row: what none names was left over by something that failed, and may go.

A model says by ``originals`` in which of its columns the hashes of originals stand: plain, or somewhere in JSON.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db import transaction
from django.db.models import JSONField

from jigai.platform.imports import storage
from jigai.platform.walls.scope import command_scope, use_scope

GRACE_HOURS: Final = 24
"""How long a file may lie there without a row: longer than any request or step of a job lasts."""
_HASH: Final = re.compile(r"\b[0-9a-f]{64}\b")
_BATCH: Final = 500
_WHY: Final = "originals: whoever sees the row that names one"


@dataclass(frozen=True)
class Left:
    """An original no row names: where it lies, its size [bytes], and when it was handed in [ns since 1970]."""

    path: Path
    size: int
    moment: int


def named_among(hashes: Iterable[str]) -> set[str]:
    """Return which of some originals a row names."""
    wanted = sorted(set(hashes))
    found: set[str] = set()
    with transaction.atomic(), use_scope(command_scope(_WHY)):
        for model, column in _columns():
            if _is_json(model, column):
                found |= _in_json(model, column)
            else:
                for start in range(0, len(wanted), _BATCH):
                    named = model._base_manager.filter(**{f"{column}__in": wanted[start : start + _BATCH]})
                    found |= set(named.values_list(column, flat=True))
    return found & set(wanted)


def unnamed(now: float | None = None) -> list[Left]:
    """Return the originals no row names, those handed in within :data:`GRACE_HOURS` left out, in order.

    ``now`` [s since 1970] is the moment that is counted from (default: the present).
    """
    until = ((time.time() if now is None else now) - GRACE_HOURS * 3600) * 1e9
    old = [one for one in _kept() if one.moment < until]
    named: set[str] = set()
    with transaction.atomic(), use_scope(command_scope(_WHY)):
        for model, column in _columns():
            rows = model._base_manager.exclude(**{column: ""}).order_by().values_list(column, flat=True)
            named |= _in_json(model, column) if _is_json(model, column) else set(rows.iterator())
    return [one for one in old if one.path.name not in named]


def remove(left: Iterable[Left]) -> list[Left]:
    """Remove originals that no row names; return those removed. One that was handed in again meanwhile stays."""
    return [one for one in left if storage.forget(one.path.name, one.moment)]


def _kept() -> Iterator[Left]:
    for path in sorted(storage.folder().glob("??/*")):
        if _HASH.fullmatch(path.name) and path.is_file():
            state = path.stat()
            yield Left(path, state.st_size, state.st_mtime_ns)


def _columns() -> Iterator[tuple[type[Any], str]]:
    """Yield every column that names originals, with its model."""
    for model in apps.get_models():
        for name in getattr(model, "originals", ()):
            yield model, name


def _is_json(model: type[Any], column: str) -> bool:
    return isinstance(model._meta.get_field(column), JSONField)


def _in_json(model: type[Any], column: str) -> set[str]:
    rows = model._base_manager.exclude(**{column: []}).order_by().values_list(column, flat=True)
    return {each for value in rows.iterator() for each in _HASH.findall(json.dumps(value))}
