"""A town whose figures are real: a plan in force, sheets of enterprises, the bureau's tables; computed by the site."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from tests.platform.campaigns.conftest import as_
from tests.platform.plan.boards import PANZHIHUA, in_force

from jigai.plan.registry import registry
from jigai.platform.enterprises.models import AboveScale, Fact, SheetStep
from jigai.platform.plan import for_reports
from jigai.platform.plan.work import Work, in_use
from jigai.platform.registers import services as registers
from jigai.platform.registers.definition import register
from jigai.platform.registers.models import RegisterEntry
from jigai.platform.reporting import figures
from jigai.platform.reporting.periods import Reported
from jigai.platform.walls.scope import command_scope, use_scope

STATISTICS, FACTORIES = "investment-statistics", "green-factories"
EAST_MONTH, WEST_MONTH, REST = 7_000, 3_000, 20_000
"""What each county adds a month, and what the bureau counts beyond the counties in the last table [万元]."""


def today():
    """Return the day the site has."""
    return timezone.localdate()


def period():
    """Return the last month that is over and has a table: the bureau publishes none for January."""
    last = Reported.over("month", today())
    return last if last.last_month > 1 else last.before


def tables():
    """Yield year and month of the last table of every year up to that month."""
    last = period()
    yield from ((year, last.last_month if year == last.year else 12) for year in range(2024, last.year + 1))


INDICATORS = (
    "design_tool_rate", "equipment_investment_by_division", "equipment_investment_cumulative",
    "equipment_investment_dispatch", "green_factories",
)  # fmt: skip


def few(monkeypatch):
    """Have the site compute the indicators of the town's forms only: all of them take their time."""
    monkeypatch.setattr(
        for_reports, "in_use", lambda: Work({one: registry()[one] for one in INDICATORS}, in_use().parameters)
    )


def settle(city, folder=PANZHIHUA):
    """Put the plan in force, and have the town report; the west has not handed in its sheet."""
    in_force(folder)
    with as_(city, "city_officer") as actor:
        for year, month in tables():
            newest = (year, month) == (period().year, period().last_month)
            for unit, each in (("东区", EAST_MONTH), ("西区", WEST_MONTH), ("全市", EAST_MONTH + WEST_MONTH)):
                extra = REST if unit == "全市" and newest else 0
                _table(actor, unit, year, month, each * month + extra)
        for division, part in (("31", 6), ("30", 3)):
            year, month = period().year, period().last_month
            _table(actor, "全市", year, month, 1_000 * month * part, division)
        for one in (city.east_enterprise, city.west_enterprise):
            said = {"enterprise_name": one.name, "level": "city", "year": 2024}
            registers.add(actor, register(FACTORIES), said)
    with transaction.atomic(), use_scope(command_scope("town")):
        for one in (city.east_enterprise, city.west_enterprise):
            AboveScale.objects.create(legal_person=one, year=period().year - 1, **_owner(one))
        report(city.east_enterprise)
    compute()


def report(person, value=1):
    """Have an enterprise hand in its sheet of last year."""
    said = {"legal_person": person, "year": period().year - 1, "recorded_at": timezone.now(), "recorded_by": "x"}
    Fact.objects.create(
        subject="legal_person", attribute="rd_tools_used", value=str(value), number=Decimal(value), **said,
        **_owner(person),
    )  # fmt: skip
    for step, state in (("submit", "submitted"), ("confirm", "confirmed")):
        SheetStep.objects.create(step=step, state=state, **said, **_owner(person))


def revise(city, unit, value):
    """Have the bureau revise the newest table of a unit [万元]."""
    key = register(STATISTICS)
    with as_(city, "city_officer") as actor:
        wanted = {"manager_name": unit, "year": period().year, "month": period().last_month}
        for entry in RegisterEntry.objects.filter(register=STATISTICS).order_by("pk"):
            held = entry.versions.get(superseded_at=None).values
            if not held.get("division") and all(held[name] == said for name, said in wanted.items()):
                registers.change(actor, key, entry, {**held, "equipment_investment": value}, reason="统计局修订")


def compute():
    """Bring figures up to date, as the worker does."""
    figures.source().prepare(today())


def yesterday():
    """Return the day before."""
    return today() - timedelta(days=1)


def _table(actor, unit, year, month, equipment, division=""):
    values = {
        "manager_name": unit, "year": year, "month": month, "division": division,
        "industrial_investment": equipment * 2, "equipment_investment": equipment, "document": "示例月报",
    }  # fmt: skip
    registers.add(actor, register(STATISTICS), values)


def _owner(person):
    return {"org_id": person.org_id, "manager_code": person.manager_code, "place_code": person.place_code}
