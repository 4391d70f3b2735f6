"""An enterprise or site that changes its managing unit takes its register entries along, with all their history."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.people import EAST, WEST
from tests.platform.registers.test_registers import EAST as GREEN_EAST
from tests.platform.registers.test_registers import inside

from jigai.platform.enterprises import services as enterprises
from jigai.platform.registers import definition, services
from jigai.platform.registers.definition import read_register, registers
from jigai.platform.registers.models import RegisterEntry, RegisterVersion
from jigai.platform.registers.search import find
from jigai.platform.registers.todos import todos
from jigai.platform.registers.versions import history, versions

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MUSEUMS = """
title: {zh: 工业博物馆, en: Museums}
about: {zh: 工业博物馆。, en: Museums.}
keeper: register.edit
subject: site
name: [museum]
"""


@pytest.fixture
def green():
    return registers()["green-factories"]


@pytest.fixture
def museums(tmp_path, monkeypatch):
    """A register about sites, as a city adds it."""
    folder = tmp_path / "museums"
    folder.mkdir()
    (folder / "register.yaml").write_text(MUSEUMS, encoding="utf-8")
    (folder / "columns.csv").write_text("name,type,zh,en,key\nmuseum,text,馆名,museum,yes\n", encoding="utf-8")
    found = read_register(folder)
    monkeypatch.setitem(definition.registers(), "museums", found)
    return found


def managers(model):
    return set(model.unscoped.values_list("manager_code", "place_code"))


def test_entries_and_all_versions_go_with_the_enterprise(city, green):
    actor = city.actor("city_officer")
    with inside(actor):
        entry = services.get_entry(green, services.add(actor, green, GREEN_EAST).entry_id)
        services.change(actor, green, entry, GREEN_EAST | {"state": "watch"}, version=1)
        other = services.add(actor, green, GREEN_EAST | {"enterprise_name": "西山水泥有限公司"})
        enterprises.edit_enterprise(
            actor, city.east_enterprise, {"manager_code": WEST, "place_code": WEST}, 1, reason="划转"
        )
    assert managers(RegisterEntry) == managers(RegisterVersion) == {(WEST, WEST)}
    with inside(city.actor("county_officer", west=True)):
        assert {one.entry_id for one in versions(green)} == {entry.pk, other.entry_id}
        assert history(green, entry).count() == 2
    with inside(city.actor("county_officer")):
        assert not versions(green).exists()
        assert find(city.actor("county_officer"), "东风", 5) == []
    assert city.client("county_officer").get(f"/registers/green-factories/{entry.pk}/").status_code == 404
    assert city.client("county_officer", west=True).get(f"/registers/green-factories/{entry.pk}/").status_code == 200


def test_the_new_county_keeps_what_it_took_over(city, green):
    actor = city.actor("city_officer")
    with inside(actor):
        due = GREEN_EAST | {"review_on": date(2020, 1, 1)}
        entry = services.get_entry(green, services.add(actor, green, due).entry_id)
        enterprises.edit_enterprise(actor, city.east_enterprise, {"manager_code": WEST}, 1, reason="划转")
    west = city.actor("county_officer", west=True)
    with inside(west):
        assert [todo.subject for todo in todos(west)] == [entry.title]
        later = services.change(west, green, services.get_entry(green, entry.pk), GREEN_EAST, version=1)
        assert later.manager_code == WEST
        with pytest.raises(services.AlreadyThereError):
            services.add(west, green, GREEN_EAST)
    east = city.actor("county_officer")
    with inside(east):
        assert not list(todos(east))


def test_the_enterprise_itself_sees_its_entries_before_and_after(city, green):
    actor = city.actor("city_officer")
    with inside(actor):
        services.add(actor, green, GREEN_EAST)
    for step in range(2):
        with inside(city.actor("enterprise_head")):
            assert versions(green).count() == 1, step
        if not step:
            with inside(actor):
                enterprises.edit_enterprise(actor, city.east_enterprise, {"manager_code": WEST}, 1, reason="划转")


def test_what_is_about_a_site_goes_with_the_site_alone(city, green, museums):
    actor = city.actor("city_officer")
    about = {"enterprise_name": city.east_enterprise.name, "site_name": city.east_site.name, "museum": "轧钢馆"}
    with inside(actor):
        museum = services.add(actor, museums, about)
        factory = services.add(actor, green, GREEN_EAST)
        assert museum.site_id == city.east_site.pk
        enterprises.edit_site(
            actor, city.east_site, {"manager_code": WEST, "place_code": WEST}, city.east_site.version, reason="划转"
        )
        museum.refresh_from_db()
        factory.refresh_from_db()
        assert (museum.manager_code, museum.entry.manager_code) == (WEST, WEST)
        assert (factory.manager_code, factory.entry.manager_code) == (EAST, EAST), "the legal person stays"
    with inside(city.actor("county_officer", west=True)):
        assert versions(museums).count() == 1


def test_a_site_of_another_county_stays_there(city, museums):
    actor = city.actor("city_officer")
    with inside(actor):
        branch = enterprises.create_site(
            actor, city.east_enterprise, {"name": "西厂", "manager_code": WEST, "place_code": WEST}
        )
        about = {"enterprise_name": city.east_enterprise.name, "site_name": "西厂", "museum": "西馆"}
        museum = services.add(actor, museums, about)
        enterprises.edit_enterprise(actor, city.east_enterprise, {"place_code": WEST}, 1, reason="迁址")
        branch.refresh_from_db()
        museum.refresh_from_db()
    assert (branch.manager_code, museum.manager_code) == (WEST, WEST)


def test_a_register_version_is_not_rewritten_by_a_change_of_name(city, green):
    actor = city.actor("city_officer")
    with inside(actor):
        first = services.add(actor, green, GREEN_EAST)
        enterprises.edit_enterprise(actor, city.east_enterprise, {"name": "东风钢铁有限公司"}, 1, reason="更名")
        first.refresh_from_db()
        assert first.values["enterprise_name"] == "东风轧钢有限公司", "what was recorded stays as it was"
        again = {**GREEN_EAST, "enterprise_name": "东风钢铁有限公司"}
        with pytest.raises(services.AlreadyThereError):
            services.add(actor, green, again)
