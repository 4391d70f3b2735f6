"""What a line says of a device: its values, and how they are laid out in the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db.models import CharField

from jigai import nameplate
from jigai.ledger.columns import attributes
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.models import Device
from jigai.platform.walls.actor import Actor
from jigai.reference import Reference

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


def said_by(lines: pl.DataFrame, reference: Reference, industry: Mapping[int, str]) -> pl.DataFrame:
    """Add the kind and the tidied designation, what each line says as ``values``, and a hash of it.

    ``industry`` is the class of each site, for lines that name none; it is known of the device, not said by the line.
    """
    names = [item.name for item in attributes() if item.name in lines.columns and item.name not in _UNSAID]
    values = [
        {name: value for name, value in row.items() if value is not None}
        for row in lines.select(names).iter_rows(named=True)
    ]
    hashes = [hashlib.blake2b(canonical(one), digest_size=16).hexdigest() for one in values]
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


def canonical(values: Mapping[str, Any]) -> bytes:
    """Return what is said as bytes that are equal when the words are."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def in_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a line has columns of its own, cut to their width; the whole text stays in the state."""
    made: dict[str, Any] = {}
    for name in COLUMNS:
        value = row.get(name)
        made[name] = (value or "")[: _WIDTHS[name]] if name in _WIDTHS else value
    others = {name: value for name, value in row["values"].items() if name not in COLUMNS}
    if row["model_norm"] and row["model_norm"] != row.get("model"):
        others["model_norm"] = row["model_norm"]
    return made | {"values": others, "said_hash": row["said_hash"], "row_id": row["device_id"], "silent_since": None}


def state_fields(actor: Actor, row: Mapping[str, Any], site: Site, now: datetime, **more: Any) -> dict[str, Any]:
    """Return the fields of a state: what was said, where it stands, who said it and when."""
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
