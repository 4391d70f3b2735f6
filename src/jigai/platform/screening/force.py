"""Put a run in force at a site: verdicts beside the devices, findings that need someone and what must go as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import polars as pl

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.models import Device
from jigai.platform.screening import obsolete
from jigai.platform.screening.models import Finding, RestsOn, Run, SiteRun
from jigai.screening.schema import FINDING
from jigai.screening.verdict import ADVERSE

CHECKS: Final = ("elimination", "guidance", "efficiency", "service_life", "two_high")
NEEDS_SOMEONE: Final = (*ADVERSE, "undecided", "near_end", "candidate", "listed")
BATCH: Final = 2_000


def put_in_force(run: Run, site: Site, devices: pl.DataFrame, findings: pl.DataFrame, now: datetime) -> None:
    """Make ``run`` the one in force at ``site``: verdicts beside the devices, findings that need someone as rows, and
    of the others on which rule they rest.

    ``devices`` and ``findings`` are those of the site, both with ``device``. A run that was begun before the one in
    force (its worker was killed, and it went on later) changes nothing.
    """
    if _late(run, site):
        return
    _verdicts(run, devices, findings)
    Finding.objects.filter(site=site).delete()
    Finding.objects.bulk_create(_rows(run, site, findings), batch_size=BATCH)
    RestsOn.objects.filter(site=site).delete()
    RestsOn.objects.bulk_create(_resting(site, findings), batch_size=BATCH)
    _change(run, site, now)
    obsolete.follow(run, site, now)


def confirm(run: Run, site: Site, former: int, now: datetime) -> bool:
    """Put ``run`` in force where it says of every device what ``former`` said; False where that is not in force now.

    False too where nothing is known to rest on a rule: ``former`` may be of a release that did not keep that.
    """
    if _late(run, site):
        return True
    if not SiteRun.objects.filter(site=site, superseded_at__isnull=True, run_id=former).exists():
        return False
    if not RestsOn.objects.filter(site=site).exists():
        return False
    Device.objects.filter(site=site, run_id=former).update(run_id=run.pk)
    Finding.objects.filter(site=site, run_id=former).update(run_id=run.pk)
    _change(run, site, now)
    obsolete.follow(run, site, now)
    return True


def _late(run: Run, site: Site) -> bool:
    return SiteRun.objects.filter(site=site, superseded_at__isnull=True, run_id__gt=run.pk).exists()


def _change(run: Run, site: Site, now: datetime) -> None:
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


def _resting(site: Site, findings: pl.DataFrame) -> list[RestsOn]:
    named = (pl.col("rule_id") != "") & ~pl.col("outcome").is_in(NEEDS_SOMEONE)
    rows = findings.filter(named).select("device", "dataset", "rule_id", "check", "outcome").unique(maintain_order=True)
    return [
        RestsOn(
            device_id=device, dataset=dataset, rule_id=rule, check_name=check, outcome=outcome, **site.scope_columns()
        )
        for device, dataset, rule, check, outcome in rows.iter_rows()
    ]


def _plain(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Return the fields of a row; texts are never null in the database."""
    texts = {name: row[name] if FINDING[name] != pl.String() else row[name] or "" for name in names}
    texts["missing"] = texts["missing"][:300]
    return {"device_id": row["device"], "check_name": row["check"], **texts}
