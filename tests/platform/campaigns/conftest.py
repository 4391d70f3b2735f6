"""A city with a running survey over both counties, and the sample workbook for whoever fills in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from django.db import transaction
from django.utils import timezone

from jigai.ledger import read_ledger
from jigai.platform.accounts.models import SignIn
from jigai.platform.campaigns import services, standing, steps
from jigai.platform.campaigns.models import Campaign, Entry
from jigai.platform.enterprises.models import AboveScale
from jigai.platform.ledger.taking import take
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

BOOK = Path(__file__).parents[3] / "samples" / "01_rolling_mill.xlsx"
DAY = date(2026, 11, 23)
YEAR = 2026


@cache
def _book():
    return read_ledger(BOOK).devices


@dataclass
class Stage:
    """The city, its survey, and short ways to act in it."""

    city: object
    campaign: Campaign

    def acting(self, role, *, west=False):
        """Act in a role: a transaction in its scope."""
        return as_(self.city, role, west=west)

    def entry(self, *, west=False):
        """Return the entry of the east, or the west, as it is now."""
        with whole():
            site = self.city.west_site if west else self.city.east_site
            return Entry.objects.select_related("campaign", "site", "org").get(campaign=self.campaign, site=site)

    def state(self, *, west=False):
        """Return the state of the east, or the west."""
        with whole():
            return standing.state_of(self.entry(west=west))

    def fill(self, *, west=False, rows=None):
        """Take the sample workbook in at a site."""
        site = self.city.west_site if west else self.city.east_site
        lines = _book() if rows is None else _book().head(rows)
        lines = lines.with_columns(site=pl.lit(site.pk), upload=pl.lit(None, pl.Int64))
        with self.acting("enterprise_equipment", west=west) as actor:
            take(actor, lines, Reference.load(DAY), {site.pk})

    def step(self, key, role="enterprise_head", *, west=False, **said):
        """Take a step."""
        with self.acting(role, west=west) as actor:
            entry = self.entry(west=west)
            return steps.take_step(actor, entry, said.pop("version", entry.version), key, **said)

    def sign_in(self, role="enterprise_equipment", *, west=False):
        """Have somebody sign in."""
        user = (self.city.west if west else self.city.people)[role]
        return SignIn.objects.create(user=user, session_key=f"survey {user.pk}")


class as_:  # noqa: N801 - reads as what it does
    """Act in a role."""

    def __init__(self, city, role, *, west=False):
        self.actor = city.actor(role, west=west)

    def __enter__(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.scope = use_scope(self.actor.scope)
        self.scope.__enter__()
        return self.actor

    def __exit__(self, *error):
        self.scope.__exit__(*error)
        return self.transaction.__exit__(*error)


class whole:  # noqa: N801 - reads as what it does
    """See everything."""

    def __enter__(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.scope = use_scope(command_scope("test"))
        self.scope.__enter__()

    def __exit__(self, *error):
        self.scope.__exit__(*error)
        return self.transaction.__exit__(*error)


def values(**more):
    """Return what a survey is created with."""
    today = timezone.localdate()
    return {
        "name": f"{YEAR} 年设备摸排", "year": YEAR, "counts_from": today - timedelta(days=1),
        "deadline": today + timedelta(days=20), "contact": "陈立 0812-1234567", **more,
    }  # fmt: skip


@pytest.fixture
def draft(city):
    """A draft over the above-scale list of both counties."""
    with whole():
        for person in (city.east_enterprise, city.west_enterprise):
            columns = {"org": person.org, "manager_code": person.manager_code, "place_code": person.place_code}
            AboveScale.objects.create(legal_person=person, year=YEAR, **columns)
    with as_(city, "city_officer") as actor:
        return Stage(city, services.create(actor, values()))


@pytest.fixture
def survey(draft):
    """The survey, started."""
    with draft.acting("city_officer") as actor:
        draft.campaign = services.start(actor, draft.campaign, 1)
    return draft
