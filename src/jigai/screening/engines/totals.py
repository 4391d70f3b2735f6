"""Counts of a screening that add up: those of two halves of a ledger are the sum of the halves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from jigai.screening.kernel import Judged

_VERDICT = ("kind", "verdict")
_OUTCOME = ("check", "outcome", "mandatory")


@dataclass(frozen=True)
class Totals:
    """What a run over many lines came to.

    ``verdicts`` has ``kind, verdict, lines, quantity``; ``outcomes`` has ``check, outcome, mandatory, lines,
    quantity`` where a line counts once per finding. ``distinct`` is the number of signatures judged; unlike the
    others it does not add up over parts judged apart.
    """

    lines: int
    distinct: int
    findings: int
    verdicts: pl.DataFrame
    outcomes: pl.DataFrame


def count(lines: pl.DataFrame, judged: Judged) -> Totals:
    """Count one part: its ``lines`` (``sig, quantity``) and what was ``judged`` of their signatures.

    An empty quantity counts as one machine.
    """
    weights = lines.group_by("sig").agg(lines=pl.len(), quantity=pl.col("quantity").fill_null(1).sum())
    verdicts = judged.devices.select("sig", *_VERDICT).join(weights, on="sig")
    said = judged.told.join(weights, on="sig").group_by("statement").agg(pl.col("lines", "quantity").sum())
    outcomes = judged.statements.select(_OUTCOME)[said["statement"]].hstack(said.drop("statement"))
    return Totals(
        lines=lines.height,
        distinct=judged.devices.height,
        findings=int(said["lines"].sum()),
        verdicts=_sum(verdicts, _VERDICT),
        outcomes=_sum(outcomes, _OUTCOME),
    )


def total(parts: Iterable[Totals]) -> Totals:
    """Add the counts of parts that share no line; raises ``ValueError`` when there is none."""
    known = list(parts)
    if not known:
        raise ValueError("no parts to add: the ledger has no lines")
    return Totals(
        lines=sum(part.lines for part in known),
        distinct=sum(part.distinct for part in known),
        findings=sum(part.findings for part in known),
        verdicts=_sum(pl.concat(part.verdicts for part in known), _VERDICT),
        outcomes=_sum(pl.concat(part.outcomes for part in known), _OUTCOME),
    )


def _sum(frame: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    return frame.group_by(by).agg(pl.col("lines").sum(), pl.col("quantity").sum()).sort(by)
