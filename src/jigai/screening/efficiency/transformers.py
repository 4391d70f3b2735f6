"""Losses of transformers whose ledger gives none, from the usual losses of their series."""

from __future__ import annotations

import polars as pl

from jigai.reference import Reference
from jigai.screening.efficiency.origin import mark_inferred


def transformers(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Losses of a known series where the ledger gives none (inferred), and the connection group without punctuation."""
    frame = devices.with_columns(
        connection_group=pl.col("connection_group").str.replace_all(r"[,，/\s]", "").str.replace(r"-?12$", "")
    )
    if not reference.has("transformer-losses"):
        return frame
    losses = next(iter(reference.dataset("transformer-losses").tables.values())).select(
        "series", "capacity_kva", "voltage_kv", series_p0="no_load_loss_w", series_pk="load_loss_w"
    )
    frame = frame.join(losses, on=["series", "capacity_kva", "voltage_kv"], how="left", maintain_order="left")
    for loss, taken in (("no_load_loss_w", "series_p0"), ("load_loss_w", "series_pk")):
        fills = pl.col(loss).is_null() & pl.col(taken).is_not_null()
        frame = frame.with_columns(mark_inferred(loss, fills)).with_columns(pl.coalesce(loss, taken).alias(loss))
    return frame.drop("series_p0", "series_pk")
