"""Checks ``elimination`` and ``guidance``: is the device on a list, and is every condition of the row met?"""

from __future__ import annotations

import polars as pl

from jigai.screening.batch import Batch
from jigai.screening.lists.candidates import find_candidates
from jigai.screening.lists.findings import hits, undecided
from jigai.screening.lists.looks import look_for_lists
from jigai.screening.lists.meeting import meet
from jigai.screening.lists.rulebook import rulebook
from jigai.screening.lists.silence import without_hit
from jigai.screening.schema import as_findings

__all__ = ["check_lists", "look_for_lists"]


def check_lists(batch: Batch, check: str) -> pl.DataFrame:
    """Compare every device with all lists of ``check`` in force: at least one finding per sig (D2).

    A row of a list speaks when kind and model (or series, or kind and size) agree and its condition holds; several
    rows may speak. A condition over something unknown makes ``undecided`` with the fields; no row makes ``clear``
    only for kinds the held lists speak for, else ``out_of_scope`` (D4).
    """
    book = rulebook(batch.reference, check)
    devices = batch.with_columns_for(sorted(book.fields))
    pairs = meet(find_candidates(devices, book), devices, book)
    found = [hits(pairs, book, check), undecided(pairs, book, check)]
    answered = pl.concat([part.select("sig") for part in found]).unique()
    silent = devices.join(answered, on="sig", how="anti")
    return pl.concat([as_findings(part) for part in [*found, without_hit(silent, book, check)]]).sort(
        "sig", "dataset", "rule_id", nulls_last=True, maintain_order=True
    )
