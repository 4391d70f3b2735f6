"""Reading a table along its axes: values and intervals become whole-number codes that a join can compare.

On an ordered axis the ``n`` distinct edges of the table cut the line into ``2n + 1`` cells: cell ``2k + 1`` is the
k-th edge itself, cell ``2k`` the open gap before it. A device value falls into exactly one cell, a limit row covers a
run of cells; open and closed ends are settled when the codes are made, and no tolerance is needed. On a worded axis
each word is a bit: a row lists several words as several bits.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from jigai.screening.efficiency.standards import Axis, ProductRule

_MAX_WORDS = 62


@lru_cache(maxsize=1024)
def device_code(axis: Axis, rule: ProductRule) -> pl.Expr:
    """Return the code of each device on ``axis``; null where the attribute is unknown.

    Ordered axes: the cell. Worded axes: the bit of the word, 0 for a word the table does not list.
    """
    column = pl.col(axis.attribute)
    if axis.numeric:
        edges = pl.lit(_edges(axis, rule.limits))
        left, right = edges.search_sorted(column, side="left"), edges.search_sorted(column, side="right")
        return pl.when(column.is_not_null()).then(left.cast(pl.Int64) + right.cast(pl.Int64))
    words = _words(axis, rule.limits)
    label = _label(axis, rule) if axis.how == "group" else column.cast(pl.String)
    unlisted = None if axis.how == "words" else 0
    bits = [1 << place for place in range(len(words))]
    known = label.replace_strict(words, bits, default=unlisted, return_dtype=pl.Int64)
    return pl.when(label.is_not_null()).then(known)


def label_certainty(axis: Axis, rule: ProductRule) -> pl.Expr:
    """Return how sure the grouping of the device's value is (only *group* axes can be unsure)."""
    return _first_match(axis, rule, "certainty")


@lru_cache(maxsize=256)
def coded_limits(rule: ProductRule) -> pl.DataFrame:
    """Return the limit rows with their codes, segments for interpolation added.

    Columns per axis number ``i``: ``from_i``, ``to_i`` (cells) or ``words_i`` (bits), null where the row does not
    depend on the axis. ``x0``/``x1`` are the ends of a segment and ``grade_g_end`` the limits at its upper end; both
    are null on rows that are not segments.
    """
    limits = rule.limits.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in ("x0", "x1"))
    limits = limits.with_columns(pl.lit(None, dtype=pl.Float64).alias(f"grade_{grade}_end") for grade in rule.grades)
    for place, axis in enumerate(rule.axes):
        limits = limits.with_columns(_row_codes(place, axis, rule))
    for place, axis in enumerate(rule.axes):
        if axis.how == "between":
            limits = _reach_neighbours(limits, place, axis, rule)
        elif axis.how == "interpolate":
            limits = pl.concat([limits, _segments(limits, place, axis, rule)], how="diagonal")
    return limits.with_columns(_constraint(place, axis) for place, axis in enumerate(rule.axes)).with_row_index("r")


def _low(axis: Axis, limits: pl.DataFrame) -> pl.Expr:
    return pl.col(axis.attribute if axis.attribute in limits.columns else f"{axis.attribute}_min")


def _high(axis: Axis, limits: pl.DataFrame) -> pl.Expr:
    return pl.col(axis.attribute if axis.attribute in limits.columns else f"{axis.attribute}_max")


def _edges(axis: Axis, limits: pl.DataFrame) -> pl.Series:
    low, high = limits.select(_low(axis, limits)).to_series(), limits.select(_high(axis, limits)).to_series()
    return pl.concat([low.alias("edge"), high.alias("edge")]).drop_nulls().unique().sort()


def _words(axis: Axis, limits: pl.DataFrame) -> list[str]:
    column = limits[axis.attribute]
    column = column.explode() if isinstance(column.dtype, pl.List) else column
    words = column.drop_nulls().unique().sort().to_list()
    if len(words) > _MAX_WORDS:
        raise ValueError(f"axis {axis.attribute} lists {len(words)} words; at most {_MAX_WORDS} fit one table")
    return words


def _label(axis: Axis, rule: ProductRule) -> pl.Expr:
    named = _first_match(axis, rule, "label")
    return pl.when(pl.col(axis.attribute).is_not_null()).then(named.fill_null(""))


