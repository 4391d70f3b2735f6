"""Which year, as known on which day, by which partition: said wherever figures are shown (D13, D16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.plan.period import Period

PARTITIONS: Final = ("manager_code", "place_code")
"""By managing unit (管理主体, the default) or by county (属地)."""


@dataclass(frozen=True)
class When:
    """The figures of a year, or of a year up to a month, as known on a day, split by one partition.

    ``with_months``: the page offers months to choose from.
    """

    year: int
    known_on: date
    partition: str
    today: date
    month: int | None = None
    with_months: bool = False

    @property
    def replay(self) -> bool:
        """Whether this looks back: figures as they were known on an earlier day."""
        return self.known_on < self.today

    @property
    def period(self) -> Period:
        """The year, or the year up to the month."""
        return Period(self.year, self.month)

    @property
    def months(self) -> Sequence[int]:
        """The months to choose from: those of the year that have begun."""
        return range(1, (self.today.month if self.year == self.today.year else 12) + 1)

    @property
    def query(self) -> str:
        """The filter as it stands in addresses, to keep it on the way to another page."""
        said: dict[str, object] = {"year": self.year, "month": self.month, "partition": self.partition}
        said["known_on"] = self.known_on if self.replay else None
        return urlencode({key: value for key, value in said.items() if value is not None})

    @property
    def years(self) -> Sequence[int]:
        """The years to choose from."""
        return range(self.today.year, self.today.year - 6, -1)

    @property
    def partitions(self) -> list[tuple[str, str]]:
        """The partitions to choose from, with their names."""
        return [("manager_code", _("按管理主体")), ("place_code", _("按属地"))]


def when_of(
    request: HttpRequest, *, year: int | None = None, partition: str = PARTITIONS[0], months: bool = False
) -> When:
    """Return what the address asks for.

    What cannot be read falls back to ``year`` (last year where none is given), today, and ``partition``; a month is
    heeded on pages with ``months``.
    """
    today = timezone.localdate()
    asked = request.GET
    said, month, by = asked.get("year", ""), asked.get("month", ""), asked.get("partition", "")
    known = _day(asked.get("known_on", "")) or today
    fallback = today.year - 1 if year is None else year
    return When(
        year=int(said) if said.isdecimal() and 2000 <= int(said) <= today.year + 1 else fallback,
        known_on=min(known, today),
        partition=by if by in PARTITIONS else partition,
        today=today,
        month=int(month) if months and month.isdecimal() and 1 <= int(month) <= 12 else None,
        with_months=months,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
