"""From a folder, or from bytes already held, to a plan."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from jigai.plan.file.faults import PlanError, PlanFault
from jigai.plan.file.model import Plan
from jigai.plan.file.reader import MOST_TEXT, Reader
from jigai.plan.file.tree import MOST_BYTES, read_tree

PLAN_FILE: Final = "plan.yaml"
"""The name of the plan file in its folder."""


@cache
def known_indicators() -> Mapping[str, str] | None:
    """Return the indicators jigai has (``jigai/plan/data/indicators.csv``) and the unit each is shown in.

    None while there is no such table: then any id will do.
    """
    place = files("jigai.plan").joinpath("data", "indicators.csv")
    if not place.is_file():
        return None
    rows = csv.DictReader(place.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row.get("display_unit") or "" for row in rows}


def read_plan(place: Path, indicators: Collection[str] | None = None) -> Plan:
    """Return the plan in a folder, or of one plan file with its text beside it.

    ``indicators`` are the ids objectives may name, or a mapping of them to the units they are shown in; by default
    those jigai has.

    Raises:
        PlanError: holding every fault of the file, each with its line and its remedy.
    """
    file = place / PLAN_FILE if place.is_dir() else place
    content = _content(file, MOST_BYTES)
    if content is None:
        raise PlanError([PlanFault(file.as_posix(), None, "", "not_found")])
    return _read(content, lambda name: _content(file.parent / name, MOST_TEXT), file.as_posix(), indicators)


def read_contents(
    plan: bytes, texts: Mapping[str, bytes], file: str = PLAN_FILE, indicators: Collection[str] | None = None
) -> Plan:
    """Return the plan of a file held in memory, with the ``texts`` that lie beside it by name.

    ``file`` is what messages call it. Raises as `read_plan` does.
    """
    return _read(plan, texts.get, file, indicators)


def _read(content: bytes, text: Callable[[str], bytes | None], file: str, indicators: Collection[str] | None) -> Plan:
    top = read_tree(content, file)
    digest = sha256(content.replace(b"\r\n", b"\n")).hexdigest()
    reader = Reader(file, text, known_indicators() if indicators is None else indicators, digest)
    plan = reader.read(top)
    if reader.notes.faults or plan is None:
        raise PlanError(sorted(reader.notes.faults, key=lambda fault: fault.line or 0))
    return plan


def _content(file: Path, most: int) -> bytes | None:
    """Return the bytes of a file, one more than allowed where it is too long; None when there is none."""
    if not file.is_file():
        return None
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise PlanError([PlanFault(file.as_posix(), None, "", "unreadable", {"detail": str(error)})]) from error
