"""What a nameplate class, an efficiency code or a series name implies: a suspicion where no figure decides."""

from __future__ import annotations

import polars as pl

from jigai.screening.efficiency.conditions import condition
from jigai.screening.efficiency.grade import certainty_rank
from jigai.screening.efficiency.standards import ProductRule


def implied(devices: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Return per sig ``hint_grade`` (null for none or a contradiction), ``hint_rank``, its words, ``contradicting``."""
    classes = rule.table("classes")
    if classes is None:
        return devices.select(
            "sig",
            hint_grade=pl.lit(None, dtype=pl.Int8),
            hint_rank=pl.lit(None, dtype=pl.Int8),
            hint_zh=pl.lit(None, dtype=pl.String),
            hint_en=pl.lit(None, dtype=pl.String),
            contradicting=pl.lit(value=False),
        )
    hits = [
        devices.filter((pl.col(row["attribute"]) == row["value"]) & condition(row["condition"]).expr()).select(
            "sig",
            grade=pl.lit(row["grade"], dtype=pl.Int8),
            rank=certainty_rank(pl.lit(row["certainty"])),
            zh=pl.lit(row["zh"]),
            en=pl.lit(row["en"]),
        )
        for row in classes.iter_rows(named=True)
    ]
    return (
        pl.concat(hits)
        .group_by("sig", maintain_order=True)
        .agg(
            pl.col("grade").first(),
            hint_rank=pl.col("rank").max(),
            hint_zh=pl.col("zh").first(),
            hint_en=pl.col("en").first(),
            contradicting=pl.col("grade").n_unique() > 1,
        )
        .with_columns(hint_grade=pl.when(~pl.col("contradicting")).then("grade"))
        .drop("grade")
    )
