"""The kernel: distinct signatures in, what the nameplate says, findings and verdict out. Every engine runs this."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

from jigai import nameplate
from jigai.reference import Reference
from jigai.screening import efficiency, elimination, guidance, service_life, two_high
from jigai.screening.batch import Batch
from jigai.screening.cases import cases
from jigai.screening.verdict import with_verdict

CHECKS: Final[dict[str, Callable[[Batch], pl.DataFrame]]] = {
    "elimination": elimination.check,
    "guidance": guidance.check,
    "efficiency": efficiency.check,
    "service_life": service_life.check,
    "two_high": two_high.check,
}
"""The checks in the order in which a report tells them."""

LOOKS: Final[dict[str, Callable[[Batch], pl.DataFrame]]] = {
    "elimination": elimination.looks,
    "guidance": guidance.looks,
    "efficiency": efficiency.looks,
    "service_life": service_life.looks,
    "two_high": two_high.looks,
}
"""What each check looks at: ``sig`` and its attributes, blank where they change nothing. See :mod:`.cases`."""

_AT_ONCE: Final = 2
"""Checks that run at a time: each is many small steps of which few keep two cores busy."""


@dataclass(frozen=True)
class Judged:
    """What is known of distinct signatures, all by ``sig``.

    ``devices``: read by the nameplate, with ``verdict`` and ``missing``. ``statements``: the finding columns, each
    finding once however many signatures it is true of; ``told``: ``sig`` and ``statement`` (place in ``statements``)
    in the order of sig, check and rule. ``conflicts``: where ledger and nameplate contradict each other.
    """

    devices: pl.DataFrame
    statements: pl.DataFrame
    told: pl.DataFrame
    conflicts: pl.DataFrame

    @cached_property
    def findings(self) -> pl.DataFrame:
        """``sig`` + the finding columns, sorted by sig, check and rule: one row per signature and finding."""
        return self.told.select("sig").hstack(self.statements[self.told["statement"]])


def judge(signatures: pl.DataFrame, reference: Reference, as_of: date) -> Judged:
    """Judge signatures (``sig`` UInt32, ledger attributes) by what is in force on ``as_of``.

    Nothing else enters: neither the clock nor the order or number of signatures changes what is said of one.
    """
    reading = nameplate.read(signatures, reference)
    batch = Batch(reading.devices, reference, as_of)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        judged = list(pool.map(lambda name: _judged_by_case(CHECKS[name], LOOKS[name], batch), CHECKS))
    statements, told, first = [], [], 0
    for found, members in judged:
        statements.append(found.drop("sig"))
        told.append(_spread(found["sig"], members, first))
        first += found.height
    every = pl.concat(statements)
    in_order = _in_order(pl.concat(told))
    return Judged(with_verdict(reading.devices, every, in_order), every, in_order, reading.conflicts)


def _judged_by_case(
    check: Callable[[Batch], pl.DataFrame], looks: Callable[[Batch], pl.DataFrame], batch: Batch
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the findings by case (in ``sig``) and which signatures have which case."""
    distinct, members = cases(looks(batch))
    return check(Batch(distinct, batch.reference, batch.as_of)), members


def _spread(case: pl.Series, members: pl.DataFrame, first: int) -> pl.DataFrame:
    """Give every signature the findings of its case, numbered from ``first``."""
    number = pl.int_range(first, first + pl.len(), dtype=pl.UInt32)
    return pl.select(case=case).with_columns(statement=number).join(members, on="case").select("sig", "statement")


def _in_order(told: pl.DataFrame) -> pl.DataFrame:
    """Sort by ``sig`` and ``statement``, both in one number: several times faster than by two columns."""
    both = told.select(both=pl.col("sig").cast(pl.UInt64) * 2**32 + pl.col("statement")).sort("both")
    number = pl.col("both")
    return both.select(sig=(number // 2**32).cast(pl.UInt32), statement=(number % 2**32).cast(pl.UInt32))
