"""Registers are folders; what they hold is kept in versions that answer as of any day and year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from jigai.platform.audit.models import Event
from jigai.platform.registers import services
from jigai.platform.registers.definition import registers
from jigai.platform.registers.evaluation import evaluate
from jigai.platform.registers.models import RegisterEntry, RegisterVersion
from jigai.platform.registers.subjects import SubjectUnknownError
from jigai.platform.registers.todos import todos
from jigai.platform.registers.versions import history, versions
from jigai.platform.walls.scope import use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EAST = {"enterprise_name": "东风轧钢有限公司", "level": "national", "year": 2023}


def inside(actor):
    """A transaction in the scope of somebody, as a request has it."""
    from contextlib import ExitStack

    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.enter_context(use_scope(actor.scope))
    return stack


@pytest.fixture
def green():
    return registers()["green-factories"]


def test_every_shipped_register_is_sound():
    found = registers()
    assert set(found) >= {
        "green-factories", "environmental-grades", "digital-maturity", "two-integration", "park-risk",
        "guidance-visits", "base-stations-5g", "identifier-nodes", "data-centres", "computing-power",
        "smart-factories", "smart-scenarios", "holidays",
    }  # fmt: skip
    for register in found.values():
        assert register.title["en"]
        assert register.table.keys
        assert all(item.answers for item in register.table if item.type == "choice"), register.key


def test_an_entry_is_added_found_changed_and_ended(city, green):
    actor = city.actor("county_officer")
    with inside(actor):
        first = services.add(actor, green, EAST, source="网页填写")
        entry = services.get_entry(green, first.entry_id)
        assert entry.title == "东风轧钢有限公司 国家级 2023"
        assert first.values["credit_code"] == city.east_enterprise.credit_code
        assert (first.valid_from, first.valid_to, first.recorded_by) == (date(2023, 1, 1), None, str(actor.user))
        second = services.change(actor, green, entry, EAST | {"state": "watch"}, version=1, reason="限期整改通知")
        assert [row.values.get("state") for row in history(green, entry)] == ["watch", None]
        first.refresh_from_db()
        assert first.superseded_at == second.recorded_at
        entry.refresh_from_db()
        services.remove(actor, green, entry, version=entry.version, reason="企业注销")
        assert not versions(green).exists()
        again = services.add(actor, green, EAST | {"year": 2025})
        assert again.entry_id == entry.pk, "an ended entry is taken up again"
        assert history(green, entry).count() == 4
    actions = list(Event.unscoped.filter(object_type="registers.registerentry").order_by("number"))
    assert [event.action.split(".")[1] for event in actions] == ["added", "changed", "removed", "added"]
    assert actions[1].before == {"state": None}
    assert actions[1].after == {"state": "watch"}
    assert actions[1].reason == "限期整改通知"


def test_the_same_key_is_refused(city, green):
    actor = city.actor("city_officer")
    with inside(actor):
        services.add(actor, green, EAST)
        with pytest.raises(services.AlreadyThereError, match="已有这一条"):
            services.add(actor, green, EAST | {"year": 2024})
        other = services.add(actor, green, EAST | {"level": "city"})
        with pytest.raises(services.AlreadyThereError):
            services.change(actor, green, services.get_entry(green, other.entry_id), EAST, version=1)


def test_of_two_people_the_second_is_told(city, green):
    actor = city.actor("city_officer")
    with inside(actor):
        entry = services.get_entry(green, services.add(actor, green, EAST).entry_id)
        services.change(actor, green, entry, EAST | {"score": 90.0}, version=1)
        with pytest.raises(services.EditedMeanwhileError) as caught:
            services.change(actor, green, entry, EAST | {"score": 80.0}, version=1)
        assert caught.value.current.values["score"] == 90.0
        assert services.current(green, entry).values["score"] == 90.0


def test_one_sees_and_names_only_ones_own(city, green):
    east, west = city.actor("county_officer"), city.actor("county_officer", west=True)
    with inside(east):
        pk = services.add(east, green, EAST).entry_id
        with pytest.raises(SubjectUnknownError, match="可见范围"):
            services.add(east, green, EAST | {"enterprise_name": "西山水泥有限公司"})
    with inside(west):
        assert not versions(green).exists()
        with pytest.raises(Http404):
            services.get_entry(green, pk)
        assert not RegisterVersion.unscoped.filter(entry_id=pk).exists() or not _postgres()
    head = city.actor("enterprise_head")
    with inside(head):
        assert versions(green).count() == 1
        with pytest.raises(PermissionDenied):
            services.add(head, green, EAST | {"level": "city"})


def _postgres():
    from django.db import connection

    return connection.vendor == "postgresql"


def test_public_registers_are_seen_by_all_and_kept_by_the_city(city):
    register = registers()["two-integration"]
    values = {"city_name": "示范市", "year": 2025, "index": 61.2, "tier": "second"}
    county, officer = city.actor("county_officer"), city.actor("city_officer")
    with inside(county), pytest.raises(PermissionDenied):
        services.add(county, register, values)
    with inside(officer):
        services.add(officer, register, values)
    for key in ("county_officer", "enterprise_head", "auditor"):
        with inside(city.actor(key)):
            assert versions(register).get().values["index"] == 61.2


def test_as_known_on_a_day_and_valid_in_a_year(city, green):
    actor = city.actor("city_officer")
    with inside(actor):
        entry = services.get_entry(green, services.add(actor, green, EAST | {"valid_to": date(2026, 6, 30)}).entry_id)
        services.change(actor, green, entry, EAST | {"state": "removed", "valid_to": date(2025, 3, 1)}, version=1)
        old, new = history(green, entry).order_by("recorded_at")
        then = timezone.make_aware(datetime(2024, 5, 1, 12))
        turn = timezone.make_aware(datetime(2025, 3, 1, 23, 59))
        RegisterVersion.unscoped.filter(pk=old.pk).update(recorded_at=then, superseded_at=turn)
        RegisterVersion.unscoped.filter(pk=new.pk).update(recorded_at=turn)
        assert not versions(green, date(2024, 4, 30)).exists()
        assert versions(green, date(2024, 5, 1)).get().values.get("state") is None
        assert versions(green, date(2025, 2, 28)).get().pk == old.pk
        assert versions(green, date(2025, 3, 1)).get().pk == new.pk
        assert versions(green, None, 2022).count() == 0
        assert versions(green, None, 2025).count() == 1
        assert versions(green, None, 2026).count() == 0
        assert versions(green, date(2025, 2, 28), 2026).count() == 1, "what was known then held until 2026"


def test_parks_and_counties_are_found_by_name(city):
    from jigai.platform.places.models import ManagingUnit, Park

    park = Park.objects.create(name="钒钛化工园区", manager=ManagingUnit.objects.get(code="510402"), place_id="510402")
    actor, west = city.actor("county_officer"), city.actor("county_officer", west=True)
    risk, stations = registers()["park-risk"], registers()["base-stations-5g"]
    values = {"park_name": park.name, "assessed_on": date(2025, 5, 1), "score": 86.0, "next_on": date(2028, 5, 1)}
    with inside(actor):
        version = services.add(actor, risk, values)
        assert version.values["level"] == "D"
        assert version.basis.startswith("environment-safety@")
        assert version.due_on == date(2028, 5, 1)
        services.add(actor, stations, {"manager_name": "510402", "year": 2025, "stations": 1200})
        assert versions(stations).get().values["manager_name"] == "东区"
    with inside(west), pytest.raises(SubjectUnknownError, match="不归您管"):
        services.add(west, risk, values)


def test_a_score_opens_to_its_parts(city):
    register = registers()["digital-maturity"]
    shares = dict.fromkeys(register.evaluation["parts"], 80.0)
    outcome = evaluate(register, shares)
    assert outcome.points == outcome.score.least == outcome.score.most
    assert outcome.word == "四级"
    assert outcome.note, "the level rests on an older edition and says so"
    ratio = next(part for part in outcome.score.parts if part.weight.key == "SME24-09")
    assert (ratio.given, ratio.share, ratio.points) == (80.0, 100.0, 6.0)
    partial = evaluate(register, {**shares, "people": None})
    assert partial.points is None
    assert partial.score.missing == ("人才",)
    actor = city.actor("county_officer")
    with inside(actor):
        version = services.add(actor, register, {"enterprise_name": "东风轧钢有限公司", "year": 2026, **shares})
        assert version.values["score"] == outcome.points
        assert version.values["level"] == "4"


def test_what_falls_due_waits_for_whoever_keeps_the_register(city, green):
    actor = city.actor("county_officer")
    today = timezone.localdate()
    with inside(actor):
        services.add(actor, green, EAST | {"review_on": today + timedelta(days=30)})
        services.add(actor, green, EAST | {"level": "city", "review_on": today + timedelta(days=200)})
        services.add(actor, green, EAST | {"level": "provincial", "review_on": today, "state": "removed"})
        (found,) = todos(actor)
        assert found.due == today + timedelta(days=30)
        assert "绿色工厂" in found.title
    with inside(city.actor("county_officer", west=True)):
        assert not list(todos(city.actor("county_officer", west=True)))
    with inside(city.actor("county_head")):
        assert not list(todos(city.actor("county_head")))


def test_two_enterprises_of_one_name_need_the_code(city, green):
    from jigai.platform.enterprises.models import LegalPerson

    twin = city.east_enterprise
    actor = city.actor("city_officer")
    with inside(actor):
        LegalPerson.objects.create(
            name=twin.name, credit_code="91510400MA00000026", org=twin.org, manager_code="510402", place_code="510402"
        )
        with pytest.raises(SubjectUnknownError, match="有 2 家企业"):
            services.add(actor, green, EAST)
        version = services.add(actor, green, EAST | {"credit_code": twin.credit_code})
        assert RegisterEntry.objects.get(pk=version.entry_id).legal_person_id == twin.pk
