"""Two at the same moment at one list, one title, one place: one wins, the other is told why, nothing stands twice."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from tests.platform.accounts.test_at_once import acting, at_once, refused
from tests.platform.people import EAST

from jigai.platform.enterprises import above_scale, titles
from jigai.platform.enterprises.models import AboveScale, Title
from jigai.platform.places import services as places
from jigai.platform.places.models import ManagingUnit, Park, Place

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_enterprise_is_put_on_a_list_once(city):
    officer, person = city.actor("city_officer"), city.east_enterprise
    results = at_once(*[lambda: acting(officer, above_scale.add_to_list, person, 2025, "新建")] * 3)
    assert len(refused(results)) == 2, results
    assert "已在 2025 年名单中" in refused(results)[0].messages[0]
    assert AboveScale.unscoped.count() == 1


def test_a_copy_and_an_addition_make_one_list(city):
    officer, person = city.actor("city_officer"), city.east_enterprise
    acting(officer, above_scale.add_to_list, person, 2024, "新建")
    results = at_once(
        lambda: acting(officer, above_scale.copy_list, 2024, 2025),
        lambda: acting(officer, above_scale.add_to_list, person, 2025, "新建"),
    )
    assert all(not isinstance(one, Exception) or isinstance(one, ValidationError) for one in results), results
    assert AboveScale.unscoped.filter(year=2025).count() == 1


def test_nothing_slips_onto_a_list_while_it_is_frozen(city):
    officer = city.actor("city_officer")
    acting(officer, above_scale.add_to_list, city.east_enterprise, 2025, "新建")
    results = at_once(
        lambda: acting(officer, above_scale.freeze, 2025),
        lambda: acting(officer, above_scale.add_to_list, city.west_enterprise, 2025, ""),
    )
    frozen, added = results
    assert not isinstance(frozen, Exception)
    late = AboveScale.unscoped.filter(recorded_at__gt=frozen.frozen_at, reason="")
    assert not late.exists(), added


def test_a_title_is_registered_once(city):
    officer, person = city.actor("city_officer"), city.east_enterprise
    results = at_once(*[lambda: acting(officer, titles.add_title, person, "little_giant", "国家级", 2024)] * 3)
    assert len(refused(results)) == 2, results
    assert Title.unscoped.count() == 1


def test_a_park_and_a_managing_unit_are_made_once(city):
    officer = city.actor("city_officer")
    park = {"name": "化工园", "manager": ManagingUnit.objects.get(code=EAST), "place": Place.objects.get(code=EAST)}
    results = at_once(*[lambda: acting(officer, places.create_park, park)] * 3)
    assert len(refused(results)) == 2, results
    results = at_once(*[lambda: acting(officer, places.create_unit, {"code": "GX", "name": "高新区"})] * 3)
    assert len(refused(results)) == 2, results
    assert Park.objects.count() == ManagingUnit.objects.filter(code="GX").count() == 1
