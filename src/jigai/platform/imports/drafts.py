"""A file that comes back: the marked copy or the workbook itself, put right, is the next draft of the same upload.

What was put right on the page stays where the workbook still says what it said; where the workbook was changed, the
workbook counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.ledger.limits import Refused
from jigai.ledger.readers import read_grids
from jigai.ledger.sniff import sniff
from jigai.platform.audit.services import record
from jigai.platform.imports import services, storage
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import Reading, read
from jigai.platform.imports.subjects import Subject
from jigai.platform.walls.actor import Actor

ALIKE: Final = 0.8
"""Least share of filled cells that stand where they stood, for a file to be the next draft of another."""
LOOKED_AT: Final = 12
"""Uploads that are compared, the newest first."""
KEPT: Final = 300
"""Differing cells that are told one by one."""

Cells = Mapping[tuple[str, str], str]


def hand_in(
    actor: Actor, key: str, name: str, data: bytes, context: Mapping[str, Any] | None = None
) -> tuple[Upload, str]:
    """Take a file in, as a new upload or as what it is: the same file again, or the next draft of one.

    Returns the upload, and *new*, *same* (it waits already) or *next*.

    Raises:
        ImportRefusedError: the file is larger than the site takes.
        storage.StorageFullError: there is no room for it.
    """
    upload, found = services.unsaved(actor, key, name, data, context)
    own = services.visible_uploads(actor).filter(subject=key, uploaded_by=actor.user)
    twin = own.filter(content_hash=upload.content_hash, state=Upload.State.OPEN).first()
    if twin is not None:
        return twin, "same"
    former = _former(own, upload, read(upload, found))
    if former is None:
        return services.take_in(actor, key, name, data, context), "new"
    return replace(actor, former, former.version, name, data), "next"


def _former(own: QuerySet[Upload], upload: Upload, reading: Reading) -> Upload | None:
    """Return the upload this one is the next draft of: one's own, still to be worked on, and alike cell by cell."""
    layouts = {sheet["fingerprint"] for sheet in reading.sheets}
    new: Cells | None = None
    rows = own.filter(state__in=(Upload.State.OPEN, Upload.State.DONE)).order_by("-pk")
    for one in rows[:LOOKED_AT] if layouts else ():
        waiting = one.state == Upload.State.OPEN or one.summary.get("held")
        if not waiting or not layouts & set(one.summary.get("layouts", [])) or not _one_owner(one, upload):
            continue
        new = cells_of(upload.content_hash, upload.file_name) if new is None else new
        if likeness(cells_of(one.content_hash, one.file_name), new, _headers(one)) >= ALIKE:
            return one
    return None


def _one_owner(one: Upload, upload: Upload) -> bool:
    site = upload.context.get("site")
    return one.site_id is None or site is None or one.site_id == site


def _headers(upload: Upload) -> set[tuple[str, int]]:
    """Return the rows of headers; they are alike in all files of a form and tell nothing."""
    found = services.subject_of(upload)
    sheets = read(upload, found).sheets
    return {(sheet["name"], row) for sheet in sheets if not sheet["card"] for row in sheet["header_rows"]}


def cells_of(content_hash: str, name: str) -> dict[tuple[str, str], str]:
    """Return the filled cells of a kept file by sheet and reference; nothing for one that cannot be read."""
    data = storage.read(content_hash)
    found: dict[tuple[str, str], str] = {}
    try:
        for grid in read_grids(data, sniff(data, name), name):
            for column in grid.cells.columns:
                filled = grid.cells.select(pl.int_range(1, pl.len() + 1).alias("row"), text=column).drop_nulls("text")
                found |= {(grid.name, f"{column}{row}"): text.strip() for row, text in filled.rows()}
    except Refused:
        return {}
    return found


