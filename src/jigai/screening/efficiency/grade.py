"""From limits to a grade, decided only where every reading that is still open gives the same one.

Each grade is asked as a question with three answers: met, not met, not known. A metric's answer is settled when all
its candidate rows agree; a table line's when all its metrics are met; a device's grade when every line that may apply
leads to the same grade.
"""

from __future__ import annotations

import polars as pl

from jigai.screening.efficiency.limits import bounds
from jigai.screening.efficiency.match import Matches
from jigai.screening.efficiency.standards import BELOW, Metric, ProductRule

TOLERANCE = 1e-9
"""Room at a computed limit (a formula in floating point); no table gives more than five decimals."""

_RANK = ("transcribed", "secondary", "recalled", "doubtful")


def certainty_rank(column: pl.Expr) -> pl.Expr:
    """Return how unsure a certainty is: 0 transcribed … 3 doubtful."""
    return column.replace_strict(list(_RANK), list(range(4)), default=0, return_dtype=pl.Int8)


def certainty_name(rank: pl.Expr) -> pl.Expr:
    """Return the certainty of a rank."""
    return rank.replace_strict(list(range(4)), list(_RANK), default=None, return_dtype=pl.String)


def valid_value(metric: Metric) -> pl.Expr:
    """Return the device's figure, null where it is unknown or cannot be what its column says (0.91 as per cent)."""
    value = pl.col(metric.attribute).cast(pl.Float64)
    inside = value.is_not_nan() & value.is_finite()
    if metric.valid_above is not None:
        inside &= value > metric.valid_above
    if metric.valid_to is not None:
        inside &= value <= metric.valid_to
    return pl.when(inside).then(value)


def compare(devices: pl.DataFrame, matches: Matches, rule: ProductRule) -> pl.DataFrame:
    """Compare each device with each row that may apply to it: one line per sig, row and metric.

    Columns: sig, r, block, metric, role, table, value, ``easy_g``, ``hard_g``, ``met_g``, rank (certainty),
    interpolated, not_held (zh, en). Devices with a required axis unknown are left out.
    """
    open_codes = matches.codes.filter(pl.col("inside") & ~pl.col("blocked")).select("d")
    pairs = matches.pairs.join(open_codes, on="d", how="semi")
    wide = (
        matches.devices.join(pairs, on="d")
        .join(matches.rows, on="r", suffix="_limit")
        .join(devices, on="sig", suffix="_device")
    )
    return pl.concat(
        [_compare_metric(wide.filter(pl.col("metric") == metric.key), metric, rule) for metric in rule.metrics]
    )


def _device_columns(wide: pl.DataFrame) -> pl.DataFrame:
    """Give the plain attribute names to the device; a limit column of the same name has done its work."""
    taken = [name for name in wide.columns if name.endswith("_device")]
    plain = [name.removesuffix("_device") for name in taken]
    return wide.drop(plain).rename(dict(zip(taken, plain, strict=True)))


def _compare_metric(wide: pl.DataFrame, metric: Metric, rule: ProductRule) -> pl.DataFrame:
    frame = _device_columns(wide).with_columns(valid_value(metric).alias("value"))
    for step in bounds(rule, metric):
        frame = frame.with_columns(step)
    close = pl.col("close_margin") if "close_margin" in frame.columns else pl.lit(None, dtype=pl.Float64)
    near = pl.any_horizontal(
        (pl.col("value") - pl.col(f"hard_{grade}")).abs() <= close + TOLERANCE for grade in rule.grades
    ).fill_null(value=False)
    segment = pl.col("x0").is_not_null()
    return frame.select(
        "sig",
        "r",
        "block",
        "metric",
        "role",
        "table",
        "value",
        *[f"{side}_{grade}" for grade in rule.grades for side in ("easy", "hard")],
        *[_met(grade, metric, rule).alias(f"met_{grade}") for grade in rule.grades],
        pl.when(segment | near).then(3).otherwise(certainty_rank(pl.col("certainty"))).cast(pl.Int8).alias("rank"),
        segment.alias("interpolated"),
        "not_held_zh",
        "not_held_en",
    )


