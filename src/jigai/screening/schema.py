"""The shape of a finding: the contract every check fills and every reader relies on."""

from __future__ import annotations

from typing import Final

import polars as pl

FINDING: Final[dict[str, pl.DataType]] = {
    "check": pl.String(),
    "outcome": pl.String(),
    "mandatory": pl.Boolean(),
    "basis": pl.String(),
    "rule_id": pl.String(),
    "document": pl.String(),
    "clause": pl.String(),
    "certainty": pl.String(),
    "metric": pl.String(),
    "value": pl.Float64(),
    "limit": pl.Float64(),
    "unit": pl.String(),
    "missing": pl.String(),
    "deadline": pl.String(),
    "reason_zh": pl.String(),
    "reason_en": pl.String(),
    "dataset": pl.String(),
}
"""Columns of a finding without the device: see ``docs/explanation/data-way.md`` for the meaning of each.

``deadline`` is an ISO day or 立即; ``missing`` is attribute names joined by ``;``; ``dataset`` is the id of the
dataset the rule came from (null when no dataset speaks).
"""


def as_findings(frame: pl.DataFrame) -> pl.DataFrame:
    """Give ``frame`` exactly the columns ``sig`` + :data:`FINDING`, adding nulls for those it lacks."""
    return frame.select(
        pl.col("sig").cast(pl.UInt32),
        *[
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in FINDING.items()
        ],
    )
