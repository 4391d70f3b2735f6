"""How many rows a list has and what they sum up to: at once where they are few, after the page where they are many.

A list of a million rows must not make its first page wait for a sum over all of them. One query looks at no more than
:data:`AT_ONCE` rows; where there are more, the page says so and fetches the whole sum by a second request, which is
kept for as long as the data stays the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.core.cache import cache
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from jigai.platform.web.listing import Listing, Selection

AT_ONCE: Final = 10_000
"""Rows counted and summed while the page is made."""
KEPT_SECONDS: Final = 300
"""How long a whole sum is kept at most, even where the data seems unchanged."""
_ROWS: Final = "rows_counted"


@dataclass(frozen=True)
class Totals:
    """``count`` rows, at least so many where not ``known``, and the sum of each column that has one."""

    count: int
    known: bool = True
    sums: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The count as the page shows it."""
        return f"{self.count:,}" if self.known else _("%(n)s 以上") % {"n": f"{self.count:,}"}


def of(request: HttpRequest, listing: Listing, chosen: Selection, *, whole: bool) -> Totals:
    """Return count and sums of a selection; with ``whole`` over all its rows, however many."""
    if not whole:
        few = _summed(chosen, chosen.rows.order_by()[: AT_ONCE + 1])
        return few if few.count <= AT_ONCE else Totals(AT_ONCE, known=False)
    key = _key(request, listing, chosen)
    found: Totals | None = cache.get(key)
    if found is None:
        found = _summed(chosen, chosen.rows.order_by())
        cache.set(key, found, KEPT_SECONDS)
    return found


def _summed(chosen: Selection, rows: Any) -> Totals:
    told = rows.aggregate(**{_ROWS: Count("pk")}, **chosen.summing())
    return Totals(told.pop(_ROWS), True, told)


def _key(request: HttpRequest, listing: Listing, chosen: Selection) -> str:
    """Name the sum by list, filters, what is summed, who sees what, and the state of the data."""
    scope = request.actor.scope  # type: ignore[attr-defined]
    seen = (scope.everything, sorted(scope.managers), sorted(scope.orgs), sorted(scope.sites))
    said = (listing.key, sorted(chosen.values.items()), sorted(chosen.summing()), seen)
    version = listing.version() if listing.version else ""
    return "totals:" + hashlib.sha256(repr((said, version)).encode()).hexdigest()
