"""Report forms get what the board shows, judged by the share of the plan in force, and say whose and of when it is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.platform.people import EAST, WEST
from tests.platform.plan.boards import PANZHIHUA, TEXTILES, YI, adds, in_force, keep

from jigai.plan.period import Period
from jigai.plan.registry import registry
from jigai.platform.plan.for_reports import NO_PLAN, BoardFigures
from jigai.platform.plan.models import Computing
from jigai.platform.reporting import figures
from jigai.platform.reporting.figures import CITY

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = date(2026, 11, 3)
OCTOBER = Period(2026, 10)
TOOLS, INVESTMENT, FACTORIES, NEWNESS = (
    "design_tool_rate", "equipment_investment_cumulative", "green_factories", "newness",
)  # fmt: skip


def asked(indicator, period=OCTOBER, part=CITY, day=DAY):
    return BoardFigures().figure(indicator, period, day, *part)


def test_the_board_is_asked_from_the_start():
    assert isinstance(figures.source(), BoardFigures)
    named = {one.id: one for one in figures.source().indicators()}
    assert list(named) == list(registry())
    assert (named[NEWNESS].finance, named[INVESTMENT].unit, named[TOOLS].unit) == (True, "元", "")


def test_a_figure_is_in_the_unit_of_its_indicator_with_what_it_rests_on(whole):
    in_force()
    keep(INVESTMENT, "2026-10", 12_345_600_000, should=34, reported=34)
    keep(TOOLS, 2025, 3, 4, should=5, reported=4)
    found = asked(INVESTMENT)
    assert (found.value, found.numerator, found.period, found.why) == (Decimal(12_345_600_000), 12_345_600_000, "", "")
    rate = asked(TOOLS, Period(2025))
    assert (rate.value, rate.denominator, rate.coverage) == (Decimal("0.75"), 4, Decimal("0.8"))
    assert (rate.reportable, rate.data_date) == (True, date(2026, 2, 1))


@pytest.mark.parametrize(("folder", "least", "reportable"), [(PANZHIHUA, "0.8", True), (TEXTILES, "0.9", False)])
def test_the_share_of_the_plan_in_force_decides_what_may_be_reported(whole, folder, least, reportable):
    in_force(folder)
    keep(TOOLS, 2025, 60, 85, should=100, reported=85)
    found = asked(TOOLS, Period(2025))
    assert (found.least, found.reportable, found.coverage) == (Decimal(least), reportable, Decimal("0.85"))


def test_a_yearly_figure_asked_for_a_month_is_the_last_year_enough_have_reported_for(whole):
    in_force()
    keep(TOOLS, 2024, 1, 2, should=10, reported=9)
    keep(TOOLS, 2025, 3, 4, should=10, reported=8)
    keep(TOOLS, 2026, 1, 1, should=10, reported=1)
    keep(TOOLS, 2025, 1, 2, should=2, part=("manager", EAST))
    assert (asked(TOOLS).value, asked(TOOLS).period) == (Decimal("0.75"), "2025")
    assert (asked(TOOLS, part=("manager", EAST)).value, asked(TOOLS, Period(2024, 10)).period) == (
        Decimal("0.5"),
        "2024",
    )


def test_whoever_asks_for_a_whole_year_gets_that_year_or_the_reason(whole):
    in_force()
    keep(TOOLS, 2024, 1, 2)
    found = asked(TOOLS, Period(2025))
    assert (found.value, found.period, found.reportable) == (None, "", False)
    assert found.why
    assert found.numerator is None  # nothing to add up is no nought


def test_a_part_nobody_counts_in_is_no_nought(whole):
    in_force()
    keep(FACTORIES, "2026-10", 5, should=5)
    keep(FACTORIES, "2026-10", 5, should=5, part=("manager", EAST))
    assert asked(FACTORIES, part=("manager", EAST)).value == 5
    west = asked(FACTORIES, part=("manager", WEST))
    assert (west.value, west.numerator, bool(west.why)) == (None, None, True)


@pytest.mark.parametrize("part", [("place", EAST), ("division", "31"), ("manager", EAST)])
def test_every_partition_can_be_asked_for(whole, part):
    in_force()
    keep(INVESTMENT, "2026-10", 7 * YI, should=10, part=part)
    assert asked(INVESTMENT, part=part).value == 7 * YI


def test_an_indicator_for_internal_use_is_never_reportable(whole):
    in_force()
    keep("nc_rate_equipment", 2025, 3, 4)
    found = asked("nc_rate_equipment", Period(2025))
    assert (found.value, found.coverage, found.reportable) == (Decimal("0.75"), 1, False)


def test_a_part_of_a_financial_figure_resting_on_few_says_so(whole):
    in_force()
    for reported, part in ((9, CITY), (2, ("manager", EAST)), (3, ("manager", WEST))):
        keep(NEWNESS, 2025, 1, 2, should=reported, part=part)
    found = [asked(NEWNESS, Period(2025), part).few for part in (CITY, ("manager", EAST), ("manager", WEST))]
    assert found == [False, True, False]


def test_an_earlier_day_is_that_day_or_none(whole):
    in_force()
    Computing.objects.create(pk=1, day=DAY, upto=timezone.now(), basis="x")
    earlier = DAY - timedelta(days=9)
    keep(FACTORIES, "2026-10", 5, should=5)
    assert asked(FACTORIES, day=DAY).value == asked(FACTORIES, day=DAY + timedelta(days=1)).value == 5
    found = asked(FACTORIES, day=earlier)
    assert found.value is None and "2026-10-25" in found.why
    assert BoardFigures().listed(FACTORIES, OCTOBER, earlier, *CITY).is_empty()
    keep(FACTORIES, "2026-10", 4, should=4, known_on=earlier)
    assert asked(FACTORIES, day=earlier).value == 4


def test_what_is_listed_adds_up_to_the_figure_of_the_same_part(whole):
    in_force()
    for person, number in ((whole.east_enterprise, 1), (whole.west_enterprise, 2)):
        adds(person, FACTORIES, "2026-10", number)
    source = BoardFigures()
    for part, total in ((CITY, 3), (("manager", EAST), 1), (("place", WEST), 2), (("division", "31"), 3)):
        listed = source.listed(FACTORIES, OCTOBER, DAY, *part)
        assert listed["numerator"].sum() == total, part


def test_before_there_is_a_plan_every_figure_says_so(whole):
    keep(FACTORIES, "2026-10", 5)
    assert (asked(FACTORIES).value, asked(FACTORIES).why) == (None, NO_PLAN)
    assert BoardFigures().listed(FACTORIES, OCTOBER, DAY, *CITY).is_empty()
    BoardFigures().prepare(DAY)
    assert not Computing.objects.exists()


def test_an_indicator_there_is_none_of_is_named(whole):
    in_force()
    assert "nonsense" in asked("nonsense").why


def test_a_reading_reads_each_indicator_and_part_once(whole, django_assert_max_num_queries):
    in_force()
    keep(TOOLS, 2025, 3, 4)
    source = BoardFigures()
    source.figure(TOOLS, OCTOBER, DAY, *CITY)
    with django_assert_max_num_queries(2):  # the plan in force, and how far the figures are
        assert source.figure(TOOLS, OCTOBER, DAY, *CITY).value == Decimal("0.75")
    assert source.reading() is not source


def test_the_objectives_stand_in_words_as_on_the_board(whole):
    assert not BoardFigures().standings(OCTOBER, DAY)  # no plan yet
    in_force()
    keep("nc_rate", 2025, 60, 100, should=100)
    found = {one.name.split()[0]: one for one in BoardFigures().standings(OCTOBER, DAY)}
    assert set(found) == {f"O{number}" for number in range(1, 16)}
    assert (found["O8"].value, found["O8"].coverage) == ("60.0%", "100%")
    assert "75%" in found["O8"].asked and found["O8"].state and found["O8"].sentence
    assert found["O5"].value == "—" and found["O5"].sentence
