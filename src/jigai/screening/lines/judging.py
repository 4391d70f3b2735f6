"""Judge production lines against the sector table in force: level, what it rests on, and what is missing."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from jigai.reference import Reference
from jigai.screening.lines.allowances import corrections, granted
from jigai.screening.lines.matching import NO_EDITION, pairs_of, settled
from jigai.screening.lines.schema import AT, BELOW, BETWEEN, CONFIRMED, NOT_JUDGED, PROXY, SAID, SURE, fields
from jigai.screening.lines.wording import worded
from jigai.screening.lines.yardsticks import ROW, YARDSTICK, standards, yardsticks

_ROOM: Final = 1e-9
"""Relative room at a limit: a value that went through a conversion of units still stands on its boundary."""
_BEST_LAST: Final = (BELOW, BETWEEN, AT)
_NAMES: Final = ("rule_id", "document", "document_en", "clause", "certainty", "dataset", "day_open")


def judge_lines(lines: pl.DataFrame, reference: Reference, as_of: date) -> pl.DataFrame:
    """Return ``line`` and what is said of it (`SAID`), a row per line in their order.

    Args:
        lines: ``line`` (any key) and what is known of each: the columns of ``columns.csv``; one that is absent is
            unknown. ``unit_energy`` is in ``unit_energy_unit``, shares of the charge in percent.
        reference: all facts held; which of them speak is asked of ``as_of``.
        as_of: the day whose documents count.

    Nothing else enters: what is said of one line does not depend on the others.
    """
    frame = lines.select("line", *(_given(lines, name) for name in fields())).with_row_index("place")
    yard = yardsticks(reference, as_of)
    pairs = pairs_of(frame, yard)
    frame = settled(frame, pairs)
    if yard.is_empty():
        frame = frame.with_columns(obstacle=pl.lit(NO_EDITION))
    speaking = pairs.join(frame.select("pair"), on="pair", how="semi")
    allowed = granted(speaking, corrections(reference, as_of))
    evidence = pairs.select("pair", "factor", *_told(), of_field="field", of_unit="unit")
    frame = frame.join(evidence, on="pair", how="left", maintain_order="left")
    frame = frame.join(allowed, on="pair", how="left", maintain_order="left")
    frame = frame.join(_standing(reference, as_of), on="limit_id", how="left", maintain_order="left")
    return worded(_levelled(frame)).select("line", *(pl.col(name).cast(dtype) for name, dtype in SAID.items()))


def _given(lines: pl.DataFrame, name: str) -> pl.Expr:
    dtype = fields()[name]
    if name not in lines.columns:
        return pl.lit(None, dtype).alias(name)
    given = pl.col(name).cast(dtype)
    return given.fill_nan(None) if dtype == pl.Float64 else given.str.strip_chars().replace("", None)


def _told() -> list[str]:
    return [name for name in YARDSTICK if name not in {"field", "unit", "product", "process", "condition"}]


def _standing(reference: Reference, as_of: date) -> pl.DataFrame:
    """Return the rows of standards in force, by ``limit_id``, with columns that begin with ``std_``."""
    rows = standards(reference, as_of).filter("usable")
    return rows.select("limit_id", *(pl.col(name).alias(f"std_{name}") for name in (*_NAMES, "benchmark", "baseline")))


def _level(benchmark: pl.Expr, baseline: pl.Expr) -> pl.Expr:
    """Return the place of the level in `_BEST_LAST`, null where it cannot be said; the limit itself is kept."""
    worse = pl.col("sign") * pl.col("value")
    beyond = [worse - pl.col("sign") * limit - _ROOM * limit.abs().clip(1) for limit in (benchmark, baseline)]
    return pl.when(beyond[1] > 0).then(0).when(beyond[0] <= 0).then(2).when(beyond[0] > 0).then(1).otherwise(None)


def _levelled(frame: pl.DataFrame) -> pl.DataFrame:
    """Add level, ground, limits after allowance and the ``situation`` that says why.

    A row of the table is compared as it is. Only where that is worse than what the standard in force says with the
    allowance for the charge does the standard take over; it never makes a level worse.
    """
    row = pl.col("how") == ROW
    grant, open_grant = (pl.col("sign") * pl.col(name).fill_null(0.0) for name in ("allowance", "open"))
    frame = frame.with_columns(
        value=(pl.col("unit_energy") * pl.col("factor")).round(6),
        field=pl.coalesce("of_field", "field"),
        unit=pl.coalesce("of_unit", "unit"),
        granted_benchmark=(pl.coalesce("std_benchmark", "benchmark") + grant).round(6),
        granted_baseline=(pl.coalesce("std_baseline", "baseline") + grant).round(6),
    )
    granting = pl.col("std_baseline").is_not_null()
    frame = frame.with_columns(
        own=_level(pl.col("benchmark"), pl.col("baseline")),
        with_grant=pl.when(granting).then(_level(pl.col("granted_benchmark"), pl.col("granted_baseline"))),
        at_most=pl.when(granting).then(
            _level(pl.col("granted_benchmark") + open_grant, pl.col("granted_baseline") + open_grant)
        ),
    )
    earned = pl.col("allowance").fill_null(0.0) > 0
    lifted = row & earned & (pl.col("with_grant") > pl.col("own")).fill_null(value=False)
    by_standard = lifted | ~row
    frame = frame.with_columns(
        lifted=lifted.fill_null(value=False),
        by_standard=by_standard.fill_null(value=False),
        place_of=pl.when(by_standard).then("with_grant").otherwise("own"),
    )
    hopes = (pl.col("open").fill_null(0.0) > 0) & (pl.col("at_most") > pl.col("place_of")).fill_null(value=False)
    judged = pl.col("obstacle").is_null()
    frame = frame.with_columns(
        hopes=judged & hopes,
        situation=pl.coalesce(
            "obstacle",
            pl.when(pl.col("place_of").is_null()).then(pl.lit("no_level")),
            pl.when(hopes & (pl.col("place_of") == 0)).then(pl.lit("open_share")),
            pl.when("lifted").then(pl.lit("lifted")),
            pl.when(row & ~pl.col("certainty").is_in(SURE)).then(pl.lit("unsure_row")),
            "how",
        ),
    )
    decided = judged & ~pl.col("situation").is_in(["no_level", "open_share"])
    names = [pl.when("lifted").then(f"std_{name}").otherwise(name).alias(name) for name in _NAMES]
    return frame.with_columns(
        *names,
        level=pl.when(decided).then(_named_level("place_of")).otherwise(pl.lit(NOT_JUDGED)),
        own_level=_named_level("own"),
        ground=pl.when(decided).then(
            pl.when(row & ~pl.col("lifted") & pl.col("certainty").is_in(SURE))
            .then(pl.lit(CONFIRMED))
            .otherwise(pl.lit(PROXY))
        ),
        benchmark=pl.when("by_standard").then("granted_benchmark").otherwise("benchmark"),
        baseline=pl.when("by_standard").then("granted_baseline").otherwise("baseline"),
        allowance=pl.when(pl.col("by_standard") & earned).then("allowance"),
        missing=pl.concat_list("lacking", pl.when("hopes").then("shares").fill_null([])),
    )


def _named_level(place: str) -> pl.Expr:
    return pl.col(place).replace_strict(dict(enumerate(_BEST_LAST)), return_dtype=pl.String, default=None)
