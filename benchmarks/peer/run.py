"""Screen a parquet file device by device and write the findings, as a plain Python program would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peer.findings import Finding
from benchmarks.peer.judge import Peer
from jigai.ledger.columns import signature_attributes

READ_ROWS: Final = 20_000
WRITE_ROWS: Final = 200_000
SCHEMA: Final = pa.schema(
    [
        ("device_id", pa.string()),
        *[
            (name, {"mandatory": pa.bool_(), "value": pa.float64(), "limit": pa.float64()}.get(name, pa.string()))
            for name in Finding._fields
        ],
    ]
)


def screen_rows(path: Path, out: Path, peer: Peer, *, cache: bool) -> tuple[int, int]:
    """Judge every device of ``path`` and write ``out/findings.parquet``; returns lines and findings.

    With ``cache`` the findings of a signature met before are taken from a dictionary.
    """
    out.mkdir(parents=True, exist_ok=True)
    known: dict[tuple[Any, ...], list[Finding]] = {}
    columns = [name for name in signature_attributes() if name in pq.read_schema(path).names]
    lines = written = 0
    ids: list[str] = []
    rows: list[Finding] = []
    with pq.ParquetWriter(out / "findings.parquet", SCHEMA, compression="zstd") as writer:
        for device_id, device in devices(path, columns):
            if cache:
                key = tuple(device.values())
                findings = known.get(key)
                if findings is None:
                    findings = known[key] = peer.judge(device)
            else:
                findings = peer.judge(device)
            lines += 1
            rows += findings
            ids += [device_id] * len(findings)
            if len(rows) >= WRITE_ROWS:
                written += _write(writer, ids, rows)
                ids, rows = [], []
        written += _write(writer, ids, rows)
    return lines, written


def devices(path: Path, columns: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the id and the signature cells of each line."""
    for batch in pq.ParquetFile(path).iter_batches(READ_ROWS, columns=["device_id", *columns]):
        for row in batch.to_pylist():
            device_id = row.pop("device_id")
            yield device_id, row


def _write(writer: pq.ParquetWriter, ids: list[str], rows: list[Finding]) -> int:
    if not rows:
        return 0
    columns = dict(zip(Finding._fields, zip(*rows, strict=True), strict=True))
    for name in ("value", "limit"):
        columns[name] = tuple(None if number is None else float(number) for number in columns[name])
    writer.write_table(pa.table({"device_id": ids, **columns}, schema=SCHEMA))
    return len(rows)
