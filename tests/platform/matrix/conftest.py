"""One city for all cases of a module: built once, and whatever a request writes is undone."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import translation
from tests.platform.matrix import things
from tests.platform.matrix.asking import Visitors
from tests.platform.people import City


@pytest.fixture(autouse=True)
def _chinese():
    """Every case begins in Chinese, whatever language the case before it asked for."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The city with one of everything on both sides; gone after the module. The mark ``django_db`` undoes each case."""
    with django_db_blocker.unblock(), transaction.atomic():
        city = City.build()
        things.build(city)
        yield city
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def visitors(built):
    """Browsers of every role."""
    return Visitors(built)
