"""A city whose departments are those of the plan, and ways to act in it on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from jigai.plan.file import read_contents, read_plan
from jigai.platform.accounts.models import Organisation
from jigai.platform.duties import adopting, claims, progress
from jigai.platform.duties.models import Duty, Milestone, Share
from jigai.platform.walls.scope import command_scope, use_scope

PLANS = Path(__file__).parents[3] / "plans"
BEGUN = date(2026, 7, 6)
"""A Monday: the day the tests begin on."""


@cache
def plan_of(name="panzhihua-2024"):
    return read_plan(PLANS / name)


def changed(*swaps, name="panzhihua-2024"):
    """Return a later version of a plan: parts of its file put otherwise."""
    said = (PLANS / name / "plan.yaml").read_text(encoding="utf-8")
    for before, after in swaps:
        assert said.count(before) == 1, before
        said = said.replace(before, after)
    return read_contents(said.encode(), {"text.txt": (PLANS / name / "text.txt").read_bytes()})


def at(day, hour=10):
    """Return a moment of a day in China."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


@dataclass
class Stage:
    """The city with its plan: the office and its bureau are the east's department, the treasury is the west's."""

    city: object
    day: date = BEGUN

    def pass_(self, days):
        self.day += timedelta(days=days)
        return self.day

    def acting(self, role, *, west=False):
        return as_(self.city.actor(role, west=west))

    def duty(self, key):
        with whole():
            return Duty.objects.select_related("parent").get(key=key)

    def share(self, key, role, *, west=False):
        """Return what the organisation of somebody has of a task."""
        organisation = self.city.actor(role, west=west).organisation
        with whole():
            found = Share.objects.select_related("duty", "organisation")
            return found.filter(duty__key=key, organisation=organisation).first()

    def milestone(self, key):
        with whole():
            return Milestone.objects.select_related("duty").filter(duty__key=key).order_by("due")[0]

    def adopt(self, plan=None):
        with self.acting("city_officer") as actor:
            return adopting.adopt(actor, plan or plan_of(), at(self.day))

    def assign(self, key, role="dept_officer", *, west=True, how="lead"):
        organisation = self.city.actor(role, west=west).organisation
        with self.acting("city_officer") as actor:
            return claims.assign(actor, self.duty(key), organisation, how, at(self.day))

    def claim(self, key, role="dept_officer", *, west=True, how="lead"):
        with self.acting(role, west=west) as actor:
            return claims.claim(actor, self.duty(key), how, at(self.day))

    def step(self, key, step, role="dept_officer", *, of="dept_officer", west=True, comment="", whose_west=True):
        with self.acting(role, west=west) as actor:
            share = self.share(key, of, west=whose_west)
            return claims.take_step(actor, share, share.version, step, at(self.day), comment)

    def report(self, key, month, percent, role="dept_officer", *, west=True, **more):
        with self.acting(role, west=west) as actor:
            share = self.share(key, role, west=west)
            said = {"text": "召开推进会", **more}
            return progress.report(actor, share, month, said.pop("text"), percent, at(self.day), **said)


class as_:  # noqa: N801 - reads as what it does
    """Act as somebody: a transaction in their scope."""

    def __init__(self, actor):
        self.actor = actor

    def __enter__(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.scope = use_scope(self.actor.scope)
        self.scope.__enter__()
        return self.actor

    def __exit__(self, *error):
        self.scope.__exit__(*error)
        return self.transaction.__exit__(*error)


class whole(as_):  # noqa: N801 - reads as what it does
    """See everything."""

    def __init__(self):
        self.actor = type("Everyone", (), {"scope": command_scope("test")})()


@pytest.fixture
def office(city):
    """The city before any plan is adopted."""
    for role, west, name, short in (
        ("city_officer", False, "市经济和信息化局", "市经信局"),
        ("city_officer", True, "市财政局", ""),
    ):
        organisation = city.actor(role, west=west).organisation
        Organisation.objects.filter(pk=organisation.pk).update(name=name, short=short)
    return Stage(city)


@pytest.fixture
def stage(office):
    """The city with the tasks of its plan."""
    office.adopt()
    return office
