"""A kept file as it is understood now: rows, problems, sheets and what to show of its cells.

A reading is a function of the file, the attribute table, the mapping, the corrections and the context; it is kept
beside the originals under the hash of all of these and made again where it is missing.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl
from django.conf import settings
from django.utils import timezone

import jigai
from jigai.ledger import Mapping as Headers
from jigai.ledger import read_table
from jigai.ledger.grid import Grid
from jigai.platform.imports import storage
from jigai.platform.imports.models import Upload
from jigai.platform.imports.preview import preview
from jigai.platform.imports.subjects import Asked, Found, Row, Subject

log = logging.getLogger("jigai.imports")


@dataclass(frozen=True)
class Reading:
    """What a file was understood as. ``sheets`` are the tables found, ``preview`` the cells to show, both plain."""

    rows: pl.DataFrame
    problems: pl.DataFrame
    sheets: list[dict[str, Any]]
    preview: list[dict[str, Any]]
    refused: bool
    format: str

    @property
    def good(self) -> pl.DataFrame:
        """The rows that can be taken in."""
        return self.rows.filter(pl.col("held") == "")

    @property
    def held(self) -> pl.DataFrame:
        """The rows that lack something."""
        return self.rows.filter(pl.col("held") != "")


def read(upload: Upload, subject: Subject) -> Reading:
    """Return the reading of a file, made now or kept from before."""
    place = _place(upload, subject)
    if not (place / "told.json").exists():
        made = _make(upload, subject, storage.read(upload.content_hash))
        try:
            _keep(place, made)
        except storage.StorageFullError:  # it is kept to be quick; what was read stands without it
            log.warning("no room to keep the reading of upload %s", upload.pk)
        return made
    told = json.loads((place / "told.json").read_text(encoding="utf-8"))
    frames = {name: pl.read_parquet(place / f"{name}.parquet") for name in ("rows", "problems")}
    return Reading(frames["rows"], frames["problems"], **told)


def rows_of(frame: pl.DataFrame, subject: Subject) -> list[Row]:
    """Return good rows as what subjects take: only attributes with a value."""
    names = [item.name for item in subject.table if item.name in frame.columns]
    return [
        Row(row["sheet"], row["row"], {name: row[name] for name in names if row[name] is not None})
        for row in frame.select("sheet", "row", *names).iter_rows(named=True)
    ]


def _make(upload: Upload, subject: Subject, data: bytes) -> Reading:
    known = set(subject.table.by_name)
    headers = Headers(
        layouts={
            mark: {label: name for label, name in columns.items() if name is None or name in known}
            for mark, columns in upload.mapping.items()
        }
    )
    grids: list[Grid] = []
    asked = Asked(
        data,
        upload.file_name,
        headers,
        upload.corrections,
        _constants(upload.context, subject),
        timezone.localdate(upload.uploaded_at),
        grids.append,
    )
    found = subject.whole.read(asked) if subject.whole else _rows(asked, subject)
    sheets = [asdict(sheet) for sheet in found.sheets]
    return Reading(
        found.rows, found.problems, sheets, preview(grids, found), refused=found.refused, format=found.format or ""
    )


def _rows(asked: Asked, subject: Subject) -> Found:
    found = read_table(
        asked.data,
        subject.table,
        mapping=asked.headers,
        source_file=asked.name,
        corrections=asked.corrections,
        constants=asked.context,
        on_grid=asked.on_grid,
    )
    return Found(found.rows, found.problems, found.sheets, found.refused, found.format)


def _constants(context: Mapping[str, Any], subject: Subject) -> dict[str, Any]:
    return {name: value for name, value in context.items() if name in subject.table.by_name}


def _place(upload: Upload, subject: Subject) -> Any:
    said = [
        jigai.__version__,
        upload.content_hash,
        upload.file_name,
        repr(subject.table.attributes),
        subject.table.zh,
        upload.mapping,
        upload.corrections,
        _constants(upload.context, subject),
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return settings.DATA_DIR / "files" / "readings" / digest[:2] / digest


def _keep(place: Any, made: Reading) -> None:
    for name, frame in (("rows", made.rows), ("problems", made.problems)):
        target = io.BytesIO()
        frame.write_parquet(target)
        storage.write_whole(place / f"{name}.parquet", target.getvalue())
    told = {name: getattr(made, name) for name in ("sheets", "preview", "refused", "format")}
    text = json.dumps(told, ensure_ascii=False, default=str)
    storage.write_whole(place / "told.json", text.encode())
