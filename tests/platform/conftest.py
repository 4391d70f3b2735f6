"""The site in tests: a real PostgreSQL, requests under the plain role, people of every role."""

from __future__ import annotations

import shutil

import pytest
from tests.platform import template
from tests.platform.postgres import cluster
from tests.platform.small_disk import small_disk  # noqa: F401  a fixture for all tests of the site

ROLE = "jigai_run"


def pytest_collection_modifyitems(config, items):
    """On SQLite everything runs but what is bound to PostgreSQL, each with its reason."""
    for item in items if config.getoption("--sqlite") else ():
        if bound := item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason=bound.args[0]))


@pytest.fixture(scope="session")
def _server(request):
    """Start PostgreSQL for this process, with the plain role every request takes; nothing on SQLite."""
    if request.config.getoption("--sqlite"):
        yield None
        return
    import psycopg

    with cluster(template.server()) as socket:
        with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"create role {ROLE} nologin nosuperuser nobypassrls")
        yield socket


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The tables are there already: a copy of the template."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_server, tmp_path_factory):
    """Point Django at the server of this process; on SQLite at a file, as at a site: one in memory locks otherwise."""
    from django.conf import settings
    from django.db import connections

    if _server is None:
        office = tmp_path_factory.mktemp("office") / "jigai.sqlite3"
        shutil.copyfile(template.file(), office)
        settings.DATABASES["default"]["TEST"]["NAME"] = str(office)
        return
    described = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "jigai",
        "USER": "postgres",
        "PASSWORD": "",
        "HOST": str(_server),
        "PORT": "",
    }
    settings.RUN_ROLE = ROLE
    settings.POSTGRES = True
    settings.DATABASES["default"].clear()
    settings.DATABASES["default"].update(described)
    del connections["default"]
    settings.DATABASES = connections.configure_settings(settings.DATABASES)
    connections.settings = settings.DATABASES


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly():
    """Let tests that commit leave an empty database behind the quick way."""
    from django.test import TransactionTestCase
    from tests.platform.emptying import empty

    TransactionTestCase._fixture_teardown = lambda self: empty()


@pytest.fixture(autouse=True)
def _chinese():
    """Every test begins in Chinese, whatever language the test before it asked for."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Every test begins with an empty cache: what was kept is named by numbers that another test gives out again."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def city(db):
    """A small city with someone in every role, two counties and two enterprises that must not see each other."""
    from tests.platform.people import City

    return City.build()
