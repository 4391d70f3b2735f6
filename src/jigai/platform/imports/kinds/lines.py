"""A list of production lines: one row per line, found again by its name within the site."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.enterprises import services
from jigai.platform.enterprises.models import LegalPerson, Line
from jigai.platform.imports.kinds.common import differences, said, site_finder, table
from jigai.platform.imports.subjects import Context, Match, NextStep, Row, RowRefusedError, Subject
from jigai.platform.registers.subjects import SubjectUnknownError, find_enterprises
from jigai.platform.walls.actor import Actor

_FIELDS = (
    "product",
    "process",
    "capacity",
    "capacity_unit",
    "unit_energy",
    "unit_energy_unit",
    "environmental_grade",
    "commissioned",
    "retired",
    "planned_exit",
    "planned_exit_note",
)
_NUMBERS = ("capacity", "unit_energy")


def subject() -> Subject:
    """Return the subject of lists of lines."""
    return Subject(
        key="lines",
        title=_("产线"),
        table=table("lines", "产线", "production lines"),
        capability="enterprise.import",
        match=match,
        save=save,
        list_url=lambda: reverse("enterprises:list"),
        after=lambda actor, context: [NextStep(_("打开企业，核对产线的产能和能耗。"), reverse("enterprises:list"))],
        advice=("一条产线一行；产能和能耗只填数，单位另填。",),
    )


def match(actor: Actor, rows: Sequence[Row], context: Context) -> list[Match]:
    """Return what each row would do: a new line, other values, or nothing."""
    find, find_site = find_enterprises([row.values for row in rows]), site_finder()
    of = table("lines", "产线", "production lines")
    found = []
    for row in rows:
        title = f"{row.values['enterprise_name']} {row.values['line_name']}"
        try:
            person = LegalPerson.objects.get(pk=find(row.values).columns["legal_person_id"])
            site = find_site(person, row)
        except (SubjectUnknownError, ValueError) as error:
            found.append(Match(row, "refused", title, why=str(error)))
            continue
        line = Line.objects.filter(site=site, name=row.values["line_name"]).first()
        if line is None:
            found.append(Match(row, "new", title, target=(site, None)))
            continue
        before = {name: _plain(getattr(line, name)) for name in _FIELDS}
        changes = differences(of, before, {name: row.values[name] for name in _FIELDS if name in row.values})
        found.append(Match(row, "changed" if changes else "same", title, changes, target=(site, line)))
    return found


def save(actor: Actor, one: Match, source: str, context: Context) -> str:
    """Make or change the line."""
    site, line = one.target
    values = {name: _stored(name, one.row.values[name]) for name in _FIELDS if name in one.row.values}
    try:
        if line is None:
            services.create_line(actor, site, values | {"name": one.row.values["line_name"]})
        else:
            fresh = Line.objects.get(pk=line.pk)
            services.edit_line(actor, fresh, values, fresh.version, reason=source)
    except ValidationError as error:
        raise RowRefusedError(said(error)) from error
    return ""


def _stored(name: str, value: Any) -> Any:
    return Decimal(f"{value:.15g}") if name in _NUMBERS else value


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value or None
