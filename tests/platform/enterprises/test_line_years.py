"""The source ``line_years``: figures of lines as known on a day, with the level of each line, within the scope."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.platform.enterprises.helpers import acting

from jigai.plan.sources import described
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.line_years import judged_lines, line_years
from jigai.platform.enterprises.models import Fact, Line
from jigai.platform.enterprises.services import create_line

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FURNACE = {
    "name": "1#高炉",
    "product": "铁水",
    "process": "高炉工序",
    "capacity": Decimal(100),
    "capacity_unit": "万吨",
}
FURNACE |= {"unit_energy_unit": "kgce/t", "environmental_grade": "A", "commissioned": 2010}
YEAR = 2025
FIGURES = {"line_output": "90", "line_energy": "370000", "line_months": "12", "line_unit_energy": "400"}
BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def furnace(city):
    with acting(city, "city_officer") as actor:
        return create_line(actor, city.east_site, FURNACE)


def enter(actor, line, year=YEAR, **figures):
    for name, value in figures.items():
        set_fact(actor, line.site.legal_person, year, name, value, line=line, note="如实")


def told(line, known_on, year=YEAR):
    return next(row for row in line_years(year, known_on).to_dicts() if row["line"] == line.pk)


def known_from(days, **which):
    """Pretend figures were recorded at noon so many days before the last day of May 2026."""
    at = datetime(2026, 5, 31, 12, tzinfo=BEIJING) - timedelta(days=days)
    Fact.unscoped.filter(**which).update(recorded_at=at)
    return at


def test_the_frame_has_exactly_the_columns_of_the_source(city, furnace):
    with acting(city, "city_officer") as actor:
        assert line_years(YEAR, date(2026, 5, 31)).schema == described()["line_years"]
        enter(actor, furnace, **FIGURES)
        assert line_years(YEAR, date(2126, 5, 31)).schema == described()["line_years"]
        Fact.unscoped.all().delete()
        Line.unscoped.all().delete()
        assert line_years(YEAR, date(2026, 5, 31)).schema == described()["line_years"]


def test_a_line_with_its_figures_and_its_level(city, furnace):
    with acting(city, "city_officer") as actor:
        enter(actor, furnace, **FIGURES)
        known_from(10)
        assert told(furnace, date(2026, 5, 31)) == {
            "legal_person": city.east_enterprise.pk,
            "site": city.east_site.pk,
            "name": "东风轧钢有限公司 东风轧钢有限公司主厂区",
            "manager_code": city.east_site.manager_code,
            "place_code": city.east_site.place_code,
            "industry_code": "3130",
            "deregistered": False,
            "line": furnace.pk,
            "line_name": "1#高炉",
            "year": YEAR,
            "field": "炼铁",
            "product": "铁水",
            "process": "高炉工序",
            "capacity": Decimal(100),
            "capacity_unit": "万吨",
            "output": Decimal(90),
            "energy": Decimal(370000),
            "months": 12,
            "level": "between",
            "ground": "confirmed",
            "environmental_grade": "A",
            "commissioned": 2010,
            "retired": None,
            "deadline": date(2025, 12, 31),
            "data_date": date(2026, 5, 21),
        }


def test_a_line_that_did_not_report_is_there_without_figures_and_not_judged(city, furnace):
    with acting(city, "city_officer"):
        row = told(furnace, date(2026, 5, 31))
    assert (row["output"], row["energy"], row["months"], row["data_date"]) == (None, None, None, None)
    assert (row["level"], row["ground"], row["field"]) == ("not_judged", None, "炼铁")


def test_what_was_known_on_a_day_stays_what_it_was(city, furnace):
    with acting(city, "city_officer") as actor:
        enter(actor, furnace, line_unit_energy="430")
        first = known_from(20)
        enter(actor, furnace, line_unit_energy="360")
        later = known_from(5, value="360")
        Fact.unscoped.filter(value="430").update(superseded_at=later)
        assert told(furnace, (first - timedelta(days=1)).date())["level"] == "not_judged"
        assert told(furnace, first.date())["level"] == "between"
        assert told(furnace, (later - timedelta(days=1)).date())["level"] == "between"
        assert told(furnace, later.date())["level"] == "at_benchmark"
        enter(actor, furnace, line_unit_energy="")
        assert told(furnace, date(2126, 1, 1))["level"] == "not_judged", "a figure taken back is no figure"


def test_the_day_is_over_at_midnight_of_the_city(city, furnace):
    with acting(city, "city_officer") as actor:
        enter(actor, furnace, line_unit_energy="360")
        Fact.unscoped.update(recorded_at=datetime(2026, 5, 20, 23, 59, tzinfo=BEIJING))
        assert told(furnace, date(2026, 5, 19))["level"] == "not_judged"
        assert told(furnace, date(2026, 5, 20))["data_date"] == date(2026, 5, 20)


def test_the_documents_are_those_of_the_end_of_the_year_or_of_the_day_known(city, furnace):
    figures = {"line_unit_energy": "450", "vanadium_titanium_pct": "65", "charge_grade_pct": "60"}
    with acting(city, "city_officer") as actor:
        for year in (2022, 2025, 2026):
            enter(actor, furnace, year, **figures)
        known_from(300)
        assert told(furnace, date(2026, 11, 30), 2022)["level"] == "not_judged", "the table came in 2023"
        assert told(furnace, date(2026, 11, 30), 2025)["level"] == "below_baseline", "the allowance came in July 2026"
        assert told(furnace, date(2026, 6, 30), 2026)["level"] == "below_baseline"
        assert (told(furnace, date(2026, 7, 1), 2026)["level"], told(furnace, date(2026, 7, 1), 2026)["ground"]) == (
            "between",
            "proxy",
        )


def test_other_years_other_lines_and_figures_of_the_site_do_not_mix(city, furnace):
    with acting(city, "city_officer") as actor:
        second = create_line(actor, city.east_site, FURNACE | {"name": "2#高炉"})
        enter(actor, furnace, line_unit_energy="360")
        enter(actor, second, line_unit_energy="440")
        enter(actor, furnace, YEAR - 1, line_unit_energy="440")
        set_fact(actor, city.east_enterprise, YEAR, "energy_total", "42000", site=city.east_site)
        rows = {row["line_name"]: row["level"] for row in line_years(YEAR, date(2126, 1, 1)).to_dicts()}
    assert rows == {"1#高炉": "at_benchmark", "2#高炉": "below_baseline"}


def test_a_county_sees_its_lines_only(city, furnace):
    with acting(city, "county_officer"):
        assert line_years(YEAR, date(2126, 1, 1))["line"].to_list() == [furnace.pk]
    with acting(city, "county_officer", west=True):
        assert line_years(YEAR, date(2126, 1, 1)).is_empty()


def test_conditions_of_the_line_are_its_facts(city):
    tiles = {"name": "瓷砖线", "product": "陶瓷砖", "unit_energy_unit": "kgce/m2"}
    mine = {"name": "采场", "product": "铁矿石", "process": "露天采矿", "unit_energy_unit": "kgce/t"}
    with acting(city, "city_officer") as actor:
        line, pit = (create_line(actor, city.east_site, values) for values in (tiles, mine))
        enter(actor, line, line_unit_energy="4")
        enter(actor, pit, line_unit_energy="0.3")
        assert told(line, date(2126, 1, 1))["level"] == "not_judged"
        enter(actor, line, water_absorption_pct="0.3")
        enter(actor, pit, mine_size="小型")
        assert told(line, date(2126, 1, 1))["level"] == "at_benchmark"
        said = judged_lines(Line.objects.filter(pk=pit.pk), YEAR, date(2126, 1, 1)).to_dicts()[0]
    assert (said["level"], said["rule_id"], said["field"]) == ("at_benchmark", "QL-039", None)
