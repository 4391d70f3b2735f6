"""Where runs keep what they judged and said: folders named by the hash of their content, never changed."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.conf import settings

from jigai.platform.imports.storage import write_whole

INPUT: Final = "input"
FRAMES: Final = ("devices", "findings", "problems")


def folder() -> Path:
    """Return the folder of all runs; part of every backup."""
    return Path(settings.DATA_DIR) / "files" / "runs"


def keep(frames: dict[str, pl.DataFrame], facts: dict[str, Any]) -> str:
    """Keep frames and facts under the hash of their content, and return it; the same content is kept once."""
    files = {f"{name}.parquet": _bytes(frame) for name, frame in frames.items()}
    files["facts.json"] = json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode()
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {hashlib.sha256(files[name]).hexdigest()}\n".encode())
    place = digest.hexdigest()
    for name, content in files.items():
        write_whole(folder() / place[:2] / place / name, content)
    return place


def frame(place: str, name: str) -> pl.DataFrame:
    """Return one frame of what was kept; ``FileNotFoundError`` where the store has lost it."""
    return pl.read_parquet(path(place, name))


def path(place: str, name: str) -> Path:
    """Return the file of one frame."""
    return folder() / place[:2] / place / f"{name}.parquet"


def _bytes(made: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    made.write_parquet(target, compression="zstd")
    return target.getvalue()
