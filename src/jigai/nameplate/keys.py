"""Canonical keys, by which a model on a ledger line and a model in a catalogue are joined.

Both sides go through :func:`canonical`, so a join on equal text is a match of whole designations: ``YB-80M1-2``
equals ``YB80M1-2``, but ``S`` is not ``S11``, ``BA6`` is not ``2BA6``, ``L-20/8`` is not ``4L-20/8``.

A catalogue entry has one key (:func:`catalogue_keys`, for models and series alike); a device has several candidates,
because owners add what catalogues leave out (suffix, stage count, voltage, fan layout): ``model_keys`` to compare
with models, ``series_keys`` to compare with series. Match when the kind is the same and one candidate is equal.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.nameplate.language import language
from jigai.nameplate.tidy import body, tidied, without_ratings
from jigai.reference import Reference

_SUFFIX: Final = r"(?:[-(]?(?:T2|B3|B5|B35|V1|V5|V6|W|TH|TA|WF1|WF2|WF|F1|F2|IP\d{2})\)?)+$"
"""Mounting, climate and protection suffixes; they never make another model."""


def catalogue_keys(entries: pl.DataFrame, reference: Reference | None = None) -> pl.DataFrame:
    """Return ``kind``, ``text``, ``key`` for each distinct catalogue entry.

    ``entries`` has ``kind`` and ``text``, a model or a series as the catalogue prints it; explode list columns first.
    ``key`` is null where the text says nothing. Join it with the exploded ``model_keys`` (models) or ``series_keys``
    (series) of :func:`jigai.nameplate.read` on ``kind`` and key.
    """
    words = language(reference)
    distinct = entries.select(pl.col("kind").cast(pl.String), pl.col("text").cast(pl.String)).unique(maintain_order=True)
    return distinct.with_columns(canonical(without_ratings(tidied(pl.col("text"), words))).alias("key"))


def canonical(compact: pl.Expr) -> pl.Expr:
    """Return the key of a tidied text without spaces.

    A hyphen between a letter and a digit is optional in designations and dropped; between digits it separates numbers
    and stays. ``AⅢ`` and ``A3`` are one fuel class. 老型 is a condition, not part of the model.
    """
    text = compact.str.replace_all(r"\(老\)|老", "").str.replace_all("()", "", literal=True)
    text = text.str.replace_all(r"([A-Z)])-(\d)", "${1}${2}").str.replace_all(r"-([AWL])III\b", "-${1}3")
    text = text.str.replace_all(r"-([AWL])II\b", "-${1}2").str.replace_all(r"-([AWL])I\b", "-${1}1")
    text = text.str.strip_chars("-./;:, ")
    return pl.when(text != "").then(text)


def with_keys(devices: pl.DataFrame) -> pl.DataFrame:
    """Add ``model_key``, ``model_keys`` and ``series_keys`` to frames with ``model_norm`` and the attributes read."""
    whole, bare = canonical(without_ratings(pl.col("model_norm"))), canonical(body(pl.col("model_norm")))
    frame = devices.with_columns(whole.alias("model_key"), bare.alias("__bare"))
    bare = pl.col("__bare")
    no_stage, no_bracket = bare.str.replace(r"×\d{1,2}[A-Z]?$", ""), bare.str.replace(r"\([^()]*\)$", "")
    no_suffix = pl.when(pl.col("kind") == "motor").then(bare.str.replace(_SUFFIX, ""))
    keys = [pl.col("model_key"), bare, no_stage, no_bracket, no_suffix]
    keys += _from_reading()
    return frame.with_columns(_distinct(keys).alias("model_keys"), _distinct(_series()).alias("series_keys")).drop("__bare")


def _distinct(keys: list[pl.Expr]) -> pl.Expr:
    return pl.concat_list([key.cast(pl.String) for key in keys]).list.drop_nulls().list.unique(maintain_order=True)


def _plain(name: str) -> pl.Expr:
    """Return a number as people write it, without a trailing ``.0``."""
    return pl.col(name).cast(pl.String).str.strip_suffix(".0")


def _from_reading() -> list[pl.Expr]:
    """Keys put together from what was read: the shortest form a catalogue would print."""
    series, kind = pl.col("__series_read"), pl.col("kind")
    motor = canonical(pl.format("{}-{}-{}", series, pl.col("__frame_read"), pl.col("__poles_read")))
    size = canonical(pl.format("{}-{}", series, _plain("__capacity_kva_read")))
    volts = canonical(pl.format("{}-{}/{}", series, _plain("__capacity_kva_read"), _plain("__voltage_kv_read")))
    fan = pl.format("{}NO{}", series, _plain("__machine_no_read"))
    return [
        pl.when(kind == "motor").then(motor),
        pl.when(kind == "transformer").then(size),
        pl.when(kind == "transformer").then(volts),
        pl.when(kind == "fan").then(fan + pl.col("__drive_read")),
        pl.when(kind == "fan").then(fan),
    ]


def _series() -> list[pl.Expr]:
    """Whole leading tokens: up to the first separator, with the sizes that stand before a pump's letters, or without."""
    text = body(pl.col("model_norm"))
    lead = text.str.extract(r"^([0-9A-Z]+(?:\.\d+)?[0-9A-Z]*)(?:[-(/.×]|$)")
    before_size = text.str.extract(r"^(\d*(?:\.\d+)?[A-Z]+)\d{3,}")
    pump = pl.col("kind") == "pump"
    letters = text.str.extract(r"^\d*(?:\.\d+)?([A-Z]+)")
    sized = text.str.extract(r"^(\d+(?:\.\d+)?[A-Z]+)")
    variant = text.str.extract(r"^([A-Z]+\d?-(?:WF|F|W|H|TH|P|C|0))(?:-|$)")
    fan = text.str.extract(r"^([A-Z]{0,3}\d{1,2}-\d{2})(?:\D|$)")
    return [
        canonical(pl.col("__series_read").str.to_uppercase()),
        canonical(lead),
        canonical(before_size),
        pl.when(pump).then(letters),
        pl.when(pump).then(sized),
        canonical(variant),
        pl.when(pl.col("kind").is_in(["fan", "blower"])).then(fan),
    ]


