"""File names that every system accepts, whatever the ledger was called."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Final

from jigai.ledger.filenames import on_disk

_FORBIDDEN: Final = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_DEVICES: Final = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_LONGEST: Final = 120
"""Bytes of UTF-8 kept of one name, so that suffixes and deep folders still fit into 255."""


def safe_parts(name: str) -> tuple[str, ...]:
    """Split the name of a ledger into folder and file names that are legal everywhere and never lead upwards."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in {"/", ".", ".."}]
    return tuple(_safe(part) for part in parts) or ("台账",)


def _safe(part: str) -> str:
    clean = _FORBIDDEN.sub("_", part).strip().rstrip(". ") or "_"
    if _DEVICES.match(clean):
        clean = f"_{clean}"
    stem, dot, suffix = clean.rpartition(".")
    if not dot:
        stem, suffix = clean, ""
    kept = stem.encode("utf-8")[:_LONGEST].decode("utf-8", errors="ignore")
    return f"{kept}{dot}{suffix[:12]}"


class Names:
    """Gives every output a path of its own below ``folder``; names that differ only in case count as equal."""

    def __init__(self, folder: Path) -> None:
        """Start with nothing given out."""
        self.folder = folder
        self._taken: set[str] = set()

    def path(self, name: str, suffix: str = "") -> Path:
        """Return a free path for the ledger ``name`` with ``suffix`` appended, its folder made."""
        *folders, last = safe_parts(name)
        number = 1
        while True:
            whole = [*folders, last + suffix if number == 1 else _numbered(last, number) + suffix]
            path = self.folder.joinpath(*map(on_disk, whole))
            key = "/".join(whole).casefold()
            if key not in self._taken:
                self._taken.add(key)
                path.parent.mkdir(parents=True, exist_ok=True)
                return path
            number += 1


def _numbered(name: str, number: int) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}({number}).{suffix}" if dot else f"{name}({number})"
