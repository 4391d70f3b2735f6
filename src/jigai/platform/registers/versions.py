"""What a register says: now, as it was known on a day, and for a year (D16). Figures are counted from these rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from jigai.platform.registers.definition import Register
from jigai.platform.registers.models import PublicEntry, PublicVersion, RegisterEntry, RegisterVersion


def entry_model(register: Register) -> type[RegisterEntry] | type[PublicEntry]:
    """Return the table its entries stand in."""
    return PublicEntry if register.public else RegisterEntry


def version_model(register: Register) -> type[RegisterVersion] | type[PublicVersion]:
    """Return the table its versions stand in."""
    return PublicVersion if register.public else RegisterVersion


def versions(register: Register, known_on: date | None = None, valid_in: int | None = None) -> QuerySet[Any]:
    """Return one version per entry, within the scope in force.

    Args:
        register: the register.
        known_on: as it was known at the end of this day; None is now.
        valid_in: only entries that hold at some time of this year (those without dates always hold).
    """
    rows = version_model(register).objects.filter(register=register.key, removed=False).select_related("entry")
    if known_on is None:
        rows = rows.filter(superseded_at__isnull=True)
    else:
        end = end_of(known_on)
        rows = rows.filter(recorded_at__lt=end).filter(Q(superseded_at__isnull=True) | Q(superseded_at__gte=end))
    return rows if valid_in is None else valid_in_year(rows, valid_in)


def valid_in_year(rows: QuerySet[Any], year: int) -> QuerySet[Any]:
    """Narrow versions to those that hold at some time of a year; without dates they always hold."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=date(year, 12, 31))
    return rows.filter(begun).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1)))


def end_of(day: date) -> datetime:
    """Return the first moment after ``day``, in the time of the city."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def history(register: Register, entry: RegisterEntry | PublicEntry) -> QuerySet[Any]:
    """Return every version of an entry, the newest first."""
    return version_model(register).objects.filter(entry_id=entry.pk).order_by("-recorded_at", "-pk")


def data_date(register: Register) -> datetime | None:
    """Return when something was last recorded in the register, as far as is in scope."""
    return (
        version_model(register)
        .objects.filter(register=register.key)
        .order_by("-recorded_at")
        .values_list("recorded_at", flat=True)
        .first()
    )