def likeness(before: Cells, after: Cells, headers: set[tuple[str, int]]) -> float:
    """Return which share of the filled cells of ``before``, headers left out, stands unchanged in ``after``."""
    told = [key for key in before if (key[0], int(key[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))) not in headers]
    return sum(after.get(key) == before[key] for key in told) / len(told) if told else 0.0


def replace(actor: Actor, upload: Upload, version: int, name: str, data: bytes) -> Upload:
    """Put the next draft of a file in the place of the former one, which is kept.

    Raises:
        ImportRefusedError: the file is too large, or cannot be read.
        storage.StorageFullError: there is no room for it.
    """
    services.check_size(len(data))
    locked, found = services.open_for_work(actor, upload, version)
    content_hash = storage.keep(data)
    if content_hash == locked.content_hash:
        raise ImportRefusedError(_("这份文件和现在的一模一样，没有改动。"))
    _try(locked, found, content_hash, name, data)
    before = cells_of(locked.content_hash, locked.file_name)
    after = cells_of(content_hash, services.file_name(name))
    carried, differences = _carry(locked.corrections, before, after)
    former = {
        "hash": locked.content_hash,
        "name": locked.file_name,
        "size": locked.size,
        "corrections": locked.corrections,
        "until": timezone.now().isoformat(),
        "differences": differences[:KEPT],
        "differing": len(differences),
    }
    locked.drafts = [*locked.drafts, former]
    locked.content_hash, locked.size, locked.file_name = content_hash, len(data), services.file_name(name)
    locked.corrections = carried
    record(actor, "import.next_draft", locked, before={"hash": former["hash"]}, after={"hash": content_hash})
    return services.look_again(locked, found)


def _try(upload: Upload, found: Subject, content_hash: str, name: str, data: bytes) -> None:
    """Read the next draft before anything is changed; say why it cannot take the place of the former one."""
    kept = upload.content_hash, upload.file_name
    upload.content_hash, upload.file_name = content_hash, services.file_name(name)
    reading = read(upload, found)
    upload.content_hash, upload.file_name = kept
    if reading.refused:
        raise ImportRefusedError(_("改后的文件没读成：%(why)s") % {"why": reading.problems["message_zh"][0]})


def _carry(
    corrections: Mapping[str, Mapping[str, str]], before: Cells, after: Cells
) -> tuple[dict[str, dict[str, str]], list[dict[str, str]]]:
    """Return the corrections that still hold, and the cells that now read differently than they did."""
    put_right = {(sheet, cell): text for sheet, texts in corrections.items() for cell, text in texts.items()}
    carried: dict[str, dict[str, str]] = {}
    for key, text in put_right.items():
        if after.get(key, "") == before.get(key, "") != text:
            carried.setdefault(key[0], {})[key[1]] = text
    was = {**before, **put_right}
    now = {**after, **{(sheet, cell): text for sheet, texts in carried.items() for cell, text in texts.items()}}
    differing = [key for key in dict.fromkeys([*was, *now]) if was.get(key, "") != now.get(key, "")]
    told = [
        {"sheet": sheet, "cell": cell, "before": was.get((sheet, cell), ""), "after": now.get((sheet, cell), "")}
        for sheet, cell in differing
    ]
    return carried, told


def split(actor: Actor, upload: Upload, version: int) -> Upload:
    """Make the newest draft an upload of its own after all; the former draft is back in its place.

    Raises:
        ImportRefusedError: there is no former draft.
    """
    locked, found = services.open_for_work(actor, upload, version)
    if not locked.drafts:
        raise ImportRefusedError(_("这份文件没有上一稿。"))
    name, data = locked.file_name, storage.read(locked.content_hash)
    former = locked.drafts[-1]
    locked.content_hash, locked.file_name, locked.size = former["hash"], former["name"], former["size"]
    locked.corrections, locked.drafts = former["corrections"], locked.drafts[:-1]
    record(actor, "import.draft_apart", locked, after={"hash": locked.content_hash})
    services.look_again(locked, found)
    return services.take_in(actor, locked.subject, name, data, locked.context)
