"""Is what stands in the model cell a designation that lists can be compared with?"""

from __future__ import annotations

import polars as pl

from jigai.screening.lists.rulebook import Rulebook
from jigai.screening.lists.wording import attribute

_UNIT = r"(?:KVAR|KVA|MVA|KW|MW|KV|KA|MPA|PA|M3/H|M3/MIN|M3|M2|T/H|T/A|MM|CM|KG|HZ|HP|PS|RPM|R/MIN|[VATMPW寸])"
_RATINGS_ONLY = rf"^(?:Φ?\d+(?:\.\d+)?\s*{_UNIT}?|[\s;:,./()+×*±=~-]|DN|IP)+$"
_FOREIGN = r"[|!<>?$@`^{}]|^[=+]"
_SERIES = (r"^(\d*(?:\.\d+)?[A-Z]+)", r"^\d*(?:\.\d+)?([A-Z]+)", r"^(\d*[A-Z]+\d)(?:[-/×(])")
"""How the series is cut off a listed model: with the size before it, without, and with its generation."""


def is_named(devices: pl.DataFrame, sized: list[str]) -> pl.Expr:
    """Whether there is a designation to compare: a readable model, or a series read out of the name.

    A cell with nothing but ratings (``132kW``, ``4极``, ``380V``) names no model, and neither does one with signs
    that no designation has. For the ``sized`` kinds a rating is how a list names them (85 kA cells).
    """
    written = pl.coalesce(*[name for name in ("model_norm", "model") if name in devices.columns])
    text = written.str.to_uppercase().str.replace_all(r"\p{Han}+", " ").str.strip_chars()
    ratings = text.str.contains(_RATINGS_ONLY) & ~pl.col("kind").is_in(sized).fill_null(value=False)
    readable = text.str.contains(r"[0-9A-Z\x{ff10}-\x{ff3a}]") & ~ratings & ~text.str.contains(_FOREIGN)
    readable = readable.fill_null(value=False)
    return readable | pl.col("series").is_not_null() if "series" in devices.columns else readable


def sized_kinds(book: Rulebook) -> list[str]:
    """Return the kinds of which a list has a row by size: without a model, with a condition on a number."""
    by_kind = book.rules.join(book.kinds, on=["kind", "rule"], how="semi").drop_nulls("condition")
    sized = [
        kind
        for kind, text in by_kind.select("kind", "condition").unique().iter_rows()
        if any(attribute(test.asks).type == "number" for test in book.conditions[text].tests)
    ]
    return sorted(set(sized))


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
