"""Lines of a marked copy that came back: which devices stood in their places in the workbook it was made from.

Row 12 of a ledger became device 88; its marked copy is handed in with another model in row 12. By its words the line
is a new machine and device 88 is missing; by its place it is device 88, put right. The place counts only for copies
that name the workbook (``jigai.ledger.formers``) and for the next draft of an upload; never for ordinary ledgers.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from django.db.models import Q

from jigai.ledger.formers import HASH_SIGNS, Former, former_lines, formers_of
from jigai.platform.imports import storage
from jigai.platform.imports.models import Upload
from jigai.platform.ledger.models import DeviceState

FORMERS = "formers"
"""The column of lines that names the lines they were before."""


def with_formers(lines: pl.DataFrame, content_hash: str, drafts: Iterable[str] = ()) -> pl.DataFrame:
    """Add to the lines of one file the lines of the workbooks it is a marked copy of.

    Args:
        lines: lines as the reader gives them.
        content_hash: finds the file in the store.
        drafts: content hashes of files in whose place it was handed in.
    """
    named = formers_of(storage.path_of(content_hash))
    told = {one.file for one in named}
    named += [Former(one) for one in dict.fromkeys(each[:HASH_SIGNS] for each in drafts) if one not in told]
    return lines.with_columns(former_lines(lines["device_id"], named)[FORMERS])


def drafts_of(upload: Upload) -> list[str]:
    """Return the content hashes of the files that stood in the place of an upload before."""
    return [one["hash"] for one in upload.drafts]


def places(said: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return for lines of returned copies the device that stood in their place: ``device_id``, ``device``, ``same``.

    Each line and each device is there once; what is ambiguous, or has another name now, is left out. ``same`` says
    that the line says what was last said of the device.
    """
    empty = pl.DataFrame(schema={"device_id": pl.String(), "device": pl.Int64(), "same": pl.Boolean()})
    if FORMERS not in said.columns or said[FORMERS].is_null().all():
        return empty
    wanted = said.select("device_id", "site", former=FORMERS).explode("former").drop_nulls()
    began = Q(pk=None)
    for file in wanted["former"].str.split("-").list.first().unique():
        began |= Q(row_id__startswith=f"{file}-")
    states = DeviceState.objects.filter(began, site__in=said["site"].unique().to_list()).values_list("row_id", "device")
    schema = {"former": pl.String(), "device": pl.Int64()}
    came = pl.concat([
        pl.DataFrame(list(states.order_by("pk")), schema=schema, orient="row"),
        known.select("device", former="row_id").select(*schema),  # a line that said nothing new brought no state
    ])  # fmt: skip
    pairs = wanted.join(came, on="former").select("device_id", "site", "device").unique(maintain_order=True)
    names = [pl.col("name") if "name" in said.columns else pl.lit(None, pl.String).alias("name")]
    both = pairs.join(said.select("device_id", "said_hash", *names), on="device_id").join(
        known.select("device", "site", "name", "said_hash"), on=["device", "site"], suffix="_then"
    )
    once = both.filter((pl.len().over("device_id") == 1) & (pl.len().over("device") == 1))
    named = (pl.col("name") == pl.col("name_then")).fill_null(value=True)
    same = pl.col("said_hash") == pl.col("said_hash_then")
    return once.filter(named).select("device_id", "device", same=same)
