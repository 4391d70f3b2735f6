"""The verdicts a device has had: which run, since when, and whose answer led to it. Read from what runs kept (D17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from jigai.platform.ledger.models import Device
from jigai.platform.replies.models import Objection
from jigai.platform.screening import storage
from jigai.platform.screening.models import Run, SiteRun

RUNS: Final = 12
"""Runs looked back on."""


@dataclass(frozen=True)
class Version:
    """A verdict and the run that first came to it; ``lost`` where the files of the run are gone.

    ``objection`` is the one whose answer that run followed.
    """

    since: datetime
    run: Run
    verdict: str
    lost: bool = False
    objection: Objection | None = None


def verdict_in(run: Run, device: int) -> str:
    """Return the verdict of a device in a run, empty where it was not judged there.

    Raises:
        FileNotFoundError: the store has lost the run's files.
    """
    if not run.output_hash:
        return ""
    devices = pl.scan_parquet(storage.path(run.output_hash, "devices"))
    found = devices.filter(pl.col("device") == device).select("verdict").collect()
    return str(found.item()) if found.height else ""


def versions(device: Device) -> list[Version]:
    """Return the verdicts of a device, the newest first; runs that changed nothing are passed over."""
    known = SiteRun.objects.filter(site=device.site_id).select_related("run").order_by("-pk")[:RUNS]
    answered = {one.run_after_id: one for one in Objection.objects.filter(device=device, run_after__isnull=False)}
    told: list[Version] = []
    for in_force in reversed(known):
        try:
            verdict, lost = verdict_in(in_force.run, device.pk), False
        except FileNotFoundError:
            verdict, lost = "", True
        objection = answered.get(in_force.run_id)
        if (verdict or lost) and (not told or told[-1].verdict != verdict or objection):
            told.append(Version(in_force.since, in_force.run, verdict, lost, objection))
    return told[::-1]
