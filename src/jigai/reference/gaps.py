"""What is known not to be held: read from any dataset's table named ``gaps``, and from the manifests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from jigai.reference.errors import Fault
from jigai.reference.manifest import Gap

if TYPE_CHECKING:
    from jigai.reference.dataset import Dataset

GAPS_TABLE: Final = "gaps"
_COLUMNS: Final = (
    "subject",
    "document",
    "in_force_from",
    "in_force_to",
    "kind",
    "text_zh",
    "text_en",
    "equipment_kinds",
    "subkinds",
    "check",
    "certainty",
)


def check_gaps_table(table: pl.DataFrame, file: str) -> list[Fault]:
    """Return the fault of a ``gaps`` table that lacks a column."""
    lacking = [name for name in _COLUMNS if name not in table.columns]
    return [Fault(file, 1, None, "gaps_table", {"names": ", ".join(lacking)})] if lacking else []


def gaps_on(datasets: Iterable[Dataset], day: date) -> list[Gap]:
    """Return the gaps that matter on ``day``: rows of every ``gaps`` table then in force, and gaps of the manifests."""
    found: list[Gap] = []
    for dataset in datasets:
        found += dataset.gaps
        if GAPS_TABLE in dataset.tables:
            found += _rows(dataset, day)
    return sorted(found, key=lambda gap: (gap.kind, gap.check or "", gap.document, gap.text_zh))


def _rows(dataset: Dataset, day: date) -> list[Gap]:
    valid = pl.col("in_force_from").fill_null(date.min) <= day, pl.col("in_force_to").fill_null(date.max) >= day
    return [
        Gap(
            **{
                **row,
                "equipment_kinds": tuple(row["equipment_kinds"] or ()),
                "subkinds": tuple(row["subkinds"] or ()),
            },
            dataset=dataset.id,
        )
        for row in dataset.tables[GAPS_TABLE].filter(*valid).select(_COLUMNS).iter_rows(named=True)
    ]
