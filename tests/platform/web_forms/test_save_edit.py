"""``save_edit`` by itself: what counts as a change, how values are shown, what the trail and the history say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.platform.enterprises.helpers import acting

from jigai.platform.audit.models import Event
from jigai.platform.enterprises import services
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.web.editing import EditedMeanwhileError, save_edit, shown
from jigai.platform.web.history import history_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def park(city):
    return Park.objects.create(
        name="一园", manager=ManagingUnit.objects.get(code="510402"), place=Place.objects.get(code="510402")
    )


def edit(actor, person, changes, version=1):
    return save_edit(actor, person, changes, version, action="enterprise.edited")


def test_nothing_changed_is_no_new_version_and_no_event(city):
    with acting(city, "county_officer") as actor:
        same = {"address": "", "status": "operating", "park": None, "predecessors": [], "registered_on": None}
        assert edit(actor, city.east_enterprise, same).version == 1
        assert not Event.objects.filter(action="enterprise.edited").exists()


def test_only_what_changed_is_in_the_trail(city, park):
    with acting(city, "county_officer") as actor:
        edit(actor, city.east_enterprise, {"park": park, "address": "", "predecessors": ["x"]})
        event = Event.objects.get(action="enterprise.edited")
        assert event.before == {"park": None, "predecessors": [], "version": 1}
        assert event.after == {"park": park.pk, "predecessors": ["x"], "version": 2}


def test_values_are_shown_as_people_read_them(city, park):
    person = city.east_enterprise
    assert shown(person, "park", park) == "一园"
    assert shown(person, "park", park.pk) == "一园"
    assert shown(person, "park", 99999) == "99999"
    assert shown(person, "status", "stopped") == "停产"
    assert shown(person, "predecessors", ["a", "b"]) == "a、b"
    assert shown(person, "address", "") == "—"
    assert shown(person, "registered_on", date(2001, 2, 3)) == "2001-02-03"
    assert shown(person, "sample", True) == "是"
    assert shown(person, "sample", False) == "否"


def test_a_clash_of_links_and_choices_is_told_by_name(city, park):
    with acting(city, "county_officer") as actor:
        person = city.east_enterprise
        edit(actor, person, {"park": park, "status": "stopped"})
        other = Park.objects.create(name="二园", manager=park.manager, place=park.place)
        with pytest.raises(EditedMeanwhileError) as error:
            edit(actor, person, {"park": other, "status": "closed", "address": "只有我改"})
        told = {one.label: (one.base, one.theirs, one.mine) for one in error.value.clashes}
        assert told == {"园区": ("—", "一园", "二园"), "状态": ("在产", "停产", "已注销")}
        assert error.value.by == "county_officer_510402"
        assert LegalPerson.objects.get(pk=person.pk).address == ""


def test_what_only_the_other_changed_is_kept_beside_a_clash(city):
    with acting(city, "county_officer") as actor:
        person = city.east_enterprise
        edit(actor, person, {"address": "甲", "industry_code": "3120"})
        with pytest.raises(EditedMeanwhileError) as error:
            edit(actor, person, {"address": "乙", "industry_code": "3130"})
        assert [one.name for one in error.value.clashes] == ["address"]
        assert error.value.kept == ["industry_code"]


def test_decimals_are_compared_by_value(city):
    with acting(city, "county_officer") as actor:
        line = services.create_line(
            actor, city.east_site, {"name": "1 号线", "product": "线材", "capacity": Decimal(60), "capacity_unit": "吨"}
        )
        same = save_edit(actor, line, {"capacity": Decimal("60.0000")}, 1, action="line.edited")
        assert same.version == 1
        save_edit(actor, line, {"capacity": Decimal(70)}, 1, action="line.edited")
        merged = save_edit(actor, line, {"capacity": Decimal("60.00"), "process": "连轧"}, 1, action="line.edited")
        assert (merged.capacity, merged.process) == (Decimal(70), "连轧"), "60 was what the form showed, not a wish"


def test_two_edits_since_are_taken_together(city):
    with acting(city, "county_officer") as actor:
        person = city.east_enterprise
        edit(actor, person, {"address": "甲"})
        edit(actor, person, {"address": "丙", "status": "stopped"}, 2)
        with pytest.raises(EditedMeanwhileError) as error:
            edit(actor, person, {"address": "乙", "status": "operating"})
        (clash,) = error.value.clashes
        assert (clash.base, clash.theirs, clash.mine) == ("—", "丙", "乙")
        assert error.value.kept == ["status"]


def test_the_history_says_it_in_words(city, park):
    with acting(city, "county_officer") as actor:
        person = city.east_enterprise
        save_edit(actor, person, {"status": "stopped", "park": park}, 1, action="enterprise.edited", reason="限产")
        services.archive_enterprise(actor, person, "注销")
        archived, edited = history_of(person)
        assert (archived.what, edited.what) == ("归档或停用", "修改")
        assert edited.changes == [("园区", "—", "一园"), ("状态", "在产", "停产")] or edited.changes == [
            ("状态", "在产", "停产"),
            ("园区", "—", "一园"),
        ]
        assert edited.reason == "限产"
        assert edited.by == "county_officer_510402"
    with acting(city, "county_officer", west=True):
        assert history_of(city.east_enterprise) == []
