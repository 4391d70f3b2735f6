"""Readers: the bytes of one file → the grids of its sheets."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.ledger.grid import Grid
from jigai.ledger.readers import ods, parquet, text, xls, xlsb, xlsx


def read_grids(data: bytes, file_format: str, name: str) -> Iterator[Grid]:
    """Yield the sheets of a file one at a time; :class:`~jigai.ledger.limits.Refused` when it cannot be read.

    ``file_format`` is what :func:`jigai.ledger.sniff.sniff` found.
    """
    readers = {
        "xlsx": xlsx.read,
        "xlsb": xlsb.read,
        "xls": xls.read,
        "ods": ods.read,
        "text": text.read,
        "parquet": parquet.read,
    }
    return readers[file_format](data, name)
