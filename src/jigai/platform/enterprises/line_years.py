"""Production lines with their figures of a year as known on a day, and where each stands: the source ``line_years``.

The figures are facts, so any day can be told (D16). Name, product, process, units and grade are those the line has
now. Levels are judged by what was in force at the end of the year, or on the day known where that is earlier.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import polars as pl
from django.conf import settings
from django.db.models import Q, QuerySet

from jigai.plan.sources import described
from jigai.platform.enterprises.attributes import attributes, of_line
from jigai.platform.enterprises.facts import end_of
from jigai.platform.enterprises.models import Fact, LegalPerson, Line
from jigai.platform.enterprises.reference import reference
from jigai.screening.lines import fields, judge_lines

SOURCE: Final = "line_years"
_LINE: Final[dict[str, Any]] = {
    "pk": ("line", pl.Int64()),
    "site__legal_person_id": ("legal_person", pl.Int64()),
    "site_id": ("site", pl.Int64()),
    "site__enterprise_name": ("enterprise_name", pl.String()),
    "site__name": ("site_name", pl.String()),
    "site__industry_code": ("site_industry", pl.String()),
    "manager_code": ("manager_code", pl.String()),
    "place_code": ("place_code", pl.String()),
    "name": ("line_name", pl.String()),
    "product": ("product", pl.String()),
    "process": ("process", pl.String()),
    "capacity": ("capacity", pl.Decimal(38, 6)),
    "capacity_unit": ("capacity_unit", pl.String()),
    "unit_energy_unit": ("unit_energy_unit", pl.String()),
    "environmental_grade": ("environmental_grade", pl.String()),
    "commissioned": ("commissioned", pl.Int64()),
    "retired": ("retired", pl.Int64()),
}
"""Column of a line in the database → its name and type in the frame."""
_FACT: Final = {"line_output": "output", "line_energy": "energy", "line_months": "months"}


def line_years(period_year: int, known_on: date) -> pl.DataFrame:
    """Return the source ``line_years`` of ``plan/data/sources.csv``: a row per line in scope.

    Args:
        period_year: the year the figures are about.
        known_on: the day at whose end they were known.
    """
    return judged_lines(Line.objects.all(), period_year, known_on).select(
        pl.col(name).cast(dtype) for name, dtype in described()[SOURCE].items()
    )


def judged_lines(lines: QuerySet[Line], year: int, known_on: date) -> pl.DataFrame:
    """Return ``lines`` with their figures of ``year`` as known on a day and all that is said of their level.

    Beside the columns of the source it has those of `jigai.screening.lines`, ``unit_energy`` as measured among them.
    """
    frame = _frame(lines, _LINE).sort("line")
    industries = pl.DataFrame(
        list(LegalPerson.objects.values_list("pk", "industry_code", "status")),
        schema={"legal_person": pl.Int64, "own_industry": pl.String, "status": pl.String},
        orient="row",
    )
    frame = frame.join(industries, on="legal_person", how="left", maintain_order="left")
    frame = frame.join(_figures(lines, year, known_on), on="line", how="left", maintain_order="left")
    frame = frame.with_columns(pl.col(pl.String).replace("", None)).with_columns(
        year=pl.lit(year, pl.Int64),
        name=pl.format("{} {}", "enterprise_name", "site_name"),
        industry_code=pl.coalesce("site_industry", "own_industry"),
        deregistered=pl.col("status").is_in((LegalPerson.Status.CLOSED, LegalPerson.Status.ARCHIVED)),
    )
    day = min(date(year, 12, 31), known_on)
    said = judge_lines(frame.select("line", *fields_in(frame)), reference(day), day)
    return frame.join(said, on="line", maintain_order="left")


def fields_in(frame: pl.DataFrame) -> list[str]:
    """Return the columns that judging looks at."""
    return [name for name in fields() if name in frame.columns]


def _figures(lines: QuerySet[Line], year: int, known_on: date) -> pl.DataFrame:
    """Return by ``line`` a column per figure, and ``data_date``, the day the youngest of them was recorded."""
    end = end_of(known_on)
    standing = Q(superseded_at__isnull=True) | Q(superseded_at__gte=end)
    rows = Fact.objects.filter(standing, recorded_at__lt=end, year=year, subject="line", line__in=lines).exclude(
        value=""
    )
    known = {
        "line_id": ("line", pl.Int64()),
        "attribute": ("attribute", pl.String()),
        "number": ("number", pl.Decimal(38, 6)),
        "value": ("value", pl.String()),
        "recorded_at": ("recorded_at", pl.Datetime("us", "UTC")),
    }
    facts = _frame(rows, known)
    names = [one.name for one in attributes().values() if of_line(one)]
    numbers = facts.pivot("attribute", on_columns=names, index="line", values="number", aggregate_function="first")
    texts = facts.filter(pl.col("attribute") == "mine_size").select("line", mine_size="value")
    days = facts.group_by("line").agg(
        data_date=pl.col("recorded_at").max().dt.convert_time_zone(settings.TIME_ZONE).dt.date()
    )
    return (
        numbers.drop("mine_size")
        .rename({**_FACT, "line_unit_energy": "unit_energy"})
        .join(texts, on="line", how="left")
        .join(days, on="line", how="left")
    )


def _frame(rows: QuerySet[Any], columns: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows.order_by().values_list(*columns)), schema=dict(columns.values()), orient="row")
