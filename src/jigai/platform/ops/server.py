"""A private PostgreSQL: its own cluster in a folder, reached by a socket only, run as a child of this process."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from jigai.platform.ops.processes import Child, demoted
from jigai.platform.ops.words import OpsError, say
from jigai.screening.sentences import Language

SERVICE_USER = "postgres"
"""The server refuses to run as root; then it runs as this user, whom Debian's package makes."""

LONGEST_SOCKET = 90
"""The system's limit of a socket's path is 107 bytes; the file's own name takes the rest."""

Words = list[str | Path]
OWNER, RUN = "jigai_owner", "jigai_run"
ROLES = Path(__file__).with_name("roles.sql")
"""The same statements an administrator runs on the city's server (``deploy/postgresql``)."""


def binaries() -> Path | None:
    """Return the folder of ``initdb`` and ``postgres``, the newest version installed; ``None`` if there is none."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name), reverse=True)
    for place in [*places, *(Path(path) for path in os.environ.get("PATH", "").split(os.pathsep) if path)]:
        # Asked so that a folder of PATH one may not enter is passed over.
        if os.access(place / "initdb", os.X_OK) and os.access(place / "postgres", os.X_OK):
            return place
    return None


def service_user() -> str | None:
    """Return the user the server must run as, or ``None`` for the present one."""
    return SERVICE_USER if hasattr(os, "geteuid") and os.geteuid() == 0 else None


@dataclass
class PrivateServer:
    """A cluster in ``home`` that serves this installation alone; ``language`` is that of its messages.

    Whoever can reach the socket is let in (``trust``), so the socket lies in a folder that only the present user and
    root can enter.
    """

    home: Path
    programs: Path
    language: Language = "zh"
    durable: bool = True

    @classmethod
    def below(cls, folder: Path, programs: Path, language: Language = "zh", *, durable: bool = True) -> PrivateServer:
        """Return the cluster of a data folder: inside it, or where the server's user can enter if it cannot there."""
        home = folder / "postgres"
        if service_user() and not _enterable(folder):
            home = Path("/var/lib/postgresql") / f"jigai-{_short_name(folder)}"
        return cls(home, programs, language, durable)

    @property
    def data(self) -> Path:
        """The folder of the cluster itself."""
        return self.home / "data"

    @property
    def socket(self) -> Path:
        """The folder of the socket: in ``home``, or a short path where that one is too long."""
        if len(os.fsencode(self.home / "socket")) <= LONGEST_SOCKET:
            return self.home / "socket"
        return Path(tempfile.gettempdir()) / f"jigai-{_short_name(self.home)}"

    def url(self, role: str, database: str = "jigai") -> str:
        """Return the address of ``database`` as ``role``, for ``JIGAI_DATABASE_URL``."""
        return f"postgresql://{role}@/{database}?host={self.socket}"

    def prepare(self) -> bool:
        """Make the cluster unless it is there; say whether it was made."""
        for folder in (self.home, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            self._give(folder)
        if (self.data / "PG_VERSION").exists():
            self._refuse_other_version()
            return False
        shutil.rmtree(self.data, ignore_errors=True)
        words: Words = [
            "initdb",
            "-D",
            self.data,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "trust",
            "-N",
            "-U",
            "postgres",
        ]
        self._run(words)
        return True

    def start(self, log: Path, seconds: float = 60) -> Child:
        """Start the server and wait until it answers; its words go to ``log``."""
        options: Words = ["-k", self.socket, "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]
        if not self.durable:
            options += ["-c", "fsync=off", "-c", "full_page_writes=off"]
        child = Child.start(
            "postgres", [self.programs / "postgres", "-D", self.data, *options], log, user=service_user()
        )
        end = time.monotonic() + seconds
        while time.monotonic() < end and child.running:
            if self.ready():
                return child
            time.sleep(0.1)
        child.stop()
        raise OpsError(say("server_failed", self.language, log=log, tail=child.tail()))

    def ready(self) -> bool:
        """Say whether the server answers."""
        import psycopg

        try:
            with psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres", connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def make_roles(self, database: str = "jigai") -> None:
        """Make the two roles and the database, as an administrator does with ``deploy/postgresql/roles.sql``."""
        values = {"database": database, "owner_password": "", "run_password": ""}
        variables = [part for name, value in values.items() for part in ("-v", f"{name}={value}")]
        where: Words = ["-h", self.socket, "-U", "postgres", "-d", "postgres"]
        self._run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *variables, *where, "-f", "-"], ROLES)

    def _run(self, words: Words, feed: Path | None = None) -> None:
        program = self.programs / words[0]
        said = subprocess.run(
            [program if program.exists() else words[0], *words[1:]],
            stdin=feed.open("rb") if feed else subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd=self.home,
            **demoted(service_user()),
        )
        if said.returncode:
            text = said.stderr.decode("utf-8", "replace").strip()
            raise OpsError(say("server_step", self.language, step=words[0], error=text))

    def _give(self, folder: Path) -> None:
        if user := service_user():
            shutil.chown(folder, user, user)
        folder.chmod(0o700)

    def _refuse_other_version(self) -> None:
        made = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        have = self.programs.parent.name
        if have.isdigit() and made != have:
            raise OpsError(say("server_version", self.language, made=made, have=have, home=self.home))


def _short_name(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _enterable(folder: Path) -> bool:
    """Say whether a user who is not root can reach ``folder``."""
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents) if place.exists())
