"""What a check is given: the distinct signatures of one batch, read by the nameplate, and the facts in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference


@dataclass(frozen=True)
class Batch:
    """Distinct signatures to judge.

    ``devices`` has one row per signature: ``sig`` (UInt32) and the attribute columns that occur; a column that
    does not occur means the attribute is unknown for every row.
    """

    devices: pl.DataFrame
    reference: Reference
    as_of: date

    def with_columns_for(self, names: Iterable[str]) -> pl.DataFrame:
        """Return the devices with every attribute in ``names`` present, as nulls where no ledger gave it."""
        dtypes = attribute_dtypes()
        absent = [name for name in names if name not in self.devices.columns]
        return self.devices.with_columns(
            [pl.lit(None, dtype=dtypes.get(name, pl.String())).alias(name) for name in absent]
        )
