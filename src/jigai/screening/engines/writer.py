"""Writes the output files in a thread of its own, so that judging goes on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jigai.screening.engines.expand import DEVICE_COLUMNS, DEVICES, FINDINGS, expand

GROUP_ROWS: Final = 500_000
"""Findings per row group of the output, about."""


@dataclass(frozen=True)
class Judgement:
    """One group of signatures judged: its lines (``device_id, sig``, sorted by ``sig``) and what is known."""

    lines: pl.DataFrame
    devices: pl.DataFrame
    findings: pl.DataFrame


class Writer:
    """``findings.parquet`` and ``devices.parquet`` of a run, as a context.

    At most one judgement waits while another is written. An error while writing is raised at the next
    :meth:`put` or at the end of the context.
    """

    def __init__(self, out_dir: Path) -> None:
        """Write into ``out_dir``, which must exist."""
        self._out_dir = out_dir
        self._waiting: Queue[Judgement | None] = Queue(maxsize=1)
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
                    for part in pieces(judgement):
                        findings.write_table(expand(part.lines, part.findings, FINDINGS))
                    known = settled(judgement.devices)
                    for lines in judgement.lines.iter_slices(GROUP_ROWS):
                        devices.write_table(expand(lines, known, DEVICES))
        except BaseException as error:  # handed to the caller's thread, which raises it
            self._error = error
            while self._waiting.get():
                pass


def settled(devices: pl.DataFrame) -> pl.DataFrame:
    """Return what the engine keeps of judged devices, sorted by ``sig``; what no line has is null."""
    columns = [
        pl.col(name) if name in devices.columns else pl.lit(None, pl.String).alias(name) for name in DEVICE_COLUMNS
    ]
    return devices.select("sig", *columns).sort("sig")


def pieces(judgement: Judgement) -> Iterator[Judgement]:
    """Cut a judgement into parts of about :data:`GROUP_ROWS` findings, by lines, so that one part fits in memory."""
    lines, findings = judgement.lines, judgement.findings.sort("sig", maintain_order=True)
    per_line = max(1.0, findings.height / max(1, judgement.devices.height))
    step = max(1, int(GROUP_ROWS / per_line))
    for start in range(0, lines.height, step):
        part = lines.slice(start, step)
        first, last = part["sig"][0], part["sig"][-1]
        begin = findings["sig"].search_sorted(first, side="left")
        end = findings["sig"].search_sorted(last, side="right")
        yield Judgement(part, judgement.devices, findings.slice(begin, end - begin))


def _open(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        store_schema=False,  # readers see plain texts, not dictionaries
        dictionary_pagesize_limit=1 << 28,  # the sentences of a row group must not fall back to plain encoding
        write_statistics=False,
    )
