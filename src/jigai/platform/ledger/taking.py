"""Take ledger lines in: find their devices again, keep every state, and say what came of it.

Whole files at a time, as frames: what a ledger of five thousand lines costs is a few statements, not five thousand.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db.models import CharField
from django.utils import timezone

from jigai import nameplate
from jigai.ledger.again import find_again
from jigai.ledger.columns import attributes
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.industry import industry_of
from jigai.platform.ledger.models import Device, DeviceState, OpenLine
from jigai.platform.walls.actor import Actor
from jigai.reference import Reference

CAPABILITY: Final = "ledger.take"
BATCH: Final = 2_000
"""Rows per statement."""
COLUMNS: Final = (
    *("code", "serial_no", "name", "model", "maker", "workshop", "location", "kind", "industry_code", "quantity"),
    *("use_state", "made_year", "in_service_year", "power_kw", "capacity_kva"),
)
"""Attributes with a column of their own; the others stand in ``values``."""
_UNSAID: Final = ("device_id", "source_file", "sheet", "row", "enterprise", "kind_reason")
"""Attributes that say where a line is from or why it was read so, not what it is."""
_WIDTHS: Final = {
    one.name: one.max_length
    for one in Device._meta.get_fields()
    if isinstance(one, CharField) and one.name in COLUMNS and one.max_length
}


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
    said = _said(lines, reference, industry_of(sites.values()))
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


def _said(lines: pl.DataFrame, reference: Reference, industry: Mapping[int, str]) -> pl.DataFrame:
    """Add the kind and the tidied designation, what each line says as ``values``, and a hash of it.

    ``industry`` is the class of each site, for lines that name none; it is known of the device, not said by the line.
    """
    names = [item.name for item in attributes() if item.name in lines.columns and item.name not in _UNSAID]
    values = [
        {name: value for name, value in row.items() if value is not None}
        for row in lines.select(names).iter_rows(named=True)
    ]
    hashes = [hashlib.blake2b(_canonical(one), digest_size=16).hexdigest() for one in values]
    read = nameplate.read(lines.select("device_id", *names), reference).devices.select("kind", "model_norm")
    code = pl.col("industry_code") if "industry_code" in lines.columns else pl.lit(None, pl.String)
    of_site = pl.col("site").replace_strict(industry, default="", return_dtype=pl.String)
    return lines.drop([name for name in ("kind",) if name in lines.columns]).with_columns(
        read["kind"],
        read["model_norm"],
        industry_code=pl.coalesce(code, of_site),
        said_hash=pl.Series(hashes),
        values=pl.Series(values, dtype=pl.Object),
    )


def _canonical(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


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


def _in_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a line has columns of its own, cut to their width; the whole text stays in the state."""
    made: dict[str, Any] = {}
    for name in COLUMNS:
        value = row.get(name)
        made[name] = (value or "")[: _WIDTHS[name]] if name in _WIDTHS else value
    others = {name: value for name, value in row["values"].items() if name not in COLUMNS}
    if row["model_norm"] and row["model_norm"] != row.get("model"):
        others["model_norm"] = row["model_norm"]
    return made | {"values": others, "said_hash": row["said_hash"], "row_id": row["device_id"], "silent_since": None}


def _state(actor: Actor, row: Mapping[str, Any], site: Site, now: datetime, **more: Any) -> dict[str, Any]:
    cells = dict(pair.split("=", 1) for pair in (row.get("cells") or "").split(";") if "=" in pair)
    return {
        **site.scope_columns(),
        "values": row["values"],
        "cells": cells,
        "upload_id": row.get("upload"),
        "source_file": (row.get("source_file") or "")[:200],
        "sheet": (row.get("sheet") or "")[:120],
        "row": row.get("row"),
        "row_id": row["device_id"],
        "recorded_at": now,
        "recorded_by": actor.label[:150],
        **more,
    }


def _add(actor: Actor, new: pl.DataFrame, sites: Mapping[int, Site], now: datetime) -> None:
    rows = new.to_dicts()
    devices = Device.objects.bulk_create(
        [
            Device(
                legal_person_id=sites[row["site"]].legal_person_id,
                **sites[row["site"]].scope_columns(),
                **_in_columns(row),
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
        for name, value in _in_columns(row).items():
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
            DeviceState(device_id=device, **_state(actor, row, sites[row["site"]], now, how="upload"))
            for row, device in rows
        ],
        batch_size=BATCH,
    )


def _ask(actor: Actor, asked: pl.DataFrame, sites: Mapping[int, Site], now: datetime) -> None:
    rows = asked.to_dicts()
    OpenLine.objects.bulk_create(
        [
            OpenLine(**_state(actor, row, sites[row["site"]], now, why=row["why"], candidates=list(row["candidates"])))
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
