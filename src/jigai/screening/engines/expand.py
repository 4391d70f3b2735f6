"""From judged signatures back to ledger lines, without ever writing a sentence twice."""

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa

from jigai.screening.schema import FINDING

TEXT: Final = pa.dictionary(pa.int32(), pa.large_string())
"""A text column of the output: the distinct texts of the row group once, and an index per row."""

_ARROW: Final = {pl.String(): TEXT, pl.Float64(): pa.float64(), pl.Boolean(): pa.bool_()}

FINDINGS: Final = pa.schema([("device_id", TEXT), *[(name, _ARROW[dtype]) for name, dtype in FINDING.items()]])
"""Schema of ``findings.parquet``; a reader sees plain texts."""

DEVICE_COLUMNS: Final = ("kind", "subkind", "verdict", "missing")
DEVICES: Final = pa.schema([("device_id", pa.large_string()), *[(name, TEXT) for name in DEVICE_COLUMNS]])
"""Schema of the engine's ``devices.parquet``: what was settled about each line; the cells stay in the input."""


def expand(lines: pl.DataFrame, judged: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """Give every line the rows its signature has in ``judged``.

    ``lines`` (``device_id``, ``sig``) and ``judged`` (``sig`` + the columns of ``schema`` but ``device_id``) are
    both sorted by ``sig``. Rows come out by signature, then by row of ``judged``, then by line, so that equal
    values lie in runs. Each text column is encoded once over ``judged`` and spread by index.
    """
    pairs = (
        judged.select("sig")
        .with_row_index("_row")
        .join(lines.select("sig").with_row_index("_line"), on="sig", maintain_order="left_right")
    )
    row, line = pairs["_row"].to_arrow(), pairs["_line"].to_arrow()
    columns = []
    for field in schema:
        if field.name == "device_id":
            columns.append(_spread(lines["device_id"], line, field.type, once=True))
        else:
            columns.append(_spread(judged[field.name], row, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _spread(values: pl.Series, index: pa.Array, wanted: pa.DataType, once: bool = False) -> pa.Array:
    array = values.to_arrow(compat_level=pl.CompatLevel.oldest())
    if not pa.types.is_dictionary(wanted):
        return array.take(index).cast(wanted)
    if once:  # already distinct: no need to look for repeats
        return pa.DictionaryArray.from_arrays(index.cast(pa.int32()), array.cast(pa.large_string()))
    encoded = array.cast(pa.large_string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.take(index), encoded.dictionary)
