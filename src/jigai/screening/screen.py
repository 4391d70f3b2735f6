"""Screening in memory: ledger lines in, the same lines judged, with evidence, out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from jigai.reference import Reference
from jigai.screening.engines.signatures import signature_columns
from jigai.screening.kernel import judge
from jigai.screening.questions import as_problems
from jigai.screening.schema import FINDING


@dataclass(frozen=True)
class Screening:
    """The result: ``devices`` (the lines with kind, nameplate values, ``verdict``, ``missing``), ``findings``
    (``device_id`` + finding columns, in the order of the lines), ``problems`` (questions to the filler).
    """

    devices: pl.DataFrame
    findings: pl.DataFrame
    problems: pl.DataFrame


def screen(devices: pl.DataFrame, reference: Reference, as_of: date) -> Screening:
    """Judge ledger lines (``device_id`` and attribute columns) by what is in force on ``as_of``.

    Lines alike in everything a rule may look at are judged once. ``quantity`` never enters a judgement.
    Raises ``ValueError`` when ``device_id`` is absent or not unique.
    """
    if "device_id" not in devices.columns or devices["device_id"].n_unique() != devices.height:
        raise ValueError("devices need a column device_id with a different value on every line")
    devices = devices.with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("name", "model") if name not in devices.columns
    )
    columns = signature_columns(devices.columns)
    signatures = devices.select(columns).unique(maintain_order=True).with_row_index("sig")
    judged = judge(signatures, reference, as_of)
    lines = devices.join(signatures, on=columns, how="left", nulls_equal=True, maintain_order="left")
    known = [name for name in lines.columns if name not in judged.devices.columns or name == "sig"]
    read = lines.select(known).join(judged.devices, on="sig", how="left", maintain_order="left")
    front = [name for name in devices.columns if name in read.columns]
    added = [name for name in read.columns if name not in front and name != "sig"]
    findings = lines.select("device_id", "sig").join(judged.findings, on="sig", maintain_order="left_right")
    return Screening(
        read.select(*front, *added),
        findings.select("device_id", *FINDING),
        as_problems(judged.conflicts, lines),
    )
