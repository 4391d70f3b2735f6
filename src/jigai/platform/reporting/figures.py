"""Where figures come from: the one place report forms and the bulletin ask for them.

Whoever keeps indicators says so once (``provide``, at the start of the site). The unit of a figure is the one the
indicator's registry names; a money sum is in yuan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Protocol

import polars as pl

from jigai.plan.contributions import CONTRIBUTION
from jigai.plan.period import Period

CITY: Final = ("city", "")
"""Partition and key of the whole city."""
MANAGER: Final = "manager"
"""The partition by managing unit (D13); its keys are the codes of the units."""
COUNTY: Final = "place"
"""The partition by county (D13); its keys are the codes of the counties."""
INDUSTRY: Final = "division"
"""The partition by division of industry; its keys are two digits."""


@dataclass(frozen=True)
class Indicator:
    """An indicator one may choose: its names, the unit of its value, whether what each adds to it is financial."""

    id: str
    zh: str
    en: str
    unit: str = ""
    finance: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure for a period as known on a day.

    ``value`` is None where there is none, and ``why`` then says why (Chinese). ``coverage`` is the share that
    reported, 0 to 1, or None where nobody has to. ``reportable`` is what the plan says of it, and ``least`` the share
    it asks for. ``period`` is what the figure is of, where that is another one than was asked for: of a yearly figure
    the last year there is. ``few``: a part of a financial figure that would tell the finances of one enterprise.
    """

    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    coverage: Decimal | None = None
    data_date: date | None = None
    reportable: bool = True
    why: str = ""
    least: Decimal | None = None
    period: str = ""
    few: bool = False


@dataclass(frozen=True)
class Standing:
    """How one objective of the plan stands, in words (Chinese): what is asked, the figure, the state, what is ahead.

    ``coverage`` is a percentage as it is read; ``sentence`` is the line of the card.
    """

    name: str
    asked: str
    value: str
    state: str
    coverage: str
    sentence: str


class FigureSource(Protocol):
    """What keeps figures."""

    def prepare(self, day: date) -> None:
        """Bring what is known on ``day`` up to date, where it is not; before figures are drawn for a report."""

    def reading(self) -> FigureSource:
        """Return the source for one reading: what it has read once it need not read again."""

    def indicators(self) -> Sequence[Indicator]:
        """Return the indicators there are."""

    def figure(self, indicator: str, period: Period, known_on: date, partition: str, key: str) -> Figure:
        """Return a figure of the city (``CITY``) or of one key of a partition."""

    def listed(self, indicator: str, period: Period, known_on: date, partition: str, key: str) -> pl.DataFrame:
        """Return the contributions a figure is made of (``jigai.plan.contributions``)."""

    def standings(self, period: Period, known_on: date) -> Sequence[Standing]:
        """Return how every objective stands, in the order of the plan; none without a plan."""


class NoFigures:
    """Nobody keeps figures: every figure is missing, with the reason."""

    def prepare(self, day: date) -> None:
        """Do nothing."""

    def reading(self) -> FigureSource:
        """Return itself."""
        return self

    def indicators(self) -> Sequence[Indicator]:
        """Return none."""
        return ()

    def figure(self, indicator: str, period: Period, known_on: date, partition: str, key: str) -> Figure:
        """Return a figure that is not there."""
        return Figure(None, reportable=False, why="本平台还没有启用指标")

    def listed(self, indicator: str, period: Period, known_on: date, partition: str, key: str) -> pl.DataFrame:
        """Return no contributions."""
        return pl.DataFrame(schema=CONTRIBUTION)

    def standings(self, period: Period, known_on: date) -> Sequence[Standing]:
        """Return none."""
        return ()


_kept: list[FigureSource] = [NoFigures()]


def provide(source: FigureSource) -> None:
    """Name who keeps figures from now on; the app that does so calls it when it is ready."""
    _kept[0] = source


def source() -> FigureSource:
    """Return who keeps figures, for one reading."""
    return _kept[0].reading()
