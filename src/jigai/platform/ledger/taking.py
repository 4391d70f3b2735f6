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
from django.utils.translation import gettext as _

from jigai.ledger.again import find_again
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.answered import DISOWNED, answered_before
from jigai.platform.ledger.industry import industry_of
from jigai.platform.ledger.models import Device, DeviceState, OpenLine
from jigai.platform.ledger.returned import places
from jigai.platform.ledger.saying import COLUMNS, canonical, in_columns, said_by, state_fields
from jigai.platform.walls.actor import Actor
from jigai.reference import Reference

CAPABILITY: Final = "ledger.take"
BATCH: Final = 2_000
"""Rows per statement."""
_LAST: Final = ("said_hash", "row_id")
"""What a device last was said to be, and by which line."""


@dataclass(frozen=True)
class Taken:
    """What came of lines: new devices, changed and unchanged ones, lines to ask about, devices no longer named, and
    lines left out because a person said of the same line before that it is none of the site's.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    asked: int = 0
    silent: int = 0
    not_ours: int = 0

    def __add__(self, other: Taken) -> Taken:
        """Add up two parts."""
        return Taken(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @classmethod
    def of_result(cls, result: Mapping[str, Any]) -> Taken:
        """Read the numbers out of the result of an upload."""
        return cls(**{one.name: result.get(one.name, 0) for one in fields(cls)})


def in_numbers(taken: Taken) -> str:
    """Say what came of lines in one sentence."""
    text = _("新增 %(new)d、更新 %(changed)d、未变 %(same)d、待认领 %(asked)d、未再上报 %(silent)d") % vars(taken)
    if taken.not_ours:
        text += _("、以前答过不是本厂的 %(n)d 行没有再问") % {"n": taken.not_ours}
    return text


@dataclass(frozen=True)
class Came:
    """What came of taking lines in: ``lines`` has ``device_id`` and ``what`` (see :class:`Plan`); ``silent`` counts
    by site the devices that are no longer named.
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


@dataclass(frozen=True)
class Plan:
    """What lines would become, before anything is written.

    ``said`` is the lines as they are laid out; ``lines`` has for each, in their order, ``device_id``, ``what``
    (*new*, *changed*, *same*, *asked*, *not_ours*: disowned before), ``device`` (its number where it was found),
    ``why`` and ``candidates`` of those asked about. ``gone`` are the devices of which no line speaks.
    """

    said: pl.DataFrame
    lines: pl.DataFrame
    gone: list[int]


def take(actor: Actor, lines: pl.DataFrame, reference: Reference, whole: Collection[int] = ()) -> Came:
    """Take the good lines of one or many ledgers in.

    Args:
        actor: who takes them in; sees the sites.
        lines: devices as the reader gives them, with ``site`` (its number) and ``upload`` (number or null), and for
            files that may be marked copies ``formers`` (:mod:`jigai.platform.ledger.returned`).
        reference: by which the designations are read.
        whole: sites whose whole ledger this is; their devices that no line names become silent, nothing is deleted.

    Raises:
        PermissionDenied: ``actor`` may not take ledgers in.
        KeyError: a site is not in scope.
    """
    actor.require(CAPABILITY)
    sites = lock_sites(lines["site"].unique().to_list())
    made = plan(lines, reference, sites)
    write(actor, made.said, made.lines, sites)
    return Came(made.lines.select("device_id", "what"), silence(made.gone, whole))


def lock_sites(wanted: Collection[int]) -> dict[int, Site]:
    """Return sites by their numbers, kept from others until the transaction ends; ``KeyError`` where one is out of
    scope.
    """
    sites = {one.pk: one for one in Site.objects.select_for_update().filter(pk__in=list(wanted))}
    if strays := set(wanted) - set(sites):
        raise KeyError(f"sites {sorted(strays)} are not in scope")
    return sites


