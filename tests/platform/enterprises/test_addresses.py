"""What is written in the address line is answered with a page, refused or not found; never with our failure."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.urls import reverse
from tests.platform.enterprises.helpers import YEAR, acting

from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.models import Fact
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CASES = yaml.safe_load((Path(__file__).parent / "addresses.yaml").read_text(encoding="utf-8"))


def test_every_address_is_answered_as_the_table_says(city):
    clients, wrong = {}, []
    for case in CASES:
        role = case.get("as", "city_officer")
        client = clients.setdefault(role, city.client(role))
        client.raise_request_exception = False
        page = case["page"].format(person=city.east_enterprise.pk, site=city.east_site.pk)
        status = client.get(page).status_code
        if status != case["status"]:
            wrong.append((role, page, case["status"], status))
    assert wrong == []


def test_what_a_page_was_drawn_from_is_read_even_where_it_is_no_number(city):
    client = city.client("enterprise_head")
    row = reverse("enterprises:fact_enter", args=[city.east_enterprise.pk, YEAR, "employees"])
    for seen in ("²", "", "-1", "x"):
        answer = client.post(row, {"employees": "640", "seen-employees": seen})
        assert answer.status_code == 200, seen
        assert "is-saved" in answer.content.decode(), seen


@pytest.mark.parametrize("key", ["coal", "coal@0", "coal@{west}", "employees@{east}", "happiness", "output_value"])
def test_a_row_that_is_not_on_ones_sheet_cannot_be_entered(city, key):
    key = key.format(west=city.west_site.pk, east=city.east_site.pk)
    url = reverse("enterprises:fact_enter", args=[city.east_enterprise.pk, YEAR, key])
    assert city.client("enterprise_equipment").post(url, {key: "1"}).status_code == 404
    with use_scope(command_scope("test")):
        assert not Fact.objects.exists()


def test_the_last_day_there_is_shows_what_is_known_now(city):
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
    url = reverse("enterprises:facts", args=[city.east_enterprise.pk, YEAR])
    page = city.client("county_officer").get(url + "?on=9999-12-31").content.decode()
    assert "640" in page
