"""Attributes that a designation, its series, a rating written beside it or a word of the name tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.nameplate.language import Language
from jigai.nameplate.levels import numbered, place

READ: Final = "__{}_read"
"""Name of the column with what the nameplate says of an attribute, beside what the ledger says."""


@dataclass(frozen=True)
class Values:
    """What designations tell: ``cases`` as given with ``rid``, and what is ``told`` by ``rid``."""

    cases: pl.DataFrame
    told: pl.DataFrame


def read_values(cases: pl.DataFrame, read: pl.DataFrame, words: Language) -> Values:
    """Return what is told of each case, one column ``__<attribute>_read`` per attribute.

    ``cases``: ``shape``, ``kind``, ``model_norm``, ``name_norm``, ``flat``, ``body`` and whatever else names them;
    ``read``: the result of the grammars. Where several sources speak the shape of the model goes first, then its
    series, then a rating written out, then words of the name. Cases of one kind and shape of which ratings and words
    say the same are told the same.
    """
    dtypes = attribute_dtypes()
    texts = numbered(cases, ["kind", "model_norm", "name_norm"], "rid")
    extra, said = _said(pl.concat([_ratings(texts, words), _name_words(texts, words)]))
    texts = texts.join(said, on="rid", how="left").drop("rid").select("said", "kind", "model_norm", "name_norm")
    cases = place(cases, texts)
    rows = numbered(cases, ["kind", "shape", "flat", "body", "said"], "rid")
    cases = place(cases, rows).drop("name_norm", "flat", "body", "said", "shape", *_WITNESSES)
    values = rows.join(_told(rows, read, words), on="rid", how="left", maintain_order="left")
    for attribute in extra["attribute"].unique(maintain_order=True).to_list() if extra.height else []:
        typed = extra.filter(pl.col("attribute") == attribute).select(
            "said", _typed("value", dtypes[attribute]).alias("__extra")
        )
        values = values.join(typed, on="said", how="left", maintain_order="left")
        known = pl.coalesce(attribute, "__extra") if attribute in values.columns else pl.col("__extra")
        values = values.with_columns(known.alias(attribute)).drop("__extra")
    read_names = {name: READ.format(name) for name in values.columns if name in dtypes and name not in _KEPT}
    values = values.drop("said", "shape").rename(read_names)
    needed = ("series", "frame", "poles", "capacity_kva", "voltage_kv", "machine_no", "drive")
    absent = [name for name in needed if READ.format(name) not in values.columns]
    return Values(cases, values.with_columns([pl.lit(None, dtypes[name]).alias(READ.format(name)) for name in absent]))


_WITNESSES: Final = ("named", "word", "anchored", "firm", "texted", "aside", "given")
"""What the kind was decided on; it has done its work."""


def _said(extra: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put together what ratings and words say of each text: (said, attribute, value), and (rid, said).

    ``said`` is one text for all that is said, the first of each attribute, so that it can be compared at once.
    """
    first = extra.unique(["rid", "attribute"], keep="first", maintain_order=True)
    pair = pl.concat_str("attribute", "value", separator="\x1e")
    said = first.sort("rid", "attribute").group_by("rid", maintain_order=True).agg(pair.str.join("\x1f").alias("said"))
    one_each = said.unique("said", keep="first", maintain_order=True)
    return first.join(one_each, on="rid", maintain_order="left").select("said", "attribute", "value"), said


def _told(rows: pl.DataFrame, read: pl.DataFrame, words: Language) -> pl.DataFrame:
    """Return by ``rid`` what the shape of the model and its series tell."""
    dtypes = attribute_dtypes()
    told = rows.select("rid", "shape", "kind").join(
        read.drop("strength"), on=["shape", "kind"], how="left", maintain_order="left"
    )
    told = told.unique("rid", keep="first", maintain_order=True)
    for column in ("series", "letters", "generation", "fuel_code"):
        if column not in told.columns:
            told = told.with_columns(pl.lit(None, pl.String).alias(column))
    built = pl.col("letters") + pl.col("generation").fill_null("")
    told = told.with_columns(pl.coalesce("series", built).alias("series"))
    told = _with_fuel(_with_series(told, words), words)
    told = told.with_columns(pl.col("firing").alias("__firing"), pl.col("fuel_code").alias("__fuel_code"))
    carried = {"rid", "__firing", "__fuel_code"}
    return told.select(name for name in told.columns if (name in dtypes and name != "kind") or name in carried)


