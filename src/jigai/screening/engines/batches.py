"""The kernel for engines that hand over record batches and take record batches: one schema in, one schema out.

A cluster engine maps :func:`kernel` over its partitions; nothing here knows which engine calls. Lines of one
signature met in two batches are judged twice, with the same result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import polars as pl
import pyarrow as pa

from jigai.reference import Reference
from jigai.screening.engines.signatures import HASH, distinct, numbered, signature_columns, with_hash
from jigai.screening.kernel import judge
from jigai.screening.schema import FINDING

_PLAIN: Final = {pl.String(): pa.large_string(), pl.Float64(): pa.float64(), pl.Boolean(): pa.bool_()}

SCHEMA: Final = pa.schema(
    [("device_id", pa.large_string()), *[(name, _PLAIN[dtype]) for name, dtype in FINDING.items()]]
)
"""Schema of every batch that comes out."""


def kernel(batches: Iterable[pa.RecordBatch], reference: Reference, as_of: date) -> Iterator[pa.RecordBatch]:
    """Yield the findings of the devices in ``batches`` (``device_id`` + attribute columns), batch by batch.

    All batches have one schema. The larger the batches, the fewer signatures are judged more than once.
    """
    for batch in batches:
        lines = pl.from_arrow(batch)
        assert isinstance(lines, pl.DataFrame)
        if lines.is_empty():
            continue
        columns = signature_columns(lines.columns)
        lines = with_hash(lines, columns, seed=0)
        known = numbered(distinct(lines, columns))
        findings = judge(known.drop(HASH), reference, as_of).findings
        keyed = lines.select(HASH, "device_id").join(known.select(HASH, "sig"), on=HASH)
        out = keyed.join(findings, on="sig", maintain_order="left_right").select(SCHEMA.names)
        yield from out.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(SCHEMA).to_batches()
