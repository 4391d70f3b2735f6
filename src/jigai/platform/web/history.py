"""What happened to a record, read from the audit trail, in words."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from jigai.platform.audit.models import Event
from jigai.platform.web.editing import shown


@dataclass(frozen=True)
class Happened:
    """One event for the page: what, to what, by whom, when, why, and which fields from what to what."""

    at: datetime
    by: str
    what: str
    subject: str
    kind: str
    reason: str
    changes: list[tuple[str, str, str]]


@cache
def _verbs() -> dict[str, dict[str, str]]:
    text = files("jigai.platform.web").joinpath("actions.csv").read_text(encoding="utf-8")
    return {row["verb"]: row for row in csv.DictReader(text.splitlines())}


def history_of(*subjects: models.Model, limit: int = 50) -> list[Happened]:
    """Return what happened to the records, the newest first; only events in one's scope are seen."""
    asked = Q(pk__in=[])
    for subject in subjects:
        asked |= Q(object_type=subject._meta.label_lower, object_id=str(subject.pk))
    return told(Event.objects.filter(asked).order_by("-number")[:limit])


def told(events: Iterable[Event]) -> list[Happened]:
    """Put events into words: verbs of ``actions.csv``, labels of the model's fields."""
    return [_tell(event) for event in events]


def _tell(event: Event) -> Happened:
    row = _verbs().get(event.action) or _verbs().get(event.action.rsplit(".", 1)[-1])
    what = event.word if row is None else row["en" if (get_language() or "").startswith("en") else "zh"]
    try:
        model = apps.get_model(event.object_type)
    except (LookupError, ValueError):
        return Happened(event.at, event.who, what, event.object_name, "", event.reason, [])
    changes = []
    for name, value in (event.after or {}).items() if event.before else ():
        label = _label(model, name)
        if label:
            before = (event.before or {}).get(name)
            changes.append((label, shown(model(), name, before), shown(model(), name, value)))
    kind = str(model._meta.verbose_name)
    return Happened(event.at, event.who, what, event.object_name, kind, event.reason, changes)


def _label(model: type[models.Model], name: str) -> str:
    if name == "version" or name.endswith("_initials") or name == "initials":
        return ""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    return str(getattr(field, "verbose_name", ""))
