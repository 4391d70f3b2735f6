"""Which rows of the lists may speak of which device: joins by model, by series, by kind alone."""

from __future__ import annotations

import polars as pl

from jigai.screening.cases import cases
from jigai.screening.lists.rulebook import Rulebook

MODEL, SERIES, LISTED, KIND = "model", "series", "listed", "kind"
"""How a row was found: the model itself, a whole series, a series of which only some models are named, the kind."""


def find_candidates(devices: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """Return the pairs (sig, rule, how, text) worth testing; ``text`` is the model or series as the list writes it.

    The kind comes first, in groups (a Roots blower of the catalogue stands among its fans); then whole tokens, made
    by the same reading on both sides. A series of which a list names only some models is one suspicion per list and
    series, kept only where no list names the model itself: a row that names it also says when it is not meant.
    Kind and keys settle it, so it is settled once for all devices alike in them.
    """
    distinct, members = cases(devices.select("sig", "kind", "model_keys", "series_keys"))
    pairs = _of_keys(distinct, book).rename({"sig": "case"}).join(members, on="case")
    return pairs.select("sig", "rule", "text", "how").sort("sig", "rule")


def _of_keys(devices: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    known = devices.select("sig", "kind", "model_keys", "series_keys").join(
        book.groups.select("kind", "group"), on="kind", maintain_order="left"
    )
    models = _join(known, "model_keys", book.models).with_columns(how=pl.lit(MODEL))
    series = _join(known, "series_keys", book.series).join(
        book.rules.select("rule", "series_whole"), on="rule", maintain_order="left"
    )
    whole = series.filter("series_whole").drop("series_whole").with_columns(how=pl.lit(SERIES))
    by_kind = (
        known.select("sig", "kind")
        .join(book.kinds, on="kind")
        .select("sig", "rule", text=pl.lit(None, pl.String), how=pl.lit(KIND))
    )
    exact = pl.concat([models, whole])
    listed = _suspicions(series.filter(~pl.col("series_whole")), exact, book)
    order = {"model": 0, "series": 1, "listed": 2, "kind": 3}
    return (
        pl.concat([exact, listed, by_kind.select(exact.columns)])
        .with_columns(_order=pl.col("how").replace_strict(order, return_dtype=pl.Int8))
        .sort("sig", "rule", "_order", "text", descending=[False, False, False, True])  # JZ2 before JZ, always the same
        .unique(["sig", "rule"], keep="first", maintain_order=True)
        .drop("_order")
    )


def _join(known: pl.DataFrame, column: str, keys: pl.DataFrame) -> pl.DataFrame:
    spread = known.select("sig", "group", key=column).explode("key", empty_as_null=True).drop_nulls("key")
    return spread.join(keys, on=["group", "key"]).select("sig", "rule", "text").unique()


def _suspicions(series: pl.DataFrame, exact: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """One row per sig, list, series and outcome: the first row of the series stands for all of them."""
    lists = book.rules.select("rule", "dataset", "outcome")
    return (
        series.join(lists, on="rule")
        .join(exact.select("sig").unique(), on="sig", how="anti")
        .sort("sig", "rule")
        .unique(["sig", "dataset", "text", "outcome"], keep="first", maintain_order=True)
        .select("sig", "rule", "text", how=pl.lit(LISTED))
    )
