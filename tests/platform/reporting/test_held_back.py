"""Whose finances a form would tell is not shown to everybody; cells stand in the order of the form."""

from __future__ import annotations

import pytest
from tests.platform.campaigns.conftest import as_, whole

from jigai.plan.period import Period
from jigai.platform.reporting import pages
from jigai.platform.reporting.computing import Asking, Bound, asked_period, partition
from jigai.platform.reporting.data import FLOW
from jigai.platform.reporting.figures import CITY, Figure, NoFigures
from jigai.platform.reporting.models import ReportValue
from jigai.platform.reporting.parts import parts, whose
from jigai.platform.reporting.periods import Reported


def bound(sheet, address, **said):
    return Bound(f"{sheet}{address}", sheet, address, "figure", "数", said)


@pytest.fixture
def report(desk):
    """A report whose figure of the east rests on one enterprise's finances."""
    made = desk.fill(desk.start())
    with whole():
        one = desk.value(made, "C4")
        one.about = {**one.about, "few": True}
        one.save(update_fields=["about"])
    return made


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_part_that_tells_the_finances_of_one_enterprise_is_for_those_who_may_see_them(desk, report):
    for role, seen in (("city_officer", True), ("dept_officer", False)):
        with as_(desk.city, role) as actor:
            (line,) = (one for one in pages.lines(actor, report) if one["bound"].address == "C4")
        assert (line["hidden"], line["shown"]) == (not seen, "2" if seen else "")
    page = desk.city.client("dept_officer").get(f"/reporting/{report.pk}/").content.decode()
    assert "只给有财务查看权的人看" in page


@pytest.mark.django_db
@pytest.mark.sqlite
def test_nor_does_the_file_leave_the_site_with_it(desk, report):
    assert desk.city.client("dept_officer").get(f"/reporting/{report.pk}/file/").status_code == 302
    assert desk.city.client("city_officer").get(f"/reporting/{report.pk}/file/").status_code == 200
    with whole():
        ReportValue.objects.filter(report=report).update(about={})
    assert desk.city.client("dept_officer").get(f"/reporting/{report.pk}/file/").status_code == 200


def test_cells_stand_sheet_by_sheet_and_row_by_row():
    given = [bound("二", "A1"), bound("一", "C10"), bound("一", "AA2"), bound("一", "B2"), bound("二", "A0")]
    assert [one.address for one in pages.in_order(given)][1:] == ["A1", "B2", "AA2", "C10"]


@pytest.mark.parametrize(
    ("key", "part", "unit"),
    [
        ("", CITY, ""),
        ("510402", ("manager", "510402"), "510402"),
        ("place:510402", ("place", "510402"), ""),
        ("division:31", ("division", "31"), ""),
    ],
)
def test_a_binding_names_whose_figure_it_is_and_who_confirms_it(key, part, unit):
    assert partition(key) == part
    assert bound("一", "A1", key=key).unit == unit


@pytest.mark.django_db
@pytest.mark.sqlite
def test_parts_have_names_and_one_that_is_gone_is_told_by_its_code(city):
    known = {code: name for group in parts().values() for code, name in group.items()}
    assert (known["510402"], known["place:510403"]) == ("东区", "西区") and known["division:31"].startswith("31 ")
    assert [whose(key) for key in ("", "510402", "gone")] == ["全市", "东区", "gone"]


class Yearly(NoFigures):
    """Keeps a figure by the year: the last there is is 2025."""

    def figure(self, indicator, period, known_on, part, key):
        return Figure(None, period="2025" if period.month else "")


@pytest.mark.parametrize(
    ("source", "span", "period"),
    [
        (Yearly(), "this", Period(2026, 10)),
        (Yearly(), "last", Period(2024)),
        (NoFigures(), "last", Period(2025, 10)),
        (Yearly(), "last_year", Period(2025)),
    ],
)
def test_last_year_of_a_yearly_figure_is_the_year_before_the_one_shown(source, span, period):
    asking = Asking(Reported.read("2026-10"), Reported.read("2026-10").due(3), {}, {}, {})
    assert asked_period({"indicator": "x", "key": "", "span": span}, asking, source) == period


def test_what_the_app_does_itself_has_no_button():
    assert [FLOW.button(key) for key in ("start", "correct", "fill")] == [None] * 3
    assert FLOW.steps["fill"].target == "filled" and FLOW.button("ask")
