"""The web server: gunicorn on the local interface, with a reverse proxy in front for everything else."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from jigai.platform.ops.words import OpsError, say
from jigai.platform.standards import active
from jigai.screening.sentences import Language

LOOPBACK = "127.0.0.1"
THREADS = 4
"""Requests one process serves at once: they mostly wait for the database."""
TIMEOUT = 120
"""Seconds after which a process that gives no sign of life is replaced."""


def server_words(environment: Mapping[str, Any]) -> list[str]:
    """Return the command line of the web server for the settings read from ``environment``."""
    memory = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []
    return [
        *(sys.executable, "-m", "gunicorn", "jigai.platform.wsgi:application"),
        *("--bind", f"{LOOPBACK}:{environment['port']}"),
        *("--workers", str(environment["workers"]), "--threads", str(THREADS), "--timeout", str(TIMEOUT)),
        *("--graceful-timeout", "30", "--max-requests", "5000", "--max-requests-jitter", "500"),
        *("--no-control-socket", "--forwarded-allow-ips", LOOPBACK, "--log-level", "warning"),
        *memory,
    ]


def serve(language: Language) -> int:
    """Become the web server; does not return unless something is missing."""
    if sys.platform == "win32" or find_spec("gunicorn") is None:
        raise OpsError(say("no_gunicorn", language))
    if not (settings.STATIC_ROOT / "staticfiles.json").is_file() and not settings.TESTING:
        raise OpsError(say("no_static", language, folder=settings.STATIC_ROOT))
    port = settings.ENV["port"]
    if not port_is_free(port):
        raise OpsError(say("port_busy", language, port=port))
    words = server_words(settings.ENV)
    os.execv(words[0], words)


def refuse_other_facts() -> None:
    """Raise :class:`OpsError` where this program would judge by other facts than those in use.

    A database that does not answer yet is no reason: web and worker wait for it, and look again before they judge.
    """
    try:
        active.reference(date.today())
    except active.ReferenceMismatchError as error:
        raise OpsError(str(error)) from error
    except DatabaseError:
        connection.close()


def port_is_free(port: int) -> bool:
    """Say whether the web server could listen on ``port`` of the local interface."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def free_port(wanted: int, tries: int = 50) -> int:
    """Return ``wanted``, or the next port nobody listens on."""
    for port in range(wanted, wanted + tries):
        if port_is_free(port):
            return port
    raise OpsError(say("no_port", "zh", first=wanted, last=wanted + tries - 1))
