"""The board as it is read: periods, judgements, forecasts, units, earlier days; from kept sums alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.platform.people import EAST, WEST
from tests.platform.plan.boards import TEXTILES, YI, in_force, keep, months

from jigai.plan import forecast_words
from jigai.plan.period import Period
from jigai.platform.plan.reading import Ask, read_board, units_of
from jigai.platform.plan.versions import plan_of
from jigai.platform.walls.actor import command

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 30)
OFFICER = command("test")


@pytest.fixture
def plan(city):
    return in_force()


def board(period="2026", known_on=None, actor=OFFICER, **more):
    return read_board(actor, Ask(Period.read(period), known_on, more.pop("partition", "manager")), DAY, **more)


def main(id, *args, **more):
    return board(*args, **more).objective(id).main


def test_without_a_plan_there_is_no_board(city):
    assert board() is None


def test_the_board_is_for_those_who_may_see_the_plan(plan, city):
    with pytest.raises(PermissionDenied):
        board(actor=city.actor("enterprise_head"))
    assert board(actor=city.actor("county_officer")).plan.id == "panzhihua-2024"


def test_without_figures_every_objective_says_so(plan):
    found = board()
    assert [one.objective.id for one in found.objectives] == [f"O{number}" for number in range(1, 16)]
    assert {one.outcome for one in found.objectives} == {"not_judged"}
    assert all(target.number.value is None for one in found.objectives for target in one.targets)


def test_a_yearly_figure_is_that_of_the_last_year_enough_have_reported_for(plan):
    keep("nc_rate", 2024, 6, 10, should=10)
    keep("nc_rate", 2025, 7, 10, should=10)
    keep("nc_rate", 2026, 1, 1, should=10, reported=1)
    assert (main("O8").number.period, main("O8").number.text) == ("2025", "70.0")
    assert main("O8", "2024").number.period == "2024"
    assert [one.period for one in main("O8").history] == ["2024", "2025", "2026"]


def test_a_year_too_few_reported_for_is_shown_grey_where_there_is_no_better(plan):
    keep("nc_rate", 2025, 1, 1, should=10, reported=1)
    found = main("O8")
    assert (found.number.grey, found.outcome, found.judgement.reason) == (True, "not_judged", "coverage_low")


def test_a_monthly_figure_is_that_of_the_month_asked_for(plan):
    keep("green_factories", "2026-03", 12)
    keep("green_factories", 2026, 20)
    assert main("O11", "2026-03").number.text == "12"
    assert (main("O11").number.text, main("O11").outcome) == ("20", "reached")


def test_the_investment_is_judged_at_its_last_table_and_carried_on(plan):
    months()
    found = main("O1")
    assert found.number.text == "136.00"
    assert found.day == date(2026, 10, 31)
    assert found.judgement.expected.quantize(Decimal("0.1")) == Decimal("141.6")
    assert (found.outcome, found.judgement.reason) == ("at_risk", "little_behind")
    # Four a month from November 2026 to December 2027 are 56 more.
    assert found.forecast.value == Decimal(192)
    assert "预计完成 192 亿元" in forecast_words.say(found.forecast, found.goal).zh
    assert found.forecast.committed is None, "no project library: nothing is told of what is committed"


def test_too_short_a_series_is_not_carried_on(plan):
    months(first=2026)
    found = main("O1")
    assert (found.forecast.value, found.forecast.method) == (None, "history_short")


def test_a_month_without_its_table_is_not_taken_for_one_that_added_nothing(plan):
    months()
    keep("equipment_investment_cumulative", "2026-11", 136 * YI, should=35, reported=34)
    found = main("O1", "2026-11")
    assert found.day == date(2026, 10, 31)
    assert found.forecast.value == Decimal(192)


def test_growth_is_forecast_on_the_year_it_is_measured_on(plan):
    months()
    keep("equipment_investment_growth", 2024, 48 * YI, 40 * YI)
    keep("equipment_investment_growth", 2026, 40 * YI, 34 * YI)
    found = main("O2")
    assert found.number.text == "+17.6"
    assert found.forecast.base_year == 2023
    assert found.forecast.value == Decimal(20), "48 in 2027, of 40 in 2023"


def test_a_nought_for_a_source_that_is_not_there_is_not_judged(plan):
    keep("renovation_projects", 2026, 0, should=1, reported=0, reason="项目库尚未启用。")
    found = main("O10")
    assert (found.number.text, found.outcome, found.judgement.reason) == ("0", "not_judged", "no_figure")


def test_units_are_held_to_a_rate_and_the_farthest_behind_come_first(plan):
    keep("nc_rate", 2025, 7, 10, should=10)
    keep("nc_rate", 2025, 4, 5, should=5, part=("manager", EAST))
    keep("nc_rate", 2025, 3, 5, should=5, part=("manager", WEST))
    found = main("O8")
    units = {one.key: one for one in found.units}
    assert (units[EAST].number.text, units[EAST].judgement.outcome, units[EAST].gap) == ("80.0", "reached", 5)
    assert (units[WEST].number.text, units[WEST].gap) == ("60.0", -15)
    assert [one.key for one in found.behind] == [WEST]
    assert units["510411"].number.value is None


def test_nobody_has_shared_a_sum_out_to_the_units(plan):
    months()
    keep("equipment_investment_cumulative", 2026, 30 * YI, part=("manager", EAST))
    unit = next(one for one in main("O1").units if one.key == EAST)
    assert (unit.number.text, unit.judgement, unit.gap, unit.behind) == ("30.00", None, None, False)


def test_a_nought_every_unit_must_reach_is_judged_for_each(plan):
    keep("capacity_below_baseline", 2025, 1, should=3)
    keep("capacity_below_baseline", 2025, 0, should=2, part=("manager", EAST))
    keep("capacity_below_baseline", 2025, 1, should=1, part=("manager", WEST))
    found = main("O3")
    assert [one.key for one in found.behind] == [WEST]
    assert next(one for one in found.units if one.key == EAST).judgement.outcome == "reached"


def test_an_objective_of_two_targets_stands_as_the_worse(plan):
    keep("obsolete_closed", 2026, 10, 10, should=10)
    assert board().objective("O12").outcome == "not_judged", "the other target has no figure"
    keep("saving_level_share", 2026, 10, 10, should=10)
    assert board().objective("O12").outcome == "reached"
    assert [one.outcome for one in board().objective("O12").targets] == ["reached", "reached"]


def test_an_earlier_day_shows_what_was_kept_for_it_and_nothing_else(plan):
    keep("green_factories", 2026, 20)
    before = date(2026, 6, 30)
    assert (board(known_on=before).kept, main("O11", known_on=before).number.value) == (False, None)
    keep("green_factories", 2026, 15, known_on=before)
    found = board(known_on=before)
    assert (found.kept, found.objective("O11").main.number.text) == (True, "15")
    assert found.objective("O11").main.day == before


def test_a_part_of_few_enterprises_is_held_back_from_those_without_finance(plan, city):
    keep("newness", 2025, 50, 100, should=4)
    keep("newness", 2025, 20, 40, should=2, part=("manager", EAST))
    seen, held = (main("O15", actor=city.actor(role)) for role in ("city_officer", "dept_officer"))
    part = [next(one for one in view.units if one.key == EAST).number for view in (seen, held)]
    assert [one.text for one in part] == ["0.500", "—"]
    assert part[1].hidden
    assert held.number.text == "0.500"


def test_an_objective_by_itself_reads_the_parts_asked_for(plan):
    keep("nc_rate", 2025, 7, 10, should=10)
    keep("nc_rate", 2025, 2, 4, should=4, part=("division", "31"))
    found = board(only="O8", parts=("division",))
    assert len(found.objectives) == 1
    assert found.objectives[0].main.numbers["division", "31", "2025"].text == "50.0"
    with pytest.raises(KeyError):
        board(only="O99")


def test_however_much_is_kept_it_costs_a_handful_of_queries(plan):
    months()
    for unit in range(30):
        keep("nc_rate", 2025, 1, 2, part=("manager", f"9{unit:05d}"))
    board()
    with CaptureQueriesContext(connection) as queries:
        board()
    assert len(queries) <= 4
    assert not any("plan_contribution" in one["sql"] for one in queries.captured_queries)


def test_the_second_city_has_a_board_of_its_own(city):
    version = in_force(TEXTILES)
    plan = plan_of(version)
    months(first=2025)
    keep("nc_rate", 2025, 1, 2, should=2, part=("place", "990102"))
    keep("nc_rate", 2025, 1, 2, should=2)
    found = board(partition="place")
    assert [one.objective.id for one in found.objectives] == [one.id for one in plan.objectives]
    assert [name for _code, name in found.units] == ["经线区", "纬线区", "梭子区", "织机产业园"]
    assert found.objective("T3").main.number.text == "50.0"
    assert found.objective("T3").main.judgement.expected is not None, "this plan tells its baseline"
    assert found.objective("T3").main.units[0].number.text == "50.0"
    assert found.objective("T1").main.number.value is not None


def test_units_are_named_as_the_plan_or_the_site_has_them(plan, city):
    held = plan_of(plan)
    assert dict(units_of(held, "manager"))["PK-01"] == "攀枝花钒钛高新技术产业开发区" or units_of(held, "manager")
    assert dict(units_of(held, "place")) == {EAST: "东区", WEST: "西区"}
    assert dict(units_of(held, "manager", "en"))[EAST].startswith("East")


def test_all_of_them_means_everybody_on_the_list_and_not_everybody_who_reported(plan):
    """O6 asks for full coverage: 85 of 100 reported, all 85 transformed, is not all."""
    keep("digital_coverage", 2025, 85, 85, should=100, reported=85)
    keep("digital_covered", 2025, 85, should=100, reported=85)
    view = main("O6")
    assert (view.number.text, view.judgement.measured.value) == ("100.0", 85)
    assert view.outcome != "reached"
    for part in (("manager", EAST), ("manager", WEST)):
        keep("digital_coverage", 2025, 9, 10, should=12, reported=10, part=part)
    keep("digital_covered", 2025, 9, should=12, reported=10, part=("manager", EAST))
    units = {one.key: one.judgement.measured.value for one in main("O6").units}
    assert (units[EAST], units[WEST]) == (75, 90)  # of the west there is no number beside


def test_all_of_them_is_reached_once_everybody_has_reported_and_is_there(plan):
    keep("digital_coverage", 2025, 100, 100, should=100)
    keep("digital_covered", 2025, 100, should=100)
    assert main("O6").outcome == "reached"
