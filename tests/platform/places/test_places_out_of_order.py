"""Managing units and parks: names and codes that clash, what an act writes down, what each sees of the counts."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from tests.platform.enterprises.helpers import acting

from jigai.platform.audit.models import Event
from jigai.platform.places import services
from jigai.platform.places.models import ManagingUnit, Park, Place

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def park(actor, name="一园"):
    unit, place = ManagingUnit.objects.get(code="510402"), Place.objects.get(code="510402")
    return services.create_park(actor, {"name": name, "manager": unit, "place": place})


def test_a_park_keeps_its_own_name_and_takes_no_others(city):
    with acting(city, "city_officer") as actor:
        first, second = park(actor), park(actor, "二园")
        assert services.edit_park(actor, first, {"name": "一园", "chemical": True}, 1).version == 2
        with pytest.raises(ValidationError, match="已有名为“一园”的园区"):
            services.edit_park(actor, second, {"name": "一园"}, 1)
        assert Park.objects.get(pk=second.pk).name == "二园"


def test_out_of_use_and_back_is_audited_with_reason_and_version(city):
    with acting(city, "city_officer") as actor:
        made = park(actor)
        services.set_active(actor, made, False, "撤并")
        services.set_active(actor, made, True, "恢复")
        told = {one.action: (one.before, one.after, one.reason) for one in Event.objects.all()}
    assert told["park.archived"] == ({"active": True, "version": 1}, {"active": False, "version": 2}, "撤并")
    assert told["park.restored"] == ({"active": False, "version": 2}, {"active": True, "version": 3}, "恢复")
    assert told["park.created"][1] == {"name": "一园", "manager": "510402", "place": "510402"}


@pytest.mark.parametrize("role", ["city_head", "county_officer", "enterprise_head", "auditor"])
def test_who_only_looks_changes_nothing(city, role):
    with acting(city, role) as actor:
        unit = ManagingUnit.objects.get(code="510402")
        for act in (
            lambda: park(actor),
            lambda: services.create_unit(actor, {"code": "Z-1", "name": "新区"}),
            lambda: services.set_active(actor, unit, False, "撤并"),
        ):
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.parametrize(
    ("code", "taken"), [("a", False), ("Z-1", True), ("Z" * 12, True), ("Z" * 13, False), ("Z_1", False)]
)
def test_the_form_takes_codes_of_two_to_twelve_signs(city, code, taken):
    form = {"code": code, "name": "新区", "order": "7", "once": "u"}
    answer = city.client("city_officer").post(reverse("places:unit_new"), form)
    assert answer.status_code == (302 if taken else 422)
    assert ManagingUnit.objects.filter(code=code).exists() is taken
