"""What is kept of a survey when it is closed, and told of one that runs: everything, in a fixed order (D25)."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jigai import __version__
from jigai.platform.audit.services import record
from jigai.platform.campaigns import snapshots
from jigai.platform.campaigns.figures import Part, Row, parts, rows_of, total
from jigai.platform.campaigns.lists import RUN
from jigai.platform.campaigns.models import Campaign, Deadline, Entry, Step
from jigai.platform.campaigns.services import locked_for_close
from jigai.platform.campaigns.workbook import write_book
from jigai.platform.enterprises import reference
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.actor import Actor

BATCH = 500


def close(actor: Actor, campaign: Campaign, version: int) -> Campaign:
    """Close a survey and keep it for the record: list, states, figures and what every report was about, by hash.

    Afterwards nothing in it changes, whatever happens to enterprises and devices.

    Raises:
        ValidationError: not by the city, it is not running, or somebody changed it meanwhile.
    """
    actor.require(RUN)
    if not actor.scope.everything:
        raise ValidationError(_("摸排按全市存档，请由市级办理。"))
    with transaction.atomic():
        held = locked_for_close(campaign, version)
        entries = []
        for row in rows_of(held):
            row.entry.final = {
                "state": row.state,
                "manager": row.manager,
                "late": row.late,
                "changed": row.changed,
                "ledger": asdict(row.ledger),
            }
            entries.append(row.entry)
        Entry.objects.bulk_update(entries, ["final"], batch_size=BATCH)
        held.status, held.closed_at, held.closed_by = Campaign.Status.CLOSED, timezone.now(), actor.label[:150]
        said = gather(held)
        held.record_hash = snapshots.keep(snapshots.canonical(said))
        held.book_hash = snapshots.keep(book(said))
        held.version += 1
        held.save()
        after = {"entries": len(entries), "record": held.record_hash, "book": held.book_hash}
        record(actor, "campaign.closed", held, after=after)
    return held


def gather(campaign: Campaign) -> dict[str, Any]:
    """Return everything a survey says within the scope in force: of a closed one the same every time."""
    with translation.override("zh-hans"):  # official papers are Chinese, whoever asks
        rows = rows_of(campaign)
        units = {one.code: str(one) for one in ManagingUnit.objects.all()}
        industries = reference.divisions(campaign.deadline)
        at = campaign.closed_at or timezone.now()
        deadlines = Deadline.objects.filter(campaign=campaign)
        return {
            "campaign": {
                "number": campaign.pk,
                "name": campaign.name,
                "city": settings.CITY_NAME,
                "year": campaign.year,
                "units": [units.get(code, code) for code in campaign.units],
                "industries": [industries.get(code, code) for code in campaign.industries],
                "counts_from": campaign.counts_from.isoformat(),
                "deadline": campaign.deadline.isoformat(),
                "facts_year": campaign.facts_year,
                "instructions": campaign.instructions,
                "started": _time(campaign.started_at),
                "started_by": campaign.started_by,
                "closed": _time(campaign.closed_at),
                "closed_by": campaign.closed_by,
            },
            "at": _time(at),
            "software": __version__,
            "sample": settings.DEMO,
            "deadlines": [
                {"day": one.day.isoformat(), "reason": one.reason, "at": _time(one.recorded_at), "by": one.recorded_by}
                for one in deadlines
            ],
            "units": [_part(one) for one in parts(rows, lambda row: row.manager, units)],
            "industries": [_part(one) for one in parts(rows, lambda row: row.industry, industries)],
            "total": _part(total(rows)),
            "entries": _entries(campaign, rows, units),
        }


def book(said: Mapping[str, Any]) -> bytes:
    """Return the workbook of what was gathered: the same bytes for the same data."""
    target = io.BytesIO()
    write_book(target, said)
    return target.getvalue()


def kept_book(campaign: Campaign) -> bytes:
    """Return the workbook kept at the close; made anew from the kept data where the store has lost it.

    Raises:
        FileNotFoundError: the data is lost as well, or no longer gives the same workbook.
    """
    try:
        return snapshots.read(campaign.book_hash)
    except FileNotFoundError:
        made = book(json.loads(snapshots.read(campaign.record_hash)))
        if hashlib.sha256(made).hexdigest() != campaign.book_hash:
            raise FileNotFoundError(campaign.book_hash) from None
        return made


def _time(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _part(one: Part) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "should": one.should,
        "reported": one.reported,
        "states": {said.key: number for said, number in one.by_state},
        "ledger": asdict(one.ledger),
        "reported_machines": one.of_reported.machines,
        "reported_power": one.of_reported.power,
    }


def _entries(campaign: Campaign, rows: list[Row], units: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every entry with its way, those taken off too."""
    counted = {row.entry.pk: row for row in rows}
    steps: dict[int, list[dict[str, Any]]] = {}
    for step in Step.objects.filter(entry__campaign=campaign).order_by("pk"):
        steps.setdefault(step.entry_id, []).append(
            {
                "kind": step.kind,
                "state": step.state,
                "comment": step.comment,
                "due": step.due.isoformat() if step.due else "",
                "nothing": step.nothing,
                "late": step.late,
                "content": step.content_hash,
                "at": _time(step.recorded_at),
                "by": step.recorded_by,
            }
        )
    found = []
    for entry in Entry.objects.filter(campaign=campaign).order_by("pk"):
        row = counted.get(entry.pk)
        found.append(
            {
                "number": entry.pk,
                "name": entry.listed_as,
                "credit_code": entry.listed_code,
                "industry": entry.industry_code,
                "listed_under": units.get(entry.listed_manager, entry.listed_manager),
                "under": units.get(row.manager, row.manager) if row else "",
                "source": str(entry.get_source_display()),
                "reason": entry.reason,
                "listed": _time(entry.listed_at),
                "listed_by": entry.listed_by,
                "amended": entry.source == Entry.Source.AMENDED,
                "removed": _time(entry.removed_at),
                "removed_by": entry.removed_by,
                "removed_reason": entry.removed_reason,
                "due": (entry.due or campaign.deadline).isoformat(),
                "state": row.state if row else "",
                "late": row.late if row else False,
                "ledger": asdict(row.ledger) if row else {},
                "steps": steps.get(entry.pk, []),
            }
        )
    return found
