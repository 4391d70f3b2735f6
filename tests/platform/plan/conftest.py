"""What the tests of the plan share: acting as somebody, and moving what was recorded to another day."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from django.db import transaction
from django.utils import timezone

from jigai.platform.jobs import claims
from jigai.platform.jobs.execution import execute
from jigai.platform.walls.scope import command_scope, use_scope


def noon(day):
    """The middle of a day in the time of the city."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def work():
    """Do the jobs that wait, and none of the chores."""
    while job := claims.claim("test"):
        execute(job)


@pytest.fixture
def doing(city):
    """Act as a role: doing(act, role, west=…) opens its scope."""

    def _doing(act, role="city_officer", *, west=False):
        actor = city.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            return act(actor)

    return _doing


@pytest.fixture
def whole(city):
    """Everything is in scope, in one transaction."""
    with transaction.atomic(), use_scope(command_scope("test")):
        yield city
