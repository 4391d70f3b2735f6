"""Who has reported the figures of a year: by enterprise and by managing unit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.enterprises import above_scale, sheets
from jigai.platform.enterprises.attributes import attributes, is_needed, of_line
from jigai.platform.enterprises.completeness import required
from jigai.platform.enterprises.line_asking import asked, lines_of
from jigai.platform.enterprises.models import Fact, LegalPerson, SheetStep, Site
from jigai.platform.enterprises.tables import with_manager
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import Actor
from jigai.platform.web.workflow import Word

REPORTED = frozenset({"submitted", "confirmed", "corrected"})
"""States in which the figures are with the authorities."""
WAITING = frozenset({"submitted", "corrected"})
"""States in which the county has to verify."""


@dataclass(frozen=True)
class Reporter:
    """An enterprise with a sheet: its state, how many of the required figures are given, whether it ``must`` report."""

    person: LegalPerson
    manager: str
    state: Word
    given: int
    required: int
    must: bool = True

    @property
    def percent(self) -> int:
        """Share of the required figures that are given."""
        return int(self.given * 100 / self.required) if self.required else 100


@dataclass(frozen=True)
class Unit:
    """A managing unit: how many should report, have reported, are confirmed."""

    name: str
    total: int
    reported: int
    confirmed: int

    @property
    def coverage(self) -> float:
        """Share that has reported, in per cent."""
        return self.reported * 100 / self.total if self.total else 0.0


@dataclass(frozen=True)
class Overview:
    """The year: all who should report, the units, and the sum. ``by_list`` tells whether a yearly list says who.

    ``others`` reported though they need not: they are verified like all, and counted nowhere.
    """

    rows: list[Reporter]
    others: list[Reporter]
    units: list[Unit]
    total: Unit
    by_list: bool

    @property
    def waiting(self) -> list[Reporter]:
        """Whose figures the county has to verify."""
        return [one for one in (*self.rows, *self.others) if one.state.key in WAITING]


def overview(actor: Actor, year: int) -> Overview:
    """Return who should report ``year`` and how far they are, within the scope in force.

    The above-scale list of the year says who; while there is none, every enterprise in production does.
    """
    actor.require("fact.view")
    listed = above_scale.listed(year)
    by_list = above_scale.exists(year)
    every = with_manager(LegalPerson.objects.all())
    must = Q(pk__in=listed.values("legal_person")) if by_list else Q(status=LegalPerson.Status.OPERATING)
    last = SheetStep.objects.filter(legal_person=OuterRef("pk"), year=year).order_by("-pk").values("state")[:1]
    every = every.annotate(sheet=Subquery(last)).order_by("manager_code", "name")
    needed = [one for one in attributes().values() if is_needed(one)]
    of_person, per_site, per_line = len(required("legal_person")), len(required("site")), sum(map(of_line, needed))
    in_field = asked(timezone.localdate()).in_field
    lines = lines_of(Site.objects.filter(active=True).values("pk"), year).filter(product__in=in_field)
    on_lines = dict(lines.order_by().values_list("site__legal_person").annotate(n=Count("pk")))
    sites = dict(Site.objects.filter(active=True).values_list("legal_person").annotate(n=Count("pk")))
    given = dict(
        Fact.objects.filter(year=year, superseded_at__isnull=True, attribute__in=[one.name for one in needed])
        .filter(Q(site__isnull=True) | Q(site__active=True))
        .filter(Q(line__isnull=True) | Q(line__in=lines.values("pk")))
        .exclude(value="")
        .values_list("legal_person")
        .annotate(n=Count("pk"))
    )

    def reporter(person: Any, *, must: bool = True) -> Reporter:
        return Reporter(
            person,
            person.manager_name or "—",
            sheets.FLOW.states[person.sheet or "open"],
            given.get(person.pk, 0),
            of_person + per_site * sites.get(person.pk, 0) + per_line * on_lines.get(person.pk, 0),
            must,
        )

    rows = [reporter(person) for person in every.filter(must)]
    begun = every.exclude(must).exclude(sheet=None).exclude(sheet="open")
    others = [reporter(person, must=False) for person in begun]
    names = list(dict.fromkeys(one.manager for one in rows))
    units = [_unit(name, [one for one in rows if one.manager == name]) for name in names]
    return Overview(rows, others, units, _unit("", rows), by_list)


def remind(actor: Actor, year: int, today: date) -> int:
    """Send a reminder to every enterprise in scope that has not reported ``year``; returns to how many people it went.

    Whoever was reminded on the same day is not reminded again. Raises ``PermissionDenied`` without ``notice.send``.
    """
    actor.require("notice.send")
    late = [one.person for one in overview(actor, year).rows if one.state.key not in REPORTED and one.person.org]
    due = sheets.due("submit", year)
    sent = 0
    for person in late:
        told = send(
            actor,
            to=person.org or [],
            kind="fact",
            title=_("请报送 %(year)s 年度数据（期限 %(due)s）") % {"year": year, "due": due.isoformat()},
            url=reverse("enterprises:facts", args=[person.pk, year]),
            due=due,
            key=f"facts/{person.pk}/{year}/{today.isoformat()}",
        )
        sent += len(told)
    record(actor, "fact.reminded", after={"year": year, "enterprises": len(late), "people": sent})
    return sent


def _unit(name: str, rows: list[Reporter]) -> Unit:
    states = Counter(one.state.key for one in rows)
    return Unit(name, len(rows), sum(states[key] for key in REPORTED), states["confirmed"])
