"""Check ``service_life``: is the device older than the reference service life of its class (超期服役)? Advice only."""

from __future__ import annotations

import polars as pl

from jigai.screening.batch import Batch
from jigai.screening.cases import seen
from jigai.screening.documents import document_name
from jigai.screening.schema import as_findings
from jigai.screening.sentences import Language, sentence

CHECK = "service_life"
DATASET = "service-life"
OUTCOMES = {
    "life_over_age": "over_age",
    "life_near_end": "near_end",
    "life_within": "within",
    "life_no_year": "undecided",
    "life_future": "undecided",
    "life_no_kind": "undecided",
    "life_no_class": "out_of_scope",
}
"""Situation (key of the sentence) → outcome."""


def looks(batch: Batch) -> pl.DataFrame:
    """Return ``sig`` and what the check looks at."""
    return seen(batch, dict.fromkeys(("kind", "made_year", "in_service_year")))


def check(batch: Batch) -> pl.DataFrame:
    """Return one finding per sig: age [years] on the day against the reference life of the kind's class.

    ``over_age`` beyond the upper figure, ``near_end`` between the two, ``within`` below; ``undecided`` without a
    year. Age counts from the year of manufacture, else from the year put into service. The lives only suggest (D5).
    """
    frame = batch.with_columns_for(["kind", "made_year", "in_service_year"]).select(
        "sig", "kind", "made_year", "in_service_year"
    )
    frame = _with_life(frame, batch).with_columns(
        year=pl.coalesce("made_year", "in_service_year"), as_of_year=pl.lit(batch.as_of.year, pl.Int32)
    )
    frame = frame.with_columns(value=(pl.col("as_of_year") - pl.col("year")).cast(pl.Float64))
    frame = frame.with_columns(situation=_situation()).with_columns(
        check=pl.lit(CHECK),
        outcome=pl.col("situation").replace_strict(OUTCOMES),
        mandatory=pl.lit(value=False),
        basis=pl.when(pl.col("year").is_not_null()).then(pl.lit("ledger")),
        clause=pl.col("life_class"),
        metric=pl.lit("age_years"),
        limit=pl.col("years_max"),
        unit=pl.lit("年"),
        missing=pl.when(pl.col("situation") == "life_no_kind")
        .then(pl.lit("kind"))
        .when(pl.col("situation").is_in(["life_no_year", "life_future"]))
        .then(pl.lit("made_year")),
        rule_id=pl.col("life_class"),
        reason_zh=_said("zh"),
        reason_en=_said("en"),
    )
    return as_findings(frame)


def _with_life(frame: pl.DataFrame, batch: Batch) -> pl.DataFrame:
    """Add class, figures and document of the reference life; nulls where none is held for the kind."""
    kinds = batch.reference.table("kinds", "kinds")
    frame = frame.join(
        kinds.select("kind", "life_class", kind_zh="zh", kind_en="en"), on="kind", how="left", maintain_order="left"
    )
    if not batch.reference.has(DATASET):
        nothing = {"years_min": pl.Float64(), "years_max": pl.Float64()}
        texts = dict.fromkeys(("certainty", "document", "document_en", "dataset"), pl.String())
        return frame.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in {**nothing, **texts}.items())
    dataset = batch.reference.dataset(DATASET)
    lives = dataset.tables["lives"].select("life_class", "years_min", "years_max", "certainty")
    return frame.join(lives, on="life_class", how="left", maintain_order="left").with_columns(
        document=pl.lit(document_name(dataset, "zh")),
        document_en=pl.lit(document_name(dataset, "en")),
        dataset=pl.lit(DATASET),
    )


def _situation() -> pl.Expr:
    age = pl.col("value")
    return (
        pl.when(pl.col("kind").is_null())
        .then(pl.lit("life_no_kind"))
        .when(pl.col("years_max").is_null())
        .then(pl.lit("life_no_class"))
        .when(age.is_null())
        .then(pl.lit("life_no_year"))
        .when(age < 0)
        .then(pl.lit("life_future"))
        .when(age > pl.col("years_max"))
        .then(pl.lit("life_over_age"))
        .when(age >= pl.col("years_min"))
        .then(pl.lit("life_near_end"))
        .otherwise(pl.lit("life_within"))
    )


def _said(language: Language) -> pl.Expr:
    said = pl.lit(None, pl.String)
    for key in OUTCOMES:
        said = pl.when(pl.col("situation") == key).then(sentence(key, language)).otherwise(said)
    return said
