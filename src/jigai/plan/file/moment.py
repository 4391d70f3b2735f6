"""A time as a plan says it: a year, a month or a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_WRITTEN: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class Moment:
    """A year, a month of it or a day of that, kept as exactly as the plan says it.

    Raises ``ValueError`` for what the calendar does not have, and outside 1990–2100.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not 1990 <= self.year <= 2100:
            raise ValueError(f"no year of a plan: {self.year}")
        date(self.year, *(1 if part is None else part for part in (self.month, self.day)))

    @classmethod
    def read(cls, text: str) -> Moment:
        """Return the moment written ``2027``, ``2024-12`` or ``2024-12-31``; ``ValueError`` for anything else."""
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(f"no moment: {text!r}")
        year, month, day = (int(part) if part else None for part in found.groups())
        return cls(year or 0, month, day)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """Its last day: what is due by 2027 is due on 2027-12-31."""
        if self.day:
            return self.first
        month = self.month or 12
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        return "-".join([str(self.year), *(f"{part:02d}" for part in (self.month, self.day) if part)])
