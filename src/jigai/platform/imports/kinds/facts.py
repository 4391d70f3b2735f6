"""A table of annual figures: one row per enterprise (or site) and year, a column per figure of ``facts.csv``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.attributes import Attribute, AttributeTable
from jigai.platform.enterprises.attributes import attributes, figures, of_line, of_site, visible_attributes
from jigai.platform.enterprises.facts import facts_of, set_fact
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.imports.kinds.common import said, site_finder
from jigai.platform.imports.subjects import Context, Match, NextStep, Row, RowRefusedError, Subject
from jigai.platform.registers.subjects import SubjectUnknownError, find_enterprises
from jigai.platform.walls.actor import Actor
from jigai.platform.web.wording import label

OWN = ("enterprise_name", "credit_code", "site_name", "year")
"""Columns that say whose the figures are, and of when."""


def subject() -> Subject:
    """Return the subject of annual figures."""
    return Subject(
        key="facts",
        title=_("年度数据"),
        table=table(),
        capability="import.use",
        match=match,
        save=save,
        list_url=lambda: reverse("enterprises:list"),
        may=lambda actor: actor.may("fact.enter") or actor.may("enterprise.import"),
        fills=lambda: {"year": timezone.localdate().year - 1},
        after=lambda actor, context: [
            NextStep(_("打开企业的年度数据，核对有疑问的数并报送。"), reverse("enterprises:list"))
        ],
        opens="finance.view",
        advice=("一家企业一行；有几个厂区的，厂区的数每个厂区一行。没有的栏整列留空。",),
    )


@cache
def table() -> AttributeTable:
    """Return the columns: whom and when, then every annual figure of enterprises and sites."""
    from jigai.platform.registers.definition import subject_columns

    who = subject_columns("enterprise")
    site = Attribute(
        "site_name",
        "text",
        "",
        "厂区名称",
        "site",
        aliases=("厂区", "厂址名称"),
        definition="企业只有一个厂区的可以不填",
        key=True,
    )
    year = Attribute(
        "year",
        "year",
        "年",
        "年度",
        "year",
        minimum=2000,
        maximum=2100,
        aliases=("年份", "数据年度"),
        key=True,
        required=True,
    )
    return replace(figures(), attributes=(*who, site, year, *(one for one in figures().attributes if not of_line(one))))


def match(actor: Actor, rows: Sequence[Row], context: Context) -> list[Match]:
    """Return which figures each row would enter or change."""
    find, find_site = find_enterprises([row.values for row in rows]), site_finder()
    known = visible_attributes(actor)
    found = []
    for row in rows:
        title = f"{row.values['enterprise_name']} {row.values['year']}"
        given = {name: value for name, value in row.values.items() if name not in OWN}
        entered = {name: typed(known[name], value) for name, value in given.items() if name in known}
        try:
            person = LegalPerson.objects.get(pk=find(row.values).columns["legal_person_id"])
            site = find_site(person, row) if any(of_site(known[name]) for name in entered) else None
        except (SubjectUnknownError, ValueError) as error:
            found.append(Match(row, "refused", title, why=str(error)))
            continue
        hidden = [name for name in given if name not in known]
        found.append(_match(actor, row, title, person, site, entered, hidden))
    return found


def _match(
    actor: Actor,
    row: Row,
    title: str,
    person: LegalPerson,
    site: Site | None,
    typed: Mapping[str, str],
    hidden: list[str],
) -> Match:
    now = facts_of(actor, person, int(row.values["year"]), None)
    changes: list[tuple[str, str, str]] = []
    wanted: dict[str, str] = {}
    for name, text in typed.items():
        held = now.get((_place(name, site), None, name))
        before = held.value if held else ""
        if before != text:
            wanted[name] = text
            changes.append((label(table().attribute(name)), before or "—", text))
    target = (person, site, wanted, hidden)
    if not wanted:
        return Match(row, "same", title, target=target)
    state = "changed" if any(before != "—" for _name, before, _after in changes) else "new"
    return Match(row, state, title, tuple(changes), target=target)


def save(actor: Actor, one: Match, source: str, context: Context) -> str:
    """Enter the figures of a row; one that is refused leaves the others in, and is told."""
    person, site, wanted, hidden = one.target
    year = int(one.row.values["year"])
    refused: list[str] = []
    for name, text in wanted.items():
        try:
            with transaction.atomic():
                set_fact(
                    actor,
                    person,
                    year,
                    name,
                    text,
                    site=site if of_site(attributes()[name]) else None,
                    reason=source,
                    status="imported",
                    explain_later=True,
                )
        except ValidationError as error:
            refused.append(said(error))
        except PermissionDenied:
            hidden = [*hidden, name]
    if refused and len(refused) == len(wanted):
        raise RowRefusedError(" ".join(dict.fromkeys(refused)))
    if hidden:
        names = "、".join(attributes()[name].zh for name in hidden)
        refused.append(_("您没有权限的栏没有入库：%(names)s。") % {"names": names})
    return " ".join(dict.fromkeys(refused))


def _place(name: str, site: Site | None) -> int | None:
    return site.pk if site and of_site(attributes()[name]) else None


def typed(figure: Attribute, value: Any) -> str:
    """Write a value the way the sheet of figures keeps it."""
    if figure.type == "flag":
        return "是" if value else "否"
    if figure.numeric:
        text = f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        return text or "0"
    return str(value)
