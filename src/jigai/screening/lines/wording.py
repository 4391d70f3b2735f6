"""What is said of a line in a sentence: templates of ``sentences.csv``, names of ``columns.csv``."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import polars as pl

from jigai.screening.lines.schema import described
from jigai.screening.sentences import Language, sentence, templates

PACKAGE = "jigai.screening.lines"
_PARTS = ("charge", "day_open")
"""Sentences that are part of others."""


@cache
def level_names(language: Language) -> dict[str, str]:
    """Return the levels in words."""
    text = files(PACKAGE).joinpath("levels.csv").read_text(encoding="utf-8")
    return {row["key"]: row[language] for row in csv.DictReader(text.splitlines())}


def worded(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``reason_zh`` and ``reason_en`` by ``situation``; ``missing`` becomes text."""
    return frame.with_columns(*_words("zh"), *_words("en")).with_columns(
        missing=pl.col("missing").list.join(";").replace("", None),
        reason_zh=_said("zh"),
        reason_en=_said("en"),
    )


def _words(language: Language) -> list[pl.Expr]:
    """Return what templates name beside the columns: levels, what is missing and the parts."""
    names = {name: row[language] for name, row in described().items()}
    levels = level_names(language)
    missing = pl.col("missing").list.eval(pl.element().replace_strict(names, default=pl.element()))
    earned, day = pl.col("allowance").is_not_null(), pl.col("day_open").fill_null(value=False)
    return [
        pl.col("level").replace_strict(levels).alias(f"level_{language}"),
        pl.col("own_level").replace_strict(levels, default=None).alias(f"own_{language}"),
        missing.list.join("、" if language == "zh" else ", ").alias(f"missing_{language}"),
        pl.when(earned).then(sentence("charge", language, PACKAGE)).otherwise(pl.lit("")).alias(f"charge_{language}"),
        pl.when(day).then(sentence("day_open", language, PACKAGE)).otherwise(pl.lit("")).alias(f"date_{language}"),
    ]


def _said(language: Language) -> pl.Expr:
    said = pl.lit(None, pl.String)
    for key in templates(PACKAGE):
        if key not in _PARTS:
            said = pl.when(pl.col("situation") == key).then(sentence(key, language, PACKAGE)).otherwise(said)
    return said
