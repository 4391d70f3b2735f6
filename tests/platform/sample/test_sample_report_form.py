"""The sample city has a report form of an invented province, bound as far as there are indicators."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.db import transaction
from tests.platform.reporting.figures import Kept

from jigai.platform.places.models import ManagingUnit
from jigai.platform.reporting import figures, filling, freezing
from jigai.platform.reporting.figures import Indicator
from jigai.platform.reporting.models import Form, Report, ReportValue
from jigai.platform.sample.draws import table
from jigai.platform.sample.ledgers import DAY
from jigai.platform.sample.loading import load_city
from jigai.platform.sample.report_form import bindings, blank, fill_report, load_report_form
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope
from jigai.reference import Reference
from jigai.reports.filling import Blank

TODAY = date(2026, 11, 3)
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


class Named(Kept):
    """Keeps figures of the indicators the sample form asks for."""

    def indicators(self):
        said = table("report_form")["rows"]
        return [Indicator(one["indicator"], one["name"], one["indicator"], one["unit"]) for one in said]


@pytest.fixture
def named(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    load_city(Reference.load(DAY), 6)
    before = figures.source()
    figures.provide(figures.NoFigures())
    yield Named()
    figures.provide(before)


def test_without_a_city_there_is_no_form():
    assert load_report_form() == 0


def test_the_form_is_bound_once_there_are_indicators_and_filled(named):
    without = load_report_form()
    assert 0 < without < len(bindings()) and load_report_form() == 0
    figures.provide(named)
    assert load_report_form() == len(bindings()) - without and load_report_form() == 0
    actor = command("test")
    with transaction.atomic(), use_scope(actor.scope):
        unit = ManagingUnit.objects.first().code
        for number in range(3):
            named.add("green_factories", "2026-10", unit, f"示例厂{number}", 1)
        form = Form.objects.get()
        assert "示例" in form.name and "虚构" in form.issuer
        report = filling.fill(actor, filling.start(actor, form, "2026-10"), date(2026, 11, 3))
        sheet = openpyxl.load_workbook(io.BytesIO(freezing.workbook(report)))["月报"]
    assert (sheet["E2"].value, sheet["C10"].value, sheet["C6"].value) == ("2026年10月", 3, None)
    assert [sheet[f"B{row}"].value for row in (14, 15, 16)] == ["示例厂0", "示例厂1", "示例厂2"]
    assert sheet["A54"].value == "填报人："


def test_the_blank_is_the_same_each_time():
    assert blank() == blank()
    assert Blank(blank()).names == ["月报"]


def test_the_sample_form_is_filled_for_the_last_month_once_and_left_to_be_looked_over(named):
    assert not fill_report(TODAY)  # no form yet
    figures.provide(named)
    load_report_form()
    assert fill_report(TODAY) and not fill_report(TODAY)
    with transaction.atomic(), use_scope(command("test").scope):
        report = Report.objects.get()
        assert (report.period, report.state, report.known_on) == ("2026-10", "filled", TODAY)
        assert ReportValue.objects.filter(report=report).count() == len(bindings())
