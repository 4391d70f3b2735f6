"""Tidying a written designation, so that one model written ten ways becomes one text.

Full width becomes half width, all dashes ``-``, all multiplication signs ``×``, ``№`` becomes ``NO``; letters are
upper case; the digit zero in ``J02`` and the letter l in ``BXl-330`` are what the writer meant. Every substitution
is a row of the dataset ``nameplate-series``; nothing here knows one.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.nameplate.language import Language

_RATING: Final = (
    r"[\s;:,(]\d+(?:\.\d+)?\s*(?:KVAR|KVA|MVA|KW|KV|MPA|HZ|R/MIN|RPM|极|V|A)"
    r"(?:[\s;:,)/]|$)"
)


def characters(text: pl.Expr, words: Language) -> pl.Expr:
    """Return ``text`` in half width with one character for each sign, letters as they stand."""
    pairs = words.replacements("characters")
    written, tidied = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return text.str.replace_many(written, tidied).str.normalize("NFKC").str.replace_many(written, tidied)


def tidied(text: pl.Expr, words: Language) -> pl.Expr:
    """Return the tidied designation; null where the cell says nothing (``/``, 自制, 无铭牌 …).

    Tidying a tidied text changes nothing.
    """
    result = _rewritten(characters(text, words), words, "rewrites").str.to_uppercase()
    result = _rewritten(result, words, "upper_rewrites").str.strip_chars()
    nothing = [*words.words("no_model"), ""]
    return pl.when(result.is_in(nothing).not_()).then(result)


def _rewritten(text: pl.Expr, words: Language, table: str) -> pl.Expr:
    for pattern, replacement in words.replacements(table):
        text = text.str.replace_all(pattern, replacement)
    return text


def without_ratings(norm: pl.Expr) -> pl.Expr:
    """Return the tidied text without ratings set apart from the model (``YKK450-4 10kV 560kW`` → ``YKK450-4``)."""
    return norm.str.replace_all(_RATING, " ").str.replace_all(_RATING, " ").str.replace_all(r"\s+", "")


def body(norm: pl.Expr) -> pl.Expr:
    """Return the designation proper: the first run of letters, digits and signs, without ratings and Chinese words."""
    return without_ratings(norm).str.extract(r"([0-9A-ZΦ][!-:<-~×Φ±]*)")
