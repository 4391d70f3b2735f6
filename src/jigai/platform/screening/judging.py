"""What a run judges, and what it puts into the database of the sites it is in force at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.industry import industry_of
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.screening.models import Finding, Run, SiteRun
from jigai.screening.schema import FINDING
from jigai.screening.verdict import ADVERSE

CHECKS: Final = ("elimination", "guidance", "efficiency", "service_life", "two_high")
NEEDS_SOMEONE: Final = (*ADVERSE, "undecided", "near_end", "candidate", "listed")
BATCH: Final = 2_000
_KEYS: Final = {"device_id": pl.String(), "device": pl.Int64(), "site": pl.Int64()}


def inputs(sites: Iterable[int]) -> pl.DataFrame:
    """Return what is in force of the devices of ``sites`` that are not gone, in the order they were taken in.

    ``device_id`` is the line that last said it, as in the ledger itself, so that the command line's findings on the
    same workbook are the same; ``device`` and ``site`` are numbers of the workplace and enter no judgement.
    A line that names no industry class has that of its site.
    """
    wanted = list(Site.objects.filter(pk__in=list(sites)))
    industry = industry_of(wanted)
    states = DeviceState.objects.filter(
        superseded_at__isnull=True, device__site__in=wanted, device__gone_at__isnull=True
    )
    rows = states.order_by("device_id").values_list("row_id", "device_id", "site_id", "values")
    dtypes = attribute_dtypes()
    said = [
        {
            "device_id": row_id,
            "device": device,
            "site": site,
            "industry_code": industry[site] or None,
            **{name: value for name, value in values.items() if name in dtypes},
        }
        for row_id, device, site, values in rows.iterator(chunk_size=BATCH)
    ]
    named = {name for row in said for name in row}
    schema = _KEYS | {name: dtype for name, dtype in dtypes.items() if name in named and name not in _KEYS}
    frame = pl.DataFrame(said, schema=schema, strict=False)
    return frame.with_columns(  # two lines of one file never share an id; a line asked about may have come twice
        device_id=pl.when(pl.len().over("device_id") == 1)
        .then("device_id")
        .otherwise(pl.format("{}#{}", "device_id", "device"))
    )


def hash_of(frame: pl.DataFrame) -> str:
    """Return a hash of a frame's content, the same on every machine."""
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()


def totals(devices: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Count lines and machines by verdict; an empty quantity counts as one machine."""
    quantity = pl.col("quantity").fill_null(1) if "quantity" in devices.columns else pl.lit(1)
    counted = devices.group_by("verdict").agg(lines=pl.len(), machines=quantity.cast(pl.Int64).sum()).sort("verdict")
    return {row["verdict"]: {"lines": row["lines"], "machines": row["machines"]} for row in counted.to_dicts()}


def put_in_force(run: Run, site: Site, devices: pl.DataFrame, findings: pl.DataFrame, now: datetime) -> None:
    """Make ``run`` the one in force at ``site``: verdicts beside the devices, findings that need someone as rows.

    ``devices`` and ``findings`` are those of the site, both with ``device``. A run that was begun before the one in
    force (its worker was killed, and it went on later) changes nothing.
    """
    if SiteRun.objects.filter(site=site, superseded_at__isnull=True, run_id__gt=run.pk).exists():
        return
    _verdicts(run, devices, findings)
    Finding.objects.filter(site=site).delete()
    Finding.objects.bulk_create(_rows(run, site, findings), batch_size=BATCH)
    SiteRun.objects.filter(site=site, superseded_at__isnull=True).update(superseded_at=now)
    SiteRun.objects.create(run=run, since=now, **site.scope_columns())


def _verdicts(run: Run, devices: pl.DataFrame, findings: pl.DataFrame) -> None:
    """Write the verdicts; devices judged alike in one statement, for there are few ways to be judged."""
    first = findings.group_by("device", "check", maintain_order=True).agg(pl.col("outcome").first())
    wide = first.pivot("check", index="device", values="outcome")
    judged = devices.select("device", "verdict", "missing", "kind").join(wide, on="device", how="left")
    judged = judged.with_columns(pl.lit(None, pl.String).alias(name) for name in CHECKS if name not in judged.columns)
    alike = judged.group_by("verdict", "missing", "kind", *CHECKS).agg("device").to_dicts()
    for one in alike:
        members = one.pop("device")
        words = {name: value or "" for name, value in one.items()}
        words["missing"] = words["missing"][:300]
        for start in range(0, len(members), BATCH):
            Device.objects.filter(pk__in=members[start : start + BATCH]).update(run_id=run.pk, **words)


def _rows(run: Run, site: Site, findings: pl.DataFrame) -> list[Finding]:
    wanted = findings.filter(pl.col("outcome").is_in(NEEDS_SOMEONE))
    names = [name for name in FINDING if name != "check"]
    return [Finding(run=run, **site.scope_columns(), **_plain(row, names)) for row in wanted.iter_rows(named=True)]


def _plain(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Return the fields of a row; texts are never null in the database."""
    texts = {name: row[name] if FINDING[name] != pl.String() else row[name] or "" for name in names}
    texts["missing"] = texts["missing"][:300]
    return {"device_id": row["device"], "check_name": row["check"], **texts}
