"""Writes the output files in a thread of its own, so that judging goes on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Semaphore, Thread
from types import TracebackType
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jigai.screening.engines.expand import DEVICE_COLUMNS, DEVICES, FINDINGS, Statements, expand
from jigai.screening.kernel import Judged

GROUP_ROWS: Final = 500_000
"""Findings per row group of the output, about."""


@dataclass(frozen=True)
class Judgement:
    """One group of signatures judged: its lines (``device_id, sig``, sorted by ``sig``) and what is said of them."""

    lines: pl.DataFrame
    findings: Statements
    devices: Statements


def judgement(lines: pl.DataFrame, judged: Judged) -> Judgement:
    """Keep of ``judged`` what is written; a text that many signatures share is kept once."""
    known = settled(judged.devices)
    verdicts = known.drop("sig").unique(maintain_order=True).with_row_index("row")
    of_sig = known.join(verdicts, on=DEVICE_COLUMNS, nulls_equal=True, maintain_order="left").select("sig", "row")
    return Judgement(
        lines,
        Statements.of(judged.statements, judged.told, FINDINGS),
        Statements.of(verdicts, of_sig, DEVICES),
    )


class Writer:
    """``findings.parquet`` and ``devices.parquet`` of a run, as a context.

    One judgement is written while the next is made; none waits, so at most two are in memory. An error while writing
    is raised at the next :meth:`put` or at the end of the context.
    """

    def __init__(self, out_dir: Path) -> None:
        """Write into ``out_dir``, which must exist."""
        self._out_dir = out_dir
        self._waiting: Queue[Judgement | None] = Queue()
        self._free = Semaphore(1)
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="jigai-writer")

    def __enter__(self) -> Writer:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until everything is on disk."""
        self._waiting.put(None)
        self._thread.join()
        if self._error and kind is None:
            raise self._error

    def put(self, judgement: Judgement) -> None:
        """Hand over one group; waits while an earlier one is still in hand."""
        self._free.acquire()
        if self._error:
            raise self._error
        self._waiting.put(judgement)

    def _run(self) -> None:
        try:
            with (
                _open(self._out_dir / "findings.parquet", FINDINGS) as findings,
                _open(self._out_dir / "devices.parquet", DEVICES) as devices,
            ):
                while judgement := self._waiting.get():
                    self._write(judgement, findings, devices)
                    del judgement
                    pa.default_memory_pool().release_unused()
                    self._free.release()
        except BaseException as error:  # handed to the caller's thread, which raises it
            self._error = error
            self._free.release()

    @staticmethod
    def _write(judgement: Judgement, findings: pq.ParquetWriter, devices: pq.ParquetWriter) -> None:
        for lines, said in pieces(judgement):
            findings.write_table(expand(lines, said, FINDINGS))
        for lines in judgement.lines.iter_slices(GROUP_ROWS):
            said = judgement.devices.between(lines["sig"][0], lines["sig"][-1])
            devices.write_table(expand(lines, said, DEVICES))


def settled(devices: pl.DataFrame) -> pl.DataFrame:
    """Return what the engine keeps of judged devices, sorted by ``sig``; what no line has is null."""
    columns = [
        pl.col(name) if name in devices.columns else pl.lit(None, pl.String).alias(name) for name in DEVICE_COLUMNS
    ]
    return devices.select("sig", *columns).sort("sig")


def pieces(judgement: Judgement) -> Iterator[tuple[pl.DataFrame, Statements]]:
    """Cut lines and findings into parts of about :data:`GROUP_ROWS` findings, so that one part fits in memory."""
    lines, said = judgement.lines, judgement.findings
    per_line = max(1.0, len(said.sig) / max(1, len(judgement.devices.sig)))
    for part in lines.iter_slices(max(1, int(GROUP_ROWS / per_line))):
        yield part, said.between(part["sig"][0], part["sig"][-1])


def _open(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[field.name for field in schema if field.type != pa.large_string()],
        store_schema=False,  # readers see plain texts, not dictionaries
        dictionary_pagesize_limit=1 << 28,  # the sentences of a row group must not fall back to plain encoding
        write_statistics=False,
        write_batch_size=1 << 17,  # runs are long: many rows at a time, and pages by bytes alone
        max_rows_per_page=1 << 30,
    )
