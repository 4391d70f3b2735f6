"""Check ``guidance``: the guidance directory, process equipment by size, and bans for mines (指导目录)."""

from __future__ import annotations

import polars as pl

from jigai.screening.batch import Batch
from jigai.screening.lists import check_lists, look_for_lists


def check(batch: Batch) -> pl.DataFrame:
    """Return the findings of the guidance lists; see :func:`jigai.screening.lists.check_lists`."""
    return check_lists(batch, "guidance")


def looks(batch: Batch) -> pl.DataFrame:
    """Return ``sig`` and what the check looks at; see :mod:`jigai.screening.lists.looks`."""
    return look_for_lists(batch, "guidance")
