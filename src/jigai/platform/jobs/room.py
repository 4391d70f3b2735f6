"""No room: what a full disk looks like, in files and in either database."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

from xlsxwriter.exceptions import FileCreateError

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_POSTGRES_FULL: Final = "53100"
"""SQLSTATE *disk_full*."""


def is_full(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that there was no room to write."""
    while error is not None:
        held = error.args[0] if isinstance(error, FileCreateError) and error.args else error
        if isinstance(held, OSError) and held.errno in _FULL:
            return True
        if getattr(held, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        if getattr(held, "sqlstate", None) == _POSTGRES_FULL:
            return True
        error = error.__cause__
    return False
