"""Is what stands in the model cell a designation that lists can be compared with?"""

from __future__ import annotations

import polars as pl

from jigai.screening.lists.rulebook import Rulebook

_UNIT = r"(?:KVAR|KVA|MVA|KW|MW|KV|KA|MPA|PA|M3/H|M3/MIN|M3|M2|T/H|T/A|MM|CM|KG|HZ|HP|PS|RPM|R/MIN|[VATMPW寸])"
_RATINGS_ONLY = rf"^(?:Φ?\d+(?:\.\d+)?\s*{_UNIT}?|[\s;:,./()+×*±=~-]|DN|IP)+$"
_FOREIGN = r"[|!<>?$@`^{}]|^[=+]"
_SERIES = (r"^(\d*(?:\.\d+)?[A-Z]+)", r"^\d*(?:\.\d+)?([A-Z]+)", r"^(\d*[A-Z]+\d)(?:[-/×(])")
"""How the series is cut off a listed model: with the size before it, without, and with its generation."""


def is_named(devices: pl.DataFrame) -> pl.Expr:
    """Whether there is a designation to compare: a readable model, or a series read out of the name.

    A cell with nothing but ratings (``132kW``, ``4极``, ``380V``) names no model, and neither does one with signs
    that no designation has.
    """
    written = pl.coalesce(*[name for name in ("model_norm", "model") if name in devices.columns])
    text = written.str.to_uppercase().str.replace_all(r"\p{Han}+", " ").str.strip_chars()
    readable = (
        text.str.contains(r"[0-9A-Z\x{ff10}-\x{ff3a}]")
        & ~text.str.contains(_RATINGS_ONLY)
        & ~text.str.contains(_FOREIGN)
    )
    readable = readable.fill_null(value=False)
    return readable | pl.col("series").is_not_null() if "series" in devices.columns else readable


def series_of_models(book: Rulebook) -> pl.DataFrame:
    """Return (group, model_key): series of which a list names single models, as a ledger would write them alone.

    ``BX1`` may be the listed BX1-330 or a later one: without the rest of the designation nobody can tell.
    """
    cut = [pl.col("key").str.extract(pattern) for pattern in _SERIES]
    return (
        book.models.select("group", "key", model_key=pl.concat_list(cut))
        .explode("model_key", empty_as_null=True)
        .filter(pl.col("model_key").is_not_null() & (pl.col("model_key") != pl.col("key")))
        .select("group", "model_key", only_series=pl.lit(value=True))
        .unique()
    )
