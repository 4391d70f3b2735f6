"""From judged signatures back to ledger lines, without ever writing a sentence twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from jigai.screening.schema import FINDING

Counts = NDArray[np.int64]

TEXT: Final = pa.dictionary(pa.int32(), pa.large_string())
"""A text column of the output: the distinct texts of the row group once, and an index per row."""

_ARROW: Final = {pl.String(): TEXT, pl.Float64(): pa.float64(), pl.Boolean(): pa.bool_()}

FINDINGS: Final = pa.schema([("device_id", TEXT), *[(name, _ARROW[dtype]) for name, dtype in FINDING.items()]])
"""Schema of ``findings.parquet``; a reader sees plain texts."""

DEVICE_COLUMNS: Final = ("kind", "subkind", "verdict", "missing")
DEVICES: Final = pa.schema([("device_id", pa.large_string()), *[(name, TEXT) for name in DEVICE_COLUMNS]])
"""Schema of the engine's ``devices.parquet``: what was settled about each line; the cells stay in the input."""


@dataclass(frozen=True)
class Statements:
    """What is said of the signatures of a group, each statement once, its texts as numbers.

    ``columns``: the columns of the output but ``device_id``. ``sig`` and ``row``: which row of the columns is said of
    which signature, sorted by ``sig``; the order within a signature is kept.
    """

    columns: dict[str, pa.Array]
    sig: pl.Series
    row: pl.Series

    @classmethod
    def of(cls, said: pl.DataFrame, told: pl.DataFrame, schema: pa.Schema) -> Statements:
        """Encode the columns of ``said`` once; ``told`` has ``sig`` and the place in ``said``."""
        columns = {name: _encoded(said[name], schema.field(name).type) for name in schema.names if name != "device_id"}
        return cls(columns, told["sig"], told.to_series(1))

    def between(self, first: int, last: int) -> Statements:
        """Return what is said of the signatures ``first`` … ``last``."""
        begin, end = self.sig.search_sorted(first, side="left"), self.sig.search_sorted(last, side="right")
        return Statements(self.columns, self.sig[begin:end], self.row[begin:end])


def expand(lines: pl.DataFrame, said: Statements, schema: pa.Schema) -> pa.Table:
    """Give every line the statements of its signature.

    ``lines`` (``device_id``, ``sig``) are sorted by ``sig``. Rows come out by signature, then by statement, then by
    line, so that equal values lie in runs. No text is touched: indices are spread, and each text column takes along
    the few texts that occur.
    """
    of_line, of_statement = lines["sig"].to_numpy(), said.sig.to_numpy()
    begin = np.searchsorted(of_line, of_statement, side="left")
    count = np.searchsorted(of_line, of_statement, side="right") - begin
    start = np.cumsum(count) - count
    line = (np.arange(count.sum()) - np.repeat(start - begin, count)).astype(np.int32)
    row = said.row.to_arrow()
    columns = []
    for field in schema:
        if field.name == "device_id":
            columns.append(_of_lines(lines["device_id"], pa.array(line), field.type))
        else:
            columns.append(_spread(said.columns[field.name].take(row), count))
    return pa.Table.from_arrays(columns, schema=schema)


def _encoded(values: pl.Series, wanted: pa.DataType) -> pa.Array:
    array = values.to_arrow(compat_level=pl.CompatLevel.oldest())
    if not pa.types.is_dictionary(wanted):
        return array.cast(wanted)
    return array.cast(pa.large_string()).dictionary_encode()


def _of_lines(ids: pl.Series, line: pa.Array, wanted: pa.DataType) -> pa.Array:
    array = ids.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.large_string())
    if pa.types.is_dictionary(wanted):  # already distinct: no need to look for repeats
        return pa.DictionaryArray.from_arrays(line, array)
    return array.take(line)


def _spread(values: pa.Array, count: Counts) -> pa.Array:
    """Repeat each value as often as its statement is said."""
    if not pa.types.is_dictionary(values.type):
        return _repeated(values, count)
    occurring = values.indices.dictionary_encode()
    texts = values.dictionary.take(occurring.dictionary)
    return pa.DictionaryArray.from_arrays(_repeated(occurring.indices, count), texts, safe=False)


def _repeated(values: pa.Array, count: Counts) -> pa.Array:
    """Repeat numbers or flags by memory copy, many times faster than taking them one by one."""
    flags = pa.types.is_boolean(values.type)
    known = np.repeat(values.is_valid().to_numpy(zero_copy_only=False), count)
    plain = values.fill_null(fill_value=False if flags else 0).to_numpy(zero_copy_only=False)
    repeated = np.repeat(plain, count)
    content = pa.py_buffer(_bits(repeated) if flags else repeated)
    validity = None if known.all() else pa.py_buffer(_bits(known))
    return pa.Array.from_buffers(values.type, len(known), [validity, content])


def _bits(flags: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.packbits(flags, bitorder="little")
