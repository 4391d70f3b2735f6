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
from jigai.nameplate.tidy import bodies, tidied
from jigai.reference import Reference

_UNIT: Final = "\x1f"
_LEAD: Final = r"^(\d*[A-Z][0-9A-Z]*(?:\.\d+)?[0-9A-Z]*)(?:[-(/.×]|$)"
_TRIMMED: Final = r"^\d+(?:\.\d+)?[A-D]$"
"""A size with the letter of a trimmed impeller, left over where Chinese words name the series: 丰产24B is no B pump."""
_SUFFIX: Final = r"(?:[-(]?(?:T2|B3|B5|B35|V1|V5|V6|W|TH|TA|WF1|WF2|WF|F1|F2|IP\d{2})\)?)+$"
"""Mounting, climate and protection suffixes; they never make another model."""


def catalogue_keys(entries: pl.DataFrame, reference: Reference | None = None) -> pl.DataFrame:
    """Return ``kind``, ``text``, ``key`` for each distinct catalogue entry.

    ``entries`` has ``kind`` and ``text``, a model or a series as the catalogue prints it; explode list columns first.
    ``key`` is null where the text says nothing. Join it with the exploded ``model_keys`` (models) or ``series_keys``
    (series) of :func:`jigai.nameplate.read` on ``kind`` and key.
    """
    words = language(reference)
    distinct = entries.select(pl.col("kind").cast(pl.String), pl.col("text").cast(pl.String)).unique(
        maintain_order=True
    )
    norms = tidied(distinct["text"], words)
    flat = bodies(norms["tidied"]).rename({"text": "tidied"})
    keys = norms.join(flat, on="tidied", how="left").select("text", canonical(pl.col("flat")).alias("key"))
    return distinct.join(keys, on="text", how="left", maintain_order="left")


def canonical(compact: pl.Expr) -> pl.Expr:
    """Return the key of a tidied text without spaces.

    A hyphen between a letter and a digit is optional in designations and dropped; between digits it separates numbers
    and stays. ``AⅢ`` and ``A3`` are one fuel class. 老型 is a condition, not part of the model.
    """
    text = compact.str.replace_many(_PLAINER, leftmost=True)  # leftmost: -AIII is not -AI and II
    text = text.str.replace_all(r"([A-Z)])-(\d)", "${1}${2}").str.strip_chars("-./;:, ")
    return pl.when(text != "").then(text)


_PLAINER: Final = {"(老型)": "", "(老)": "", "老型": "", "老": "", "()": ""} | {
    f"-{coal}{roman}": f"-{coal}{number}" for number, roman in ((3, "III"), (2, "II"), (1, "I")) for coal in "AWL"
}


def with_keys(devices: pl.DataFrame) -> pl.DataFrame:
    """Add ``model_key``, ``model_keys`` and ``series_keys``.

    ``devices`` has ``kind``, ``flat`` and ``body`` (the designation with and without Chinese words) and what was read.
    """
    frame = devices.with_columns(
        canonical(pl.col("flat")).alias("model_key"),
        canonical(pl.col("body")).alias("__bare"),
        canonical(pl.col("body").str.extract(_LEAD)).alias("__lead"),
        pl.col("__series_read").str.to_uppercase().alias("__series_upper"),
    )
    bare, motor = pl.col("__bare"), pl.col("kind") == "motor"
    models = [
        pl.col("model_key"),
        bare,
        bare.str.replace(r"×\d{1,2}[A-Z]?$", ""),
        bare.str.replace(r"\([^()]*\)$", ""),
        pl.when(motor).then(bare.str.replace(_SUFFIX, "")),
        *_from_reading(),
    ]
    frame = _with_list(_with_list(frame, models, "model_keys"), _series(), "series_keys")
    return frame.drop("__bare", "__lead", "__series_upper")


def _with_list(frame: pl.DataFrame, candidates: list[pl.Expr], name: str) -> pl.DataFrame:
    """Add the distinct candidates as one list column, in their order, without nulls.

    Joined as text and split again, which polars does several times faster than putting lists together.
    """
    names = [f"__candidate_{place}" for place in range(len(candidates))]
    frame = frame.with_columns(key.alias(column) for key, column in zip(candidates, names, strict=True))
    once = [
        pl.when(
            pl.all_horizontal([pl.lit(True), *(pl.col(column).ne_missing(pl.col(other)) for other in names[:place])])
        ).then(pl.col(column))
        for place, column in enumerate(names)
    ]
    joined = pl.concat_str(once, separator=_UNIT, ignore_nulls=True)
    return frame.with_columns(pl.when(joined != "").then(joined.str.split(_UNIT)).alias(name)).drop(names)


def _plain(name: str) -> pl.Expr:
    """Return a number as people write it, without a trailing ``.0``."""
    return pl.col(name).cast(pl.String).str.strip_suffix(".0")


def _from_reading() -> list[pl.Expr]:
    """Keys put together from what was read: the shortest form a catalogue would print."""
    series, kind = pl.col("__series_upper"), pl.col("kind")
    motor = canonical(pl.format("{}-{}-{}", series, pl.col("__frame_read"), pl.col("__poles_read")))
    size = canonical(pl.format("{}-{}", series, _plain("__capacity_kva_read")))
    volts = pl.format("{}/{}", size, _plain("__voltage_kv_read"))
    fan = pl.format("{}NO{}", series, _plain("__machine_no_read"))
    built = pl.when(kind == "motor").then(motor).when(kind == "transformer").then(size).when(kind == "fan").then(fan)
    full = pl.when(kind == "transformer").then(volts).when(kind == "fan").then(fan + pl.col("__drive_read"))
    return [built, full]


def _series() -> list[pl.Expr]:
    """Whole leading tokens: up to the first separator, or the letters of a pump with or without the size before."""
    text, kind = pl.col("body"), pl.col("kind")
    pump, motor = kind == "pump", kind == "motor"
    before_size = text.str.extract(r"^(\d*(?:\.\d+)?[A-Z]+)\d{3,}")
    variant = text.str.extract(r"^([A-Z]+\d-(?:WF|F|0))(?:-|\d|$)")
    fan = text.str.extract(r"^([A-Z]{0,3}\d{1,2}-\d{2})(?:\D|$)")
    return [
        pl.col("__series_upper"),
        pl.col("__lead"),
        pl.when(pump).then(before_size),
        pl.when(pump & ~text.str.contains(_TRIMMED)).then(text.str.extract(r"^\d*(?:\.\d+)?([A-Z]+)")),
        pl.when(pump).then(text.str.extract(r"^(\d+(?:\.\d+)?[A-Z]+)")),
        pl.when(motor).then(variant),
        pl.when(kind.is_in(["fan", "blower"])).then(fan),
        pl.when(kind == "fan").then(text.str.extract(r"^(SJ)\d{3,}")),
    ]
