"""A marked copy names the workbook it was made from, so that its lines are known when it comes back put right (D32).

The name stands where a note of ours has its author: ``jigai 9f86d081884c7d65`` is a copy of the workbook whose content
hash begins so, and Excel, WPS and LibreOffice keep it whatever is typed into the cells. ``jigai 9f86d081884c7d65+1``
was made anew with one sheet of ours before those of the workbook. A copy of a copy names both.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

SIGN: Final = "jigai"
HASH_SIGNS: Final = 16
"""Signs of the content hash that begin the id of every line (D9)."""
_AUTHOR: Final = re.compile(rb"<(?:\w+:)?author>\s*jigai ([0-9a-f]{16})(?:\+(\d))?\s*</")
_LOOKED_AT: Final = 2**20
"""Bytes of a notes part that are looked at; the authors stand at its beginning."""


@dataclass(frozen=True)
class Former:
    """The workbook another one is the marked copy of: how its line ids begin, and how many sheets the copy has before
    those of the workbook.
    """

    file: str
    before: int = 0


def author_of(data: bytes, before: int = 0) -> str:
    """Return the author of notes in the marked copy of a workbook with this content."""
    return f"{SIGN} {hashlib.sha256(data).hexdigest()[:HASH_SIGNS]}" + (f"+{before}" if before else "")


def formers_of(path: Path) -> list[Former]:
    """Return the workbooks the file at ``path`` is a marked copy of; none for any other file, or one that is gone."""
    found: dict[Former, None] = {}
    try:
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                if "comment" in name.lower() and name.endswith(".xml"):
                    with book.open(name) as part:
                        authors = _AUTHOR.findall(part.read(_LOOKED_AT))
                    found |= {Former(file.decode(), int(before or 0)): None for file, before in authors}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        return []
    return list(found)


def former_lines(device_ids: pl.Series, formers: Iterable[Former]) -> pl.DataFrame:
    """Return for each line of a copy the ids it had in the workbooks it is a copy of: ``device_id``, ``formers``.

    ``device_ids`` are ids of lines as the reader makes them: content, sheet, row.
    """
    parts = pl.col("device_id").str.extract_groups(r"^[0-9a-f]+-(?<sheet>\d+)-(?<row>.+)$").struct
    ids = [
        pl.format("{}-{}-{}", pl.lit(one.file), parts.field("sheet").cast(pl.Int64) - one.before, parts.field("row"))
        for one in formers
    ]
    none = pl.lit(None, pl.List(pl.String))
    return device_ids.alias("device_id").to_frame().with_columns(formers=pl.concat_list(ids) if ids else none)
