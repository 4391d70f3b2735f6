"""The store of originals: every file under the hash of its content, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
    write_whole(path_of(content_hash), data)
    return content_hash


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that it is there with all its bytes or not at all, also when the power goes."""
    if target.exists():
        return
    draft = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as file:
            draft = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o640)
        Path(draft).replace(target)
    except OSError as error:
        if draft:
            Path(draft).unlink(missing_ok=True)
        if error.errno in _FULL:
            raise StorageFullError(
                error.errno, _("服务器存储空间不足，文件没有保存。请联系系统管理员清理后再传。")
            ) from error
        raise


def read(content_hash: str) -> bytes:
    """Return a kept file; ``FileNotFoundError`` when the store has lost it."""
    return path_of(content_hash).read_bytes()
