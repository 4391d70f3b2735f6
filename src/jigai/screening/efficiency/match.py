"""Finding the limit rows that may apply to each device.

Devices are first reduced to their distinct codes (a few thousand whatever the number of devices), those are joined
with the limit rows, and the answer is carried back. An unknown attribute excludes nothing: the row *may* apply.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jigai.screening.efficiency.axes import coded_limits, device_code
from jigai.screening.efficiency.standards import ProductRule


@dataclass(frozen=True)
class Matches:
    """What the table says for each distinct set of codes.

    ``devices``: sig, d (its set of codes) · ``codes``: d, ``need_i`` per axis (unknown, and the answer hangs on it),
    ``wide_i`` (known, but rows that differ there still apply), ``blocked`` (a required axis is unknown), ``inside``
    (some row may apply) · ``pairs``: d, r · ``rows``: the coded
    limits, key r.
    """

    devices: pl.DataFrame
    codes: pl.DataFrame
    pairs: pl.DataFrame
    rows: pl.DataFrame


def match(devices: pl.DataFrame, rule: ProductRule) -> Matches:
    """Match devices (sig and the attributes of the axes) with the limit rows of ``rule``."""
    rows = coded_limits(rule)
    names = [f"code_{place}" for place in range(len(rule.axes))]
    coded = devices.select("sig", *[device_code(axis, rule).alias(n) for axis, n in zip(rule.axes, names, strict=True)])
    codes = coded.select(names).unique(maintain_order=True).with_row_index("d")
    pairs = _whole_blocks(_pairs(codes, rows, rule), rows)
    return Matches(
        coded.join(codes, on=names, nulls_equal=True).select("sig", "d"), _needs(codes, pairs, rows, rule), pairs, rows
    )


def _pairs(codes: pl.DataFrame, rows: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Join codes and rows: by equality on the pivot where it is known, then by every other axis."""
    pivot = next((place for place, axis in enumerate(rule.axes) if axis.numeric), None)
    rows = rows.select("r", "block", "metric", pl.col("^(from|to|words)_[0-9]+$"))
    if pivot is None:
        joined = codes.join(rows, how="cross")
    else:
        code, low, high = f"code_{pivot}", pl.col(f"from_{pivot}"), pl.col(f"to_{pivot}")
        top = codes[code].max()
        cells = rows.with_columns(
            pl.int_ranges(low.fill_null(0), high.fill_null(0 if top is None else top) + 1).alias("cell")
        ).explode("cell")
        known = codes.filter(pl.col(code).is_not_null()).join(cells, left_on=code, right_on="cell", coalesce=False)
        unknown = codes.filter(pl.col(code).is_null()).join(rows, how="cross")
        joined = pl.concat([known.drop("cell"), unknown])
    others = [_agrees(place, axis.numeric) for place, axis in enumerate(rule.axes) if place != pivot]
    return joined.filter(*others).select("d", "r", "block", "metric")


def _agrees(place: int, numeric: bool) -> pl.Expr:
    code = pl.col(f"code_{place}")
    if not numeric:
        return ((code & pl.col(f"words_{place}")) != 0).fill_null(value=True)
    above = (code >= pl.col(f"from_{place}")).fill_null(value=True)
    below = (code <= pl.col(f"to_{place}")).fill_null(value=True)
    return above & below


def _whole_blocks(pairs: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Drop blocks of which only some metrics have a row: a grade needs them all."""
    wanted = rows.group_by("block").agg(wanted=pl.col("metric").n_unique())
    whole = (
        pairs.group_by("d", "block")
        .agg(found=pl.col("metric").n_unique())
        .join(wanted, on="block")
        .filter(pl.col("found") == pl.col("wanted"))
    )
    return pairs.join(whole, on=["d", "block"], how="semi").select("d", "r")


def _needs(codes: pl.DataFrame, pairs: pl.DataFrame, rows: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    limited = [f"limited_{place}" for place in range(len(rule.axes))]
    spread = (
        pairs.join(rows.select("r", *limited), on="r")
        .group_by("d")
        .agg(
            *[pl.col(name).n_unique().alias(f"kinds_{name}") for name in limited],
            *[pl.col(name).drop_nulls().n_unique().alias(f"stated_{name}") for name in limited],
        )
        .with_columns(inside=pl.lit(value=True))
    )
    table = codes.join(spread, on="d", how="left")
    needs, wide = [], []
    for place, axis in enumerate(rule.axes):
        hangs = pl.col(f"stated_limited_{place}") > 0 if axis.required else pl.col(f"kinds_limited_{place}") > 1
        differs = pl.col(f"code_{place}").is_not_null() & (pl.col(f"stated_limited_{place}") > 1)
        wide.append(differs.fill_null(value=False).alias(f"wide_{place}"))
        needs.append((pl.col(f"code_{place}").is_null() & hangs).fill_null(value=False).alias(f"need_{place}"))
    table = table.select("d", pl.col("inside").fill_null(value=False), *needs, *wide)
    required = [pl.col(f"need_{place}") for place, axis in enumerate(rule.axes) if axis.required]
    return table.with_columns(blocked=pl.any_horizontal(required) if required else pl.lit(value=False))