def plan(lines: pl.DataFrame, reference: Reference, sites: Mapping[int, Site]) -> Plan:
    """Find the devices of ``lines`` again and say what each line would do; writes nothing."""
    said = said_by(lines, reference, industry_of(sites.values()))
    known = _known(sites)
    stood = places(said, known)
    again = pl.concat([_same_rows(said, known), stood.filter("same").select("device_id", "device")])
    again = again.unique("device_id", keep="first", maintain_order=True)
    again = again.unique("device", keep="first", maintain_order=True)
    devices = known.join(again, on="device", how="anti", maintain_order="left")
    rest_said = said.join(again, on="device_id", how="anti", maintain_order="left")
    rows = rest_said.select("site", "device_id", *_compared(said))
    told = find_again(devices, rows, stood)
    left_out = answered_before(rest_said.join(told.asked, on="device_id", how="semi", maintain_order="left"), sites)
    if left_out:  # without them the others may tell their devices: three alike of which one is not ours are two
        told = find_again(devices, rows.filter(~pl.col("device_id").is_in(left_out)), stood)
    found = pl.concat([again, told.found.select("device_id", "device")]).join(
        known.select("device", "said_hash"), on="device", maintain_order="left"
    )
    rest = [
        told.added.select("device_id", what=pl.lit("new")),
        told.asked.select("device_id", "why", "candidates", what=pl.lit("asked")),
        pl.DataFrame({"device_id": left_out}, schema={"device_id": pl.String()}).with_columns(what=pl.lit(DISOWNED)),
    ]
    hashes = said.select("device_id", hash_now="said_hash")
    same = pl.col("said_hash") == pl.col("hash_now")
    seen = found.join(hashes, on="device_id").select(
        "device_id", "device", what=pl.when(same).then(pl.lit("same")).otherwise(pl.lit("changed"))
    )
    planned = said.select("device_id").join(
        pl.concat([seen, *rest], how="diagonal"), on="device_id", maintain_order="left"
    )
    return Plan(said, planned, told.gone["device"].to_list())


def write(actor: Actor, said: pl.DataFrame, planned: pl.DataFrame, sites: Mapping[int, Site]) -> None:
    """Do what a plan says, with all its lines or some of them; ``said`` and ``planned`` are of one :class:`Plan`."""
    now = timezone.now()
    both = said.join(planned, on="device_id", maintain_order="left")
    _heard_again(planned["device"].drop_nulls().to_list())
    _named_by(planned.filter(pl.col("what") == "same"))
    _change(actor, both.filter(pl.col("what") == "changed"), sites, now)
    _add(actor, both.filter(pl.col("what") == "new"), sites, now)
    _ask(actor, both.filter(pl.col("what") == "asked"), sites, now)
    _settle(actor, planned.filter(~pl.col("what").is_in(["asked", DISOWNED])), sites, now)


