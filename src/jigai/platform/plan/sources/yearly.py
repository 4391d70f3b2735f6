"""The above-scale lists and the annual figures of enterprises and sites, as known on a day."""

from __future__ import annotations

import polars as pl

from jigai.platform.enterprises.models import AboveScale, Fact, SheetStep
from jigai.platform.plan.sources.reader import MOMENT, Reader, day_of, read

OPEN = "open"
"""State of a sheet of which no step was taken."""


def listed(reader: Reader) -> pl.DataFrame:
    """Return who was on the above-scale list of each year: legal persons, and their sites in use."""
    rows = AboveScale.objects.filter(reader.known(), reader.of("legal_person")).order_by("year", "legal_person")
    columns = {
        "legal_person": ("legal_person_id", pl.Int64()),
        "year": ("year", pl.Int64()),
        "moment": ("recorded_at", MOMENT),
    }
    on_list = read(rows, columns).with_columns(data_date=day_of("moment")).drop("moment")
    persons = on_list.with_columns(site=pl.lit(None, pl.Int64), level=pl.lit("legal_person"))
    in_use = reader.sites.filter("active").select("legal_person", "site")
    sites = on_list.join(in_use, on="legal_person", how="inner", maintain_order="left_right")
    sites = sites.with_columns(level=pl.lit("site"))
    return reader.owned(pl.concat([persons, sites.select(persons.columns)]))


def facts(reader: Reader) -> pl.DataFrame:
    """Return the annual figures that stood, those taken back left out, with the state of their sheet then."""
    rows = Fact.objects.filter(reader.known(), reader.of("legal_person")).exclude(value="").order_by("pk")
    columns = {
        "legal_person": ("legal_person_id", pl.Int64()),
        "site": ("site_id", pl.Int64()),
        "year": ("year", pl.Int64()),
        "attribute": ("attribute", pl.String()),
        "number": ("number", pl.Decimal(24, 6)),
        "value": ("value", pl.String()),
        "moment": ("recorded_at", MOMENT),
    }
    found = read(rows, columns).with_columns(data_date=day_of("moment")).drop("moment")
    keys = ["legal_person", "year"]
    stated = found.join(sheet_states(reader), on=keys, how="left", maintain_order="left")
    return reader.owned(stated.with_columns(pl.col("state").fill_null(OPEN)))


def sheet_states(reader: Reader) -> pl.DataFrame:
    """Return the state each yearly sheet was in: ``legal_person``, ``year``, ``state``; one never touched is absent."""
    rows = SheetStep.objects.filter(reader.of("legal_person"), recorded_at__lt=reader.end).order_by("pk")
    columns = {
        "legal_person": ("legal_person_id", pl.Int64()),
        "year": ("year", pl.Int64()),
        "state": ("state", pl.String()),
    }
    return read(rows, columns).unique(["legal_person", "year"], keep="last", maintain_order=True)
