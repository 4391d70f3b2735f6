"""Take ledger lines in: find their devices again, keep every state, and say what came of it.

Whole files at a time, as frames: what a ledger of five thousand lines costs is a few statements, not five thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.utils import timezone

from jigai.ledger.again import find_again
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.industry import industry_of
from jigai.platform.ledger.models import Device, DeviceState, OpenLine
from jigai.platform.ledger.saying import COLUMNS, in_columns, said_by, state_fields
from jigai.platform.walls.actor import Actor
from jigai.reference import Reference

CAPABILITY: Final = "ledger.take"
BATCH: Final = 2_000
"""Rows per statement."""


@dataclass(frozen=True)
class Taken:
    """What came of lines: new devices, changed and unchanged ones, lines to ask about, devices no longer named."""

    new: int = 0
    changed: int = 0
    same: int = 0
    asked: int = 0
    silent: int = 0

    def __add__(self, other: Taken) -> Taken:
        """Add up two parts."""
        return Taken(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Came:
    """What came of taking lines in: ``lines`` has ``device_id`` and ``what`` (*new*, *changed*, *same*, *asked*);
    ``silent`` counts by site the devices that are no longer named.
    """

    lines: pl.DataFrame
    silent: Mapping[int, int]

    @property
    def taken(self) -> Taken:
        """All of it in numbers."""
        return self.of(self.lines["device_id"]) + Taken(silent=sum(self.silent.values()))

    def of(self, device_ids: pl.Series) -> Taken:
        """What came of some of the lines, such as those of one file."""
        mine = self.lines.filter(pl.col("device_id").is_in(device_ids.implode()))
        return Taken(**{str(what): count for what, count in mine["what"].value_counts().rows()})


def take(actor: Actor, lines: pl.DataFrame, reference: Reference, whole: Collection[int] = ()) -> Came:
    """Take the good lines of one or many ledgers in.

    Args:
        actor: who takes them in; sees the sites.
        lines: devices as the reader gives them, with ``site`` (its number) and ``upload`` (number or null).
        reference: by which the designations are read.
        whole: sites whose whole ledger this is; their devices that no line names become silent, nothing is deleted.

    Raises:
        PermissionDenied: ``actor`` may not take ledgers in.
        KeyError: a site is not in scope.
    """
    actor.require(CAPABILITY)
    sites = {one.pk: one for one in Site.objects.select_for_update().filter(pk__in=lines["site"].unique().to_list())}
    if strays := set(lines["site"].unique()) - set(sites):
        raise KeyError(f"sites {sorted(strays)} are not in scope")
    now = timezone.now()
    said = said_by(lines, reference, industry_of(sites.values()))
    known = _known(sites)
    told = find_again(known, said.select("site", "device_id", *_compared(said)))
    found = said.join(told.found, on="device_id", maintain_order="left").join(
        known.select("device", "said_hash", "silent"), on="device", suffix="_then", maintain_order="left"
    )
    changed = found.filter(pl.col("said_hash") != pl.col("said_hash_then"))
    _heard_again(found.filter("silent")["device"].to_list())
    _change(actor, changed, sites, now)
    new = said.join(told.added, on="device_id", how="semi", maintain_order="left")
    _add(actor, new, sites, now)
    _ask(actor, said.join(told.asked, on="device_id", maintain_order="left"), sites, now)
    what = found.select(
        "device_id", what=pl.when(pl.col("said_hash") != pl.col("said_hash_then")).then(pl.lit("changed"))
        .otherwise(pl.lit("same")),
    )  # fmt: skip
    others = [(told.added, "new"), (told.asked, "asked")]
    parts = [what, *(part.select("device_id", what=pl.lit(word)) for part, word in others)]
    return Came(pl.concat(parts), _silence(told.gone["device"].to_list(), whole, now))


def _compared(said: pl.DataFrame) -> list[pl.Expr]:
    """The attributes devices are compared by, with the designation tidied as the nameplate reads it."""
    plain = [name for name in ("code", "serial_no", "kind", "maker", "made_year", "location") if name in said.columns]
    return [pl.col(name) for name in plain] + [pl.coalesce("model_norm", "model").alias("model")]


def _known(sites: Mapping[int, Site]) -> pl.DataFrame:
    """Return the devices of the sites that are not gone, as they were last read."""
    names = ("code", "serial_no", "kind", "model", "maker", "made_year", "location")
    rows = Device.objects.filter(site_id__in=sites, gone_at__isnull=True).order_by("pk")
    found = rows.values_list("pk", "site_id", "held", "said_hash", "silent_since", "values__model_norm", *names)
    texts = dict.fromkeys(names, pl.String())
    keys = {"device": pl.Int64(), "site": pl.Int64(), "held": pl.Boolean(), "said_hash": pl.String()}
    frame = pl.DataFrame(
        [(*row[:4], row[4] is not None, row[5], *(str(one) if one else None for one in row[6:])) for row in found],
        schema={**keys, "silent": pl.Boolean(), "model_norm": pl.String(), **texts},
        orient="row",
    )
    return frame.with_columns(model=pl.coalesce("model_norm", "model"))


def _add(actor: Actor, new: pl.DataFrame, sites: Mapping[int, Site], now: datetime) -> None:
    rows = new.to_dicts()
    devices = Device.objects.bulk_create(
        [
            Device(
                legal_person_id=sites[row["site"]].legal_person_id,
                **sites[row["site"]].scope_columns(),
                **in_columns(row),
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    _append(actor, zip(rows, (device.pk for device in devices), strict=True), sites, now)


def _change(actor: Actor, changed: pl.DataFrame, sites: Mapping[int, Site], now: datetime) -> None:
    rows = changed.to_dicts()
    known = Device.objects.in_bulk([row["device"] for row in rows])
    for row in rows:
        device = known[row["device"]]
        for name, value in in_columns(row).items():
            setattr(device, name, value)
        device.version += 1
    named = [*COLUMNS, "values", "said_hash", "row_id", "silent_since", "version"]
    Device.objects.bulk_update(known.values(), named, batch_size=BATCH // 10)
    DeviceState.objects.filter(device__in=list(known), superseded_at__isnull=True).update(superseded_at=now)
    _append(actor, ((row, row["device"]) for row in rows), sites, now)


def _append(
    actor: Actor, rows: Iterable[tuple[Mapping[str, Any], int]], sites: Mapping[int, Site], now: datetime
) -> None:
    DeviceState.objects.bulk_create(
        [
            DeviceState(device_id=device, **state_fields(actor, row, sites[row["site"]], now, how="upload"))
            for row, device in rows
        ],
        batch_size=BATCH,
    )


def _ask(actor: Actor, asked: pl.DataFrame, sites: Mapping[int, Site], now: datetime) -> None:
    """Keep lines for people to claim; one that waits already with the same words is not asked about twice."""
    waiting = [
        (site, values)
        for site, values in OpenLine.objects.filter(site__in=sites, settled_at=None).values_list("site", "values")
    ]
    rows = [row for row in asked.to_dicts() if (row["site"], row["values"]) not in waiting]
    OpenLine.objects.bulk_create(
        [
            OpenLine(
                **state_fields(actor, row, sites[row["site"]], now, why=row["why"], candidates=list(row["candidates"]))
            )
            for row in rows
        ],
        batch_size=BATCH,
    )


def _heard_again(devices: list[int]) -> None:
    """Take devices that a line names again out of the silent ones."""
    if devices:
        Device.objects.filter(pk__in=devices).update(silent_since=None)


def _silence(devices: list[int], whole: Collection[int], now: datetime) -> dict[int, int]:
    """Mark the devices that a whole ledger of their site no longer names; return how many became silent by site."""
    if not devices or not whole:
        return {}
    quiet = Device.objects.filter(pk__in=devices, site_id__in=whole, silent_since__isnull=True)
    counts = Counter(quiet.values_list("site_id", flat=True))
    quiet.update(silent_since=now)
    return dict(counts)
