"""Same answers first: the peer and jigai side by side, device by device and check by check."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.peer.judge import Peer
from benchmarks.peer.run import devices
from jigai.ledger.columns import signature_attributes
from jigai.reference import Reference
from jigai.screening import screen

SHOWN = 40
"""Disagreements printed before giving up."""

Answer = tuple[str, str | None, float | None]


class DisagreementError(AssertionError):
    """The two sides do not answer alike, so their speed must not be compared."""


def assert_same_answers(path: Path, lines: int, reference: Reference, as_of: date) -> int:
    """Judge the first ``lines`` devices of ``path`` both ways; returns how many (device, check) pairs agreed.

    Outcome, rule and limit must be equal, and the verdict. Raises :class:`DisagreementError` with the differences.
    """
    frame = pl.read_parquet(path, n_rows=lines)
    screening = screen(frame, reference, as_of)
    ours = answers(screening.findings.iter_rows(named=True))
    verdicts: dict[tuple[str, str], set[Answer]] = {
        (device_id, "verdict"): {(str(verdict), None, None)}
        for device_id, verdict in screening.devices.select("device_id", "verdict").iter_rows()
    }
    ours |= verdicts
    peer = Peer(reference, as_of)
    columns = [name for name in signature_attributes() if name in frame.columns]
    theirs: dict[tuple[str, str], set[Answer]] = {}
    shown: dict[str, dict[str, Any]] = {}
    for (device_id, device), _ in zip(devices(path, columns), range(lines), strict=False):
        shown[device_id] = device
        screened = peer.screen(device)
        theirs |= answers({"device_id": device_id, **finding._asdict()} for finding in screened.findings)
        theirs[device_id, "verdict"] = {(screened.settled[2], None, None)}
    different = [key for key in sorted(ours.keys() | theirs.keys()) if ours.get(key) != theirs.get(key)]
    if different:
        lines_of_text = [
            f"{check}: { {k: v for k, v in shown[device].items() if v is not None} }\n"
            f"    jigai {_show(ours.get((device, check)))}\n    peer  {_show(theirs.get((device, check)))}"
            for device, check in different[:SHOWN]
        ]
        raise DisagreementError(f"{len(different)} of {len(ours)} answers differ\n" + "\n".join(lines_of_text))
    return len(ours)


def answers(findings: Any) -> dict[tuple[str, str], set[Answer]]:
    """Collect (outcome, rule, limit) by device and check; limits to nine significant digits."""
    found: dict[tuple[str, str], set[Answer]] = {}
    for row in findings:
        limit = None if row["limit"] is None else float(f"{float(row['limit']):.9g}")
        found.setdefault((row["device_id"], row["check"]), set()).add((row["outcome"], row["rule_id"], limit))
    return found


def _show(answer: set[Answer] | None) -> str:
    return "—" if answer is None else ", ".join(map(str, sorted(answer, key=str)))
