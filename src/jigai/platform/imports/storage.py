"""The store of originals: every file under the hash of its content, written whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from jigai.platform.jobs.files import whole
from jigai.platform.jobs.room import is_full


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
    try:
        with whole(target) as draft:
            draft.write_bytes(data)
            draft.chmod(0o640)
    except OSError as error:
        if is_full(error):
            raise StorageFullError(
                error.errno, _("服务器存储空间不足，文件没有保存。请联系系统管理员清理数据目录或扩充磁盘后再传。")
            ) from error
        raise


def read(content_hash: str) -> bytes:
    """Return a kept file; ``FileNotFoundError`` when the store has lost it."""
    return path_of(content_hash).read_bytes()
