"""Every test of the library starts with the shipped data alone in use, and leaves no package behind."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

import pytest
from django.db import transaction
from tests.platform.ledger.conftest import judged

from jigai.platform.jobs import worker
from jigai.platform.standards import active, sets
from jigai.platform.walls.scope import use_scope

__all__ = ["judged"]


@pytest.fixture(autouse=True)
def shipped_alone(transactional_db):
    """Begin with the set of a fresh installation."""
    shutil.rmtree(active.folder(), ignore_errors=True)
    sets.adopt()
    yield
    shutil.rmtree(active.folder(), ignore_errors=True)
    (active._path()).unlink(missing_ok=True)


@contextmanager
def acting(city, role="standards_officer", *, west=False):
    """Act in a role, in a transaction of its own."""
    actor = city.actor(role, west=west)
    with transaction.atomic(), use_scope(actor.scope):
        yield actor


def work():
    """Do every job that waits."""
    worker.run(once=True)
