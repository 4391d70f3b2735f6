"""Check ``two_high``: does the device work in an energy- and emission-intensive class of industry (两高)?"""

from __future__ import annotations

import polars as pl

from jigai.screening.batch import Batch
from jigai.screening.cases import seen
from jigai.screening.documents import document_name
from jigai.screening.schema import as_findings
from jigai.screening.sentences import Language, sentence

CHECK = "two_high"
SITUATIONS = {
    "high_listed": "listed",
    "high_candidate": "candidate",
    "high_implied": "candidate",
    "high_clear": "clear",
    "high_no_code": "undecided",
}
"""Situation (key of the sentence) → outcome."""


def looks(batch: Batch) -> pl.DataFrame:
    """Return ``sig`` and what the check looks at."""
    return seen(batch, dict.fromkeys(("kind", "industry_code")))


def check(batch: Batch) -> pl.DataFrame:
    """Return one finding per sig by the GB/T 4754 class of the enterprise.

    At best ``candidate`` until a city loads its province's list, whose rows may say ``listed`` (D8). Without a class
    the kind of a process unit may imply one (basis inferred); else ``undecided`` with ``industry_code``.
    """
    frame = batch.with_columns_for(["kind", "industry_code"]).select("sig", "kind", "industry_code")
    kinds = batch.reference.table("kinds", "kinds").select("kind", "implied_industry", kind_zh="zh", kind_en="en")
    frame = frame.join(kinds, on="kind", how="left", maintain_order="left").with_columns(
        given=pl.col("industry_code").str.extract(r"(\d{4})")
    )
    frame = frame.with_columns(code=pl.coalesce("given", "implied_industry"))
    frame = frame.join(_rules(batch), on="code", how="left", maintain_order="left").with_columns(
        situation=_situation(), gap_zh=pl.lit(_gaps(batch, "zh")), gap_en=pl.lit(_gaps(batch, "en"))
    )
    decided = pl.col("situation") != "high_no_code"
    frame = frame.with_columns(
        check=pl.lit(CHECK),
        outcome=pl.col("situation").replace_strict(SITUATIONS),
        mandatory=pl.lit(value=False),
        basis=pl.when(~decided)
        .then(pl.lit(None, pl.String))
        .when(pl.col("given").is_null())
        .then(pl.lit("inferred"))
        .otherwise(pl.lit("ledger")),
        certainty=pl.when(pl.col("situation") == "high_clear").then(pl.lit("partial")).otherwise("certainty"),
        missing=pl.when(~decided)
        .then(pl.lit("industry_code"))
        .when((pl.col("situation") == "high_clear") & (pl.col("gap_zh") != ""))
        .then("gap_zh"),
        clause=pl.when(pl.col("outcome").is_not_null()).then("code"),
        reason_zh=_said("zh"),
        reason_en=_said("en"),
    )
    return as_findings(frame)


def _rules(batch: Batch) -> pl.DataFrame:
    """One row per class: a list that says ``listed`` goes before one that says ``candidate``."""
    columns = ["code", "rule_id", "outcome", "certainty", "industry_zh", "sector_zh"]
    columns += ["document", "document_en", "dataset"]
    parts = [pl.DataFrame(schema=dict.fromkeys(columns, pl.String()))]
    for dataset in batch.reference.by_check(CHECK):
        parts.append(
            dataset.tables["rules"]
            .select(
                "outcome",
                "certainty",
                "industry_zh",
                "sector_zh",
                code=pl.col("industry_code"),
                rule_id=pl.col("entry_id"),
            )
            .with_columns(
                document=pl.lit(document_name(dataset, "zh")),
                document_en=pl.lit(document_name(dataset, "en")),
                dataset=pl.lit(dataset.id),
            )
            .select(columns)
        )
    return (
        pl.concat(parts)
        .sort("outcome", descending=True, maintain_order=True)
        .unique("code", keep="first", maintain_order=True)
    )


def _situation() -> pl.Expr:
    return (
        pl.when(pl.col("code").is_null() | (pl.col("given").is_null() & pl.col("outcome").is_null()))
        .then(pl.lit("high_no_code"))
        .when(pl.col("outcome").is_null())
        .then(pl.lit("high_clear"))
        .when(pl.col("given").is_null())
        .then(pl.lit("high_implied"))
        .when(pl.col("outcome") == "listed")
        .then(pl.lit("high_listed"))
        .otherwise(pl.lit("high_candidate"))
    )


def _gaps(batch: Batch, language: Language) -> str:
    gaps = [gap for dataset in batch.reference.by_check(CHECK) for gap in dataset.gaps]
    return ("；" if language == "zh" else "; ").join(gap.text_zh if language == "zh" else gap.text_en for gap in gaps)


def _said(language: Language) -> pl.Expr:
    said = pl.lit(None, pl.String)
    for key in SITUATIONS:
        said = pl.when(pl.col("situation") == key).then(sentence(key, language)).otherwise(said)
    return said
