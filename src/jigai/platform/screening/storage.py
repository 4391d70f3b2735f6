"""Where runs keep what they judged and said: folders named by the hash of their content, never changed.

A run is kept in parts, each some whole sites, so that a million devices pass through without ever being in memory
together. The first part of a frame is ``findings.parquet``, as the command line calls it, the next
``findings-0001.parquet``; ``facts.json`` says how many there are and which sites stand in which.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import polars as pl
from django.conf import settings

from jigai.platform.imports.storage import write_whole

INPUT: Final = "input"
FACTS: Final = "facts.json"


def folder() -> Path:
    """Return the folder of all runs; part of every backup."""
    return Path(settings.DATA_DIR) / "files" / "runs"


class Draft:
    """A run being written, as a context: what is not sealed vanishes."""

    def __init__(self, key: str) -> None:
        """Write into a folder of its own; ``key`` tells two runs under way apart."""
        self.place = folder() / f".draft-{key}"

    def __enter__(self) -> Draft:
        """Begin with an empty folder, also where a killed worker left half of one."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take away what was not sealed."""
        shutil.rmtree(self.place, ignore_errors=True)

    def write(self, name: str, part: int, frame: pl.DataFrame) -> None:
        """Write one part of a frame."""
        write_whole(self.place / file_name(name, part), as_bytes(frame))

    def read(self, name: str, part: int) -> pl.DataFrame:
        """Return a part written before."""
        return pl.read_parquet(self.place / file_name(name, part))

    def hash_of(self, name: str) -> str:
        """Return the hash over all parts of a frame."""
        return _digest([path for path in self._files() if path.name.split("-")[0].split(".")[0] == name])

    def drop(self, name: str, part: int) -> None:
        """Take a part away that is needed no more."""
        (self.place / file_name(name, part)).unlink()

    def seal(self, facts: dict[str, Any]) -> str:
        """Add the facts and keep everything under the hash of its content, which is returned; kept once."""
        write_whole(self.place / FACTS, json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode())
        place = _digest(self._files())
        target = folder() / place[:2] / place
        if whole(place):
            return place
        shutil.rmtree(target, ignore_errors=True)  # half of it was lost: it is all here again
        target.parent.mkdir(parents=True, exist_ok=True)
        self.place.rename(target)
        return place

    def _files(self) -> list[Path]:
        return sorted(path for path in self.place.iterdir() if path.name[0] != ".")


def keep(frames: dict[str, pl.DataFrame], facts: dict[str, Any], key: str) -> str:
    """Keep small frames and facts under the hash of their content, and return it."""
    with Draft(key) as draft:
        for name, frame_ in frames.items():
            draft.write(name, 0, frame_)
        return draft.seal(facts)


def facts(place: str) -> dict[str, Any]:
    """Return the facts of what was kept; ``FileNotFoundError`` where the store has lost them."""
    told: dict[str, Any] = json.loads((folder() / place[:2] / place / FACTS).read_text(encoding="utf-8"))
    return told


def parts(place: str) -> list[list[int]]:
    """Return which sites stand in each part of a run, in the order of the parts."""
    told = facts(place)
    return [list(sites) for sites in told.get("parts", [told.get("sites", [])])]


def frame(place: str, name: str, columns: list[str] | None = None) -> pl.DataFrame:
    """Return a frame with all its parts; ``FileNotFoundError`` where the store has lost one."""
    read = [part_of(place, name, number, columns) for number in range(len(parts(place)))]
    return pl.concat(read, how="diagonal")


def part_of(place: str, name: str, number: int, columns: list[str] | None = None) -> pl.DataFrame:
    """Return one part of a frame."""
    return pl.read_parquet(path(place, name, number), columns=columns)


def path(place: str, name: str, part: int = 0) -> Path:
    """Return the file of one part of a frame."""
    return folder() / place[:2] / place / file_name(name, part)


def file_name(name: str, part: int) -> str:
    """Return what the file of a part is called."""
    return f"{name}-{part:04d}.parquet" if part else f"{name}.parquet"


def whole(place: str) -> bool:
    """Tell whether everything kept under ``place`` is there with the content it was kept with."""
    target = folder() / place[:2] / place
    return target.is_dir() and _digest(sorted(target.iterdir())) == place


def as_bytes(made: pl.DataFrame) -> bytes:
    """Return a frame as it is written to disk."""
    target = io.BytesIO()
    made.write_parquet(target, compression="zstd")
    return target.getvalue()


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(f"{file.name} {hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()
