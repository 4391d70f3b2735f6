"""Which year, as known on which day, by which partition: said wherever figures are shown (D13, D16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

PARTITIONS: Final = ("manager_code", "place_code")
"""By managing unit (管理主体, the default) or by county (属地)."""


@dataclass(frozen=True)
class When:
    """The figures of a year as known on a day, split by one partition."""

    year: int
    known_on: date
    partition: str
    today: date

    @property
    def replay(self) -> bool:
        """Whether this looks back: figures as they were known on an earlier day."""
        return self.known_on < self.today

    @property
    def years(self) -> Sequence[int]:
        """The years to choose from."""
        return range(self.today.year, self.today.year - 6, -1)

    @property
    def partitions(self) -> list[tuple[str, str]]:
        """The partitions to choose from, with their names."""
        return [("manager_code", _("按管理主体")), ("place_code", _("按属地"))]


def when_of(request: HttpRequest) -> When:
    """Return what the address asks for; what cannot be read falls back to last year, today, managing units."""
    today = timezone.localdate()
    asked = request.GET
    year = asked.get("year", "")
    known = _day(asked.get("known_on", "")) or today
    partition = asked.get("partition", "")
    return When(
        year=int(year) if year.isdecimal() and 2000 <= int(year) <= today.year + 1 else today.year - 1,
        known_on=min(known, today),
        partition=partition if partition in PARTITIONS else PARTITIONS[0],
        today=today,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
