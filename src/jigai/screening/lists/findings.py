"""From tested candidates to findings: what a row says of a device, and what it leaves open."""

from __future__ import annotations

import polars as pl

from jigai.screening.efficiency.wording import in_words
from jigai.screening.lists.candidates import KIND, LISTED
from jigai.screening.lists.rulebook import Rulebook
from jigai.screening.lists.wording import word
from jigai.screening.sentences import Language, sentence

PACKAGE = "jigai.screening.lists"
_SHOWN_PRODUCTS = 4
LANGUAGES: tuple[Language, Language] = ("zh", "en")


def hits(pairs: pl.DataFrame, book: Rulebook, check: str) -> pl.DataFrame:
    """Return one finding per row that is met: outcome of the row, basis by how it was found and what it rests on."""
    met = _with_rule(pairs.filter("met"), book)
    weak = pl.col("how").is_in([LISTED, KIND]) | pl.col("inferred")
    frame = met.with_columns(
        check=pl.lit(check),
        basis=pl.when(weak).then(pl.lit("inferred")).otherwise(pl.lit("nameplate")),
        missing=pl.lit(None, pl.String),
        rule_id=pl.col("entry_id"),
    )
    # Only what the law itself says, of a fact that is confirmed, may order anything or set a time limit (D1, D3).
    firm = ~weak & (pl.col("certainty") == "transcribed")
    frame = frame.with_columns(
        mandatory=firm & (pl.col("outcome") == "eliminate") & (pl.col("binds") == "use"),
        deadline=pl.when(firm).then(pl.coalesce("deadline_now", "deadline")),
        firm=firm,
    )
    return _say(frame, "hit")


def undecided(pairs: pl.DataFrame, book: Rulebook, check: str) -> pl.DataFrame:
    """Return what cannot be settled: one finding per row found by model or series, one per list for the rest."""
    open_ = _with_rule(pairs.filter(pl.col("met").is_null()), book)
    by_model = open_.filter(pl.col("how") != KIND).unique(["sig", "entry_id"], keep="first", maintain_order=True)
    by_kind = open_.filter(pl.col("how") == KIND)
    shared = (
        by_kind.sort("sig", "rule")
        .group_by("sig", "dataset", maintain_order=True)
        .agg(
            pl.col("missing").str.split(";").explode(empty_as_null=True).unique(maintain_order=True).str.join(";"),
            pl.col("entry_id").first(),
            pl.col("product_zh").unique(maintain_order=True).head(_SHOWN_PRODUCTS).str.join("、"),
            pl.col(
                "document", "document_en", "certainty", "kind", "kind_zh", "kind_en", "model", "name", "how"
            ).first(),
        )
    )
    frame = pl.concat([by_model, shared], how="diagonal").with_columns(
        check=pl.lit(check),
        outcome=pl.lit("undecided"),
        basis=pl.when(pl.col("how").is_in([LISTED, KIND])).then(pl.lit("inferred")).otherwise(pl.lit("nameplate")),
        mandatory=pl.lit(value=False),
        rule_id=pl.col("entry_id"),
        deadline=pl.lit(None, pl.String),
        firm=pl.lit(value=False),
    )
    return _say(frame, "open")


def _with_rule(pairs: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    columns = ["entry_id", "clause", "product_zh", "outcome", "deadline", "certainty", "dataset", "binds"]
    rules = book.rules.select("rule", *columns, "document", "document_en")
    kinds = book.groups.select("kind", kind_zh="zh", kind_en="en")
    return pairs.join(rules, on="rule", maintain_order="left").join(kinds, on="kind", how="left", maintain_order="left")


def _say(frame: pl.DataFrame, situation: str) -> pl.DataFrame:
    """Add the two sentences: a template per way the row was found, with pieces that may be empty."""
    frame = frame.with_columns(piece for language in LANGUAGES for piece in _pieces(frame, language))
    for language in LANGUAGES:
        said = pl.lit(None, pl.String)
        for how in ("model", "series", "listed", "kind"):
            said = pl.when(pl.col("how") == how).then(sentence(f"{situation}_{how}", language, PACKAGE)).otherwise(said)
        frame = frame.with_columns(said.str.strip_chars().alias(f"reason_{language}"))
    return frame


def _pieces(frame: pl.DataFrame, language: Language) -> list[pl.Expr]:
    zh = language == "zh"
    clause = pl.format("第 {} 项" if zh else " item {}", "clause")
    condition, known = f"condition_{language}", f"facts_{language}"
    must = pl.format("，条件是{}" if zh else ", provided that {}", condition)
    shown = pl.format("，{}" if zh else ", {}", known)
    outcome = pl.col("outcome").replace_strict(
        {name: word("outcome", name, language) for name in ("eliminate", "restricted", "encouraged", "undecided")}
    )
    return [
        _or_empty(clause, pl.col("clause").is_not_null()).alias(f"clause_{language}"),
        _or_empty(must, pl.col(condition) != "").alias(f"must_{language}"),
        _or_empty(shown, pl.col(known) != "").alias(f"shown_{language}"),
        outcome.alias(f"outcome_{language}"),
        _deadline(language).alias(f"deadline_{language}"),
        _doubt(language).alias(f"doubt_{language}"),
        _fields(language).alias(f"missing_{language}"),
        pl.coalesce("model", "name", pl.lit("")).alias(f"model_{language}"),
        pl.coalesce(f"kind_{language}", "kind").alias(f"kind_{language}"),
    ]


def _or_empty(piece: pl.Expr, when: pl.Expr) -> pl.Expr:
    return pl.when(when.fill_null(value=False)).then(piece).otherwise(pl.lit(""))


def _deadline(language: Language) -> pl.Expr:
    """What the list says of the time limit; only a firm elimination has one."""
    day = pl.col("deadline")
    said = day if language == "zh" else day.replace("立即", word("deadline", "at_once", language))
    return (
        pl.when((pl.col("outcome") != "eliminate") | ~pl.col("firm"))
        .then(pl.lit(""))
        .when(day.is_not_null())
        .then(pl.format(word("deadline", "day", language), said))
        .otherwise(pl.lit(word("deadline", "none", language)))
    )


def _doubt(language: Language) -> pl.Expr:
    """Say aloud when the row itself is not sure (D3)."""
    texts = {certainty: word("doubt", certainty, language) for certainty in ("doubtful", "recalled", "secondary")}
    return pl.col("certainty").replace_strict(texts, default="")


def _fields(language: Language) -> pl.Expr:
    return in_words(pl.col("missing"), language).fill_null("")
