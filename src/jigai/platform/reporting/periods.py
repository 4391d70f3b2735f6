"""Which period a report is about, when it is due, and what it means for figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from jigai.plan.period import Period

_WRITTEN: Final = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


@dataclass(frozen=True)
class Reported:
    """A month (``2026-09``), a quarter (``2026-Q3``) or a year (``2026``); ``last_month`` is the month it ends with."""

    year: int
    last_month: int
    every: str

    @classmethod
    def read(cls, text: str) -> Reported:
        """Return the period written so; ``ValueError`` for anything else."""
        found = _WRITTEN.fullmatch(text)
        if not found or not 1990 <= int(found[1]) <= 2100:
            raise ValueError(f"no period: {text!r}; write 2026, 2026-Q3 or 2026-09")
        if found[2]:
            return cls(int(found[1]), int(found[2]) * 3, "quarter")
        return cls(int(found[1]), int(found[3] or 12), "month" if found[3] else "year")

    @classmethod
    def over(cls, every: str, today: date) -> Reported:
        """Return the last period of a kind that is over by ``today``."""
        months = {"month": 1, "quarter": 3, "year": 12}[every]
        over = (today.year * 12 + today.month - 1) // months * months - 1
        return cls(over // 12, over % 12 + 1, every)

    @property
    def key(self) -> str:
        """How it is stored and stands in addresses."""
        if self.every == "year":
            return str(self.year)
        return (
            f"{self.year}-Q{self.last_month // 3}" if self.every == "quarter" else f"{self.year}-{self.last_month:02d}"
        )

    @property
    def words(self) -> str:
        """How people call it."""
        if self.every == "year":
            return _("%(year)s年") % {"year": self.year}
        if self.every == "quarter":
            return _("%(year)s年第%(n)s季度") % {"year": self.year, "n": self.last_month // 3}
        return _("%(year)s年%(n)s月") % {"year": self.year, "n": self.last_month}

    @property
    def before(self) -> Reported:
        """The period before."""
        return Reported.over(self.every, date(self.year, self.last_month - self._months + 1, 1))

    def due(self, day: int) -> date:
        """Return the ``day``-th of the month after it; a month that is shorter ends sooner."""
        first = self._after(1)
        return min(first + timedelta(days=day - 1), self._after(2) - timedelta(days=1))

    def figure_period(self, span: str) -> Period:
        """Return the period of a figure: a key of ``options.csv`` (span)."""
        month = None if self.every == "year" else self.last_month
        return {
            "this": Period(self.year, month),
            "last": Period(self.year - 1, month),
            "year": Period(self.year),
            "last_year": Period(self.year - 1),
        }[span]

    @property
    def _months(self) -> int:
        return {"month": 1, "quarter": 3, "year": 12}[self.every]

    def _after(self, months: int) -> date:
        at = self.year * 12 + self.last_month - 1 + months
        return date(at // 12, at % 12 + 1, 1)
