"""Environmental performance grade (重污染天气绩效等级): of the lines, or of the enterprise by its answer."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.model import NOT_APPLICABLE, UNKNOWN
from jigai.diagnosis.tables import table
from jigai.diagnosis.telling import KEY, Told, left_out, shares, together

DATASET: Final = "environment-safety"
PART: Final = "environmental_grade"


def scale(part: str) -> dict[str, float]:
    """Return the points of each word of a part's scale (``data/scales.csv``)."""
    return {row["word"]: float(row["points"]) for row in table("scales.csv") if row["part"] == part}


def environmental_grade(case: Case) -> Told:
    """Return the points of the grade, a mean over lines; the competent body grades, nothing is graded here.

    Where no line has a grade the answer of the enterprise counts. A trade that the guide does not grade (by a list
    that is recalled) has no grade to ask for.
    """
    graded = _graded_codes(case)
    told = case.lines.filter(pl.col("environmental_grade").is_in(list(scale(PART))))
    with_grade = case.lines.join(told.select(KEY).unique(), on=KEY, how="semi")
    lines = _points(with_grade.select(KEY, thing="line", grade="environmental_grade"), "asked:environmental_grade")
    answers = case.answers.filter((pl.col("key") == PART) & pl.col("text").is_in(list(scale(PART))))
    answered = _points(answers.select(KEY, thing="key", grade="text"), "asked:environmental_grade")
    rest = case.enterprises.join(lines, on=KEY, how="anti").join(answered, on=KEY, how="anti")
    asked = rest.filter(pl.col("code").is_null() | pl.col("code").is_in(graded))
    others = rest.join(asked, on=KEY, how="anti")
    by_line, by_answer = shares(lines, PART, 1, "line"), shares(answered, PART, 2, "answer")
    return together(
        [
            _labelled(by_line, lines),
            _labelled(by_answer, answered),
            left_out(asked, PART, 1, UNKNOWN, [("asked", "environmental_grade")]),
            left_out(others, PART, 1, NOT_APPLICABLE, []),
        ]
    )


def _points(frame: pl.DataFrame, ask: str) -> pl.DataFrame:
    points = pl.col("grade").replace_strict(scale(PART), default=None, return_dtype=pl.Float64)
    return frame.with_columns(
        machines=pl.lit(1),
        weight=pl.lit(1.0),
        points=points / 100,
        certainty=pl.lit("secondary"),
        missing=pl.lit([ask], pl.List(pl.String)),
    )


def _labelled(told: Told, frame: pl.DataFrame) -> Told:
    """Say the grades, the worst first."""
    words = frame.drop_nulls("points").sort(KEY, "points", "grade").group_by(KEY, maintain_order=True)
    said = words.agg(label=pl.col("grade").unique(maintain_order=True).str.join("、"))
    parts = told.parts.drop("label_zh", "label_en").join(said, on=KEY, how="left")
    parts = parts.with_columns(label_zh="label", label_en="label").select(told.parts.columns)
    return Told(parts, told.grounds, told.asks)


def _graded_codes(case: Case) -> list[str]:
    if not case.reference.has(DATASET):
        return []
    return case.reference.table(DATASET, "graded")["code"].to_list()