_KEPT: Final = frozenset({"kind", "kind_reason"})


def _typed(column: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean():
        return pl.col(column) == "true"
    if dtype == pl.String():
        return pl.col(column).str.strip_suffix(".0")
    return pl.col(column).cast(pl.Float64, strict=False).cast(dtype, strict=False)


def _with_series(told: pl.DataFrame, words: Language) -> pl.DataFrame:
    """Add what the table ``series`` holds of the series, else of its letters; the canonical spelling replaces it."""
    series = words.writing["series"]
    attributes = [name for name in series.columns if name not in ("kind", "series")]
    for token, suffix in (("series", "_s"), ("letters", "_l")):
        renamed = series.rename({"series": "__token"} | {name: name + suffix for name in attributes})
        told = (
            told.with_columns(pl.col(token).alias("__token"))
            .join(renamed, on=["kind", "__token"], how="left", maintain_order="left")
            .drop("__token")
        )
    columns = []
    for name in attributes:
        own = [pl.col(name)] if name in told.columns else []
        columns.append(pl.coalesce(*own, name + "_s", name + "_l").alias(name))
    told = told.with_columns(columns).with_columns(pl.coalesce("canonical_s", "series").alias("series"))
    return told.drop([name + suffix for name in attributes for suffix in ("_s", "_l")])


def _with_fuel(told: pl.DataFrame, words: Language) -> pl.DataFrame:
    codes = words.writing["fuel_codes"].filter(~pl.col("inferred").fill_null(False))
    codes = codes.select(pl.col("code").alias("fuel_code"), pl.col("fuel").alias("__fuel"), "fuel_class")
    told = told.join(codes, on="fuel_code", how="left", maintain_order="left")
    return told.with_columns(pl.coalesce("fuel", "__fuel").alias("fuel")).drop("__fuel")


def _ratings(cases: pl.DataFrame, words: Language) -> pl.DataFrame:
    """Return ``rid``, ``attribute``, ``value`` for each rating written out with its unit."""
    text = pl.concat_str("model_norm", "name_norm", separator=" ", ignore_nulls=True)
    rows = cases.select("rid", "kind", text.alias("text")).filter(
        pl.col("text").str.contains(r"\d\s*[A-Z极门蒸万米转×]")
    )
    ratings = words.writing["ratings"].sort("order").with_row_index("nth")
    # All patterns at once: for the few rows of one page a query for each of them would take longer than all reading.
    read = rows.select("rid", *(_rated(row).alias(str(row["nth"])) for row in ratings.iter_rows(named=True)))
    found = read.unpivot(index="rid", variable_name="nth", value_name="value").drop_nulls("value")
    of_rating = ratings.select(pl.col("nth").cast(pl.String), "attribute")
    return found.join(of_rating, on="nth", maintain_order="left").select("rid", "attribute", "value")


def _rated(rating: dict[str, Any]) -> pl.Expr:
    """Return what one rating finds in ``text``; texts of other kinds than its own say nothing."""
    of_kind = pl.col("kind").is_in(rating["kinds"]) if rating["kinds"] else True
    value = pl.when(of_kind).then(pl.col("text")).str.extract(rating["pattern"])
    if rating["factor"] is not None:
        value = (value.cast(pl.Float64, strict=False) * rating["factor"]).round(6).cast(pl.String)
    return value


def _name_words(cases: pl.DataFrame, words: Language) -> pl.DataFrame:
    """Return ``rid``, ``attribute``, ``value`` for each telling word of name or model; the longer word goes first."""
    spoken = [cases.select("rid", "kind", pl.col(name).alias("text")) for name in ("name_norm", "model_norm")]
    rows = pl.concat(spoken).filter(pl.col("text").str.contains(r"\p{Han}"))
    table = words.writing["name_words"].sort(pl.col("word").str.len_chars(), descending=True, maintain_order=True)
    table = table.with_row_index("order").rename({"kind": "of_kind"})
    every = table["word"].unique(maintain_order=True)
    heard = (
        rows.select("text")
        .unique()
        .with_columns(pl.col("text").str.extract_many(every.implode(), overlapping=True).alias("word"))
    )
    heard = heard.explode("word").drop_nulls("word").unique().join(table, on="word")
    found = rows.join(heard, on="text").filter(pl.col("of_kind").is_null() | (pl.col("of_kind") == pl.col("kind")))
    return found.sort("order", maintain_order=True).select("rid", "attribute", "value")
