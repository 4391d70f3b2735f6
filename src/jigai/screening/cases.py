"""Cases: signatures alike in all that one check looks at, judged once by that check.

Signatures differ in many attributes, of which each check looks at a few, and at fewer still for one kind: the age of
a motor does not depend on its power, nor its place on a list on its losses. What a check does not look at is blanked,
and what is then alike is one case. A check never sees more than its case, so it cannot use what it does not declare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from jigai.screening.batch import Batch

Looks = Mapping[str, frozenset[str] | None]
"""Attribute → kinds for which a check looks at it; None for devices of every kind and of none."""

ORIGINS: Final = ("nameplate_fields", "inferred_fields")
"""Columns that name, between semicolons, the attributes that did not come from the ledger."""


def seen(batch: Batch, looks: Looks) -> pl.DataFrame:
    """Return ``sig``, ``kind`` and the attributes in ``looks``, blank where the check does not look.

    Attributes that do not occur in the batch stay out. Of the origins only those of attributes looked at remain.
    """
    devices = batch.devices
    columns = [_blanked(name, looks[name]) for name in sorted(looks) if name in devices.columns and name != "kind"]
    frame = devices.select("sig", "kind", *columns)
    for name in ORIGINS:
        if name in devices.columns:
            origins = devices.select("kind", name)
            known = _origins(origins.unique(), name, looks)
            told = origins.join(known, on=["kind", name], how="left", nulls_equal=True, maintain_order="left")
            frame = frame.with_columns(told["_kept"].alias(name))
    return frame


def _blanked(name: str, kinds: frozenset[str] | None) -> pl.Expr:
    return pl.col(name) if kinds is None else pl.when(pl.col("kind").is_in(sorted(kinds))).then(name)


def _origins(patterns: pl.DataFrame, column: str, looks: Looks) -> pl.DataFrame:
    """Add ``_kept``: the names of ``column`` that are looked at for the kind, as ``;a;b;``, or ``;`` for none."""
    always = [name for name, kinds in looks.items() if kinds is None]
    wanted = pl.DataFrame(
        [(name, kind) for name, kinds in looks.items() for kind in kinds or ()],
        schema={"_name": pl.String, "kind": pl.String},
        orient="row",
    )
    patterns = patterns.with_row_index("_pattern")
    names = patterns.select("_pattern", "kind", _name=pl.col(column).str.split(";")).explode(
        "_name", empty_as_null=True
    )
    kept = pl.concat(
        [
            names.filter(pl.col("_name").is_in(always)),
            names.join(wanted, on=["_name", "kind"], how="semi", maintain_order="left"),
        ]
    )
    joined = kept.sort("_pattern", "_name").group_by("_pattern", maintain_order=True).agg(pl.col("_name").str.join(";"))
    return patterns.join(joined, on="_pattern", how="left", maintain_order="left").select(
        "kind", column, _kept=pl.when(pl.col("_name").is_null()).then(pl.lit(";")).otherwise(pl.format(";{};", "_name"))
    )


def cases(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the distinct rows of ``frame`` but for ``sig``, numbered, and which ``sig`` has which ``case``."""
    columns = [name for name in frame.columns if name != "sig"]
    distinct = frame.group_by(columns, maintain_order=True).agg(_members=pl.col("sig")).with_row_index("case")
    members = distinct.select("case", sig="_members").explode("sig", empty_as_null=True)
    return distinct.select(pl.col("case").alias("sig"), *columns), members
