"""What kind of equipment a Chinese name tells: the head of the name is at its end.

水泵电机 is a motor, 电机水泵 a pump, 助燃风机电机 a motor, 发电机 no motor: the known word that ends furthest to the
right decides, and of words ending there the longest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import polars as pl

from jigai.nameplate.language import Language
from jigai.nameplate.tidy import plain

NAMED: Final[dict[str, pl.DataType]] = {
    "text": pl.String(),
    "word": pl.String(),
    "kind": pl.String(),
    "anchored": pl.Boolean(),
    "firm": pl.Boolean(),
    "aside": pl.String(),
}
"""Columns of :func:`kinds_of_names`."""

_LOOSE: Final = r"[0-9A-Z#.\-/_~&+×Φ;:°%* ]"
"""Signs after the head that only number a machine: 循环水泵2#, 引风机A, 水泵-1."""


def kinds_of_names(texts: pl.Series, words: Language) -> pl.DataFrame:
    """Return, for each distinct text, the kind its name tells, or nulls.

    ``word`` is the word that decided; ``anchored`` tells whether it ends the name (except for numbering, 设备, 机组 …);
    ``firm`` whether the word means one kind only (炉, 塔, 鼓风机 do not). ``aside`` is the kind named in brackets, as
    in 水泵（电机）.
    """
    outer = pl.col("plain").str.replace_all(r"\([^()]*\)", "")
    inner = pl.col("plain").str.extract(r"\(([^()]*)\)")
    frame = plain(texts, words).select(
        "text", pl.col("tidied").str.to_uppercase().str.replace_all(r"\s+", "").alias("plain")
    )
    frame = frame.with_columns(
        pl.when(outer.str.contains(r"\p{Han}")).then(outer).otherwise(inner).str.reverse().alias("head"),
        inner.str.reverse().alias("aside"),
    )
    known, found, tails = _heads(words)
    last = pl.col("head").str.extract(f"^(?:{_LOOSE}|{tails})*?({found})")
    frame = frame.with_columns(
        pl.coalesce(last, pl.col("head").str.extract(f"({found})")).str.reverse().alias("word"),
        last.is_not_null().alias("anchored"),
        pl.col("aside").str.extract(f"({found})").str.reverse(),
    )
    frame = frame.join(known, on="word", how="left", maintain_order="left")
    aside = known.select(pl.col("word").alias("aside"), pl.col("kind").alias("aside_kind"))
    frame = frame.join(aside, on="aside", how="left", maintain_order="left")
    return frame.select(
        "text",
        "word",
        "kind",
        pl.col("anchored").fill_null(False),
        pl.col("word").is_in(words.words("weak_words")).not_().fill_null(False).alias("firm"),
        pl.col("aside_kind").alias("aside"),
    ).cast(NAMED)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def _heads(words: Language) -> tuple[pl.DataFrame, str, str]:
    """Return the known words with their kinds, and the patterns that find them and the tails behind them."""
    known = _words(words)
    return known, _alternation(known["word"].to_list()), _alternation(words.words("name_tails"))


def _words(words: Language) -> pl.DataFrame:
    """Return word → kind, from the Chinese names and the aliases; the alias wins where both exist."""
    kinds = words.kinds
    aliases = kinds.select(pl.col("aliases").alias("word"), "kind").explode("word", empty_as_null=True).drop_nulls()
    names = kinds.select(pl.col("zh").alias("word"), "kind")
    every = pl.concat([aliases, names])
    written = plain(every["word"], words).select(pl.col("text").alias("word"), pl.col("tidied").str.to_uppercase())
    every = every.join(written, on="word", maintain_order="left").select(pl.col("tidied").alias("word"), "kind")
    return every.unique("word", keep="first", maintain_order=True)


def _alternation(found: list[str]) -> str:
    """Return a pattern for reversed text that prefers the longest of the words ending at one place."""
    longest = sorted(set(found), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word[::-1]) for word in longest)
