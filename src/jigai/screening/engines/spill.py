"""A ledger too large for memory, kept on disk in buckets so that lines alike lie together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

import polars as pl
import pyarrow as pa

from jigai.screening.engines.signatures import HASH, PROOF, distinct, signature_columns

SEEN_AT_MOST: Final = 2_000_000
"""Names of signatures remembered, so that a signature met again is not written again [16 bytes each].

Every chunk is compared with all of them, and what is forgotten is written again and read again with its bucket.
"""

Group = tuple[pl.DataFrame, pl.DataFrame]
"""Signatures and the lines that have them."""


class Spill:
    """Two files with one record batch per bucket and chunk: the lines, and the signatures first met in the chunk.

    All lines of one signature are in one bucket; a bucket is read back alone, so memory follows the largest
    bucket; its signatures come in as many parts as they need.
    """

    def __init__(self, folder: Path, buckets: int) -> None:
        """Keep the two files in ``folder``, which must exist; ``buckets`` is how many parts to make."""
        self._paths = {"lines": folder / "lines.arrow", "signatures": folder / "signatures.arrow"}
        self._writers: dict[str, pa.ipc.RecordBatchFileWriter] = {}
        self._buckets = buckets
        self._chunks = 0
        self._seen = pl.DataFrame(schema={HASH: pl.UInt64(), PROOF: pl.UInt64()})

    def __enter__(self) -> Spill:
        """Open for writing."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Delete the files."""
        self.close()
        for path in self._paths.values():
            path.unlink(missing_ok=True)

    def add(self, lines: pl.DataFrame) -> None:
        """Add a chunk of lines: ``device_id``, ``quantity``, the signature columns and their hash."""
        columns = signature_columns(lines.columns)
        self._write("lines", lines.select(HASH, "device_id", "quantity"))
        new = distinct(lines, columns).join(self._seen, on=[HASH, PROOF], how="anti")
        if self._seen.height < SEEN_AT_MOST:
            self._seen = self._seen.vstack(new.select(HASH, PROOF))
        self._write("signatures", new)
        self._chunks += 1

    def _write(self, name: str, frame: pl.DataFrame) -> None:
        bucket = pl.col(HASH) % self._buckets
        parts = frame.with_columns(_bucket=bucket).partition_by("_bucket", as_dict=True, include_key=False)
        for number in range(self._buckets):
            part = parts.get((number,), frame.clear())
            table = part.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()
            if name not in self._writers:
                self._writers[name] = pa.ipc.new_file(str(self._paths[name]), table.schema)
            batches = table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]
            self._writers[name].write_batch(batches[0])

    def close(self) -> None:
        """Finish writing; must come before :meth:`groups`. What the writers held goes back to the system."""
        while self._writers:
            self._writers.popitem()[1].close()
        self._seen = self._seen.clear()
        pa.default_memory_pool().release_unused()

    def groups(self, signatures_at_once: int, lines_at_once: int) -> Iterator[Group]:
        """Yield (signatures, lines) of neighbouring buckets taken together up to the two sizes."""
        waiting: list[Group] = []
        for group in self._parts(signatures_at_once):
            together = [*waiting, group]
            if waiting and (_height(together, 0) > signatures_at_once or _height(together, 1) > lines_at_once):
                yield _joined(waiting)
                waiting = []
            waiting.append(group)
            del group, together
        if waiting:
            yield _joined(waiting)

    def _parts(self, signatures_at_once: int) -> Iterator[Group]:
        """Yield bucket by bucket, in several parts where a bucket holds more signatures than may be judged at once."""
        if not self._chunks:
            return
        with pa.OSFile(str(self._paths["signatures"])) as first, pa.OSFile(str(self._paths["lines"])) as second:
            signature_file, line_file = pa.ipc.open_file(first), pa.ipc.open_file(second)
            for bucket in range(self._buckets):
                known = self._read(signature_file, bucket).unique(subset=[HASH, PROOF], keep="first")
                met = self._read(line_file, bucket)
                parts = max(1, -(-known.height // signatures_at_once))
                for part in range(parts):
                    mine = pl.col(HASH) // self._buckets % parts == part
                    yield known.filter(mine), met.filter(mine)

    def _read(self, file: pa.ipc.RecordBatchFileReader, bucket: int) -> pl.DataFrame:
        numbers = range(bucket, self._chunks * self._buckets, self._buckets)
        frame = pl.from_arrow(pa.Table.from_batches([file.get_batch(number) for number in numbers]))
        assert isinstance(frame, pl.DataFrame)
        return frame


def _height(groups: list[Group], side: int) -> int:
    return sum(group[side].height for group in groups)


def _joined(groups: list[Group]) -> Group:
    return pl.concat(known for known, _ in groups), pl.concat(met for _, met in groups)
