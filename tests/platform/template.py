"""Databases with today's empty tables, made once per set of migrations and copied by every test process.

Migrating takes some ten seconds of a core. The copies are kept in the temporary folder under a hash of everything that
decides what the tables are; a change of a migration, or of the facts whose hash it writes down, makes them anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.ground.repository import ROOT
from tests.platform.postgres import cluster

TESTED = "test_jigai"
"""The database Django's tests run on."""
SPARE = "migrated"
"""Its twin, to make further databases from: ``create database x template migrated``."""


@cache
def _key() -> str:
    platform = ROOT / "src/jigai/platform"
    parts = [*platform.glob("*/migrations/*.py"), *platform.glob("postgres/*"), ROOT / "requirements/platform.txt"]
    parts += (ROOT / "src/jigai/reference/data").glob("*/*")  # migrating writes down which facts are in use
    digest = hashlib.sha256()
    for path in sorted(path for path in parts if path.is_file()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]


def server() -> Path:
    """Return the data folder of a stopped PostgreSQL cluster that holds both databases; to be copied, not used."""
    return _kept("postgresql", _make_server)


def file() -> Path:
    """Return the SQLite file; to be copied, not used."""
    return _kept("sqlite", lambda place: _migrate(f"sqlite:///{place}"))


def _kept(kind: str, make: Callable[[Path], None]) -> Path:
    place = Path(tempfile.gettempdir()) / f"jigai-tests-{kind}-{_key()}"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            draft = place.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.unlink(missing_ok=True)
            make(draft)
            draft.rename(place)
    return place


def _make_server(place: Path) -> None:
    import psycopg

    with (
        cluster(kept=place) as socket,
        psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection,
    ):
        connection.execute(f"create database {TESTED}")
        _migrate(f"postgresql://postgres@/{TESTED}?host={socket}")
        connection.execute(f"create database {SPARE} template {TESTED}")


def _migrate(url: str) -> None:
    with tempfile.TemporaryDirectory() as data:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JIGAI_")}
        ours = {"JIGAI_DATABASE_URL": url, "JIGAI_DATA_DIR": data, "JIGAI_ENVIRONMENT": "test", "JIGAI_HTTPS": "0"}
        ours |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
        words = [sys.executable, "-m", "jigai", "manage", "migrate", "--verbosity", "0"]
        subprocess.run(words, env=clean | ours, cwd=ROOT, check=True)
