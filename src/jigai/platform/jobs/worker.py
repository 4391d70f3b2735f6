"""The worker: takes up one job after another until told to stop (``jigai worker``)."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, close_old_connections, connection

from jigai.platform.jobs import claims
from jigai.platform.jobs.chores import Chores
from jigai.platform.jobs.execution import execute
from jigai.platform.jobs.handlers import handlers

log = logging.getLogger("jigai.jobs")

LOOK_EVERY = 2.0
"""Seconds between two looks for work; on PostgreSQL a new job wakes the worker at once."""


def run(once: bool = False, stop: threading.Event | None = None) -> int:
    """Take up jobs and do the recurring chores; return how many jobs were taken up.

    Args:
        once: stop when no job waits, each chore done once; for a timer, and for tests.
        stop: set it to stop after the current step; SIGTERM and SIGINT do the same.
    """
    stop = stop or threading.Event()
    name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
    handlers()
    chores = Chores(name, stop)
    if once:
        taken = _drain(name, stop)
        chores.round(everything=True)
        return taken
    _heed_signals(stop)
    chores.start()
    log.info("worker %s is ready", name)
    taken = 0
    try:
        while not stop.is_set():
            try:
                close_old_connections()
                taken += _drain(name, stop)
                _sleep(stop)
            except DatabaseError as error:
                log.warning("the database does not answer, trying again: %s", error)
                connection.close()
                stop.wait(LOOK_EVERY)
    finally:
        stop.set()
        chores.join()
        connection.close()
        log.info("worker %s has stopped", name)
    return taken


def _drain(name: str, stop: threading.Event) -> int:
    taken = 0
    while not stop.is_set() and (job := claims.claim(name)):
        taken += 1
        log.info("job %s (%s): attempt %s", job.pk, job.kind, job.attempt)
        execute(job, stop)
    return taken


def _sleep(stop: threading.Event) -> None:
    if connection.vendor != "postgresql":
        stop.wait(LOOK_EVERY)
        return
    from jigai.platform.postgres import wake

    wake.listen()  # again each time: the connection may be a new one
    wake.wait(LOOK_EVERY)


def _heed_signals(stop: threading.Event) -> None:
    if threading.current_thread() is not threading.main_thread():
        return

    def heed(number: int, _: Any) -> None:
        log.info("stopping after the current step (%s)", signal.Signals(number).name)
        stop.set()

    signal.signal(signal.SIGTERM, heed)
    signal.signal(signal.SIGINT, heed)
