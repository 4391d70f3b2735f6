"""The site list of a check: the lines people walk by, on paper and as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from jigai.platform.ledger.models import DeviceState
from jigai.platform.ledger.words import attribute_word, kind_word, with_unit
from jigai.platform.replies import checks, listing_up
from jigai.platform.replies.data import words
from jigai.platform.replies.models import CheckItem, SiteCheck
from jigai.platform.walls.actor import Actor
from jigai.platform.web.wording import english
from jigai.reports.site_list import Line, SiteList, write_site_list


@dataclass(frozen=True)
class Row:
    """A device on the list, in words; ``known`` are the attributes asked with what the ledger says of each."""

    item: CheckItem
    why: Any
    kind: str
    line: str
    known: list[tuple[str, str, str]]
    looks: list[str]
    found: Any


def rows(actor: Actor, pk: int) -> tuple[SiteCheck, list[Row]]:
    """Return a check with its lines in the order people walk; each names the ledger line it came from."""
    check = checks.get(actor, pk)
    items = list(CheckItem.objects.filter(site_check=check).select_related("device").order_by("place"))
    states = DeviceState.objects.filter(device__in=[one.device_id for one in items], superseded_at__isnull=True)
    held = {one.device_id: one for one in states}
    return check, [_row(one, held[one.device_id]) for one in items]


def _row(item: CheckItem, state: DeviceState) -> Row:
    device = item.device
    place = " ".join(part for part in (state.sheet, _("第 %d 行") % state.row if state.row else "") if part)
    known = [
        (name, attribute_word(name), with_unit(name, state.values[name]) if state.values.get(name) is not None else "")
        for name in item.asks
    ]
    return Row(
        item,
        words("whys")[item.why],
        kind_word(device.kind) if device.kind else "",
        place,
        known,
        listing_up.in_words(item.looks, english()),
        words("founds").get(item.found),
    )


def write(target: Path, check: SiteCheck, listed: list[Row], at: datetime) -> None:
    """Write the list as a workbook to print or to fill in."""
    lines = [
        Line(
            number=row.item.place,
            workshop=row.item.device.workshop,
            location=row.item.device.location,
            device="\n".join(part for part in (row.item.device.name, row.item.device.model) if part),
            code=row.item.device.code or row.item.device.identifier,
            ledger=row.line,
            why=row.why.label,
            tone=row.why.badge,
            known="\n".join(f"{label} {value or '—'}" for _name, label, value in row.known),
            look="\n".join(row.looks),
            asks=_("、").join(label for _name, label, _value in row.known),
            found=row.found.label if row.found else "",
        )
        for row in listed
    ]
    facts = SiteList(
        title=_("设备现场核对表"),
        enterprise=check.site.enterprise_name if check.site else "",
        site=check.site.name if check.site else "",
        as_of=check.run.as_of,
        run=check.run.title,
        city=settings.CITY_NAME,
        at=at.replace(tzinfo=None),
        sample=settings.DEMO,
    )
    write_site_list(target, facts, lines)
