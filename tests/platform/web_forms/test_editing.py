"""Two people edit one record: merged where they can be, chosen where they cannot, never overwritten unseen."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from jigai.platform.audit.models import Event
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def two(city):
    return city.client("county_officer"), city.client("city_officer")


def form_of(client, url):
    """Return what a browser would send back from the form of a page."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self.select, self.area, self.wanted = {}, None, None, False

        def handle_starttag(self, tag, attrs):
            attrs = dict(attrs)
            if tag == "form":
                self.wanted = "data-draft" in attrs
            if not self.wanted:
                return
            if tag == "input" and attrs.get("name") and attrs.get("type") not in ("checkbox", "radio"):
                self.found[attrs["name"]] = attrs.get("value", "")
            if tag == "select":
                self.select = attrs["name"]
            if tag == "option" and "selected" in attrs:
                self.found[self.select] = attrs["value"]
            if tag == "textarea":
                self.area = attrs["name"]
                self.found[self.area] = ""

        def handle_data(self, data):
            if self.area:
                self.found[self.area] += data

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.area = None

    parser = Fields()
    parser.feed(client.get(url).content.decode())
    parser.found.pop("csrfmiddlewaretoken", None)
    return {name: value.strip() for name, value in parser.found.items()}


def now(city):
    with use_scope(command_scope("test")):
        return LegalPerson.objects.get(pk=city.east_enterprise.pk)


@pytest.fixture
def url(city):
    return reverse("enterprises:edit", args=[city.east_enterprise.pk])


def test_what_only_one_changed_is_merged(city, two, url):
    first, second = two
    seen_first, seen_second = form_of(first, url), form_of(second, url)
    first.post(url, seen_first | {"address": "炳草岗 1 号"})
    answer = second.post(url, seen_second | {"registered_on": "2001-05-06"})
    assert answer.status_code == 302
    person = now(city)
    assert (person.address, str(person.registered_on), person.version) == ("炳草岗 1 号", "2001-05-06", 3)


def test_the_second_sees_both_values_and_chooses_field_by_field(city, two, url):
    first, second = two
    seen_first, seen_second = form_of(first, url), form_of(second, url)
    first.post(url, seen_first | {"address": "甲路 1 号", "industry_code": "3120"})
    answer = second.post(url, seen_second | {"address": "乙路 2 号", "industry_code": "3110"})
    assert answer.status_code == 409
    page = answer.content.decode()
    for word in ("甲路 1 号", "乙路 2 号", "3120", "3110", "county_officer_510402", "还没有覆盖任何内容"):
        assert word in page, word
    assert now(city).address == "甲路 1 号"

    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken")
    clashes = re.findall(r'name="clash" value="([^"]+)"', page)
    assert sorted(clashes) == ["address", "industry_code"]
    undecided = second.post(url, hidden | {"clash": clashes, "choose-address": "mine"})
    assert undecided.status_code == 409
    assert now(city).version == 2
    answer = second.post(url, hidden | {"clash": clashes, "choose-address": "mine", "choose-industry_code": "theirs"})
    assert answer.status_code == 302
    person = now(city)
    assert (person.address, person.industry_code, person.version) == ("乙路 2 号", "3120", 3)
    last = Event.objects.none()
    with use_scope(command_scope("test")):
        last = Event.objects.filter(action="enterprise.edited").first()
        assert (last.before["address"], last.after["address"]) == ("甲路 1 号", "乙路 2 号")


def test_a_third_change_while_choosing_is_shown_again(city, two, url):
    first, second = two
    seen = form_of(second, url)
    first.post(url, form_of(first, url) | {"address": "甲"})
    page = second.post(url, seen | {"address": "乙"}).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken")
    first.post(url, form_of(first, url) | {"address": "丙"})
    again = second.post(url, hidden | {"clash": "address", "choose-address": "mine"})
    assert again.status_code == 409
    assert "丙" in again.content.decode()
    assert now(city).address == "丙"


def test_the_same_change_twice_is_no_clash(city, two, url):
    first, second = two
    seen = form_of(second, url)
    first.post(url, form_of(first, url) | {"address": "甲"})
    assert second.post(url, seen | {"address": "甲"}).status_code == 302
    assert now(city).version == 2


def test_a_wrong_field_keeps_what_was_typed(city, two, url):
    client = two[0]
    answer = client.post(url, form_of(client, url) | {"industry_code": "没有的行业", "address": "新址 9 号"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "新址 9 号" in page
    assert "从列表中选一项" in page
    assert now(city).version == 1


def test_a_submit_without_version_is_shown_what_stands(city, two, url):
    client = two[0]
    seen = form_of(client, url)
    client.post(url, seen | {"address": "甲"})
    answer = client.post(url, {**seen, "address": "乙", "version": ""})
    assert answer.status_code == 409
