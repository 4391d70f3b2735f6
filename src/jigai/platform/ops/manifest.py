"""The list of what a backup or an export holds, with a hash of each part: what is in it, from when, made by what."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from jigai.platform.ops.words import OpsError, say
from jigai.screening.sentences import Language

NAME: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
FORMAT: Final = 1
"""Raised when a reader of the former format could take something wrong."""
_BLOCK = 2**20


@dataclass(frozen=True)
class Entry:
    """A file: path below the folder, size [bytes], SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass
class Manifest:
    """What a folder holds.

    ``tables`` maps each table to its number of rows and a digest over them; ``missing`` are files that rows name but
    the data folder did not have; ``key`` is the fingerprint of the signing key.
    """

    kind: Literal["backup", "export"]
    made_at: str
    version: str
    database: str
    migrations: list[str]
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    key: str = ""
    reference: str = ""
    city: str = ""
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(table["rows"] for table in self.tables.values())

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(entry.size for entry in self.entries)

    def write(self, folder: Path) -> None:
        """Write it, sealed by its own hash."""
        self.entries.sort(key=lambda entry: entry.path)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (folder / NAME).write_text(text, encoding="utf-8")
        (folder / SEAL).write_text(f"{file_hash(folder / NAME)}  {NAME}\n", encoding="ascii")

    @classmethod
    def read(cls, folder: Path, kind: str, language: Language) -> Manifest:
        """Read and verify it, and every file it names; :class:`OpsError` lists what is lost, changed or foreign."""
        if not (folder / NAME).is_file() or not (folder / SEAL).is_file():
            raise OpsError(say("not_ours", language, folder=folder, name=NAME))
        if (folder / SEAL).read_text(encoding="ascii", errors="replace").split()[:1] != [file_hash(folder / NAME)]:
            raise OpsError(say("seal_broken", language, folder=folder, name=NAME))
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if told["format"] > FORMAT:
            raise OpsError(say("format_newer", language, version=told["version"]))
        if told["kind"] != kind:
            raise OpsError(say(f"is_{told['kind']}", language, folder=folder))
        manifest = cls(**{**told, "entries": [Entry(**entry) for entry in told["entries"]]})
        manifest.verify(folder, language)
        return manifest

    def verify(self, folder: Path, language: Language) -> None:
        """Compare every file with its hash."""
        wrong: list[str] = []
        for entry in self.entries:
            path = folder / entry.path
            if not path.is_file():
                wrong.append(say("file_lost", language, path=entry.path))
            elif path.stat().st_size != entry.size or file_hash(path) != entry.sha256:
                wrong.append(say("file_changed", language, path=entry.path))
        if wrong:
            raise OpsError(say("files_wrong", language, folder=folder, count=len(wrong), list="\n  ".join(wrong[:20])))


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    hasher = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            hasher.update(block)
    return hasher.hexdigest()


def entry_of(folder: Path, path: str) -> Entry:
    """Return the entry of a file that lies in ``folder`` already."""
    return Entry(path, (folder / path).stat().st_size, file_hash(folder / path))
