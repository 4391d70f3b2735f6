"""Places: loaded from the core's dataset, kept by the city, seen by everyone who may."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from tests.platform.enterprises.helpers import acting

from jigai.platform.audit.models import Event
from jigai.platform.places import services
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.web.editing import EditedMeanwhileError
from jigai.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def reference():
    return Reference.load(date(2026, 11, 23))


def test_the_city_is_loaded_with_the_high_tech_zone_beside_the_counties(db, reference):
    loaded = services.load(reference)
    assert (loaded.places, loaded.managing_units, loaded.parks) == (55, 6, 5)
    assert [unit.short for unit in ManagingUnit.objects.all()] == [
        "东区",
        "西区",
        "仁和区",
        "米易县",
        "盐边县",
        "钒钛高新区",
    ]
    assert Place.objects.get(code="510402001").parent.name == "东区"
    assert Place.objects.get(code="510400").parent is None
    zone = Park.objects.get(name__contains="钒钛")
    assert (zone.manager.short, zone.place.name) == ("钒钛高新区", "攀枝花市")


def test_loading_again_changes_nothing_people_did(db, reference):
    services.load(reference)
    ManagingUnit.objects.filter(code="PK-01").update(short="高新区")
    Park.objects.filter(name__contains="白马").update(chemical=True)
    Place.objects.filter(code="510402").update(name="写错了")
    again = services.load(reference)
    assert (again.places, again.managing_units, again.parks) == (55, 6, 5)
    assert ManagingUnit.objects.get(code="PK-01").short == "高新区"
    assert Park.objects.get(name__contains="白马").chemical
    assert Place.objects.get(code="510402").name == "东区"


def test_a_city_that_is_not_held_is_named(db, reference):
    with pytest.raises(ValueError, match="没有 110000"):
        services.load(reference, "110000")
    assert Place.objects.count() == 0


def test_the_command_says_what_there_is(db, settings):
    out = StringIO()
    call_command("load_places", stdout=out)
    assert "区划 55，管理主体 6，园区 5" in out.getvalue()
    settings.CITY_CODE = "110000"
    with pytest.raises(CommandError, match="JIGAI_REFERENCE"):
        call_command("load_places")


def test_units_and_parks_are_kept_with_versions_and_audit(city):
    with acting(city, "city_officer") as actor:
        unit = services.create_unit(actor, {"code": "Z-1", "name": "北部新区", "short": "新区", "order": 9})
        place = Place.objects.get(code="510402")
        park = services.create_park(actor, {"name": "北部园区", "manager": unit, "place": place, "chemical": True})
        services.edit_park(actor, park, {"name": "北部化工园区"}, 1)
        with pytest.raises(EditedMeanwhileError):
            services.edit_park(actor, park, {"name": "别的名字"}, 1)
        services.edit_unit(actor, unit, {"short": "北新"}, 1)
        event = services.set_active(actor, park, False, "撤并")
        assert event.action == "park.archived"
        assert not Park.objects.get(pk=park.pk).active
        actions = list(Event.objects.order_by("number").values_list("action", flat=True))
        assert actions == [
            "managing_unit.created",
            "park.created",
            "park.edited",
            "managing_unit.edited",
            "park.archived",
        ]


def test_what_cannot_be_is_refused(city):
    with acting(city, "city_officer") as actor:
        unit = ManagingUnit.objects.get(code="510402")
        place = Place.objects.get(code="510402")
        with pytest.raises(ValidationError, match="已用于另一个管理主体"):
            services.create_unit(actor, {"code": "510402", "name": "重复"})
        services.create_park(actor, {"name": "一园", "manager": unit, "place": place})
        with pytest.raises(ValidationError, match="已有名为“一园”"):
            services.create_park(actor, {"name": "一园", "manager": unit, "place": place})
        with pytest.raises(ValidationError, match="请写明原因"):
            services.set_active(actor, unit, False, "")
    with acting(city, "county_officer") as actor, pytest.raises(PermissionDenied):
        services.edit_unit(actor, unit, {"name": "自己改"}, 1)


def test_the_pages(city):
    client = city.client("city_officer")
    made = client.post(
        reverse("places:park_new"),
        {"name": "东区园区", "manager": "510402", "place": "510402", "chemical": "on", "once": "k"},
        follow=True,
    )
    assert "已新增园区“东区园区”" in made.content.decode()
    park = Park.objects.get()
    edited = client.post(
        reverse("places:park_edit", args=[park.pk]),
        {"name": "东区化工园区", "manager": "510402", "place": "510402", "version": "1"},
        follow=True,
    ).content.decode()
    assert "东区园区" in edited and "东区化工园区" in edited, "the history shows before and after"
    page = client.get(reverse("places:list")).content.decode()
    for word in ("东区化工园区", "西区", "管理主体", "新增园区"):
        assert word in page
    unit = client.post(
        reverse("places:unit_new"), {"code": "有空格 ", "name": "新区", "order": "7", "once": "u"}
    ).content.decode()
    assert "代码只用字母、数字和短横线" in unit
    client.post(reverse("places:unit_new"), {"code": "Z-9", "name": "新区", "order": "7", "once": "u"})
    closed = client.post(
        reverse("places:set_active", args=["units", "Z-9"]), {"reason": "未批", "once": "a"}, follow=True
    ).content.decode()
    assert "已停用“新区”" in closed and "撤销" in closed
    assert client.get(reverse("places:unit", args=["Z-9"])).status_code == 200
    assert client.get(reverse("places:unit", args=["nowhere"])).status_code == 404


def test_who_may_only_look(city):
    client = city.client("county_officer")
    page = client.get(reverse("places:list")).content.decode()
    assert "新增园区" not in page
    assert client.get(reverse("places:park_new")).status_code == 403
    assert city.client("bank").get(reverse("places:list")).status_code == 200


def test_before_anything_is_loaded_the_page_says_the_next_step(db):
    from tests.platform.people import City

    city = City.build()
    from jigai.platform.enterprises.models import LegalPerson, Site
    from jigai.platform.walls.scope import command_scope, use_scope

    with use_scope(command_scope("test")):
        client = city.client("city_officer")
        assert LegalPerson.objects.exists() and Site.objects.exists()
        ManagingUnit.objects.all().delete()
        Place.objects.filter(level="county").delete()
    assert "jigai manage load_places" in client.get(reverse("places:list")).content.decode()
