"""Registers as known on a day, their columns beside the owner, and the statistics bureau's table out of one of them."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.fields import IntegerField
from django.db.models.functions import Cast

from jigai.plan.sources import described
from jigai.platform.plan.sources.reader import MOMENT, PLACES, Reader, day_of, read
from jigai.platform.registers.definition import Register, registers
from jigai.platform.registers.values import in_columns
from jigai.platform.registers.versions import version_model

INVESTMENT: Final = "investment-statistics"
YUAN: Final = 10_000
"""Yuan in 万元, the unit of the statistics bureau's table."""
_FEN: Final = 2
_MONEY: Final = {"total": "industrial_investment", "equipment": "equipment_investment"}
_WHO: Final = ("park_name", "manager_name", "city_name")
"""Columns that tell whom an entry is about where it is no enterprise."""


def register(reader: Reader, one: Register) -> pl.DataFrame:
    """Return the entries of a register, ended ones too, with its columns; a column called like one of
    ``sources.csv`` gives way to that.
    """
    rows: QuerySet[Any] = version_model(one).objects.filter(reader.known(), register=one.key)
    site, person = ("site_id", "entry__legal_person_id")
    if one.public:
        rows = rows.annotate(nobody=Value(None, output_field=IntegerField()))
        site = person = "nobody"
    else:
        rows = rows.filter(reader.of_or_nobody("entry__legal_person"))
    places = {name: (name, pl.String()) for name in PLACES[:2]} if not one.public else {}
    columns: dict[str, tuple[str, pl.DataType]] = {
        "entry": ("entry_id", pl.Int64()),
        "title": ("entry__title", pl.String()),
        "site": (site, pl.Int64()),
        "legal_person": (person, pl.Int64()),
        "valid_from": ("valid_from", pl.Date()),
        "valid_to": ("valid_to", pl.Date()),
        "removed": ("removed", pl.Boolean()),
        "moment": ("recorded_at", MOMENT),
        "text": ("text", pl.String()),
        **{f"own_{name}": place for name, place in places.items()},
    }
    said = read(rows.annotate(text=Cast(F("values"), TextField())).order_by("entry", "pk"), columns)
    taken = set(described()["register"])
    values = in_columns(one.table, said["text"])
    kept = said.with_columns(values.select(name for name in values.columns if name not in taken))
    owned = reader.owned(kept.with_columns(data_date=day_of("moment")).drop("text", "moment"))
    about = next((name for name in _WHO if name in owned.columns), None)
    return owned.with_columns(
        name=pl.coalesce("name", about) if about else pl.col("name"),
        **{name: pl.coalesce(name, pl.col(f"own_{name}").replace("", None)) for name in places},
    ).drop(f"own_{name}" for name in places)


def investment(reader: Reader) -> pl.DataFrame:
    """Return the cumulative monthly investment of units and of the city, in yuan to the fen."""
    found = register(reader, registers()[INVESTMENT]).filter(~pl.col("removed"))
    money = {name: (pl.col(column) * YUAN).round(_FEN) for name, column in _MONEY.items()}
    return found.with_columns(pl.col("division").replace("", None), **money)
