"""Rows of the database as columns: what was known on a day, with the owners joined once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

import polars as pl
from django.conf import settings
from django.db.models import Q, QuerySet

from jigai.platform.enterprises.facts import end_of
from jigai.platform.enterprises.models import LegalPerson, Site

Columns = Mapping[str, tuple[str, pl.DataType]]
"""Column → (what to look up, its type)."""
MOMENT: Final = pl.Datetime("us", "UTC")
CHUNK: Final = 10_000
GONE: Final = (LegalPerson.Status.CLOSED, LegalPerson.Status.ARCHIVED)
PLACES: Final = ("manager_code", "place_code", "industry_code")


def read(rows: QuerySet[Any], columns: Columns) -> pl.DataFrame:
    """Return rows as a frame; moments are in UTC, see :func:`day_of`."""
    found = rows.values_list(*(lookup for lookup, _ in columns.values())).iterator(chunk_size=CHUNK)
    return pl.DataFrame(list(found), schema={name: dtype for name, (_, dtype) in columns.items()}, orient="row")


def day_of(moment: str) -> pl.Expr:
    """Return the day of a moment in the time of the city."""
    return pl.col(moment).dt.convert_time_zone(settings.TIME_ZONE).dt.date()


@dataclass(frozen=True)
class Reader:
    """Reads what was known at the end of a day, of some legal persons (``only``) or of all in scope."""

    known_on: date
    only: frozenset[int] | None = None

    @cached_property
    def end(self) -> datetime:
        """The first moment that counts no more."""
        return end_of(self.known_on)

    def known(self, recorded: str = "recorded_at", superseded: str = "superseded_at") -> Q:
        """Return which rows of an append-only table stood then."""
        still = Q(**{f"{superseded}__isnull": True}) | Q(**{f"{superseded}__gte": self.end})
        return still & Q(**{f"{recorded}__lt": self.end})

    def of(self, person: str) -> Q:
        """Return which rows are of the legal persons asked for; ``person`` leads to theirs."""
        return Q() if self.only is None else Q(**{f"{person}__in": self.only})

    def of_or_nobody(self, person: str) -> Q:
        """Return the same, with the rows of nobody in particular."""
        return Q() if self.only is None else Q(**{f"{person}__in": self.only}) | Q(**{f"{person}__isnull": True})

    @cached_property
    def persons(self) -> pl.DataFrame:
        """Every legal person with its name, where it counts, and whether it is ``deregistered`` today."""
        columns: dict[str, tuple[str, pl.DataType]] = {
            "legal_person": ("pk", pl.Int64()),
            "name": ("name", pl.String()),
            "status": ("status", pl.String()),
        }
        rows = LegalPerson.objects.filter(self.of("pk")).order_by("pk")
        found = _blank_out(read(rows, columns | {one: (one, pl.String()) for one in PLACES}))
        return found.with_columns(deregistered=pl.col("status").is_in(GONE)).drop("status")

    @cached_property
    def sites(self) -> pl.DataFrame:
        """Every site with its legal person, what people call it and where it counts; ``active`` where it is in use."""
        columns: dict[str, tuple[str, pl.DataType]] = {
            "site": ("pk", pl.Int64()),
            "legal_person": ("legal_person_id", pl.Int64()),
            "enterprise": ("enterprise_name", pl.String()),
            "name": ("name", pl.String()),
            "active": ("active", pl.Boolean()),
        }
        rows = Site.objects.filter(self.of("legal_person")).order_by("pk")
        found = _blank_out(read(rows, columns | {one: (one, pl.String()) for one in PLACES}))
        of_person = self.persons.select("legal_person", "deregistered", of_person="industry_code")
        return (
            found.join(of_person, on="legal_person", how="left", maintain_order="left")
            .with_columns(
                name=pl.format("{} · {}", "enterprise", "name"),
                industry_code=pl.coalesce("industry_code", "of_person"),
            )
            .drop("enterprise", "of_person")
        )

    def owned(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add name and places of the owner: the site where ``site`` is known, else the legal person.

        ``rows`` has ``site`` and ``legal_person``; the legal person of a site is looked up.
        """
        at_site = pl.col("site").is_not_null()
        of_site = rows.filter(at_site).drop("legal_person").join(self.sites.drop("active"), on="site", how="left")
        of_person = rows.filter(~at_site).join(self.persons, on="legal_person", how="left")
        return pl.concat([of_site, of_person.select(of_site.columns)])


def _blank_out(frame: pl.DataFrame) -> pl.DataFrame:
    """Take empty codes for unknown ones."""
    return frame.with_columns(pl.col(name).replace("", None) for name in PLACES)
