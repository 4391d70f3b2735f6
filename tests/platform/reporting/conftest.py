"""A province's monthly form, bound, over a city whose figures are known."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.platform.campaigns.conftest import as_, whole
from tests.platform.people import EAST, WEST
from tests.platform.reporting.blanks import SHEET, workbook
from tests.platform.reporting.figures import Kept, city_of_two

from jigai.platform.reporting import figures, filling, services, workflow
from jigai.platform.reporting.models import Form, Report, ReportValue

DAY = filling.date(2026, 11, 3)
PERIOD = "2026-10"
CELLS = {
    "B4": {
        "kind": "figure", "label": "规上企业数", "indicator": "firms", "part": "value", "span": "this", "factor": "1",
    },
    "B5": {
        "kind": "figure", "label": "数控化率", "indicator": "nc_rate", "part": "value", "span": "this",
        "factor": "100", "places": 2,
    },
    "B6": {
        "kind": "figure", "label": "设备投资（亿元）", "indicator": "equipment_investment_cumulative",
        "part": "numerator", "span": "this",
        "factor": "0.00000001", "places": 2, "beside": "bureau",
    },
    "C4": {
        "kind": "figure", "label": "东区企业数", "indicator": "firms", "part": "value", "span": "this", "factor": "1",
        "key": EAST,
    },
    "D4": {
        "kind": "figure", "label": "西区企业数", "indicator": "firms", "part": "value", "span": "this", "factor": "1",
        "key": WEST,
    },
    "A2": {"kind": "constant", "label": "单位", "text": "填报单位：示范市经信局"},
    "D2": {"kind": "dimension", "label": "期间", "field": "period"},
    "B7": {"kind": "typed", "label": "情况说明"},
    "B16": {"kind": "dimension", "label": "填报人", "field": "filler"},
    "D16": {"kind": "dimension", "label": "负责人", "field": "signer"},
    "A10": {
        "kind": "list", "label": "企业清单", "indicator": "firms", "span": "this",
        "columns": [{"letter": "A", "field": "number"}, {"letter": "B", "field": "label"},
                    {"letter": "C", "field": "manager_name"}],
    },
}  # fmt: skip


@dataclass
class Desk:
    """The city, its form and figures, and short ways to act."""

    city: object
    form: Form
    kept: Kept

    def acting(self, role, *, west=False):
        """Act in a role: a transaction in its scope."""
        return as_(self.city, role, west=west)

    def start(self, period=PERIOD, last=None):
        """Open a report."""
        with self.acting("city_officer") as actor:
            return filling.start(actor, self.form, period, last)

    def fill(self, report, day=DAY):
        """Draw its figures."""
        with self.acting("city_officer") as actor:
            return filling.fill(actor, report, day)

    def value(self, report, address):
        """Return what a cell has."""
        with whole():
            return ReportValue.objects.get(report=report, binding=self.key(report, address))

    def key(self, report, address):
        """Return the number of the binding of a cell."""
        return next(one["key"] for one in report.bindings if one["address"] == address)

    def type(self, report, text="进展正常"):
        """Write the line of text."""
        with self.acting("city_officer") as actor:
            report.refresh_from_db()
            filling.type_in(actor, report, report.version, self.key(report, "B7"), text)
            report.refresh_from_db()

    def confirm(self, report, *, west=False, agreed=True, reason=""):
        """Give a county's word."""
        with self.acting("county_officer", west=west) as actor:
            return workflow.confirm(actor, report, WEST if west else EAST, agreed=agreed, reason=reason)

    def step(self, report, key, role="city_officer", *, west=False, comment=""):
        """Take a step; ``west`` is another person in the same post."""
        with self.acting(role, west=west) as actor:
            held = Report.objects.get(pk=report.pk)
            return workflow.take_step(actor, held, held.version, key, comment)

    def frozen(self, period=PERIOD, day=DAY):
        """Take a report all the way."""
        report = self.fill(self.start(period), day)
        return self.to_the_end(report)

    def to_the_end(self, report):
        """Take a report that is filled all the way."""
        self.type(report)
        self.step(report, "ask")
        self.confirm(report)
        self.confirm(report, west=True)
        self.step(report, "submit")
        self.step(report, "review", west=True)
        return self.step(report, "sign", "city_head")


@pytest.fixture
def kept():
    """Whoever keeps figures."""
    before, known = figures.source(), city_of_two()
    figures.provide(known)
    yield known
    figures.provide(before)


@pytest.fixture
def form(city, kept, settings, tmp_path):
    """The form, bound."""
    settings.DATA_DIR = tmp_path
    with as_(city, "city_officer") as actor:
        said = {"name": "工业设备更新月报（示例）", "every": "month", "issuer": "示例省经信厅", "due_day": 5}
        made = services.create(actor, {**said, "file": ("月报.xlsx", workbook())})
        for address, values in CELLS.items():
            services.bind(actor, made, SHEET, address, values)
    return made


@pytest.fixture
def desk(city, form, kept):
    """Everything that is needed to report."""
    return Desk(city, form, kept)
