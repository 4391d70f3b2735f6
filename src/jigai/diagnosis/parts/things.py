"""Machines as things that are counted in a share."""

from __future__ import annotations

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.model import NOT_APPLICABLE, UNKNOWN
from jigai.diagnosis.telling import KEY, Told, left_out, shares, together
from jigai.ledger.columns import attribute_dtypes

LEDGER = ("asked", "ledger")
"""What is asked of an enterprise without a ledger: source and key."""


def of_machines(case: Case, frame: pl.DataFrame, part: str, way: int, *, invert: bool = False) -> Told:
    """Return the share ``frame`` makes, see `shares`, and what is said where it has no machine of an enterprise.

    Without a ledger a part is unknown; with one in which nothing is in scope it does not apply.
    """
    told = shares(frame.rename({"device_id": "thing"}), part, way, "device", invert=invert)
    none = case.without_devices()
    others = case.enterprises.join(none, on=KEY, how="anti").join(frame, on=KEY, how="anti")
    return together(
        [told, left_out(none, part, way, UNKNOWN, [LEDGER]), left_out(others, part, way, NOT_APPLICABLE, [])]
    )


def wanting(column: str = "f_missing") -> pl.Expr:
    """Return what a finding lacks as a list to ask for: attributes of the ledger, or parts of the facts not held."""
    names = list(attribute_dtypes())
    said = (
        pl.col(column)
        .str.split(";")
        .list.eval(
            pl.when(pl.element().is_in(names))
            .then(pl.concat_str(pl.lit("attribute:"), pl.element()))
            .when(pl.element() != "")
            .then(pl.lit("asked:reference"))
        )
    )
    said = said.list.drop_nulls().list.unique(maintain_order=True)
    # A check that does not say what it lacks is settled by looking at the machine.
    return pl.when(said.list.len() > 0).then(said).otherwise(asking("asked:plate"))


def asking(*keys: str) -> pl.Expr:
    """Return a list to ask for: ``source:key`` each."""
    return pl.lit(list(keys), pl.List(pl.String))
