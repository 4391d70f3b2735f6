"""Databases of their own for tests that kill processes."""

from __future__ import annotations

import shutil

import pytest
from tests.platform import template
from tests.platform.conftest import ROLE
from tests.platform.jobs.bench import Bench

SERVER = pytest.param("postgresql", marks=pytest.mark.postgres("the server of this run"))
OFFICE = pytest.param("sqlite", marks=[pytest.mark.sqlite, pytest.mark.slow])


@pytest.fixture(scope="module", params=[SERVER, OFFICE])
def database(request, _server, tmp_path_factory):
    """An empty database that other processes can reach, with the plain role on PostgreSQL."""
    data = tmp_path_factory.mktemp("data")
    if request.param == "sqlite":
        shutil.copyfile(template.file(), data / "office.sqlite3")
        bench = Bench.build(f"sqlite:///{data / 'office.sqlite3'}", data)
    else:
        import psycopg

        with psycopg.connect(host=str(_server), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("drop database if exists bench")
            connection.execute(f"create database bench template {template.SPARE}")
        bench = Bench.build(f"postgresql://postgres@/bench?host={_server}", data, ROLE)
    yield bench
    bench.stop()


@pytest.fixture
def bench(database):
    """The database, with nothing of the test's left running."""
    yield database
    database.stop()
    database.started.clear()
