"""What transformer ledgers write in several ways."""

from __future__ import annotations

import polars as pl


def transformers(devices: pl.DataFrame) -> pl.DataFrame:
    """Write the connection group plainly: ``D,yn11`` → ``Dyn11``, ``Y,yn0-12`` → ``Yyn0``."""
    plain = pl.col("connection_group").str.replace_all(r"[,，/\s]", "").str.replace(r"-?12$", "")
    return devices.with_columns(connection_group=plain)
