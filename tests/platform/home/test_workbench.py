"""What waits, how pressing it is, and the figures below it."""

from __future__ import annotations

from datetime import date

import pytest

from jigai.platform.home.todo import Todo
from jigai.platform.home.workbench import first, groups, summary

MONDAY = date(2026, 11, 23)


def todo(title, due, since=None):
    return Todo(title=title, url="/x/", action="办理", due=due, since=since)


def test_todos_are_grouped_by_how_pressing_they_are():
    found = groups(
        [
            todo("旧", date(2026, 11, 18), date(2026, 11, 11)),
            todo("今", MONDAY),
            todo("周日", date(2026, 11, 29)),
            todo("下周", date(2026, 11, 30)),
            todo("无期", None),
        ],
        MONDAY,
    )
    assert [(group.name, [row.todo.title for row in group.rows]) for group in found] == [
        ("逾期", ["旧"]),
        ("今天", ["今"]),
        ("本周", ["周日"]),
        ("之后", ["下周", "无期"]),
    ]
    overdue = found[0].rows[0]
    assert (overdue.left, overdue.state, overdue.waited) == ("逾期 5 天", "stop", 12)
    assert found[2].rows[0].left == "余 6 天"
    assert found[3].rows[1].left == ""
    assert summary(found) == "待办 5 项：逾期 1，今天 1，本周 1，之后 2"


def test_nothing_waiting_is_said():
    assert groups([], MONDAY) == []
    assert summary([]) == "没有待办事项。"


@pytest.mark.django_db
@pytest.mark.sqlite
def test_every_role_has_a_workbench(city):
    for key in city.people:
        page = city.client(key).get("/")
        assert page.status_code == 200, key
        assert "工作台" in page.content.decode()


@pytest.mark.django_db
def test_the_city_sees_all_units_the_county_its_own(city):
    whole = city.client("city_officer").get("/").content.decode()
    assert "东区" in whole
    assert "西区" in whole
    east = city.client("county_officer").get("/").content.decode()
    assert "东区" in east
    assert "西区" not in east


@pytest.mark.django_db
def test_roles_without_enterprises_see_no_figures(city):
    assert "在用厂区" not in city.client("bank").get("/").content.decode()


@pytest.mark.django_db
def test_the_workbench_speaks_english(city):
    client = city.client("city_officer")
    assert client.post("/language/", {"language": "en", "next": "/"}).status_code == 302
    page = client.get("/").content.decode()
    assert "Workbench" in page
    assert 'lang="en"' in page
    client.post("/language/", {"language": "zh-hans", "next": "https://elsewhere.example/"})
    assert "工作台" in client.get("/").content.decode()


@pytest.mark.django_db
def test_language_never_leads_elsewhere(city):
    answer = city.client("bank").post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_signing_in_is_asked_for(client):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_the_first_to_dos_are_the_most_pressing():
    found = groups([todo("旧", date(2026, 11, 18)), todo("今", MONDAY), *[todo("后", None)] * 3], MONDAY)
    kept = first(found, 3)
    assert [(group.name, len(group.rows), group.number) for group in kept] == [
        ("逾期", 1, 1),
        ("今天", 1, 1),
        ("之后", 1, 3),
    ]
    assert first(found, 0) == []
