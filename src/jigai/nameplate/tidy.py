"""Tidying a written designation, so that one model written ten ways becomes one text.

Full width becomes half width, all dashes ``-``, all multiplication signs ``×``, ``№`` becomes ``NO``; letters are
upper case; the digit zero in ``J02`` and the letter l in ``BXl-330`` are what the writer meant. Every substitution
is a row of the dataset ``nameplate-series``; nothing here knows one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import polars as pl

from jigai.nameplate.language import Language

_RATING: Final = (
    r"[\s;:,(]\d+(?:\.\d+)?\s*(?:KVAR|KVA|MVA|KW|KV|MPA|HZ|R/MIN|RPM|极|V|A)"
    r"(?:[\s;:,)/]|$)"
)
_BODY: Final = r"([0-9A-ZΦ][!-:<-~×Φ±]*)"


def plain(texts: pl.Series, words: Language) -> pl.DataFrame:
    """Return ``text``, ``tidied`` for each distinct text, in half width with one character for each sign.

    Letters keep their case and Chinese words stay.
    """
    distinct = texts.cast(pl.String).drop_nulls().unique(maintain_order=True)
    frame = pl.DataFrame({"text": distinct, "tidied": distinct})
    pairs = dict(words.replacements("characters"))
    odd = "|".join([r"[^\x20-\x7e]", *(re.escape(sign) for sign in pairs)])

    def half_width(text: pl.Expr) -> pl.Expr:
        return text.str.replace_many(pairs).str.normalize("NFKC").str.replace_many(pairs)

    return _where(frame, odd, half_width)


def tidied(texts: pl.Series, words: Language) -> pl.DataFrame:
    """Return ``text``, ``tidied`` for each distinct text; null where it says nothing (``/``, 自制, 无铭牌 …).

    Tidying a tidied text changes nothing.
    """
    frame = plain(texts, words)
    pairs = dict(words.replacements("words"))
    frame = _where(frame, r"\p{Han}", lambda text: text.str.replace_many(pairs, leftmost=True))
    frame = _rewritten(frame, words, "rewrites")
    frame = _where(frame, r"[^\x20-\x60]", lambda text: text.str.to_uppercase())
    frame = _rewritten(frame, words, "upper_rewrites")
    nothing = [*words.words("no_model"), ""]
    stripped = pl.col("tidied").str.strip_chars()
    return frame.with_columns(pl.when(stripped.is_in(nothing).not_()).then(stripped).alias("tidied"))


def _rewritten(frame: pl.DataFrame, words: Language, table: str) -> pl.DataFrame:
    """Apply the patterns of a table in their order to the texts that any of them fits; the others cannot change."""
    rules = words.replacements(table)

    def rewrite(text: pl.Expr) -> pl.Expr:
        for pattern, replacement in rules:
            text = text.str.replace_all(pattern, replacement)
        return text

    return _where(frame, "|".join(f"(?:{pattern})" for pattern, _ in rules), rewrite)


def _where(frame: pl.DataFrame, pattern: str, change: Callable[[pl.Expr], pl.Expr]) -> pl.DataFrame:
    """Change ``tidied`` of the rows that fit ``pattern`` only: most texts are plain and skip the work."""
    fits = frame["tidied"].str.contains(pattern)
    if not fits.any():
        return frame
    return pl.concat([frame.filter(~fits), frame.filter(fits).with_columns(change(pl.col("tidied")).alias("tidied"))])


def bodies(norms: pl.Series) -> pl.DataFrame:
    """Return ``text``, ``flat``, ``body`` for each distinct tidied text.

    ``flat`` is the text without spaces and without ratings set apart from the model (``YKK450-4 10KV 560KW`` →
    ``YKK450-4``); ``body`` the designation proper, the first run of letters, digits and signs in it.
    """
    distinct = norms.cast(pl.String).drop_nulls().unique(maintain_order=True)
    frame = pl.DataFrame({"text": distinct, "tidied": distinct})
    frame = _where(frame, _RATING, lambda text: text.str.replace_all(_RATING, " ").str.replace_all(_RATING, " "))
    frame = _where(frame, r"\s", lambda text: text.str.replace_all(r"\s+", "")).rename({"tidied": "flat"})
    return frame.with_columns(pl.col("flat").str.extract(_BODY).alias("body"))
