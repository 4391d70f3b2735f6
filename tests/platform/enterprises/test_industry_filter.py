"""Lists of enterprises are narrowed by industry division alike, and offer the divisions that occur in sight."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from tests.platform.enterprises.helpers import acting

from jigai.platform.enterprises.filters import by_division
from jigai.platform.enterprises.models import LegalPerson

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
BY_DIVISION = by_division(LegalPerson.objects)


@pytest.fixture
def mixed(city):
    """Make the enterprise of the west a cement works; that of the east rolls steel."""
    with acting(city, "city_officer"):
        LegalPerson.objects.filter(pk=city.west_enterprise.pk).update(industry_code="3011")
    return city


@pytest.mark.parametrize(("role", "codes"), [("city_officer", ["30", "31"]), ("county_officer", ["31"])])
def test_only_divisions_in_sight_are_offered(mixed, role, codes):
    with acting(mixed, role):
        offered = BY_DIVISION.choices(RequestFactory().get("/"))
    assert [code for code, _ in offered] == codes
    assert all(text.startswith(f"{code} ") and len(text) > 4 for code, text in offered)


@pytest.mark.parametrize(("code", "found"), [("30", ["西山水泥有限公司"]), ("31", ["东风轧钢有限公司"]), ("99", [])])
def test_a_division_takes_in_its_classes(mixed, code, found):
    with acting(mixed, "city_officer"):
        assert [one.name for one in BY_DIVISION.apply(LegalPerson.objects.all(), code)] == found


def test_a_code_without_a_division_is_not_offered(mixed):
    with acting(mixed, "city_officer"):
        LegalPerson.objects.filter(pk=mixed.west_enterprise.pk).update(industry_code="")
    with acting(mixed, "city_officer"):
        assert [code for code, _ in BY_DIVISION.choices(RequestFactory().get("/"))] == ["31"]
