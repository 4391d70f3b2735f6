"""A table of the yearly figures of production lines: one row per line and year, found by the name of the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.attributes import Attribute, AttributeTable
from jigai.platform.enterprises.attributes import figures, of_line
from jigai.platform.enterprises.facts import facts_of, set_fact
from jigai.platform.enterprises.models import LegalPerson, Line
from jigai.platform.imports.kinds import facts
from jigai.platform.imports.kinds.common import said, site_finder
from jigai.platform.imports.subjects import Context, Match, NextStep, Row, RowRefusedError, Subject
from jigai.platform.registers.subjects import SubjectUnknownError, find_enterprises
from jigai.platform.walls.actor import Actor
from jigai.platform.web.wording import label


def subject() -> Subject:
    """Return the subject of yearly figures of lines."""
    return Subject(
        key="line_facts",
        title=_("产线年度数据"),
        table=table(),
        capability="import.use",
        match=match,
        save=save,
        list_url=lambda: reverse("enterprises:lines"),
        may=lambda actor: actor.may("fact.enter") or actor.may("enterprise.import"),
        fills=lambda: {"year": timezone.localdate().year - 1},
        after=lambda actor, context: [NextStep(_("打开产线，核对能效水平和缺的数据。"), reverse("enterprises:lines"))],
        advice=(
            "一条产线一行，产线名称与平台上登记的一致。",
            "产量按产线登记的产能单位填，单位产品能耗按登记的能耗单位填；不适用的栏留空。",
        ),
    )


@cache
def table() -> AttributeTable:
    """Return the columns: whom, which line and when, then the figures of lines."""
    line = Attribute(
        "line_name",
        "text",
        "",
        "产线名称",
        "line",
        aliases=("生产线", "生产线名称", "产线"),
        definition="与平台上登记的产线名称一致",
        key=True,
        required=True,
    )
    known = [one for one in facts.table().attributes if one.name in facts.OWN]
    whose, when = known[:-1], known[-1:]
    own = (one for one in figures().attributes if of_line(one))
    return replace(
        figures(), key="line_facts", zh="产线年度数据", en="figures of lines", attributes=(*whose, line, *when, *own)
    )


def match(actor: Actor, rows: Sequence[Row], context: Context) -> list[Match]:
    """Return which figures each row would enter or change."""
    find, find_site = find_enterprises([row.values for row in rows]), site_finder()
    found = []
    for row in rows:
        name, year = str(row.values["line_name"]), int(row.values["year"])
        title = f"{row.values['enterprise_name']} {name} {year}"
        try:
            person = LegalPerson.objects.get(pk=find(row.values).columns["legal_person_id"])
            site = find_site(person, row)
        except (SubjectUnknownError, ValueError) as error:
            found.append(Match(row, "refused", title, why=str(error)))
            continue
        line = Line.objects.select_related("site").filter(site=site, name=name).first()
        if line is None:
            why = _("厂区“%(site)s”没有叫“%(line)s”的产线：请核对名称，或先登记产线。")
            found.append(Match(row, "refused", title, why=why % {"site": site.name, "line": name}))
            continue
        found.append(_match(actor, row, title, person, line))
    return found


def _match(actor: Actor, row: Row, title: str, person: LegalPerson, line: Line) -> Match:
    now = facts_of(actor, person, int(row.values["year"]))
    wanted: dict[str, str] = {}
    changes: list[tuple[str, str, str]] = []
    for one in table().attributes:
        if not of_line_figure(one) or one.name not in row.values:
            continue
        text = facts.typed(one, row.values[one.name])
        held = now.get((line.site_id, line.pk, one.name))
        before = held.value if held else ""
        if before != text:
            wanted[one.name] = text
            changes.append((label(one), before or "—", text))
    target = (person, line, wanted)
    if not wanted:
        return Match(row, "same", title, target=target)
    state = "changed" if any(before != "—" for _name, before, _after in changes) else "new"
    return Match(row, state, title, tuple(changes), target=target)


def of_line_figure(one: Attribute) -> bool:
    """Whether a column is a figure, not one that says whose."""
    return one.name in figures().by_name


def save(actor: Actor, one: Match, source: str, context: Context) -> str:
    """Enter the figures of a row; one that is refused leaves the others in, and is told."""
    person, line, wanted = one.target
    refused: list[str] = []
    for name, text in wanted.items():
        try:
            with transaction.atomic():
                set_fact(
                    actor,
                    person,
                    int(one.row.values["year"]),
                    name,
                    text,
                    line=line,
                    reason=source,
                    status="imported",
                    explain_later=True,
                )
        except ValidationError as error:
            refused.append(said(error))
    if refused and len(refused) == len(wanted):
        raise RowRefusedError(" ".join(dict.fromkeys(refused)))
    return " ".join(dict.fromkeys(refused))
