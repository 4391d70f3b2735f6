"""The values of an entry: typed in a form, kept as JSON, laid out in columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jigai.attributes import AttributeTable
from jigai.ledger.single import read_one
from jigai.platform.web.wording import label


def read_values(table: AttributeTable, raw: Mapping[str, str | None]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values of what was typed, by name, and what is wrong with each that cannot be used."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    english = (get_language() or "").startswith("en")
    for item in table.asked:
        one = read_one(raw.get(item.name), item)
        if one.code:
            wrong[item.name] = one.en if english else one.zh
        elif one.value is None and item.required:
            wrong[item.name] = _("请填写%(what)s。") % {"what": label(item)}
        else:
            values[item.name] = one.value
    return values, wrong


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are kept: days as ISO text, nothing for what is not known."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None and value != ""
    }


def from_json(table: AttributeTable, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept values with days as days; what the table no longer has is left out."""
    return {
        item.name: date.fromisoformat(values[item.name]) if item.type == "date" else values[item.name]
        for item in table
        if item.name in values
    }


def in_columns(table: AttributeTable, texts: pl.Series) -> pl.DataFrame:
    """Return kept values as columns in the types of the table, by one parse of their JSON."""
    kept = {item.name: pl.String() if item.type == "date" else item.dtype for item in table}
    rows = texts.str.json_decode(pl.Struct(kept)).struct.unnest()
    return rows.with_columns(pl.col(item.name).str.to_date(strict=False) for item in table if item.type == "date")
