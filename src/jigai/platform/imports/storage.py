"""The store of originals: every file under the hash of its content, written whole or not at all.

What was written within a request or a step of a job whose transaction is undone, or whose rows do not name it in the
end, is taken away again. A file bears the moment it was last handed in: it is taken away only as long as it bears the
moment of whoever takes it away, for somebody else may have handed the same content in meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from jigai.platform.jobs.files import whole
from jigai.platform.jobs.room import is_full
from jigai.platform.walls.afterwards import Notes, notes_for


class StorageFullError(OSError):
    """There is no room for the file; nothing of it was kept."""


def folder() -> Path:
    """Return the folder of the originals; part of every backup."""
    return Path(settings.DATA_DIR) / "files" / "originals"


def path_of(content_hash: str) -> Path:
    """Return where a file with this content lies."""
    return folder() / content_hash[:2] / content_hash


def keep(data: bytes) -> str:
    """Keep a file and return the hash of its content; the same content is kept once.

    Raises:
        StorageFullError: with what to do; nothing of the file is left behind.
    """
    content_hash = hashlib.sha256(data).hexdigest()
    target, moment = path_of(content_hash), time.time_ns() // 1000 * 1000  # [µs]: not every disk keeps more
    new = notes_for(_look_after)
    if not _stamped(target, moment):
        _write(target, data, moment)
    elif new is not None and content_hash not in new:
        return content_hash  # it was there before
    if new is not None:
        new[content_hash] = moment
    return content_hash


def forget(content_hash: str, moment: int) -> bool:
    """Take a file away unless it was handed in again after ``moment`` [ns since 1970]; say whether it is gone."""
    target = path_of(content_hash)
    aside = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
    try:
        if target.stat().st_mtime_ns != moment:
            return False
        target.rename(aside)
    except FileNotFoundError:
        return False
    if aside.stat().st_mtime_ns == moment:
        aside.unlink()
        return True
    aside.rename(target)  # handed in between the two looks; whatever may stand there by now has the same content
    return False


def _look_after(new: Notes) -> None:
    """Take away those of the files written in a transaction that is over which no row names."""
    from jigai.platform.imports.originals import named_among

    for content_hash in set(new) - named_among(new):
        forget(content_hash, new[content_hash])


def _stamped(target: Path, moment: int) -> bool:
    """Mark a file as handed in at a moment; False where there is none."""
    try:
        os.utime(target, ns=(moment, moment))
    except FileNotFoundError:
        return False
    return True


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that it is there with all its bytes or not at all, also when the power goes."""
    if not target.exists():
        _write(target, data)


def _write(target: Path, data: bytes, moment: int | None = None) -> None:
    try:
        with whole(target) as draft:
            draft.write_bytes(data)
            draft.chmod(0o640)
            if moment is not None:
                os.utime(draft, ns=(moment, moment))
    except OSError as error:
        if is_full(error):
            raise StorageFullError(
                error.errno, _("服务器存储空间不足，文件没有保存。请联系系统管理员清理数据目录或扩充磁盘后再传。")
            ) from error
        raise


def read(content_hash: str) -> bytes:
    """Return a kept file; ``FileNotFoundError`` when the store has lost it."""
    return path_of(content_hash).read_bytes()
