"""The list of production lines and the page of one: level, what it rests on, what is planned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platform.enterprises.helpers import YEAR, acting

from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.gauge import place
from jigai.platform.enterprises.services import create_line

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FURNACE = {
    "name": "1#高炉",
    "product": "铁水",
    "process": "高炉工序",
    "capacity": Decimal(100),
    "capacity_unit": "万吨",
}
FURNACE |= {"unit_energy_unit": "kgce/t"}


@pytest.fixture
def lines(city):
    """Three lines of the east: below the baseline, at the benchmark, without figures."""
    with acting(city, "city_officer") as actor:
        found = {}
        for name, energy in (("1#高炉", "440"), ("2#高炉", "350"), ("3#高炉", "")):
            line = found[name] = create_line(actor, city.east_site, FURNACE | {"name": name})
            if energy:
                set_fact(actor, city.east_enterprise, YEAR, "line_unit_energy", energy, line=line)
        create_line(actor, city.west_site, FURNACE | {"name": "西线"})
    return found


def listed(client, query=""):
    page = client.get(f"/enterprises/lines/{query}").content.decode()
    return {name for name in ("1#高炉", "2#高炉", "3#高炉", "西线") if f">{name}</a>" in page}


def test_the_list_is_narrowed_to_a_level_and_to_the_scope(city, lines):
    officer = city.client("city_officer")
    assert listed(officer) == {"1#高炉", "2#高炉", "3#高炉", "西线"}
    assert listed(officer, "?level=below_baseline") == {"1#高炉"}
    assert listed(officer, "?level=at_benchmark") == {"2#高炉"}
    assert listed(officer, "?level=not_judged&q=3") == {"3#高炉"}
    assert listed(officer, "?level=&ground=confirmed") == {"1#高炉", "2#高炉"}
    assert listed(officer, "?level=&ground=&product=铁水&manager=" + city.west_site.manager_code) == {"西线"}
    assert listed(city.client("county_officer", west=True)) == {"西线"}


def test_the_page_of_a_line_says_where_it_stands_and_on_what_that_rests(city, lines):
    page = city.client("county_officer").get(f"/enterprises/lines/{lines['1#高炉'].pk}/").content.decode()
    for said in ("低于基准水平", "可上报", "发改产业〔2023〕723号", "BK-37", "2025-12-31", "361", "435", "440"):
        assert said in page, said
    silent = city.client("county_officer").get(f"/enterprises/lines/{lines['3#高炉'].pk}/").content.decode()
    assert "缺 单位产品能耗，不能判定。" in silent
    assert city.client("county_officer", west=True).get(f"/enterprises/lines/{lines['1#高炉'].pk}/").status_code == 404


def test_the_page_speaks_english(city, lines):
    client = city.client("county_officer")
    client.cookies["django_language"] = "en"
    page = client.get(f"/enterprises/lines/{lines['1#高炉'].pk}/").content.decode()
    for said in ("below the baseline", "reportable", "Energy efficiency benchmark and baseline levels", "Full months"):
        assert said in page, said


def test_the_list_shows_what_is_planned_and_what_is_gone(city, lines):
    with acting(city, "city_officer") as actor:
        plan = {"planned_exit": date(2027, 6, 30), "planned_exit_note": "置换方案"}
        create_line(actor, city.east_site, FURNACE | {"name": "4#高炉"} | plan)
        create_line(actor, city.east_site, FURNACE | {"name": "5#高炉", "retired": 2024})
    page = city.client("city_officer").get("/enterprises/lines/").content.decode()
    for said in ("2027-06-30", "置换方案", "2024 年退出"):
        assert said in page, said


@pytest.mark.parametrize(
    ("value", "benchmark", "baseline", "at"),
    [
        (361, 361, 435, 25),
        (435, 361, 435, 75),
        (398, 361, 435, 50),
        (900, 361, 435, 98),
        (-40, -30, -10, 2),
        (-30, -30, -10, 25),
        (95, 90, 80, 2),  # more is better: the better end stays on the left
        (85, 90, 80, 50),
        (None, 361, 435, None),
        (400, None, 435, None),
        (400, 400, 400, None),
    ],
)
def test_the_mark_stands_where_the_value_is(value, benchmark, baseline, at):
    assert place(value, benchmark, baseline) == at


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw is slow on a busy machine
@given(st.floats(-1000, 1000), st.floats(-500, 0), st.floats(1, 500))
def test_the_mark_never_leaves_the_gauge(value, benchmark, baseline):
    assert 2 <= place(value, benchmark, baseline) <= 98


def test_site_and_enterprise_show_the_level_beside_each_line_of_a_field(city, lines):
    client = city.client("county_officer")
    for url in (f"/enterprises/sites/{city.east_site.pk}/", f"/enterprises/{city.east_enterprise.pk}/"):
        page = client.get(url).content.decode()
        for said in ("低于基准水平", "达到标杆水平", "未判定"):
            assert said in page, (url, said)