def _met(grade: int, metric: Metric, rule: ProductRule) -> pl.Expr:
    value, easy, hard = pl.col("value"), pl.col(f"easy_{grade}"), pl.col(f"hard_{grade}")
    if metric.direction == "min":
        yes, no = value >= hard - TOLERANCE, value < easy - TOLERANCE
    else:
        yes, no = value <= hard + TOLERANCE, value > easy + TOLERANCE
    answer = pl.when(yes).then(pl.lit(value=True)).when(no).then(pl.lit(value=False))
    if metric.rule == "specified_efficiency" and grade == rule.grades[-1]:
        return pl.when(pl.col("not_held_zh").is_null()).then(answer)
    no_such_grade = pl.col(f"grade_{grade}").is_null()
    return (
        pl.when(pl.col("not_held_zh").is_not_null())
        .then(pl.lit(None, dtype=pl.Boolean))
        .when(no_such_grade)
        .then(pl.col("role") == "gate")
        .otherwise(answer)
    )


def settle(compared: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Return per sig: ``grade`` (null where open, 9 below the limit), rank, interpolated, agreed (several rows)."""
    met = [f"met_{grade}" for grade in rule.grades]
    per_metric = compared.group_by("sig", "block", "metric").agg(
        *[_agreed(pl.col(name)).alias(name) for name in met],
        pl.col("rank").max(),
        pl.col("interpolated").any(),
        rows=pl.len(),
    )
    per_block = per_metric.group_by("sig", "block").agg(
        *[pl.col(name).all(ignore_nulls=False).alias(name) for name in met],
        pl.col("rank").max(),
        pl.col("interpolated").any(),
        pl.col("rows").max(),
    )
    best = _first_grade([~pl.col(name).eq_missing(False) for name in met], rule)
    worst = _first_grade([pl.col(name).eq_missing(True) for name in met], rule)
    return (
        per_block.with_columns(best=best, worst=worst)
        .group_by("sig")
        .agg(
            pl.col("best").min(),
            pl.col("worst").max(),
            pl.col("rank").max(),
            pl.col("interpolated").any(),
            agreed=(pl.col("rows").max() > 1) | (pl.len() > 1),
        )
        .with_columns(grade=pl.when(pl.col("best") == pl.col("worst")).then("best"))
    )


def _agreed(answers: pl.Expr) -> pl.Expr:
    """True or false where all candidate rows say so, else null."""
    yes, no = answers.eq_missing(True).all(), answers.eq_missing(False).all()
    return pl.when(yes).then(pl.lit(value=True)).when(no).then(pl.lit(value=False))


def _first_grade(holds: list[pl.Expr], rule: ProductRule) -> pl.Expr:
    found = pl.lit(BELOW, dtype=pl.Int8)
    for grade, hold in reversed(list(zip(rule.grades, holds, strict=True))):
        found = pl.when(hold).then(pl.lit(grade, dtype=pl.Int8)).otherwise(found)
    return found


def evidence(compared: pl.DataFrame, settled: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Choose the figure that decided each settled sig: metric, value, limit, table.

    Below the limit it is the metric that fails the last grade; otherwise the one that kept the device from the next
    better grade. Where several rows agree, the limit shown is the one that makes the statement hold for all of them.
    """
    order = pl.col("metric").replace_strict(
        [metric.key for metric in rule.metrics], list(range(len(rule.metrics))), return_dtype=pl.Int8
    )
    down = pl.col("metric").is_in([metric.key for metric in rule.metrics if metric.direction == "max"])
    last = rule.grades[-1]
    frame = compared.join(settled.filter(pl.col("grade").is_not_null()).select("sig", "grade"), on="sig")
    asked = pl.when(pl.col("grade") == BELOW).then(last).otherwise(pl.col("grade") - 1)
    failed, limit = pl.lit(None, dtype=pl.Boolean), pl.lit(None, dtype=pl.Float64)
    for grade in rule.grades:
        failed = pl.when(asked == grade).then(pl.col(f"met_{grade}").eq_missing(False)).otherwise(failed)
        limit = pl.when(pl.col("grade") == grade).then(pl.col(f"hard_{grade}")).otherwise(limit)
    limit = pl.when(pl.col("grade") == BELOW).then(pl.col(f"easy_{last}")).otherwise(limit)
    frame = frame.with_columns(failed=failed.fill_null(value=False), limit=limit, order=order)
    # the stated limit must hold for every row: the easiest failed one, or the hardest met one
    upward = pl.when((pl.col("grade") == BELOW) ^ down).then(pl.col("limit")).otherwise(-pl.col("limit"))
    return (
        frame.sort(
            "sig",
            ~pl.col("failed"),
            pl.col("role") == "gate",
            "order",
            pl.col("limit").is_null(),
            upward,
            "r",
        )
        .group_by("sig", maintain_order=True)
        .first()
        .select("sig", "metric", "value", "limit", "table")
    )
