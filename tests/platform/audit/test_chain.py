"""The trail shows whatever is done to it afterwards, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jigai.platform.audit import chain, services
from jigai.platform.audit.models import ChainHead, Event, Link
from jigai.platform.audit.numbers import draw, number_at
from jigai.platform.audit.services import record
from jigai.platform.audit.verification import verify
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import NOBODY, command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
LOOK = command_scope("tests look")


def tell(times=6):
    for number in range(times):
        with transaction.atomic(), use_scope(LOOK):
            record(command("test"), "job.done", after={"number": number, "名": "值"})


def check(first=1, last=None):
    with transaction.atomic(), use_scope(LOOK):
        return verify(first, last)


def kinds(**span):
    return [(one.kind, one.position) for one in check(**span).breaks]


def as_owner():
    """The rows as one who owns the database sees them: past both walls."""
    return Event.unscoped, Link.objects


def test_an_intact_chain(db):
    tell()
    found = check()
    assert (found.checked, found.found, found.position, found.waiting) == (6, 0, 6, 0)
    assert found.intact
    assert found.hash == Link.objects.get(position=6).hash
    assert Link.objects.get(position=1).previous_hash == chain.START


def test_an_empty_chain_is_intact(db):
    assert check().intact


@pytest.mark.parametrize("field", ["actor", "action", "after", "reason", "at", "address", "object_name", "org_id"])
def test_a_changed_event_shows(db, field):
    tell()
    number = Link.objects.get(position=3).event_number
    new = {"after": {"number": 99}, "at": timezone.now(), "org_id": None}.get(field, "other")
    if field == "org_id":
        from jigai.platform.accounts.models import Organisation

        new = Organisation.objects.create(kind="bank", name="B").pk
    Event.unscoped.filter(number=number).update(**{field: new})
    assert kinds() == [("changed", 3)]
    assert "改动过" in check().breaks[0].text


def test_a_deleted_event_shows(db):
    tell()
    Event.unscoped.filter(number=Link.objects.get(position=4).event_number).delete()
    assert kinds() == [("deleted", 4)]


def test_a_deleted_link_shows(db):
    tell()
    link = Link.objects.get(position=2)
    link.delete()
    assert ("gap", 2) in kinds()


def test_events_that_changed_places_show(db):
    tell()
    first, second = Link.objects.get(position=2), Link.objects.get(position=5)
    a, b = first.event_number, second.event_number
    Link.objects.filter(position=2).update(event_number=-1)
    Link.objects.filter(position=5).update(event_number=a)
    Link.objects.filter(position=2).update(event_number=b)
    assert kinds() == [("changed", 2), ("changed", 5)]


def test_links_made_anew_from_some_place_on_do_not_fit_the_head(db):
    tell()
    Event.unscoped.filter(number=Link.objects.get(position=5).event_number).update(reason="forged")
    before = Link.objects.get(position=4).hash
    for position in (5, 6):
        link = Link.objects.get(position=position)
        event = Event.unscoped.filter(number=link.event_number).values(*chain.FIELDS).get()
        link.previous_hash, link.hash = before, chain.hash_of(event, position, before, "sha256")
        link.save()
        before = link.hash
    assert kinds() == [("cut", 6)]


def test_a_link_that_does_not_follow_shows(db):
    tell()
    Link.objects.filter(position=3).update(previous_hash="sha256:0")
    assert set(kinds()) == {("broken", 3), ("changed", 3)}


def test_an_end_cut_off_shows(db):
    tell()
    for position in (5, 6):
        link = Link.objects.get(position=position)
        Event.unscoped.filter(number=link.event_number).delete()
        link.delete()
    assert ("cut", 6) in kinds()
    assert ("gap", 5) in kinds()


def test_a_head_set_back_shows(db):
    tell()
    link = Link.objects.get(position=4)
    ChainHead.objects.update(position=4, hash=link.hash)
    assert kinds() == [("cut", 4)]


def test_an_event_smuggled_into_the_past_stays_outside_and_shows(db):
    tell(2)
    old = Event.unscoped.first()
    old.pk = number_at(timezone.now() - timedelta(days=40))
    Event.unscoped.bulk_create([old])
    tell(1)
    assert [one.event_number for one in check().breaks if one.kind == "inserted"] == [old.pk]


def test_what_a_crash_left_unlinked_is_linked_by_the_next(db):
    with transaction.atomic(), use_scope(LOOK):
        event = record(command("test"), "job.done")
        connection.run_on_commit.clear()
    assert not Link.objects.filter(event_number=event.number).exists()
    assert check().waiting == 1
    tell(1)
    assert Link.objects.filter(event_number=event.number).exists()
    assert check().intact


def test_nothing_is_linked_of_a_transaction_undone(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), use_scope(LOOK):
        record(command("test"), "job.done")
        raise ZeroDivisionError
    tell(1)
    assert check().checked == 1


def test_a_chain_with_both_hashes_holds(db, monkeypatch):
    tell(2)
    monkeypatch.setattr(chain, "algorithm", lambda: "sha256")
    tell(2)
    names = {link.hash.split(":")[0] for link in Link.objects.all()}
    assert "sha256" in names
    assert check().intact
    Link.objects.filter(position=2).update(hash="md9:00")
    assert ("hash", 2) in kinds()


def test_a_part_can_be_verified(db):
    tell(8)
    Event.unscoped.filter(number=Link.objects.get(position=2).event_number).update(reason="forged")
    assert kinds(first=3, last=6) == []
    assert check(3, 6).checked == 4
    assert kinds(first=1, last=2) == [("changed", 2)]
    assert kinds(first=7, last=20) == [("gap", 9)]


def test_many_breaks_are_counted_and_some_are_listed(db, monkeypatch):
    from jigai.platform.audit import verification

    monkeypatch.setattr(verification, "SHOWN", 3)
    tell(8)
    Event.unscoped.update(reason="forged")
    found = check()
    assert (found.found, len(found.breaks)) == (8, 3)


def test_the_command_tells_what_it_finds(db, capsys):
    tell(3)
    assert services.verify() == 0
    assert "审计链完整：验证了 3 条" in capsys.readouterr().out
    Event.unscoped.filter(number=Link.objects.get(position=2).event_number).update(reason="forged")
    assert services.verify() == 1
    said = capsys.readouterr().out
    assert "审计链不完整" in said
    assert "  2  记录内容与链值不符" in said


def test_numbers_grow_and_are_never_drawn_twice():
    drawn: list[int] = []
    threads = [threading.Thread(target=lambda: drawn.extend(draw() for _ in range(2000))) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(drawn)) == 8000
    assert draw() > max(drawn)
    assert max(drawn) < 2**63


@pytest.mark.postgres("a database file has no roles")
def test_the_plain_role_can_neither_change_nor_delete(db):
    tell(1)
    for rows in (Event.unscoped, Link.objects):
        for doing in (
            lambda rows=rows: rows.update(**({"reason": "x"} if rows is Event.unscoped else {"hash": "x"})),
            lambda rows=rows: rows.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), use_scope(LOOK):
                doing()
    assert check().intact


def test_only_those_in_scope_see_events(city):
    with transaction.atomic(), use_scope(city.actor("county_officer").scope):
        record(city.actor("county_officer"), "job.done", city.east_site)
    for scope, seen in (
        (city.actor("auditor").scope, 1),
        (city.actor("audit_admin").scope, 1),
        (city.actor("county_officer", west=True).scope, 0),
        (city.actor("bank").scope, 0),
        (NOBODY, 0),
    ):
        with transaction.atomic(), use_scope(scope):
            assert Event.objects.count() == seen
            if connection.vendor == "postgresql":
                assert Event.unscoped.count() == seen


def test_someone_who_will_not_see_it_can_write_an_event(city):
    with transaction.atomic(), use_scope(city.actor("bank").scope):
        record(city.actor("bank"), "job.done", city.west_site)
    assert check().checked == 1
