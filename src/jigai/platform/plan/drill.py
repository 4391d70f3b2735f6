"""From a contribution to what it is: the page of the enterprise, line, device, entry or table behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from jigai.plan.registry import Indicator
from jigai.plan.sources import REGISTER
from jigai.platform.plan.models import Contribution

STATISTICS: Final = "investment-statistics"
SCREENED: Final = "screened"
"""The source whose contributions open as a list of devices."""


def url(row: Contribution, indicator: Indicator) -> str:
    """Return where a contribution leads; empty where nothing is behind it (a source that does not exist yet)."""
    make = _WAYS.get(row.kind)
    return make(row, indicator) if make else ""


def _thing(name: str) -> Callable[[Contribution, Indicator], str]:
    return lambda row, indicator: reverse(name, args=[int(row.key)]) if row.key.isdecimal() else ""


def _site(row: Contribution, indicator: Indicator) -> str:
    if SCREENED not in (*indicator.sources, *indicator.also):
        return reverse("enterprises:site", args=[int(row.key)])
    query = {"enterprise": row.legal_person_id or ""} | ({"kind": row.group} if row.group else {})
    return f"{reverse('ledger:list')}?{urlencode(query)}"


def _entry(row: Contribution, indicator: Indicator) -> str:
    key = _register(indicator)
    if not key:
        return ""
    if row.key.isdecimal():
        return reverse("registers:entry", args=[key, int(row.key)])
    return reverse("registers:register", args=[key])


def _report(row: Contribution, indicator: Indicator) -> str:
    found = {"manager": row.manager_code} if row.manager_code else {}
    return f"{reverse('registers:register', args=[STATISTICS])}?{urlencode(found or {'all': 1})}"


def _survey(row: Contribution, indicator: Indicator) -> str:
    kind, _slash, number = row.key.partition("/")
    name = "enterprises:site" if kind == "site" else "enterprises:page"
    return reverse(name, args=[int(number)]) if number.isdecimal() else ""


def _city(row: Contribution, indicator: Indicator) -> str:
    key = _register(indicator)
    return reverse("registers:register", args=[key]) if key else ""


def _register(indicator: Indicator) -> str:
    """Return the key of the register an indicator counts."""
    named = (one for one in (*indicator.sources, *indicator.also) if one.startswith(REGISTER))
    return next(named, "").removeprefix(REGISTER)


_WAYS: Final[dict[str, Callable[[Contribution, Indicator], str]]] = {
    "legal_person": _thing("enterprises:page"),
    "line": _thing("enterprises:line"),
    "device": _thing("ledger:device"),
    "site": _site,
    "entry": _entry,
    "report": _report,
    "survey": _survey,
    "city": _city,
}
