"""What keeps a device from a grade, by name: attributes, figures, and what the tables held do not say."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from jigai.screening.efficiency.conditions import condition
from jigai.screening.efficiency.grade import valid_value
from jigai.screening.efficiency.limits import SPECIFIED, TOLERANCE
from jigai.screening.efficiency.standards import Axis, Metric, ProductRule
from jigai.screening.efficiency.wording import label, listed

_OFF_LIST = {"zh": "{}不在标准表列档位，须按条文核对", "en": "{} is not a listed step: check the clause"}
_GLUE = {"missing": ("zh", ";"), "missing_zh": ("zh", "、"), "missing_en": ("en", ", ")}


def still_open(compared: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Return per compared sig what is open: ``open_<metric>`` (no figure), parts of the table not held (zh, en)."""
    metrics = [
        (pl.col("value").is_null() & (pl.col("metric") == metric.key)).any().alias(f"open_{metric.key}")
        for metric in rule.metrics
    ]
    not_held = [pl.col(f"not_held_{language}").drop_nulls().first() for language in ("zh", "en")]
    return compared.group_by("sig").agg(*metrics, *not_held)


@lru_cache(maxsize=256)
def missing(rule: ProductRule) -> tuple[pl.Expr, ...]:
    """Return ``missing`` (names) and ``missing_zh``/``missing_en`` (labels) of an undecided device.

    Needs the columns of the match (``need_i``, ``blocked``), of `still_open` and of the device.
    """
    flags = [flag for place, axis in enumerate(rule.axes) for flag in _axis_flags(place, axis)]
    for metric in rule.metrics:
        flags += _metric_flags(metric, rule)
    return tuple(listed(flags + _correction_flags(rule)))


@lru_cache(maxsize=256)
def with_gaps_of_table(rule: ProductRule) -> tuple[pl.Expr, ...]:
    """Return the three columns of `missing` with what the table itself lacks.

    Where nothing is unknown and rows still disagree, what is stated is not sharp enough: an attribute that fits
    several rows, or a size between two listed steps.
    """
    columns = []
    for name, (language, glue) in _GLUE.items():
        known = pl.when(pl.col(name) != "").then(name)
        whole = pl.concat_str([known, pl.col(f"not_held_{language}")], separator=glue, ignore_nulls=True)
        vague = [
            pl.when(f"wide_{place}").then(pl.lit(_vague(axis, name, language))) for place, axis in enumerate(rule.axes)
        ]
        blunt = pl.concat_str(vague, separator=glue, ignore_nulls=True)
        columns.append(pl.when(whole == "").then(blunt).otherwise(whole).alias(name))
    return tuple(columns)


def _vague(axis: Axis, column: str, language: str) -> str:
    if axis.how == "between":
        return _OFF_LIST[language].format(label(axis.attribute, language))
    return axis.ask[0] if column == "missing" else label(axis.ask[0], language)


def _axis_flags(place: int, axis: Axis) -> list[tuple[str, pl.Expr]]:
    raw = [name for name in axis.ask if name != axis.attribute] or [axis.attribute]
    return [(name, pl.col(f"need_{place}") & pl.col(name).is_null()) for name in raw]


def _metric_flags(metric: Metric, rule: ProductRule) -> list[tuple[str, pl.Expr]]:
    value = valid_value(metric)
    unknown = pl.col(f"open_{metric.key}").fill_null(value=False)
    if _every_block_uses(metric, rule):
        unknown = unknown | (pl.col("blocked") & value.is_null())
    unreadable = value.is_null() & pl.col(metric.attribute).is_not_null()
    flags = [(name, unknown & (pl.col(name).is_null() | unreadable)) for name in metric.ask]
    if metric.rule == "specified_efficiency":
        flags += [(name, pl.col(name).is_null()) for name in (SPECIFIED, TOLERANCE)]
    return flags


def _correction_flags(rule: ProductRule) -> list[tuple[str, pl.Expr]]:
    corrections = rule.table("corrections")
    flags: list[tuple[str, pl.Expr]] = []
    for text in [] if corrections is None else corrections["condition"].to_list():
        stated = condition(text)
        asked = stated.missing_expr().str.split(";")
        flags += [(name, asked.list.contains(name)) for name in sorted(stated.fields)]
    return flags


def _every_block_uses(metric: Metric, rule: ProductRule) -> bool:
    rows = rule.limits.filter(pl.col("role") == "primary")
    return rows.filter(pl.col("metric") == metric.key)["block"].n_unique() == rows["block"].n_unique()
