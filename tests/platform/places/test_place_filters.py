"""Lists that can be narrowed by place are narrowed alike: by who manages a row, or by the county it lies in."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from tests.platform.enterprises.helpers import acting
from tests.platform.people import EAST, WEST

from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.places.filters import BY_COUNTY, BY_MANAGER
from jigai.platform.places.models import ManagingUnit, Place

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ZONE = "PK-01"


@pytest.fixture
def zoned(city):
    """Let the high-tech zone manage the enterprise that lies in the east; its long name has a short form."""
    ManagingUnit.objects.create(code=ZONE, name="钒钛高新技术产业开发区", short="高新区", order=9)
    with acting(city, "city_officer"):
        LegalPerson.objects.filter(pk=city.east_enterprise.pk).update(manager_code=ZONE)
    return city


def names(rows):
    return [one.name for one in rows.order_by("place_code")]


@pytest.mark.parametrize(
    ("one", "value", "found"),
    [
        (BY_MANAGER, ZONE, ["东风轧钢有限公司"]),
        (BY_MANAGER, WEST, ["西山水泥有限公司"]),
        (BY_MANAGER, EAST, []),
        (BY_COUNTY, EAST, ["东风轧钢有限公司"]),
        (BY_COUNTY, ZONE, []),
        (BY_COUNTY, "' or 1=1", []),
    ],
)
def test_who_manages_and_where_it_lies_are_told_apart(zoned, one, value, found):
    with acting(zoned, "city_officer"):
        assert names(one.apply(LegalPerson.objects.all(), value)) == found


def test_units_out_of_use_are_offered_and_streets_are_not(zoned, django_assert_num_queries):
    ManagingUnit.objects.filter(code=WEST).update(active=False)
    Place.objects.create(code="510402001", name="大渡口街道", parent_id=EAST, level="town", order=1)
    asked = RequestFactory().get("/")
    with django_assert_num_queries(2):
        assert BY_MANAGER.choices(asked) == [(EAST, "东区"), (WEST, "西区"), (ZONE, "高新区")]
        assert BY_COUNTY.choices(asked) == [(EAST, "东区"), (WEST, "西区")]


def test_a_list_shows_the_filters_and_obeys_them(zoned):
    page = zoned.client("city_officer").get("/enterprises/", {"manager": ZONE})
    said = page.content.decode()
    assert "东风轧钢有限公司" in said
    assert "西山水泥有限公司" not in said
    for word in ("管理主体", "属地", "高新区"):
        assert word in said
