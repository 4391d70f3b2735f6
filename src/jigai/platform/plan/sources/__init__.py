"""What indicators are computed from, out of the tables of the site, as known at the end of a day (D16)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from jigai.plan.sources import REGISTER, Sources
from jigai.platform.plan.sources import entered, lines, machines, surveys, yearly
from jigai.platform.plan.sources.reader import Reader
from jigai.platform.registers.definition import registers

LOADERS: Final[dict[str, Callable[[Reader], pl.DataFrame]]] = {
    "listed": yearly.listed,
    "facts": yearly.facts,
    "line_years": lines.line_years,
    "screened": machines.screened,
    "obsolete": machines.obsolete,
    "investment": entered.investment,
    "survey": surveys.survey,
}
PROJECTS: Final = "项目库尚未启用。"


def sources(known_on: date, only: Collection[int] | None = None) -> Sources:
    """Return the sources as known at the end of ``known_on``, within the scope in force; each is read when asked for.

    Who owns a row, and where that counts, is as it is now (D19).

    Args:
        known_on: the day; what was recorded or put right later is as if it had not been.
        only: numbers of legal persons; rows of others are left out, those of nobody in particular stay.
    """
    reader = Reader(known_on, None if only is None else frozenset(only))
    loaders = {name: partial(load, reader) for name, load in LOADERS.items()}
    loaders |= {f"{REGISTER}{key}": partial(entered.register, reader, one) for key, one in registers().items()}
    absent = {"projects": PROJECTS}
    if not lines.available():
        absent["line_years"] = lines.ABSENT
    return Sources(known_on, loaders, absent)
