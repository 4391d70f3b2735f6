"""The yearly sheet step by step: from every state, in both languages, what is written down, two at one moment."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone, translation
from tests.platform.enterprises.helpers import acting, code, fill

from jigai.platform.audit.models import Event
from jigai.platform.enterprises import above_scale, services, sheets
from jigai.platform.enterprises.data import rows
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.models import Fact, SheetStep
from jigai.platform.enterprises.todos import SINGLE, todos
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

YEAR = sheets.reporting_year(timezone.localdate())
WAYS = yaml.safe_load((Path(__file__).parent / "sheet_way.yaml").read_text(encoding="utf-8"))
LEADING = {"submitted": "submit", "returned": "return", "confirmed": "confirm", "corrected": "correct"}
"""The step after which a sheet is in a state."""
WHO = {"fact.submit": "enterprise_head", "fact.verify": "county_officer", "fact.enter": "enterprise_head"}


def bring(city, state):
    """Bring the full sheet of the east into a state."""
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site, YEAR)
        if state != "open":
            sheets.add_step(actor, city.east_enterprise, YEAR, LEADING[state], "x")


def state(city):
    with acting(city, "city_officer"):
        return sheets.state_of(city.east_enterprise, YEAR).key


def test_the_table_tells_of_every_step_from_every_state():
    told = {(way["from"], way["step"]) for way in WAYS}
    assert told == {(one["key"], step["key"]) for one in rows("sheet_states") for step in rows("sheet_steps")}


@pytest.mark.parametrize("start", [one["key"] for one in rows("sheet_states")])
def test_each_step_leads_where_the_table_says(city, start):
    bring(city, start)
    for way in WAYS:
        if way["from"] != start:
            continue
        who = WHO[sheets.FLOW.steps[way["step"]].capability]
        with acting(city, who) as actor:
            held = list(SheetStep.objects.values_list("pk", flat=True))
            if "refused" in way:
                with pytest.raises(ValidationError, match=way["refused"]):
                    sheets.take_step(actor, city.east_enterprise, YEAR, way["step"], "说明")
            else:
                sheets.take_step(actor, city.east_enterprise, YEAR, way["step"], "说明")
                assert sheets.state_of(city.east_enterprise, YEAR).key == way["to"], way
                SheetStep.objects.exclude(pk__in=held).delete()
            assert sheets.state_of(city.east_enterprise, YEAR).key == start


@pytest.mark.parametrize("start", [one["key"] for one in rows("sheet_states")])
def test_the_buttons_are_the_steps_one_can_take(city, start):
    bring(city, start)
    for role, capability in (("enterprise_head", "fact.submit"), ("county_officer", "fact.verify")):
        with acting(city, role) as actor:
            offered = {one.key for one in sheets.open_steps(actor, city.east_enterprise, YEAR)}
        wanted = {way["step"] for way in WAYS if way["from"] == start and "to" in way and way["step"] != "correct"}
        assert offered == {key for key in wanted if sheets.FLOW.steps[key].capability == capability}, role
    with acting(city, "city_head") as actor:
        assert sheets.open_steps(actor, city.east_enterprise, YEAR) == []


@pytest.mark.parametrize(("start", "writes"), [(one["key"], one["editable"]) for one in rows("sheet_states")])
def test_what_may_be_entered_in_each_state(city, start, writes):
    bring(city, start)
    with acting(city, "enterprise_head") as actor:
        if writes == "1":
            assert set_fact(actor, city.east_enterprise, YEAR, "employees", "641").status == "entered"
        else:
            with pytest.raises(ValidationError) as error:
                set_fact(actor, city.east_enterprise, YEAR, "employees", "641")
            assert set(error.value.message_dict) == {"reason" if writes == "reason" else "employees"}
    if writes != "reason":
        with acting(city, "enterprise_head") as actor:
            assert not SheetStep.objects.filter(step="correct").exists()


def test_a_step_is_audited_with_the_state_before_and_after(city):
    bring(city, "submitted")
    with acting(city, "county_officer") as actor:
        taken = sheets.take_step(actor, city.east_enterprise, YEAR, "return", "能耗口径不对")
        event = Event.objects.get(action="sheet.return", object_id=str(taken.pk))
    assert (event.before, event.after) == ({"state": "submitted"}, {"state": "returned", "year": YEAR})
    assert (event.reason, event.manager_code) == ("能耗口径不对", "510402")
    assert taken.recorded_by == city.actor("county_officer").label[:80]


def test_a_refused_step_leaves_nothing_behind(city):
    with acting(city, "enterprise_head") as actor, pytest.raises(ValidationError):
        sheets.take_step(actor, city.east_enterprise, YEAR, "submit")
    bring(city, "submitted")
    with acting(city, "county_officer") as actor, pytest.raises(ValidationError):
        sheets.take_step(actor, city.east_enterprise, YEAR, "return", "  ")
    with acting(city, "county_head") as actor, pytest.raises(PermissionDenied):
        sheets.take_step(actor, city.east_enterprise, YEAR, "confirm")
    with use_scope(command_scope("test")):
        assert not Event.objects.filter(action__startswith="sheet.").exists()
        assert SheetStep.objects.count() == 1


def test_the_sheets_of_two_years_and_two_enterprises_are_apart(city):
    bring(city, "confirmed")
    with acting(city, "city_officer"):
        assert sheets.state_of(city.east_enterprise, YEAR - 1).key == "open"
        assert sheets.state_of(city.west_enterprise, YEAR).key == "open"


def test_another_county_has_no_part_in_it(city):
    bring(city, "submitted")
    url = reverse("enterprises:sheet_step", args=[city.east_enterprise.pk, YEAR, "confirm"])
    for role in ("county_officer", "enterprise_head"):
        assert city.client(role, west=True).post(url, {"comment": "", "once": "k"}).status_code == 404
    assert state(city) == "submitted"


def test_states_and_steps_speak_the_language_of_the_page():
    with translation.override("en"):
        assert [one.label for one in sheets.FLOW.states.values()][:2] == ["being filled", "to be verified"]
        assert sheets.FLOW.steps["return"].label == "Return"
        assert sheets.FLOW.steps["return"].done == "Returned to the enterprise."
        assert sheets.FLOW.states["confirmed"].meaning.startswith("Confirmed by the county")
    with translation.override("zh-hans"):
        assert sheets.FLOW.steps["return"].done == "已退回企业修改。"


@pytest.mark.parametrize(
    ("step", "year", "day"),
    [("fill", 2025, "2026-03-31"), ("verify", 2025, "2026-04-30"), ("return", 2027, "2028-05-15")],
)
def test_each_deadline_lies_in_the_year_after(step, year, day):
    assert sheets.due(step, year).isoformat() == day


def test_a_todo_waits_since_the_day_of_the_city_not_of_greenwich(city):
    bring(city, "submitted")
    early = timezone.make_aware(datetime(2026, 4, 1, 2, 30))
    SheetStep.unscoped.update(recorded_at=early)
    with acting(city, "county_officer") as actor:
        (todo,) = todos(actor)
    assert todo.since == early.date()
    with acting(city, "county_officer") as actor:
        sheets.take_step(actor, city.east_enterprise, YEAR, "return", "改")
    SheetStep.unscoped.update(recorded_at=early)
    with acting(city, "enterprise_head") as actor:
        (todo,) = todos(actor)
    assert (todo.since, todo.detail) == (early.date(), "改")


def test_many_sheets_to_verify_are_gathered_in_one_line_that_leads_to_them(city):
    with acting(city, "county_officer") as actor:
        for number in range(SINGLE + 1):
            person = services.create_enterprise(
                actor,
                {
                    "name": f"第{number}号企业",
                    "credit_code": code(number),
                    "manager_code": "510402",
                    "place_code": "510402",
                },
            )
            sheets.add_step(actor, person, YEAR, "submit", "")
            if number == SINGLE - 1:
                assert len(list(todos(actor))) == SINGLE
        (todo,) = todos(actor)
    assert todo.title == f"核对 {SINGLE + 1} 家企业的 {YEAR} 年年度数据"
    assert "第3号企业" in city.client("county_officer").get(todo.url).content.decode()


def test_a_copied_list_does_not_ask_for_more_than_the_enterprise_in_it(city):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.west_enterprise, YEAR, "")
    page = city.client("county_officer").get(reverse("enterprises:reporting", args=[YEAR])).content.decode()
    assert "西山" not in page and "东风" not in page, "the east has nobody on the list of the city"


@pytest.mark.django_db(transaction=True)
def test_two_officers_confirm_at_the_same_moment_and_it_is_done_once(city):
    bring(city, "submitted")
    url = reverse("enterprises:sheet_step", args=[city.east_enterprise.pk, YEAR, "confirm"])
    browsers = [city.client("county_officer"), city.client("city_officer")]
    together, answers = threading.Barrier(2), {}

    def send(place):
        together.wait()
        answers[place] = browsers[place].post(url, {"comment": "", "once": f"k{place}"}).status_code
        connections.close_all()

    threads = [threading.Thread(target=send, args=[place]) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers.values()) == [302, 422]
    with transaction.atomic(), use_scope(command_scope("test")):
        assert SheetStep.objects.filter(step="confirm").count() == 1
        assert Fact.objects.filter(superseded_at__isnull=True).count() == 20


def waiting(city, **more):
    with acting(city, "county_officer", **more) as actor:
        return list(todos(actor))


def shown(city, todo):
    """How many enterprises the link of the workbench opens on."""
    page = city.client("county_officer").get(todo.url).content.decode()
    return page.split("<h2>各企业</h2>")[1].count("<tr><td>")


def test_a_sheet_that_need_not_be_is_verified_and_counted_nowhere(city):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.west_enterprise, YEAR, "")
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site, YEAR)
        sheets.take_step(actor, city.east_enterprise, YEAR, "submit")
    (todo,) = waiting(city)
    assert todo.subject == city.east_enterprise.name
    page = city.client("county_officer").get(f"/enterprises/reporting/{YEAR}/").content.decode()
    assert "自愿填报" in page
    assert "应报 0 户，已报 0 户" in page
    with acting(city, "county_officer") as actor:
        sheets.take_step(actor, city.east_enterprise, YEAR, "confirm")
    assert waiting(city) == []


def test_a_sheet_of_an_earlier_year_waits_no_less(city):
    with acting(city, "enterprise_head") as actor:
        sheets.add_step(actor, city.east_enterprise, YEAR - 2, "correct", "x")
    (todo,) = waiting(city)
    assert str(YEAR - 2) in todo.title
    assert waiting(city, west=True) == []
    with acting(city, "county_officer") as actor:
        sheets.take_step(actor, city.east_enterprise, YEAR - 2, "return", "数不对")
    assert waiting(city) == []
    with acting(city, "enterprise_head") as actor:
        assert [one.detail for one in todos(actor) if str(YEAR - 2) in one.title] == ["数不对"]


def test_the_gathered_line_opens_exactly_what_it_counts(city):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.west_enterprise, YEAR, "")
        made = [
            services.create_enterprise(
                actor,
                {"name": f"第{n}厂", "credit_code": code(900 + n), "manager_code": "510402", "place_code": "510402"},
            )
            for n in range(SINGLE + 4)
        ]
        for place, person in enumerate(made):
            if place % 3:
                above_scale.add_to_list(actor, person, YEAR, "")
            sheets.add_step(actor, person, YEAR, ("submit", "correct", "confirm")[place % 4 % 3], "x")
    (todo,) = waiting(city)
    counted = int("".join(sign for sign in todo.title.split("家")[0] if sign.isdigit()))
    assert counted > SINGLE
    assert shown(city, todo) == counted
