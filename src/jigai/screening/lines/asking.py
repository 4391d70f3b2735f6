"""What has to be asked of a line before it can be judged: the conditions of its product, and shares of its charge."""

from __future__ import annotations

from datetime import date

import polars as pl

from jigai.reference import Reference
from jigai.reference.condition import Condition, parse
from jigai.screening.lines.allowances import corrections
from jigai.screening.lines.schema import fields
from jigai.screening.lines.yardsticks import links, yardsticks


def conditions(texts: pl.Series) -> dict[str, Condition]:
    """Return the distinct conditions by their text."""
    return {text: parse(text, fields(), units={}, choices={}) for text in texts.drop_nulls().unique().sort()}


def products(reference: Reference, as_of: date) -> pl.DataFrame:
    """Return ``product, field``: every product that is judged; ``field`` is empty where only a standard knows it."""
    known = yardsticks(reference, as_of, awaited=True).select("product", "field")
    return known.unique("product", keep="first").sort("product")


def asks(reference: Reference, as_of: date) -> pl.DataFrame:
    """Return ``product, process, name``: what a line of the product is asked for (names of ``columns.csv``).

    A share of the charge is asked for whether or not its allowance is in force yet: it is a fact of the year.
    """
    found = yardsticks(reference, as_of, awaited=True)
    parsed = conditions(found["condition"])
    read = pl.DataFrame(
        [(text, name) for text, condition in parsed.items() for name in sorted(condition.fields)],
        schema={"condition": pl.String, "name": pl.String},
        orient="row",
    )
    by_condition = found.join(read, on="condition").select("product", "process", "name")
    shares = corrections(reference, as_of).filter("asked").select("limit_id", "product", "process", name="share_of")
    linked = links(reference, as_of).join(shares.select("limit_id", "name"), on="limit_id")
    return (
        pl.concat(
            [by_condition, linked.select("product", "process", "name"), shares.select("product", "process", "name")]
        )
        .unique()
        .sort(pl.all())
    )
