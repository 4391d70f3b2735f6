"""A job as the function that does it sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction

from jigai.platform.jobs import claims, files
from jigai.platform.jobs.errors import CancelledError, InterruptedWorkError, LeaseLostError
from jigai.platform.jobs.models import Job, JobStep
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.afterwards import afterwards
from jigai.platform.walls.scope import use_scope

SHOW_EVERY = 0.5
"""Seconds between two notes of progress."""

A_TURN = 0.15
"""Seconds between two steps on SQLite; its waiting writers look every tenth of a second."""


class Task:
    """What a handler is given: who asked (``actor``), what for (``arguments``), and the means to do it in steps."""

    def __init__(self, job: Job, actor: Actor, stop: threading.Event | None = None) -> None:
        self.job = job
        self.actor = actor
        self.arguments: dict[str, Any] = job.arguments
        self.how_far: dict[str, Any] = {"done": job.done, "total": job.total, "text": job.text}
        self.cancelled = threading.Event()
        self.lost = threading.Event()
        self._stop = stop or threading.Event()
        self._shown = 0.0
        self._looking = False
        with transaction.atomic(), use_scope(claims.WORKER):
            self._done = set(JobStep.objects.filter(job=job).values_list("key", flat=True))

    def is_done(self, key: str) -> bool:
        """Say whether a step was done already, by this run or one before a crash."""
        return key in self._done

    @contextmanager
    def step(self, key: str) -> Iterator[None]:
        """Do one step, in the scope of the owner: all it writes is kept together with the fact that it is done.

        Ask ``is_done`` first. Raises ``CancelledError`` when the job is to stop (before anything is done) and
        ``InterruptedWorkError`` when the worker is; let both pass.
        """
        if key in self._done:
            raise ValueError(f"step {key!r} is done; ask is_done(key) first")
        self._heed()
        began = time.monotonic()
        with afterwards(), transaction.atomic():
            with use_scope(claims.WORKER):
                claims.look(self.job)
            with use_scope(self.actor.scope):
                yield
            with use_scope(claims.WORKER):
                try:
                    with transaction.atomic():
                        JobStep.objects.create(job=self.job, key=key)
                except IntegrityError as error:
                    raise LeaseLostError(self.job.pk) from error
                claims.renew(self.job, **self.how_far)
        self._done.add(key)
        if connection.vendor != "postgresql" and not connection.in_atomic_block:
            # There a step keeps everybody else from writing: let those who waited have their turn.
            time.sleep(min(A_TURN, time.monotonic() - began))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read in the scope of the owner, everything as it stands at one moment; write nothing.

        On SQLite no transaction is opened, since one would keep everybody else from writing.
        """
        self.check()
        if connection.vendor != "postgresql":
            self._looking = True
            try:
                with use_scope(self.actor.scope):
                    yield
            finally:
                self._looking = False
            return
        from jigai.platform.postgres.snapshot import one_moment

        with one_moment(), use_scope(self.actor.scope):
            yield

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Say how far it is; inside a step it shows when the step is done, or with the next sign of life."""
        self.how_far = {"done": done, "total": total, "text": text[:200]}
        if self._inside or time.monotonic() - self._shown < SHOW_EVERY:
            return
        self._shown = time.monotonic()
        with transaction.atomic(), use_scope(claims.WORKER):
            claims.renew(self.job, **self.how_far)

    def check(self) -> None:
        """Stop here if the job or the worker is to stop; call it in long stretches that write nothing."""
        self._heed()
        if not self._inside:  # else the sign of life looks, from outside what is being read
            with transaction.atomic(), use_scope(claims.WORKER):
                claims.look(self.job)

    @property
    def _inside(self) -> bool:
        """Whether this connection must not begin a transaction: there is one, or rows are being read one by one.

        SQLite refuses at once to write behind an open reading when somebody else has written since it began.
        """
        return connection.in_atomic_block or self._looking

    def _heed(self) -> None:
        if self.lost.is_set():
            raise LeaseLostError(self.job.pk)
        if self.cancelled.is_set():
            raise CancelledError(self.job.pk)
        if self._stop.is_set():
            raise InterruptedWorkError(self.job.pk)

    def file(self, name: str) -> Path:
        """Return the path of one of the job's files; its folder is there."""
        if Path(name).name != name or name.startswith("."):
            raise ValueError(f"not a plain file name: {name!r}")
        place = files.folder(self.job.pk)
        place.mkdir(parents=True, exist_ok=True)
        return place / name

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Write one of the job's files: it stands under ``name`` when it is whole, and after an error not at all."""
        with files.whole(self.file(name)) as draft:
            yield draft

    def described(self, name: str, title: str = "") -> dict[str, Any]:
        """Return the entry of a file for ``files`` of the result; only files named there can be fetched."""
        return files.describe(self.file(name), title)
