"""Whole installations in tests: a server with the delivered roles, a data folder, commands as they are typed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from tests.ground.repository import ROOT
from tests.platform import template

from jigai.platform.ops.server import OWNER, RUN, PrivateServer, binaries

_numbers = count(1)


@dataclass
class Place:
    """One installation: ``owner`` and ``plain`` are the addresses of its database."""

    data: Path
    owner: str
    plain: str
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, *, owner: bool = True) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JIGAI_")}
        ours = {
            "JIGAI_DATABASE_URL": self.owner if owner else self.plain,
            "JIGAI_DATA_DIR": str(self.data),
            "JIGAI_ENVIRONMENT": "test",
            "JIGAI_SECRET_KEY": "",
            "JIGAI_HTTPS": "0",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "jigai.platform.settings",
            **({} if self.owner.startswith("sqlite") else {"JIGAI_RUN_ROLE": RUN}),
        }
        return clean | ours | self.settings

    def jigai(self, *words: object, owner: bool = True, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command and insist on its exit code."""
        return self._run([sys.executable, "-m", "jigai", *map(str, words)], owner, code)

    def python(self, text: str, *, owner: bool = True, code: int | None = 0) -> str:
        """Run a piece of Python with the site set up; return what it prints."""
        return self._run([sys.executable, "-c", f"import django; django.setup()\n{text}"], owner, code).stdout.strip()

    def _run(self, words: list[str], owner: bool, code: int | None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            words, env=self.environment(owner=owner), cwd=ROOT, capture_output=True, encoding="utf-8", check=False
        )
        assert code is None or done.returncode == code, done.stdout + done.stderr
        return done


@pytest.fixture(scope="session")
def server() -> Iterator[PrivateServer]:
    """A server of our own, set up by the SQL file an administrator runs."""
    programs = binaries()
    assert programs, "apt-get install postgresql"
    home = Path(tempfile.mkdtemp(prefix="jigai-ops-"))
    home.chmod(0o755)
    try:
        running = PrivateServer(home / "pg", programs, durable=False)
        running.prepare()
        child = running.start(home / "server.log")
        try:
            running.make_roles()
            yield running
        finally:
            child.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def sql(server: PrivateServer, statement: str, database: str = "postgres") -> list[tuple]:
    """Run a statement as the administrator of the server."""
    import psycopg

    with psycopg.connect(host=str(server.socket), user="postgres", dbname=database, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def migrated(server, tmp_path_factory) -> str:
    """The name of a database with today's tables, a template for others."""
    place = Place(tmp_path_factory.mktemp("template"), server.url(OWNER), server.url(RUN))
    place.jigai("manage", "migrate", "--verbosity", "0")
    return "jigai"


@pytest.fixture
def make_place(request, server, tmp_path):
    """Make installations: ``make_place()`` with today's tables, ``make_place(bare=True)`` with an empty database."""

    def make(*, bare: bool = False, sqlite: bool = False) -> Place:
        number = next(_numbers)
        data = tmp_path / f"data{number}"
        data.mkdir()
        if sqlite:
            url = f"sqlite:///{data / 'jigai.sqlite3'}"
            place = Place(data, url, url)
            if not bare:
                shutil.copyfile(template.file(), data / "jigai.sqlite3")
            return place
        name = f"place{number}"
        if bare:
            server.make_roles(name)
        else:
            source = request.getfixturevalue("migrated")
            sql(server, f"create database {name} owner {OWNER} template {source}")
        return Place(data, server.url(OWNER, name), server.url(RUN, name))

    return make


FILL = """
from django.db import transaction
from pathlib import Path
from django.conf import settings
from tests.platform.people import City
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope
city = City.build()
actor = command("filling")
with transaction.atomic(), use_scope(actor.scope):
    for number in range(5):
        after = {"name": f"新{number}"}
        record(actor, "site.edited", city.east_site, before={"name": "旧"}, after=after, reason="更名")
files = settings.DATA_DIR / "files"
(files / "上传").mkdir(parents=True, exist_ok=True)
(files / "上传" / "台账 一.csv").write_bytes("变压器,S9".encode("gb18030"))
(files / "empty.bin").write_bytes(b"")
"""


@pytest.fixture
def filled(make_place):
    """An installation with two counties, people in every role, audit events and files."""
    place = make_place()
    place.python(FILL)
    return place
