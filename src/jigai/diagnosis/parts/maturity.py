"""Digital maturity by the national scoring of 2024, its level by the thresholds of 2022 as a named proxy; scenes."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.facts import latest
from jigai.diagnosis.model import PARTIAL, UNKNOWN
from jigai.diagnosis.tables import table
from jigai.diagnosis.telling import KEY, Told, figures, left_out, shares, together, told
from jigai.reference.condition import parse

DATASET: Final = "digital-maturity"
SCHEME, THRESHOLDS = "SME-2024", "SME-2022"
PART, SCENES = "maturity", "scenes"
PROXY: Final = "2022 年版等级阈值（工信厅企业〔2022〕32号）"
NETWORKED, REVENUE = "SME24-10", "SME24-23"
LEVELS: Final = {"一级": 1, "二级": 2, "三级": 3, "四级": 4}


def maturity(case: Case) -> Told:
    """Return the points of the national assessment [of 100], or the level of the report where items are not answered.

    Every item that nobody below it divides earns share × weight. Shares of items whose scoring rule is not held are
    those of the official assessment, asked for, never guessed. The level is told only where what is missing cannot
    change it.
    """
    if not case.reference.has(DATASET):
        return left_out(case.enterprises, PART, 1, UNKNOWN, [("asked", "reference")])
    frame = _items(case)
    answered = frame.filter(pl.col("points").is_not_null()).select(KEY).unique()
    by_items = shares(frame.join(answered, on=KEY, how="semi"), PART, 1, "answer")
    steps = _thresholds(case)
    low, high = (_level(pl.col(end), steps) for end in ("low", "high"))
    parts = by_items.parts.with_columns(level=pl.when(low == high).then(low)).with_columns(
        value=pl.when(pl.col("score").is_not_null()).then("score"),
        stand_in=pl.when(pl.col("level").is_not_null()).then(pl.lit(PROXY)),
    )
    rest = case.enterprises.join(answered, on=KEY, how="anti")
    asks = [("figure", one) for one in frame["thing"].unique().sort()]
    return together(
        [
            Told(_worded(parts), by_items.grounds, by_items.asks),
            _by_report(case, steps),
            left_out(rest, PART, 3, UNKNOWN, asks),
        ]
    )


def _items(case: Case) -> pl.DataFrame:
    """Return a row per enterprise and item of the scheme: ``thing``, ``weight`` [points], ``points`` 0 to 1 or null."""
    rows = case.reference.table(DATASET, "indicators").filter(scheme=SCHEME, kind="weight")
    leaves = rows.filter(~pl.col("item").is_in(rows["parent"].drop_nulls().to_list()))
    leaves = leaves.select("band", "certainty", thing="indicator_id", weight="value")
    frame = case.enterprises.select(KEY).join(leaves, how="cross")
    typed = case.answers.filter(pl.col("feeds") == PART).select(KEY, "key", "number", "text", thing="figure")
    words = pl.DataFrame(table("answer_points.csv")).select(
        key="question", text="answer", worded=pl.col("points").cast(pl.Float64)
    )
    typed = typed.drop_nulls("thing").join(words, on=["key", "text"], how="left")
    typed = typed.select(KEY, "thing", given=pl.coalesce("number", "worded"))
    computed = pl.concat([_networked(case), _revenue(case)])
    frame = frame.join(typed, on=[KEY, "thing"], how="left").join(computed, on=[KEY, "thing"], how="left")
    given = pl.coalesce("given", "computed")
    bands = case.reference.table(DATASET, "bands").sort("band", "step")
    share: pl.Expr = pl.when(pl.col("band").is_null()).then("ratio_pct")
    for band in bands.iter_rows(named=True):
        holds = parse(band["condition"], {"ratio_pct": pl.Float64()}, units={}, choices={}).expr()
        share = pl.when((pl.col("band") == band["band"]) & holds).then(band["points_pct"]).otherwise(share)
    missing = pl.concat_list(pl.concat_str(pl.lit("figure:"), "thing"))
    return frame.with_columns(ratio_pct=given, machines=pl.lit(1), missing=missing).with_columns(points=share / 100)


def _networked(case: Case) -> pl.DataFrame:
    frame = latest(case.facts, ["equipment_networked", "equipment_total"]).filter(pl.col("equipment_total") > 0)
    share = pl.col("equipment_networked") / pl.col("equipment_total") * 100
    return frame.filter(share <= 100).select(KEY, thing=pl.lit(NETWORKED), computed=share)


def _revenue(case: Case) -> pl.DataFrame:
    """Return the share for revenue per head against the year before: up 100, equal 50, down 0."""
    years = case.facts.filter(pl.col("attribute").is_in(["main_revenue", "employees"]))
    wide = years.pivot(
        "attribute",
        on_columns=["main_revenue", "employees"],
        index=[KEY, "year"],
        values="number",
        aggregate_function="last",
    ).filter(pl.col("employees") > 0)
    wide = wide.select(KEY, "year", head=pl.col("main_revenue") / pl.col("employees")).drop_nulls("head")
    before = wide.select(KEY, year=pl.col("year") + 1, before="head")
    both = wide.join(before, on=[KEY, "year"]).sort(KEY, "year").unique(KEY, keep="last", maintain_order=True)
    change = (pl.col("head") - pl.col("before")).sign()
    return both.select(KEY, thing=pl.lit(REVENUE), computed=50.0 + 50.0 * change)


def _thresholds(case: Case) -> pl.DataFrame:
    rows = case.reference.table(DATASET, "indicators").filter(scheme=THRESHOLDS, kind="level_threshold")
    return rows.select("condition", "certainty", level="value").sort("level")


def _level(score: pl.Expr, steps: pl.DataFrame) -> pl.Expr:
    """Return the level of a score [of 100]; 0 below the first threshold, null for an unknown score."""
    level: pl.Expr = pl.when(score.is_not_null()).then(0.0)
    for row in steps.iter_rows(named=True):
        least = _least(row["condition"])
        level = pl.when(score >= least - 1e-9).then(row["level"]).otherwise(level)
    return level


def _least(condition: str) -> float:
    """Return the score at which a threshold begins."""
    tests = parse(condition, {"score": pl.Float64()}, units={}, choices={}).tests
    return min(value for test in tests for value in test.values if isinstance(value, float))


def _by_report(case: Case, steps: pl.DataFrame) -> Told:
    """Return the level of an assessment report: by the proxy its points have a range."""
    frame = latest(case.facts, ["digital_level"], texts=True)
    level = pl.col("digital_level").replace_strict(LEVELS, default=None, return_dtype=pl.Float64)
    frame = frame.with_columns(level=level).drop_nulls("level")
    least = {row["level"]: _least(row["condition"]) for row in steps.iter_rows(named=True)}
    nxt = {one: least.get(one + 1, 100.0) for one in least}
    low, high = (pl.col("level").replace_strict(ends, default=None, return_dtype=pl.Float64) for ends in (least, nxt))
    parts = frame.select(
        KEY,
        "level",
        part=pl.lit(PART),
        way=pl.lit(2),
        state=pl.lit(PARTIAL),
        value=low,
        score=low,
        low=low,
        high=high,
        coverage=pl.lit(1.0),
        certainty=pl.lit("secondary"),
        stand_in=pl.lit(PROXY),
    )
    return told(_worded(parts), [figures(frame, PART, 2, ["digital_level"])])


def _worded(parts: pl.DataFrame) -> pl.DataFrame:
    whole = pl.col("level").cast(pl.Int64)
    return parts.with_columns(
        label_zh=pl.when(whole > 0).then(pl.format("{} 级", whole)).when(whole == 0).then(pl.lit("未到一级")),
        label_en=pl.when(whole > 0).then(pl.format("level {}", whole)).when(whole == 0).then(pl.lit("below level 1")),
    )


def scene_levels(case: Case) -> pl.DataFrame:
    """Return ``enterprise_id, thing`` (scene), ``zh``, ``certainty``, ``level`` 0 to 4 or null: sixteen of each."""
    rows = case.reference.table(DATASET, "indicators").filter(scheme=SCHEME, kind="scene")
    scenes = rows.select("certainty", thing="indicator_id", zh="item")
    said = case.answers.filter(pl.col("feeds") == SCENES).select(
        KEY, thing="figure", level=pl.col("text").cast(pl.Float64, strict=False)
    )
    return case.enterprises.select(KEY).join(scenes, how="cross").join(said, on=[KEY, "thing"], how="left")


def scenes(case: Case) -> Told:
    """Return the mean level of the sixteen scenes ÷ 4; which level the whole has is not held and not guessed."""
    if not case.reference.has(DATASET):
        return left_out(case.enterprises, SCENES, 1, UNKNOWN, [("asked", "reference")])
    frame = scene_levels(case).with_columns(
        machines=pl.lit(1),
        weight=pl.lit(1.0),
        points=pl.col("level") / 4,
        missing=pl.concat_list(pl.concat_str(pl.lit("figure:"), "thing")),
    )
    return shares(frame, SCENES, 1, "scene")
