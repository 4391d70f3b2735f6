"""Files that jobs make: whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings


def folder(job_id: int) -> Path:
    """Return the folder of a job's files."""
    return settings.DATA_DIR / "jobs" / str(job_id)


def remove(job_id: int) -> None:
    """Take a job's files away."""
    shutil.rmtree(folder(job_id), ignore_errors=True)


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Give a path beside ``target`` to write to; it becomes ``target`` when everything has reached the disk.

    After any error nothing is left of it, and what ``target`` held before is untouched.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
        _sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def describe(path: Path, title: str = "") -> dict[str, Any]:
    """Return what a result says about a file: name, title, size [bytes], SHA-256."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"name": path.name, "title": title or path.name, "bytes": path.stat().st_size, "sha256": digest}


def _sync(directory: Path) -> None:
    """Make the new name last, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep_drafts(job_id: int) -> None:
    """Take away what a process that died was writing."""
    for draft in folder(job_id).glob(".*"):
        draft.unlink(missing_ok=True)
