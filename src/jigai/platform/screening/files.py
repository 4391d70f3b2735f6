"""The files of a run as somebody may have them: only through here, within their scope (D17)."""

from __future__ import annotations

import io

import polars as pl

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.services import hidden
from jigai.platform.screening import storage
from jigai.platform.screening.models import Run
from jigai.platform.walls.actor import Actor


def seen(actor: Actor, run: Run, name: str) -> bytes:
    """Return a frame of a run (*devices* or *findings*) as parquet: the lines of the sites ``actor`` sees now.

    Columns with money are left out for those who may not see it.

    Raises:
        FileNotFoundError: the run has judged nothing yet, or the store has lost the file.
    """
    if not run.output_hash:
        raise FileNotFoundError(f"run {run.pk} has no files yet")
    sites = list(Site.objects.filter(pk__in=run.sites).values_list("pk", flat=True))
    devices = storage.frame(run.output_hash, "devices")
    mine = devices.filter(pl.col("site").is_in(sites))
    told = mine
    if name == "findings":
        found = storage.frame(run.output_hash, "findings")
        told = found.join(mine.select("device_id", "device", "site"), on="device_id", maintain_order="left")
    target = io.BytesIO()
    told.drop(sorted(hidden(actor)), strict=False).write_parquet(target, compression="zstd")
    return target.getvalue()
