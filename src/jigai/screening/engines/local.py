"""Screen a ledger of any size on one machine: parquet in, findings out, memory flat.

Lines alike in everything a rule may look at are judged once. A first pass reads the file in chunks and spreads the
lines over buckets on disk by a hash of their signature, so that all lines of a signature meet again; a second pass
judges some buckets at a time and writes while the next are judged. What has to fit in memory is one group of
buckets, never the ledger. Why it is built so is told in ``docs/explanation/engine.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyarrow.parquet as pq

from jigai.reference import Reference
from jigai.screening.engines.signatures import HASH, HashCollisionError, numbered, signature_columns, with_hash
from jigai.screening.engines.spill import Spill
from jigai.screening.engines.totals import Totals, count, total
from jigai.screening.engines.writer import Writer, judgement
from jigai.screening.kernel import judge

Progress = Callable[[int, int, str], None]
"""Called with (lines done, lines in all, step)."""

CHUNK_LINES = 500_000
"""Lines read at a time."""
BUCKET_LINES = 1_000_000
"""Lines aimed at per bucket; each bucket costs a little in every chunk, so few large ones keep the time linear."""
BYTES_PER_SIGNATURE = 13_000
"""Memory of one signature with its lines while it is judged, and while it is written [byte]; measured."""
SIGNATURES_AT_MOST = 120_000
"""Signatures judged at a time where memory is plenty: in larger groups the writer waits longer than judging gains."""
LINES_PER_SIGNATURE = 20
"""Lines taken at a time for each signature that may be; more than that, and the signatures wait for the next group."""
BYTES_RESIDENT = 700_000_000
"""Memory the process needs whatever the ledger: libraries, reference, the chunk being read [byte]; measured."""
DEFAULT_BUDGET = 4 * 10**9
"""Memory the engine may use [byte]."""


def screen_parquet(
    src: Path,
    out_dir: Path,
    reference: Reference,
    as_of: date,
    *,
    memory_budget: int = DEFAULT_BUDGET,
    partitions: int | None = None,
    progress: Progress | None = None,
) -> Totals:
    """Screen the devices of ``src`` and write ``findings.parquet`` and ``devices.parquet`` into ``out_dir``.

    ``src`` has ``device_id`` (unique), ``quantity`` where known, and attribute columns as in ``columns.csv``.
    ``memory_budget`` [byte] sets how many signatures are judged at a time; ``partitions`` overrides the number of
    buckets. The findings equal those of :func:`jigai.screening.screen` on the whole ledger; their order is by
    signature, not by line. Raises ``ValueError`` when ``src`` has no ``device_id`` or no line.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    for seed in range(3):
        try:
            return _screen(src, out_dir, reference, as_of, memory_budget, partitions, progress or _silent, seed)
        except HashCollisionError:
            continue
    raise HashCollisionError("signatures collided under three seeds; is a column of the ledger not hashable?")


def _screen(
    src: Path,
    out_dir: Path,
    reference: Reference,
    as_of: date,
    memory_budget: int,
    partitions: int | None,
    progress: Progress,
    seed: int,
) -> Totals:
    lines = pq.ParquetFile(src).metadata.num_rows
    buckets = partitions or max(1, -(-lines // BUCKET_LINES))
    at_once = (memory_budget - BYTES_RESIDENT) // BYTES_PER_SIGNATURE
    at_once = min(max(1_000, at_once), SIGNATURES_AT_MOST)
    done, parts = 0, []
    with TemporaryDirectory(dir=out_dir, prefix=".spill-") as folder, Spill(Path(folder), buckets) as spill:
        for chunk in read_lines(src):
            spill.add(with_hash(chunk, signature_columns(chunk.columns), seed))
            done += chunk.height
            progress(done, lines, "read")
        spill.close()
        done = 0
        with Writer(out_dir) as writer:
            groups = spill.groups(at_once, LINES_PER_SIGNATURE * at_once)
            while group := next(groups, None):
                parts.append(_judge_group(*group, reference, as_of, writer))
                del group
                done += parts[-1].lines
                progress(done, lines, "judge")
    return total(parts)


def _judge_group(
    signatures: pl.DataFrame, met: pl.DataFrame, reference: Reference, as_of: date, writer: Writer
) -> Totals:
    """Judge the signatures of some buckets and hand their lines to the writer; nothing of it stays here."""
    known = numbered(signatures)
    result = judge(known.drop(HASH), reference, as_of)
    keyed = met.join(known.select(HASH, "sig"), on=HASH).drop(HASH).sort("sig", maintain_order=True)
    if keyed.height != met.height:
        raise HashCollisionError("a line lost its signature")
    counts = count(keyed, result)
    writer.put(judgement(keyed.drop("quantity"), result))
    return counts


def read_lines(src: Path) -> Iterator[pl.DataFrame]:
    """Yield the lines of ``src`` in chunks: ``device_id``, ``quantity`` and the signature columns.

    Nothing is read ahead: a reader that is faster than the rest of the pass would bring the whole file into memory.
    """
    with pq.ParquetFile(src) as file:
        names = file.schema_arrow.names
        if "device_id" not in names:
            raise ValueError(f"{src}: no column device_id; give a devices.parquet as written by jigai")
        wanted = [name for name in ("device_id", "quantity") if name in names] + signature_columns(names)
        for batch in file.iter_batches(CHUNK_LINES, columns=wanted):
            lines = pl.from_arrow(batch)
            assert isinstance(lines, pl.DataFrame)
            if "quantity" not in names:
                lines = lines.with_columns(quantity=pl.lit(1, dtype=pl.Int64))
            yield lines.select("device_id", "quantity", *signature_columns(names))


def _silent(done: int, total: int, step: str) -> None:
    """Show nothing."""
