"""Screen a parquet file device by device and write the findings, as a plain Python program would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peer.findings import Finding
from benchmarks.peer.judge import Peer, Screened
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


DEVICES: Final = pa.schema([(name, pa.string()) for name in ("device_id", "kind", "subkind", "verdict", "missing")])


def screen_rows(path: Path, out: Path, peer: Peer, *, cache: bool) -> tuple[int, int]:
    """Judge every device of ``path``; write ``findings.parquet`` and ``devices.parquet``; returns lines and findings.

    With ``cache`` the findings of a signature met before are taken from a dictionary.
    """
    out.mkdir(parents=True, exist_ok=True)
    known: dict[tuple[Any, ...], Screened] = {}
    columns = [name for name in signature_attributes() if name in pq.read_schema(path).names]
    lines = written = 0
    ids: list[str] = []
    rows: list[Finding] = []
    settled: list[tuple[str | None, ...]] = []
    with (
        pq.ParquetWriter(out / "findings.parquet", SCHEMA, compression="zstd") as findings,
        pq.ParquetWriter(out / "devices.parquet", DEVICES, compression="zstd") as lines_out,
    ):
        for device_id, device in devices(path, columns):
            if cache:
                key = tuple(device.values())
                screened = known.get(key)
                if screened is None:
                    screened = known[key] = peer.screen(device)
            else:
                screened = peer.screen(device)
            lines += 1
            rows += screened.findings
            ids += [device_id] * len(screened.findings)
            settled.append((device_id, *screened.settled))
            if len(rows) >= WRITE_ROWS:
                written += _write(findings, ids, rows)
                _write_devices(lines_out, settled)
                ids, rows, settled = [], [], []
        written += _write(findings, ids, rows)
        _write_devices(lines_out, settled)
    return lines, written


def _write_devices(writer: pq.ParquetWriter, rows: list[tuple[str | None, ...]]) -> None:
    if rows:
        writer.write_table(pa.table(dict(zip(DEVICES.names, zip(*rows, strict=True), strict=True)), schema=DEVICES))


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
