"""The files of an installation: which belong to it, and how they are copied while people go on working."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jigai.platform.ops.manifest import Entry

SAMPLE_LEDGERS: Final = "sample-ledgers"
APART: Final = frozenset({"static", "postgres", "log", "cache", "tmp", "trial.lock", SAMPLE_LEDGERS})
"""What a data folder holds that is made anew, or is the database itself."""
_TRIES = 5
_BLOCK = 2**20


def of_installation(folder: Path, database: Path | None) -> Iterator[str]:
    """Yield the path of every file that belongs to the installation, in order; ``database`` is the SQLite file."""
    own = {database, *(Path(f"{database}{tail}") for tail in ("-wal", "-shm", "-journal"))} if database else set()
    for top, folders, names in os.walk(folder):
        here = Path(top)
        if here == folder:
            folders[:] = [name for name in folders if name not in APART]
            names = [name for name in names if name not in APART]
        # Names with a dot in front are drafts, which become files or vanish.
        folders[:] = sorted(name for name in folders if name[0] != ".")
        for name in sorted(name for name in names if name[0] != "."):
            path = here / name
            if path not in own and path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


@dataclass
class Copier:
    """Copies files of ``source`` to ``target`` and remembers what it copied, so that a second pass takes only news.

    A pass before and one after the database's snapshot hold every file that a row of the snapshot names: those that
    were there before it, and those that came while it was taken. A file that goes away meanwhile stays in the copy.
    """

    source: Path
    target: Path
    below: str = "files"
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    def run(self, paths: Iterator[str]) -> None:
        """Copy those that are new or changed since the last pass."""
        for path in paths:
            mark = _mark(self.source / path)
            if mark is not None and self.seen.get(path) != mark:
                self._copy(path)

    def has(self, path: str) -> bool:
        """Say whether the copy holds ``path``."""
        return path in self.seen

    def _copy(self, path: str) -> None:
        """Copy one file as it stood at some moment: again if it changed meanwhile."""
        target = self.target / self.below / path
        target.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):
            mark = _mark(self.source / path)
            draft = target.with_name(f".{target.name}.part")
            try:
                digest = copy(self.source / path, draft)
            except FileNotFoundError:
                draft.unlink(missing_ok=True)
                return
            if mark and _mark(self.source / path) in (mark, None):
                break
        draft.replace(target)
        self.seen[path] = mark or (0, 0)
        name = f"{self.below}/{path}"
        self.entries[name] = Entry(name, target.stat().st_size, digest)


def copy(source: Path, target: Path) -> str:
    """Copy a file to the disk itself, with its mode and time, and return its SHA-256."""
    hasher = hashlib.sha256()
    with source.open("rb") as given, target.open("wb") as taken:
        while block := given.read(_BLOCK):
            hasher.update(block)
            taken.write(block)
        taken.flush()
        os.fsync(taken.fileno())
    shutil.copystat(source, target)
    return hasher.hexdigest()


def _mark(path: Path) -> tuple[int, int] | None:
    """Return size and time of change; ``None`` when it is gone."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_size, state.st_mtime_ns