def _first_match(axis: Axis, rule: ProductRule, column: str) -> pl.Expr:
    groups = rule.dataset.tables["groups"].filter(pl.col("attribute") == axis.attribute)
    return pl.coalesce(
        pl.when(pl.col(axis.attribute).is_between(row["min"], row["max"])).then(pl.lit(row[column]))
        for row in groups.iter_rows(named=True)
    )


def _row_codes(place: int, axis: Axis, rule: ProductRule) -> list[pl.Expr]:
    limits = rule.limits
    if not axis.numeric:
        words = _words(axis, limits)
        bits = [1 << bit for bit in range(len(words))]
        column = pl.col(axis.attribute)
        if not isinstance(limits.schema[axis.attribute], pl.List):
            return [column.replace_strict(words, bits, default=None, return_dtype=pl.Int64).alias(f"words_{place}")]
        mask = column.list.eval(pl.element().replace_strict(words, bits, default=0, return_dtype=pl.Int64)).list.sum()
        return [pl.when(column.list.len() > 0).then(mask).alias(f"words_{place}")]
    edges = pl.lit(_edges(axis, limits))
    low, high = _low(axis, limits), _high(axis, limits)
    exact = axis.attribute in limits.columns
    low_in = pl.lit(value=True) if exact else pl.col(f"{axis.attribute}_min_incl").fill_null(value=True)
    high_in = pl.lit(value=True) if exact else pl.col(f"{axis.attribute}_max_incl").fill_null(value=True)
    at_low = edges.search_sorted(low, side="left").cast(pl.Int64) * 2 + 1
    at_high = edges.search_sorted(high, side="left").cast(pl.Int64) * 2 + 1
    return [
        pl.when(low.is_not_null()).then(at_low + (~low_in).cast(pl.Int64)).alias(f"from_{place}"),
        pl.when(high.is_not_null()).then(at_high - (~high_in).cast(pl.Int64)).alias(f"to_{place}"),
    ]


def _others(limits: pl.DataFrame, place: int, rule: ProductRule) -> list[str]:
    """Return the columns that must agree for two rows to be neighbours on one axis."""
    codes = [
        name
        for other in range(len(rule.axes))
        if other != place
        for name in (f"from_{other}", f"to_{other}", f"words_{other}")
        if name in limits.columns
    ]
    return ["block", "metric", "role", *codes]


def _reach_neighbours(limits: pl.DataFrame, place: int, axis: Axis, rule: ProductRule) -> pl.DataFrame:
    low, high, group = f"from_{place}", f"to_{place}", _others(limits, place, rule)
    return limits.sort(low).with_columns(
        (pl.col(high).shift(1).over(group) + 1).fill_null(pl.col(low)).alias(low),
        (pl.col(low).shift(-1).over(group) - 1).fill_null(pl.col(high)).alias(high),
    )


def _segments(limits: pl.DataFrame, place: int, axis: Axis, rule: ProductRule) -> pl.DataFrame:
    """Return one row per gap between two neighbours whose facing ends both belong to them."""
    group, held = _others(limits, place, rule), pl.col("not_held_zh").is_null()
    low, high = _low(axis, limits), _high(axis, limits)
    low_code, high_code = pl.col(f"from_{place}"), pl.col(f"to_{place}")
    rows = limits.filter(held & low.is_not_null()).sort(f"from_{place}")
    worst = pl.col("certainty").shift(-1).over(group)
    ends = [pl.col(f"grade_{g}").shift(-1).over(group).alias(f"grade_{g}_end") for g in rule.grades]
    closed = (high_code % 2 == 1) & (low_code.shift(-1).over(group) % 2 == 1)
    return (
        rows.with_columns(
            *ends,
            high.alias("x0"),
            low.shift(-1).over(group).alias("x1"),
            (high_code + 1).alias(f"from_{place}"),
            (low_code.shift(-1).over(group) - 1).alias(f"to_{place}"),
            pl.when(worst == "doubtful").then(worst).otherwise("certainty").alias("certainty"),
            closed.alias("closed"),
        )
        .filter(pl.col("closed"), pl.col("x1") > pl.col("x0"))
        .drop("closed")
    )


def _constraint(place: int, axis: Axis) -> pl.Expr:
    """Number the distinct constraints of an axis, null where the row does not depend on it."""
    if not axis.numeric:
        return pl.col(f"words_{place}").alias(f"limited_{place}")
    low, high = pl.col(f"from_{place}"), pl.col(f"to_{place}")
    both = low.fill_null(-1) * 1_000_000 + high.fill_null(999_999)
    return pl.when(low.is_not_null() | high.is_not_null()).then(both).alias(f"limited_{place}")
