"""What taking a ledger in would do: devices known again, new, changed, to be asked about, no longer named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai import nameplate
from jigai.ledger.columns import attributes
from jigai.platform.enterprises.models import Site
from jigai.platform.enterprises.reference import reference
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import Reading
from jigai.platform.imports.subjects import Match, Preview, Row
from jigai.platform.ledger.answered import DISOWNED, disowned_url
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.services import hidden
from jigai.platform.ledger.taking import Plan, plan
from jigai.platform.ledger.wizard import lines_of
from jigai.platform.ledger.words import attribute_word, kind_word, with_unit
from jigai.platform.walls.actor import Actor

MANY: Final = 0.3
"""Share of the known devices that may become silent before somebody is asked whether it is the whole ledger."""
MOST: Final = 60
"""Lines of each kind that are shown; all of them are counted."""


def preview(actor: Actor, upload: Upload, reading: Reading) -> Preview:
    """Return what taking in would do; where nobody said whose ledger it is, only what the devices are."""
    site = Site.objects.filter(pk=upload.context.get("site") or 0, active=True).first()
    if site is None:
        why = _("请先选定这是哪个厂区的台账。")
        return Preview({}, [], reading.good.height, why, {"kinds": _kinds(_bare(reading)), "notes": _notes(reading)})
    made = plan(lines_of(upload, reading), reference(timezone.localdate()), {site.pk: site})
    good = made.lines.join(reading.good.select("device_id"), on="device_id", how="semi")
    counts = {str(what): count for what, count in good["what"].value_counts().rows()}
    quiet = _quiet(made, upload)
    why = "" if upload.context["confirmed"] else _("请先确认这是哪个厂区的台账。")
    lines = [*_asked(made, good), *_changed(made, good, hidden(actor)), *_silent(quiet), *_new(made, good)]
    lines += _disowned(made, good)
    counts = {name: counts.get(name, 0) for name in ("new", "changed", "same", "asked", DISOWNED)}
    counts["silent"] = len(quiet)
    known = Device.objects.filter(site=site, gone_at__isnull=True).count()
    more = {"kinds": _kinds(made.said), "notes": _notes(reading), "empty": not known, "warning": ""}
    more["disowned"] = disowned_url(site) if counts[DISOWNED] else ""
    if len(quiet) > known * MANY:
        text = _("这份台账没有写到已登记的 %(known)d 台中的 %(n)d 台。若它只是一部分，请去掉上面“全厂台账”的勾。")
        more["warning"] = text % {"known": known, "n": len(quiet)}
    done = upload.state == Upload.State.DONE
    takes = sum(counts[name] for name in ("new", "changed", "asked")) if done else good.height
    return Preview(counts, lines, takes, why, more)


def _notes(reading: Reading) -> list[str]:
    """Return what is assumed of the whole ledger because it has no such column (D11)."""
    named = {column["attribute"] for sheet in reading.sheets for column in sheet["columns"]}
    said = {
        "use_state": _("表里没有“使用状态”一列：先按在用判定，到现场再核实。"),
        "quantity": _("表里没有“数量”一列：每行按 1 台计。"),
    }
    return [text for name, text in said.items() if name not in named]


def _bare(reading: Reading) -> pl.DataFrame:
    """Return the lines with their kind, as the nameplate reads them."""
    names = [item.name for item in attributes() if item.name in reading.rows.columns and item.name != "device_id"]
    read = nameplate.read(reading.rows.select("device_id", *names), reference(timezone.localdate())).devices
    return read.select("kind", "quantity") if "quantity" in read.columns else read.select("kind", quantity=pl.lit(1))


def _kinds(said: pl.DataFrame) -> list[tuple[str, int, int]]:
    """Return the kinds of equipment in a ledger with their lines and machines, the commonest first."""
    count = pl.col("quantity").fill_null(1).sum() if "quantity" in said.columns else pl.len()
    rows = said.group_by("kind").agg(lines=pl.len(), machines=count).sort("lines", "kind", descending=[True, False])
    return [(kind_word(kind) if kind else _("种类不明"), lines, machines) for kind, lines, machines in rows.rows()]


def _quiet(made: Plan, upload: Upload) -> list[int]:
    """Return the devices that would become silent: none unless it is the whole ledger of the site."""
    if not upload.context["whole"] or not made.gone:
        return []
    named = Device.objects.filter(pk__in=made.gone, silent_since__isnull=True).order_by("pk")
    return list(named.values_list("pk", flat=True))


def _of(made: Plan, good: pl.DataFrame, what: str) -> list[dict[str, Any]]:
    wanted = good.filter(pl.col("what") == what).head(MOST)
    return made.said.join(wanted, on="device_id", maintain_order="right").to_dicts()


def _match(row: Mapping[str, Any], state: str, **more: Any) -> Match:
    title = " ".join(str(row[name]) for name in ("name", "model") if row.get(name))
    return Match(Row(row.get("sheet") or "", row.get("row") or 0, {}), state, title, **more)


def _asked(made: Plan, good: pl.DataFrame) -> list[Match]:
    words = {
        "reused": _("编号相同的设备与本行不是同一种，入库后请认领。"),
        "several": _("有几台设备都像，入库后请认领。"),
    }
    return [_match(row, "asked", why=words[row["why"]]) for row in _of(made, good, "asked")]


def _disowned(made: Plan, good: pl.DataFrame) -> list[Match]:
    why = _("以前答过不是本厂的设备，不入库，也不再问。")
    return [_match(row, DISOWNED, why=why) for row in _of(made, good, DISOWNED)]


def _changed(made: Plan, good: pl.DataFrame, without: frozenset[str]) -> list[Match]:
    rows = _of(made, good, "changed")
    states = DeviceState.objects.filter(device__in=[row["device"] for row in rows], superseded_at__isnull=True)
    before: dict[int, dict[str, Any]] = dict(states.values_list("device_id", "values"))
    return [
        _match(row, "changed", changes=_differences(before.get(row["device"], {}), row["values"], without))
        for row in rows
    ]


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any], without: frozenset[str]
) -> tuple[tuple[str, str, str], ...]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name) and name not in without]
    return tuple(
        (
            attribute_word(name),
            with_unit(name, before[name]) if name in before else "—",
            with_unit(name, after[name]) if name in after else "—",
        )
        for name in names
    )


def _silent(quiet: list[int]) -> list[Match]:
    rows = Device.objects.filter(pk__in=quiet[:MOST]).order_by("pk").values("pk", "name", "model")
    return [_match(row, "silent", target=row["pk"]) for row in rows]


def _new(made: Plan, good: pl.DataFrame) -> list[Match]:
    return [_match(row, "new") for row in _of(made, good, "new")]
