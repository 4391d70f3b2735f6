"""Lines a person has said are none of the site's devices: the same line in a later file is not asked about again.

The answer is the settled :class:`OpenLine` with its act; nothing else is kept, so taking the act back takes the
answer back for every later file too.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

import polars as pl
from django.db.models import QuerySet
from django.urls import reverse

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.models import OpenLine
from jigai.platform.ledger.saying import canonical

DISOWNED: Final = "not_ours"
"""The act by which lines are said to be none of the site's devices, and what becomes of such lines later."""
_MONEY: Final = ("original_value", "net_value")
"""What is written off year by year and does not tell one machine from another."""


def disowned() -> QuerySet[OpenLine]:
    """Return the lines of one's scope that a person said are no devices of their site."""
    return OpenLine.objects.filter(settled=None, settled_at__isnull=False, act__what=DISOWNED)


def disowned_url(site: Site) -> str:
    """Return where the lines disowned at the enterprise of a site are listed, each with the way to take it back."""
    return f"{reverse('ledger:claims')}?state={DISOWNED}&enterprise={site.legal_person_id}"


def signature(values: Mapping[str, Any]) -> str:
    """Return what a line says as one text: equal for lines that say the same but for their money and their spelling."""
    return canonical({name: _plain(value) for name, value in values.items() if name not in _MONEY}).decode()


def answered_before(asked: pl.DataFrame, sites: Collection[int]) -> list[str]:
    """Return ``device_id`` of the lines that need not be asked about, for they were disowned in an earlier file.

    Of lines that say the same in one file as many are answered as were disowned of one earlier file: of three alike
    of which one was disowned, two are still asked about.

    Args:
        asked: lines about which people would be asked, with ``site``, ``device_id`` and ``values``.
        sites: numbers of their sites.
    """
    if asked.is_empty():
        return []
    own: set[str] = set()
    by_file: dict[tuple[int | None, str], Counter[str]] = defaultdict(Counter)
    for site, row_id, values in disowned().filter(site__in=sites).values_list("site_id", "row_id", "values"):
        own.add(row_id)
        by_file[site, signature(values)][_file(row_id)] += 1
    if not own:
        return []
    left = {key: max(counts.values()) for key, counts in by_file.items()}
    met: Counter[tuple[int, str, str]] = Counter()
    found = []
    rows = asked.select("site", "device_id", "values").rows()
    for site, row_id, values in sorted(rows, key=lambda row: row[1] not in own):  # the answered line itself first
        said = signature(values)
        place = (site, said, _file(row_id))
        if met[place] < left.get((site, said), 0):
            met[place] += 1
            found.append(row_id)
    return found


def _file(row_id: str) -> str:
    """Return what of a row id names the content of its file."""
    return row_id.partition("-")[0]


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return "".join(unicodedata.normalize("NFKC", value).split()).upper()
    return float(value) if isinstance(value, int | float) else value
