"""A ledger too large for memory, kept on disk in buckets so that lines alike lie together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

import polars as pl
import pyarrow as pa

from jigai.screening.engines.signatures import HASH, PROOF, distinct, signature_columns

SEEN_AT_MOST: Final = 400_000
"""Names of signatures remembered, so that a signature met again is not written again [16 bytes each].

What is common is met early, so few names spare most of the writing; all names would be compared with every chunk.
"""


class Spill:
    """Two files with one record batch per bucket and chunk: the lines, and the signatures first met in the chunk.

    All lines of one signature are in one bucket; a bucket is read back alone, so memory follows the largest bucket.
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
        """Finish writing; must come before :meth:`groups`."""
        while self._writers:
            self._writers.popitem()[1].close()

    def groups(self, signatures_at_once: int, lines_at_once: int) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Yield (signatures, lines) of neighbouring buckets taken together up to the two sizes."""
        if not self._chunks:
            return
        with pa.OSFile(str(self._paths["signatures"])) as first, pa.OSFile(str(self._paths["lines"])) as second:
            signature_file, line_file = pa.ipc.open_file(first), pa.ipc.open_file(second)
            signatures: list[pl.DataFrame] = []
            lines: list[pl.DataFrame] = []
            for bucket in range(self._buckets):
                known = self._read(signature_file, bucket)
                known = known.unique(subset=[HASH, PROOF], keep="first")
                met = self._read(line_file, bucket)
                if signatures and (
                    _height(signatures) + known.height > signatures_at_once
                    or _height(lines) + met.height > lines_at_once
                ):
                    group = pl.concat(signatures), pl.concat(lines)
                    signatures, lines = [], []
                    yield group
                    del group
                signatures.append(known)
                lines.append(met)
            group = pl.concat(signatures), pl.concat(lines)
            del signatures, lines, known, met
            yield group

    def _read(self, file: pa.ipc.RecordBatchFileReader, bucket: int) -> pl.DataFrame:
        numbers = range(bucket, self._chunks * self._buckets, self._buckets)
        frame = pl.from_arrow(pa.Table.from_batches([file.get_batch(number) for number in numbers]))
        assert isinstance(frame, pl.DataFrame)
        return frame


def _height(frames: list[pl.DataFrame]) -> int:
    return sum(frame.height for frame in frames)
