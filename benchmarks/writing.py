"""The writing habits of real ledgers, laid over clean designations column by column."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from benchmarks.mixing import Numbers, percent, pick

_PRINTABLE = [chr(code) for code in range(0x21, 0x7F)]
_WIDE = [chr(code + 0xFEE0) for code in range(0x21, 0x7F)]


def write_as_people_do(model: pl.Expr, grammar: dict[str, Any]) -> pl.Expr:
    """Return ``model`` with full width, dashes, blanks, lower case, O/0 and suffixes mixed in.

    Needs the columns ``habit`` (share 0 … 100 that chooses the habit), ``suffix`` and ``rating`` (texts).
    """
    written = {
        "full_width_dash": model.str.replace_all("-", "－", literal=True),
        "em_dash": model.str.replace_all("-", "—", literal=True),
        "spaced_dash": model.str.replace_all("-", " - ", literal=True),
        "lower": model.str.to_lowercase(),
        "full_width": model.str.replace_many(_PRINTABLE, _WIDE),
        "zero_for_o": model.str.replace_all("O", "0", literal=True),
        "suffix": pl.concat_str(model, pl.col("suffix")),
        "rating": pl.concat_str(model, pl.col("rating")),
        "blank_before": pl.concat_str(pl.lit(" "), model),
    }
    result, bound = model, 100.0
    for habit, share in grammar["noise"].items():
        result = pl.when(pl.col("habit").is_between(bound - share, bound)).then(written[habit]).otherwise(result)
        bound -= share
    return result


def habit_columns(numbers: Numbers, power: pl.Series | None, grammar: dict[str, Any]) -> list[pl.Series]:
    """Return the columns :func:`write_as_people_do` needs for the signatures ``numbers``."""
    suffixes = pl.Series(grammar["suffixes"])
    rating = pl.Series([""] * len(numbers)) if power is None else (" " + power.cast(pl.String) + "kW").fill_null("")
    return [
        pl.Series("habit", percent(numbers, 11)),
        suffixes.gather(pick(numbers, 12, len(suffixes))).alias("suffix"),
        rating.alias("rating"),
    ]


def shared_choice(numbers: Numbers, salt: int, shares: dict[str, float]) -> pl.Series:
    """Choose a text per number by its share [%]."""
    bounds = np.cumsum(list(shares.values()))
    index = np.searchsorted(bounds, percent(numbers, salt) * bounds[-1] / 100.0, side="right")
    return pl.Series(list(shares)).gather(index.clip(max=len(shares) - 1))
