"""Devices no row speaks of: clear only where the held lists speak for the kind, and never without a model (D4)."""

from __future__ import annotations

import polars as pl

from jigai.screening.lists.designation import is_named, series_of_models, sized_kinds
from jigai.screening.lists.rulebook import Rulebook
from jigai.screening.sentences import Language, sentence

PACKAGE = "jigai.screening.lists"
_KNOWN = ("kind_reason", "series", "model_norm", "model_key")


def without_hit(devices: pl.DataFrame, book: Rulebook, check: str) -> pl.DataFrame:
    """Return one finding per device: undecided without kind or model, out of scope, or clear (partial where gaps)."""
    known = [name for name in _KNOWN if name in devices.columns]
    frame = (
        devices.select("sig", "kind", "model", *known)
        .join(_by_kind(book), on="kind", how="left", maintain_order="left")
        .join(book.editions, on="kind", how="left", maintain_order="left")
        .join(
            book.groups.select("kind", "group", kind_zh="zh", kind_en="en"),
            on="kind",
            how="left",
            maintain_order="left",
        )
        .join(_named_by_model(book), on="group", how="left", maintain_order="left")
        .with_columns(
            pl.col("by_model").fill_null(value=False),
            kind_reason=_reason(devices),
            named=is_named(devices, sized_kinds(book)),
        )
    )
    if "model_key" in frame.columns:
        frame = frame.join(series_of_models(book), on=["group", "model_key"], how="left", maintain_order="left")
    else:
        frame = frame.with_columns(only_series=pl.lit(None, pl.Boolean))
    frame = frame.join(_in_parts(devices, book), on="sig", how="left", maintain_order="left")
    if book.rules.is_empty() and book.editions.is_empty():
        situation = pl.lit("no_list")
    else:
        situation = (
            pl.when(pl.col("kind").is_null())
            .then(pl.lit("no_kind"))
            .when(pl.col("edition").is_not_null())
            .then(pl.lit("edition_not_held"))
            .when(pl.col("documents_zh").is_null())
            .then(pl.lit("out_of_scope"))
            .when(pl.col("by_model") & ~pl.col("named"))
            .then(pl.lit("no_model"))
            .when(pl.col("part").is_not_null())
            .then(pl.lit("part_not_held"))
            .when("only_series")
            .then(pl.lit("only_series"))
            .when(pl.col("gap_zh").is_not_null())
            .then(pl.lit("clear_partial"))
            .otherwise(pl.lit("clear"))
        )
    frame = frame.with_columns(situation=situation)
    return frame.with_columns(
        check=pl.lit(check),
        outcome=pl.col("situation").replace_strict(_OUTCOMES),
        mandatory=pl.lit(value=False),
        basis=pl.when(pl.col("situation").is_in(["clear", "clear_partial"])).then(pl.lit("nameplate")),
        document=pl.when(pl.col("situation").is_in(_COMPARED)).then("documents_zh"),
        certainty=pl.when(pl.col("situation") == "clear_partial")
        .then(pl.lit("partial"))
        .when(pl.col("situation") == "clear")
        .then("certainty"),
        missing=pl.when(pl.col("situation") == "no_kind")
        .then(pl.lit("kind"))
        .when(pl.col("situation").is_in(_ASKS_MODEL))
        .then(pl.lit("model"))
        .when(pl.col("situation") == "edition_not_held")
        .then("edition")
        .when(pl.col("situation") == "part_not_held")
        .then("part")
        .when(pl.col("situation") == "clear_partial")
        .then("gap_zh"),
        reason_zh=_said("zh"),
        reason_en=_said("en"),
    )


_ASKS_MODEL = ("no_model", "only_series")
_COMPARED = ("clear", "clear_partial", "part_not_held", *_ASKS_MODEL)
_OUTCOMES = {
    "no_kind": "undecided",
    "no_model": "undecided",
    "only_series": "undecided",
    "edition_not_held": "undecided",
    "part_not_held": "undecided",
    "out_of_scope": "out_of_scope",
    "no_list": "out_of_scope",
    "clear": "clear",
    "clear_partial": "clear",
}


def _said(language: Language) -> pl.Expr:
    said = pl.lit(None, pl.String)
    for key in _OUTCOMES:
        said = pl.when(pl.col("situation") == key).then(sentence(key, language, PACKAGE)).otherwise(said)
    return said


def _in_parts(devices: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """Return (sig, part, part_en) of the devices that stand in a part of a list that is not held."""
    found = [pl.DataFrame(schema={"sig": devices.schema["sig"], "part": pl.String(), "part_en": pl.String()})]
    for row in book.parts.iter_rows(named=True):
        inside = (pl.col("kind") == row["kind"]) & book.conditions[row["condition"]].expr()
        told = [pl.lit(row[name]).alias(name) for name in ("part", "part_en")]
        found.append(devices.filter(inside.fill_null(value=False)).select("sig", *told))
    return pl.concat(found).unique("sig", keep="first", maintain_order=True)


def _reason(devices: pl.DataFrame) -> pl.Expr:
    if "kind_reason" not in devices.columns:
        return pl.lit("")
    reason = pl.col("kind_reason").fill_null("")
    return pl.when(reason == "").then(pl.lit("")).otherwise(reason.str.strip_chars_end("。") + "。")


def _by_kind(book: Rulebook) -> pl.DataFrame:
    """Per kind: the lists that speak for it and what is not held of them."""
    return book.spoken.group_by("kind", maintain_order=True).agg(
        documents_zh=pl.col("document").str.join(""),
        documents_en=pl.col("document_en").str.join("; "),
        gap_zh=_joined("gap", "；"),
        gap_en=_joined("gap_en", "; "),
        certainty=pl.when((pl.col("certainty") == "transcribed").all())
        .then(pl.lit("transcribed"))
        .otherwise(pl.lit("secondary")),
    )


def _joined(column: str, glue: str) -> pl.Expr:
    present = pl.col(column).drop_nulls().unique(maintain_order=True)
    return pl.when(present.len() > 0).then(present.str.join(glue))


def _named_by_model(book: Rulebook) -> pl.DataFrame:
    """Groups of kinds of which some list names models or series."""
    return (
        pl.concat([book.models.select("group"), book.series.select("group")])
        .unique()
        .with_columns(by_model=pl.lit(value=True))
    )
