"""What a figure is about: a year, or a year up to the end of one of its months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_WRITTEN: Final = re.compile(r"(\d{4})(?:-(\d{2}))?")


@dataclass(frozen=True, order=True)
class Period:
    """A year, or with ``month`` its part up to the end of that month (1–12)."""

    year: int
    month: int | None = None

    def __post_init__(self) -> None:
        if not 1990 <= self.year <= 2100 or (self.month is not None and not 1 <= self.month <= 12):
            raise ValueError(f"no period: {self.year}, {self.month}")

    @classmethod
    def read(cls, text: str) -> Period:
        """Return the period written as ``2026`` or ``2026-09``; ``ValueError`` for anything else."""
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(f"no period: {text!r}; write 2026 or 2026-09")
        return cls(int(found[1]), int(found[2]) if found[2] else None)

    @property
    def key(self) -> str:
        """How it is stored and stands in addresses."""
        return str(self.year) if self.month is None else f"{self.year}-{self.month:02d}"

    @property
    def end(self) -> date:
        """Its last day."""
        month = self.month or 12
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        return self.key
