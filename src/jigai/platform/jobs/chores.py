"""What the workers do every so often: each chore by one worker at a time, whatever their number."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from jigai.platform.jobs.handlers import Recurring, chores
from jigai.platform.jobs.models import Chore

log = logging.getLogger("jigai.jobs")

LOOK_EVERY = 1.0
"""Seconds between two looks for a chore that is due."""


class Chores:
    """The chores of one worker, in a thread of their own, so that a long job holds up no notice."""

    def __init__(self, worker: str, stop: threading.Event) -> None:
        self._worker = worker
        self._stop = stop
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the chore under way."""
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def round(self, everything: bool = False) -> None:
        """Do what is due, or everything."""
        for chore in chores().values():
            if self._stop.is_set():
                return
            if self._take(chore, everything):
                self._do(chore)

    def _run(self) -> None:
        try:
            while not self._stop.wait(LOOK_EVERY):
                try:
                    self.round()
                except DatabaseError as error:
                    log.warning("chores: the database does not answer: %s", error)
                    connection.close()
        finally:
            connection.close()

    def _take(self, chore: Recurring, everything: bool) -> bool:
        """Take a chore that is due and that nobody holds."""
        Chore.objects.bulk_create([Chore(key=chore.key)], ignore_conflicts=True)
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
        due = Q() if everything else Q(due_at__isnull=True) | Q(due_at__lte=Now())
        lease = Now() + timedelta(seconds=settings.LEASE_SECONDS)
        return bool(Chore.objects.filter(free, due, key=chore.key).update(worker=self._worker, lease_until=lease))

    def _do(self, chore: Recurring) -> None:
        said = ""
        try:
            chore.run()
        except Exception as error:
            # One chore that fails must not keep the others from being done; its state is shown by `jigai check`.
            log.exception("chore %s failed", chore.key)
            said = f"{type(error).__name__}: {error}"
            if connection.in_atomic_block:
                raise
        with transaction.atomic():
            Chore.objects.filter(key=chore.key, worker=self._worker).update(
                lease_until=None, due_at=Now() + timedelta(seconds=chore.every), ran_at=Now(), error=said
            )
