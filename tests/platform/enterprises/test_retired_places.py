"""A managing unit or park out of use cannot be chosen any more, and records that have it stay as they are."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.platform.enterprises.helpers import acting, code

from jigai.platform.enterprises import services
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.places import services as places
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def park(city):
    """Put enterprise and site of the east into a park, which then goes out of use."""
    with acting(city, "city_officer") as actor:
        unit, place = ManagingUnit.objects.get(code="510402"), Place.objects.get(code="510402")
        park = places.create_park(actor, {"name": "一园", "manager": unit, "place": place})
        services.edit_enterprise(actor, city.east_enterprise, {"park": park}, 1)
        services.edit_site(actor, city.east_site, {"park": park}, 1)
        places.set_active(actor, park, False, "撤并")
    return park


def posted(page):
    """Return what a browser would send of the selects of a page."""
    found = {}
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"\s+selected', options)
        found[name] = chosen.group(1) if chosen else re.search(r'<option value="([^"]*)"', options).group(1)
    return found


@pytest.mark.parametrize(("name", "model"), [("edit", LegalPerson), ("site_edit", Site)])
def test_an_edit_of_the_address_leaves_the_park_alone(city, park, name, model):
    record = city.east_enterprise if model is LegalPerson else city.east_site
    client, url = city.client("county_officer"), reverse(f"enterprises:{name}", args=[record.pk])
    form = posted(client.get(url).content.decode())
    assert form["park"] == str(park.pk)
    form |= {"name": record.name, "credit_code": record.credit_code, "address": "新址", "version": "2"}
    assert client.post(url, form).status_code == 302
    with use_scope(command_scope("test")):
        held = model.objects.get(pk=record.pk)
    assert (held.address, held.park_id) == ("新址", park.pk)


def test_a_park_out_of_use_is_offered_to_no_new_record(city, park):
    client = city.client("county_officer")
    for url in (reverse("enterprises:new"), reverse("enterprises:site_new", args=[city.east_enterprise.pk])):
        assert "一园" not in client.get(url).content.decode(), url


@pytest.mark.parametrize("name", ["edit", "site_edit"])
def test_a_record_of_a_unit_out_of_use_is_still_edited(city, name):
    with acting(city, "city_officer") as actor:
        places.set_active(actor, ManagingUnit.objects.get(code="510402"), False, "撤并")
    record = city.east_enterprise if name == "edit" else city.east_site
    client, url = city.client("city_officer"), reverse(f"enterprises:{name}", args=[record.pk])
    form = posted(client.get(url).content.decode())
    assert form["manager_code"] == "510402"
    form |= {"name": record.name, "credit_code": record.credit_code, "address": "新址", "version": "1"}
    assert client.post(url, form).status_code == 302


def test_nothing_new_goes_to_a_unit_out_of_use(city):
    new = {"name": "江北轧钢", "credit_code": code(1), "manager_code": "510402", "place_code": "510402"}
    with acting(city, "city_officer") as actor:
        places.set_active(actor, ManagingUnit.objects.get(code="510402"), False, "撤并")
        for act in (
            lambda: services.create_enterprise(actor, new),
            lambda: services.edit_enterprise(actor, city.west_enterprise, {"manager_code": "510402"}, 1),
            lambda: services.edit_site(actor, city.west_site, {"manager_code": "510402"}, 1),
        ):
            with pytest.raises(ValidationError, match="请从列表中选择"):
                act()
        services.edit_enterprise(actor, city.east_enterprise, {"manager_code": "510402", "address": "新址"}, 1)


def test_a_park_of_a_unit_out_of_use_is_still_renamed(city, park):
    with acting(city, "city_officer") as actor:
        places.set_active(actor, ManagingUnit.objects.get(code="510402"), False, "撤并")
    client, url = city.client("city_officer"), reverse("places:park_edit", args=[park.pk])
    form = posted(client.get(url).content.decode())
    assert client.post(url, form | {"name": "老一园", "version": "2"}).status_code == 302
    assert Park.objects.get(pk=park.pk).name == "老一园"
