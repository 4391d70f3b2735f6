"""The frame of pages: the side bar, figures, badges, addresses, and the settings it rests on."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import RequestFactory

from jigai.platform.environment import EnvironmentProblemsError, known, read, single_sign_on, single_sign_on_origin
from jigai.platform.walls.actor import ANYONE, Actor, command
from jigai.platform.walls.capabilities import capabilities
from jigai.platform.walls.guards import needs
from jigai.platform.web.navigation import entries, groups_for
from jigai.platform.web.templatetags import jigai as tags


def current(actor, path):
    links = [link for group in groups_for(actor, path, "zh-hans") for link in group]
    return [link["label"] for link in links if link["current"]]


def test_every_entry_of_the_side_bar_opens_with_a_known_capability():
    assert {entry.capability for entry in entries()} <= set(capabilities())
    assert len({entry.key for entry in entries()}) == len(entries())
    assert all(entry.zh and entry.en and entry.icon for entry in entries())


def test_one_entry_at_most_is_current():
    actor = command("test")
    assert current(actor, "/") == ["工作台"]
    assert current(actor, "/enterprises/") == ["企业"]
    assert current(actor, "/enterprises/12/edit/") == ["企业"]
    assert current(actor, "/nowhere/") == []


def test_who_may_nothing_sees_no_side_bar():
    assert groups_for(ANYONE, "/", "zh-hans") == []
    only = Actor(capabilities=frozenset({"home.view"}))
    assert [[link["label"] for link in group] for group in groups_for(only, "/", "en-gb")] == [["Workbench"]]


def test_a_guard_of_a_capability_nobody_defined_is_refused_when_written():
    with pytest.raises(KeyError, match="home\\.veiw"):
        needs("home.veiw")


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (None, 0, "—"),
        ("", 2, "—"),
        (0, 0, "0"),
        ("1234567.5", 1, "1,234,567.5"),
        (Decimal("-1234.005"), 2, "-1,234.00"),
        (0.1, 3, "0.100"),
    ],
)
def test_how_a_figure_is_written(value, places, written):
    assert tags.figure(value, places) == written


def test_a_badge_tells_by_icon_and_word_and_escapes():
    for state in tags.STATES:
        assert f"s-{state}" in tags.badge(state, "甲") and "<svg" in tags.badge(state, "甲")
    assert "&lt;b&gt;" in tags.badge("ok", "<b>") and "inferred" in tags.badge("ok", "甲", inferred=True)
    with pytest.raises(KeyError):
        tags.badge("green", "甲")


def test_an_address_keeps_its_filter_and_changes_one_part():
    context = {"request": RequestFactory().get("/x/?q=1&q=2&page=3")}
    assert tags.here(context, page=4) == "?q=1&q=2&page=4"
    assert tags.here(context, page=None, q="") == "?"
    assert tags.here(context) == "?q=1&q=2&page=3"


@pytest.mark.parametrize("text", ["-1", "1.5", "", " 8000", "²"])
def test_a_setting_that_is_no_integer_is_told_with_its_name(text):
    with pytest.raises(EnvironmentProblemsError, match=r"JIGAI_PORT=.*整数"):
        read({"JIGAI_PORT": text})


def test_a_list_drops_what_is_empty():
    assert read({"JIGAI_HOSTS": " a.example ; ;b.example;"})["hosts"] == ["a.example", "b.example"]
    assert {setting.name for setting in known()} >= {"JIGAI_HOSTS", "JIGAI_PORT"}


def test_without_a_name_the_city_has_no_provider():
    values = {"oidc_name": "", "oidc_client": "c", "oidc_secret": "s", "oidc_url": "https://sso.example/realm"}
    assert single_sign_on(values) == {} and single_sign_on_origin(values) == []
    assert single_sign_on_origin(values | {"oidc_name": "统一认证"}) == ["https://sso.example"]
