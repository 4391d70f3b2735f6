"""An entry that was ended takes no edit and no second end, and two who register the same are told, not broken."""

from __future__ import annotations

import pytest
from tests.platform.accounts.test_at_once import at_once
from tests.platform.registers.test_registers import EAST as GREEN_EAST
from tests.platform.registers.test_registers import inside

from jigai.platform.registers import services
from jigai.platform.registers.definition import registers
from jigai.platform.registers.models import RegisterEntry, RegisterVersion
from jigai.platform.registers.versions import versions

KEY = "green-factories"


@pytest.fixture
def green():
    return registers()[KEY]


@pytest.fixture
def ended(city, green):
    """An entry that was put in and ended."""
    actor = city.actor("city_officer")
    with inside(actor):
        entry = services.get_entry(green, services.add(actor, green, GREEN_EAST).entry_id)
        services.remove(actor, green, entry, version=1, reason="撤销称号")
    return entry


@pytest.mark.django_db
@pytest.mark.sqlite
class TestEnded:
    def test_no_edit_reaches_it(self, city, green, ended):
        client = city.client("city_officer")
        page = f"/registers/{KEY}/{ended.pk}/"
        for version in (1, 2):
            posted = client.post(
                f"{page}edit/", {"version": version, "level": "provincial", "year": "2023", "reason": "改改看"}
            )
            assert posted.status_code == 422
            assert "已注销" in posted.content.decode()
            assert "改改看" in posted.content.decode(), "what was typed is still there"
        assert client.get(f"{page}edit/").headers["Location"] == page
        assert RegisterVersion.unscoped.filter(entry=ended).count() == 2

    def test_it_is_not_ended_twice(self, city, green, ended):
        client = city.client("city_officer")
        page = f"/registers/{KEY}/{ended.pk}/"
        assert client.post(f"{page}remove/", {"version": 2, "reason": "再注销"}).headers["Location"] == page
        assert "已注销，不能修改" in client.get(page).content.decode()
        assert RegisterVersion.unscoped.filter(entry=ended).count() == 2

    def test_it_is_taken_up_again_by_registering(self, city, green, ended):
        actor = city.actor("city_officer")
        with inside(actor):
            assert services.add(actor, green, GREEN_EAST).entry_id == ended.pk
            entry = services.get_entry(green, ended.pk)
            services.change(actor, green, entry, GREEN_EAST | {"state": "watch"}, version=entry.version)


def add(actor, green, **changes):
    with inside(actor):
        return services.add(actor, green, GREEN_EAST | changes)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_who_register_the_same_one_is_told(self, city, green):
        county, town = city.actor("county_officer"), city.actor("city_officer")
        for _again in range(3):
            results = at_once(lambda: add(county, green), lambda: add(town, green))
            told = [one for one in results if isinstance(one, services.AlreadyThereError)]
            assert len(told) == 1, results
            assert "已有这一条" in str(told[0])
            assert RegisterEntry.unscoped.count() == 1
            with inside(town):
                entry = services.get_entry(green, RegisterEntry.objects.get().pk)
                services.remove(town, green, entry, version=entry.version, reason="重来")

    def test_of_two_who_take_up_an_ended_one_again_one_is_told(self, city, green, ended):
        county, town = city.actor("county_officer"), city.actor("city_officer")
        results = at_once(lambda: add(county, green), lambda: add(town, green))
        assert sum(isinstance(one, services.AlreadyThereError) for one in results) == 1, results
        with inside(town):
            assert versions(green).count() == 1
        assert RegisterVersion.unscoped.filter(superseded_at__isnull=True).count() == 1
