"""The kernel: distinct signatures in, what the nameplate says, findings and verdict out. Every engine runs this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from jigai import nameplate
from jigai.reference import Reference
from jigai.screening import efficiency, elimination, guidance, service_life, two_high
from jigai.screening.batch import Batch
from jigai.screening.verdict import with_verdict

CHECKS: Final[dict[str, Callable[[Batch], pl.DataFrame]]] = {
    "elimination": elimination.check,
    "guidance": guidance.check,
    "efficiency": efficiency.check,
    "service_life": service_life.check,
    "two_high": two_high.check,
}
"""The checks in the order in which a report tells them."""


@dataclass(frozen=True)
class Judged:
    """What is known of distinct signatures, all by ``sig``.

    ``devices``: read by the nameplate, with ``verdict`` and ``missing``. ``findings``: ``sig`` + the finding columns,
    sorted by sig, check and rule. ``conflicts``: where ledger and nameplate contradict each other.
    """

    devices: pl.DataFrame
    findings: pl.DataFrame
    conflicts: pl.DataFrame


def judge(signatures: pl.DataFrame, reference: Reference, as_of: date) -> Judged:
    """Judge signatures (``sig`` UInt32, ledger attributes) by what is in force on ``as_of``.

    Nothing else enters: neither the clock nor the order or number of signatures changes what is said of one.
    """
    reading = nameplate.read(signatures, reference)
    batch = Batch(reading.devices, reference, as_of)
    findings = pl.concat(
        [check(batch).with_columns(_order=pl.lit(place, pl.Int8)) for place, check in enumerate(CHECKS.values())]
    )
    findings = findings.sort("sig", "_order", maintain_order=True).drop("_order")
    return Judged(with_verdict(reading.devices, findings), findings, reading.conflicts)
