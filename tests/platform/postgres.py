"""A real PostgreSQL of our own: a throw-away cluster, started in half a second, reached by a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL's server is not installed: apt-get install postgresql (the tests start their own, nothing else)."


def binaries() -> Path:
    """Return the folder of initdb and pg_ctl: the newest version installed."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)
    for place in [*places, *(Path(path) for path in os.environ["PATH"].split(os.pathsep))]:
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return place
    raise RuntimeError(MISSING)


def owned(place: Path) -> None:
    """Give a folder to whom the server runs as: it refuses to run as root."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        for one in (place, *place.rglob("*")):
            os.chown(one, user.pw_uid, user.pw_gid)


@contextmanager
def cluster(template: Path | None = None, kept: Path | None = None) -> Iterator[Path]:
    """Start a cluster and yield the folder of its socket (user ``postgres``, no password); gone afterwards.

    It begins as a copy of the data folder ``template``, or empty; its own is moved to ``kept`` in the end.
    """
    programs = binaries()
    home = Path(tempfile.mkdtemp(prefix="jigai-pg-"))
    home.chmod(0o755)
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    data = home / "data"
    if template:
        shutil.copytree(template, data)
    owned(home)

    def run(*command: object, options: str = "") -> None:
        words = [*become, *map(str, command), *(["-o", options] if options else [])]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home)

    try:
        if not template:
            words = ("-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-N", "-U", "postgres")
            run(programs / "initdb", "-D", data, *words)
        settings = f"-k {home} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=50"
        run(programs / "pg_ctl", "-D", data, "-w", "start", options=settings)
        try:
            yield home
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "fast" if kept else "immediate", "-w", "stop")
        if kept:
            shutil.move(data, kept)
    finally:
        shutil.rmtree(home, ignore_errors=True)