def _same_rows(said: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the lines whose upload was taken in before, with the device each became: its cells may be put right."""
    uploads = said["upload"].drop_nulls().unique().to_list()
    states = DeviceState.objects.filter(upload__in=uploads).order_by("pk") if uploads else DeviceState.objects.none()
    schema = {"device": pl.Int64(), "device_id": pl.String(), "upload": pl.Int64()}
    came = pl.DataFrame(list(states.values_list("device_id", "row_id", "upload_id")), schema=schema, orient="row")
    there = came.unique(["device", "device_id", "upload"]).join(known, on="device", how="semi")
    once = there.filter((pl.len().over("device_id", "upload") == 1) & (pl.len().over("device", "upload") == 1))
    return said.select("device_id", "upload").join(once, on=["device_id", "upload"]).select("device_id", "device")


def _named() -> pl.Expr:
    """What stands for the designation where there is none: a line without model is known again by its name."""
    return pl.when(pl.col("name") != "").then(pl.format("名称 {}", "name"))


def _compared(said: pl.DataFrame) -> list[pl.Expr]:
    """The attributes devices are compared by, with the designation tidied as the nameplate reads it."""
    plain = [name for name in ("code", "serial_no", "kind", "maker", "made_year", "location") if name in said.columns]
    models = [pl.col(name) for name in ("model_norm", "model") if name in said.columns]
    models += [_named()] if "name" in said.columns else []
    return [*(pl.col(name) for name in plain), pl.coalesce(models).alias("model")]


def _known(sites: Mapping[int, Site]) -> pl.DataFrame:
    """Return the devices of the sites that are not gone, as they were last read."""
    names = ("name", "code", "serial_no", "kind", "model", "maker", "made_year", "location")
    rows = Device.objects.filter(site_id__in=sites, gone_at__isnull=True).order_by("pk")
    found = rows.values_list("pk", "site_id", "held", "said_hash", "row_id", "values__model_norm", *names)
    texts = dict.fromkeys(names, pl.String())
    keys = {"device": pl.Int64(), "site": pl.Int64(), "held": pl.Boolean(), **dict.fromkeys(_LAST, pl.String())}
    frame = pl.DataFrame(
        [(*row[:6], *(str(one) if one else None for one in row[6:])) for row in found],
        schema={**keys, "model_norm": pl.String(), **texts},
        orient="row",
    )
    return frame.with_columns(model=pl.coalesce("model_norm", "model", _named()))


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
    """Ask which device each line is.

    A line that is open already is asked once, one that was answered not again; nor is one of another file that says
    the same words as a line that waits.
    """
    made = [
        OpenLine(
            **state_fields(actor, row, sites[row["site"]], now, why=row["why"], candidates=list(row["candidates"]))
        )
        for row in asked.to_dicts()
    ]
    before = OpenLine.objects.filter(site__in=sites, row_id__in=[one.row_id for one in made])
    known = {(one.site_id, one.row_id): one for one in before.order_by("pk")}
    again = []
    for one in made:
        former = known.get((one.site_id, one.row_id))
        if former is not None and former.settled_at is None:
            one.pk = former.pk
            again.append(one)
    answered = {key for key, one in known.items() if one.settled_at is not None}
    OpenLine.objects.bulk_update(again, ["upload", "values", "cells", "why", "candidates"], batch_size=BATCH // 10)
    waiting = OpenLine.objects.filter(site__in=sites, settled_at=None).values_list("site", "values")
    words = {(site, canonical(values)) for site, values in waiting}
    new = [one for one in made if one.pk is None and (one.site_id, one.row_id) not in answered]
    new = [one for one in new if (one.site_id, canonical(one.values)) not in words]
    OpenLine.objects.bulk_create(new, batch_size=BATCH)


def _settle(actor: Actor, told: pl.DataFrame, sites: Mapping[int, Site], now: datetime) -> None:
    """Close what was asked of lines that now tell their device themselves: their cells were put right."""
    devices = dict(told.select("device_id", "device").rows())
    open_ = list(OpenLine.objects.filter(site__in=sites, row_id__in=list(devices), settled_at__isnull=True))
    made = Device.objects.filter(site__in=sites, row_id__in=[one.row_id for one in open_])
    new = dict(made.values_list("row_id", "pk"))
    for one in open_:
        one.settled_id = devices[one.row_id] or new.get(one.row_id)
        one.settled_at, one.settled_by = now, actor.label[:150]
    OpenLine.objects.bulk_update(open_, ["settled", "settled_at", "settled_by"], batch_size=BATCH // 10)


def _heard_again(devices: list[int]) -> None:
    """Take devices that a line names again out of the silent ones."""
    if devices:
        Device.objects.filter(pk__in=devices, silent_since__isnull=False).update(silent_since=None)


def _named_by(same: pl.DataFrame) -> None:
    """Note the line that named devices of which it says nothing new: a marked copy of its file may come back."""
    lines = dict(same.select("device", "device_id").rows())
    known = [one for one in Device.objects.only("row_id").filter(pk__in=lines) if one.row_id != lines[one.pk]]
    for one in known:
        one.row_id = lines[one.pk]
    Device.objects.bulk_update(known, ["row_id"], batch_size=BATCH)


def silence(devices: Collection[int], whole: Collection[int]) -> dict[int, int]:
    """Mark the devices that a whole ledger of their site no longer names; return how many became silent by site."""
    if not devices or not whole:
        return {}
    quiet = Device.objects.filter(pk__in=devices, site_id__in=whole, silent_since__isnull=True)
    counts = Counter(quiet.values_list("site_id", flat=True))
    quiet.update(silent_since=timezone.now())
    return dict(counts)
