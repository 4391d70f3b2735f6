"""What a quota standard grants for the charge: so many units for each percentage point (钒钛磁铁矿、入炉品位 …)."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from jigai.reference import Reference
from jigai.reference.condition import parse
from jigai.screening.lines.schema import fields
from jigai.screening.lines.yardsticks import in_force, standards
from jigai.screening.sentences import as_text

_CORRECTION: Final[dict[str, pl.DataType]] = {
    "correction_id": pl.String(),
    "limit_id": pl.String(),
    "share_of": pl.String(),
    "grant_if": pl.String(),
    "from": pl.Float64(),
    "at_most": pl.Float64(),
    "per_point": pl.Float64(),
    "asked": pl.Boolean(),
    "label_zh": pl.String(),
    "label_en": pl.String(),
}


def corrections(reference: Reference, as_of: date) -> pl.DataFrame:
    """Return the corrections of the standards held, with the ``product`` and ``process`` they are for.

    ``per_point`` is in the unit of the limit per percentage point that the share named in ``share_of`` lies away
    from ``from``, for ``at_most`` points. ``asked``: the share is asked for, and while it is not known nobody is
    called below the baseline that it may lift.
    """
    empty = pl.DataFrame(schema=_CORRECTION)
    names = {"share_of": "field", "grant_if": "condition"}
    tables = [
        one.tables["corrections"].select(pl.col(names.get(name, name)).alias(name) for name in _CORRECTION)
        for one in in_force(reference, "corrections", as_of)
    ]
    rows = standards(reference, as_of).select("limit_id", "product", "process")
    return pl.concat([empty, *tables]).join(rows, on="limit_id", maintain_order="left")


def granted(pairs: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return, by ``pair``, the allowance of each line: what ``rows`` of its ``limit_id`` grant for its charge.

    Columns: ``allowance`` for what is known, ``open`` for the most that what is not known could add, ``shares`` the
    names of what is not known, ``allowance_zh`` and ``allowance_en`` how it comes about.
    """
    met = pairs.join(rows.drop("product", "process"), on="limit_id", maintain_order="left_right")
    share, holds = pl.lit(None, pl.Float64), pl.lit(None, pl.Boolean)
    for name in rows["share_of"].unique().sort():
        share = pl.when(pl.col("share_of") == name).then(pl.col(name)).otherwise(share)
    for text in rows["grant_if"].unique().sort():
        condition = parse(text, fields(), units={}, choices={})
        holds = pl.when(pl.col("grant_if") == text).then(condition.expr()).otherwise(holds)
    points = pl.min_horizontal((pl.col("share") - pl.col("from")).abs(), "at_most")
    met = met.with_columns(share=share, holds=holds.cast(pl.Boolean)).with_columns(
        amount=pl.when("holds").then(pl.col("per_point") * points).otherwise(0.0).round(6),
        unknown=pl.col("holds").is_null() & pl.col("asked"),
    )
    told = {
        f"allowance_{language}": pl.format("{} {}% +{}", f"label_{language}", as_text("share"), as_text("amount"))
        .filter(pl.col("amount") > 0)
        .str.join("；" if language == "zh" else "; ")
        for language in ("zh", "en")
    }
    return met.group_by("pair", maintain_order=True).agg(
        allowance=pl.col("amount").sum().round(6),
        open=(pl.col("per_point") * pl.col("at_most")).filter("unknown").sum(),
        shares=pl.col("share_of").filter("unknown"),
        **told,
    )
