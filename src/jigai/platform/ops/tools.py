"""PostgreSQL's own programs, told where the database is without showing its password to anyone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection

_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


def program(name: str) -> Path | None:
    """Return the newest installed ``pg_dump``, ``pg_restore`` or ``psql``."""
    for place in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True):
        if (place / name).exists():
            return place / name
    found = shutil.which(name)
    return Path(found) if found else None


def client_version() -> int | None:
    """Return the major version of ``pg_dump``; ``None`` where there is none."""
    path = program("pg_dump")
    if path is None:
        return None
    said = subprocess.run([path, "--version"], capture_output=True, encoding="utf-8", check=False).stdout
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else None


def environment() -> dict[str, str]:
    """Return the environment that leads PostgreSQL's programs to the database of the settings.

    The password travels here and not among the arguments, which every user of the machine can list.
    """
    settings: dict[str, Any] = connection.settings_dict
    named = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"]),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        **{name: str(settings["OPTIONS"][key]) for key, name in _OPTIONS.items() if key in settings["OPTIONS"]},
    }
    return os.environ | {name: str(value) for name, value in named.items() if value} | {"PGCLIENTENCODING": "UTF8"}
