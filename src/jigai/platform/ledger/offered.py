"""What filters of the list of devices offer: values that occur, found by leaps along an index, never by reading all."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from jigai.platform.enterprises import reference
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.words import choices, kind_choices
from jigai.platform.postgres.numbers import newest
from jigai.platform.screening.models import Finding, SiteRun
from jigai.platform.walls.scope import current_scope

MOST: Final = 100
"""Values a filter offers."""
KEPT_SECONDS: Final = 600
_LAST: Final = "\U0010ffff"

Offer = Callable[[HttpRequest], Sequence[tuple[str, Any]]]


def version() -> str:
    """Return what changes whenever devices are said anew or judged anew."""
    return newest(DeviceState, SiteRun)


def leaps(rows: QuerySet[Any], name: str, width: int = 0) -> list[str]:
    """Return the values of a text column that occur, each found by one look into its index.

    With ``width`` only their first letters: 34 for all of 3411, 3412 …
    """
    found: list[str] = []
    after = ""
    while len(found) < MOST:
        value = rows.filter(**{f"{name}__gt": after}).order_by(name).values_list(name, flat=True).first()
        if value is None:
            break
        found.append(value[:width] if width else value)
        after = value[:width] + _LAST if width else value
    return found


def kept(name: str, find: Callable[[], list[str]]) -> list[str]:
    """Return values found before for the same scope and data, else find them."""
    seen = current_scope()
    said = (name, seen.everything, sorted(seen.managers), sorted(seen.orgs), sorted(seen.sites), version())
    key = "offered:" + hashlib.sha256(repr(said).encode()).hexdigest()
    values: list[str] | None = cache.get(key)
    if values is None:
        values = find()
        cache.set(key, values, KEPT_SECONDS)
    return values


def used(name: str) -> list[str]:
    """Return the values of a column of devices that occur."""
    return kept(name, lambda: leaps(Device.objects.filter(gone_at=None), name))


def kinds(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    """Offer the kinds of equipment that occur."""
    return kind_choices(used("kind"))


@lru_cache(maxsize=1)
def _outcomes() -> dict[str, list[str]]:
    text = files("jigai.platform.ledger").joinpath("outcomes.csv").read_text(encoding="utf-8")
    return {row["check"]: row["outcomes"].split() for row in csv.DictReader(text.splitlines())}


def outcomes(name: str) -> Offer:
    """Offer the outcomes a check can have."""
    return lambda request: choices("outcome", _outcomes()[name])


def divisions(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    """Offer the industry divisions that occur."""
    rows = Device.objects.filter(gone_at=None)
    codes = kept("division", lambda: leaps(rows, "industry_code", 2))
    names = reference.divisions(timezone.localdate())
    return [(code, f"{code} {names.get(code, '')}".strip()) for code in codes]


def of_division(rows: QuerySet[Device], code: str) -> QuerySet[Device]:
    """Narrow devices to an industry division, by comparison: row-level security keeps patterns from the index."""
    if not (code.isdecimal() and len(code) == 2):
        return rows
    return rows.filter(industry_code__gte=code, industry_code__lt=f"{int(code) + 1:02d}")


def classes(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    """Offer the industry classes that occur within the division chosen; none before one is."""
    division = getattr(request, "list_query", request.GET).get("division", "")[:2]
    if not division.isdecimal():
        return ()
    rows = of_division(Device.objects.filter(gone_at=None), division)
    codes = kept(f"class {division}", lambda: leaps(rows, "industry_code"))
    known = reference.industry_classes(timezone.localdate())
    return [(code, str(known.get(code, code))) for code in codes]


def documents(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    """Offer the documents findings in force rest on."""
    return [(one, one) for one in kept("document", lambda: leaps(Finding.objects, "document"))]  # type: ignore[arg-type]
