"""The outbox under pressure: processes that tell the same at once, workers that die while sending, walls."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jigai.platform.accounts.models import Membership, User
from jigai.platform.jobs import worker
from jigai.platform.notices import delivering, services
from jigai.platform.notices.models import Delivery, Notice
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import command
from jigai.platform.walls.personal import own_rows
from jigai.platform.walls.scope import command_scope, current_scope, use_scope

LOOK = command_scope("tests look")
SITE = command("test")


def all_notices():
    with transaction.atomic(), use_scope(LOOK):
        return list(Notice.objects.order_by("pk"))


@pytest.mark.django_db(transaction=True)
def test_those_who_tell_the_same_at_once_tell_it_once(city, settings, tmp_path):
    settings.NOTICE_DIR = tmp_path
    start = threading.Barrier(4)

    def tell():
        start.wait()
        send(SITE, to=city.east_enterprise.org, kind="system", title="同一件事", key="k")
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(all_notices()) == 3
    with transaction.atomic(), use_scope(LOOK):
        assert Delivery.objects.count() == 3


@pytest.mark.django_db
def test_a_worker_that_dies_while_sending_has_used_up_an_attempt(city, settings, tmp_path, monkeypatch):
    settings.NOTICE_DIR = tmp_path
    send(SITE, to=city.people["bank"], kind="system", title="a")

    def die(delivery):
        raise SystemExit

    monkeypatch.setitem(delivering.ADAPTERS, "file", die)
    with pytest.raises(SystemExit):
        delivering.deliver()
    with transaction.atomic(), use_scope(LOOK):
        one = Delivery.objects.get()
    assert (one.state, one.attempts) == ("waiting", 1)
    assert one.next_at > timezone.now()
    monkeypatch.undo()
    settings.NOTICE_DIR = tmp_path
    with transaction.atomic(), use_scope(LOOK):
        Delivery.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert delivering.deliver() == 1


@pytest.mark.django_db
def test_the_worker_carries_the_outbox_out(city, settings, tmp_path):
    settings.NOTICE_DIR = tmp_path
    send(SITE, to=city.people["bank"], kind="system", title="a")
    worker.run(once=True)
    assert [one.suffix for one in tmp_path.iterdir()] == [".json"]


@pytest.mark.django_db
def test_one_cannot_mark_what_is_anothers(city):
    [mine] = send(SITE, to=city.people["bank"], kind="system", title="a")
    with transaction.atomic(), use_scope(city.actor("supplier").scope):
        assert Notice.unscoped.filter(pk=mine.pk).update(read_at=timezone.now()) == (
            0 if connection.vendor == "postgresql" else 1
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "method"),
    [("/notices/", "post"), ("/notices/read/", "get"), ("/notices/1/read/", "get"), ("/notices/1/", "post")],
)
def test_methods(city, path, method):
    assert getattr(city.client("bank"), method)(path).status_code == 405


@pytest.mark.django_db
def test_the_frame_counts_without_more_queries_for_those_who_see_their_office(city, django_assert_max_num_queries):
    actor = city.actor("county_officer")
    with transaction.atomic(), use_scope(actor.scope), django_assert_max_num_queries(2):
        services.unread_count(actor)


@pytest.mark.django_db
def test_in_english(city):
    user = city.people["county_officer"]
    User.objects.filter(pk=user.pk).update(language="en", email="a@example.org")
    send(SITE, to=user, kind="system", title="Title", due=timezone.localdate())
    client = city.client("county_officer")
    client.cookies["django_language"] = "en"
    for path in ("/notices/", "/notices/preferences/", f"/notices/{all_notices()[0].pk}/"):
        said = client.get(path).content.decode()
        main = re.search(r"<main.*?<footer", said, re.S).group()
        main = re.sub(r'<div class="printhead".*?</div>', "", main, flags=re.S)  # names of city and person
        assert re.findall(r"[\u4e00-\u9fff]+", main) == [], path


# One's own rows, in whatever post -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_own_rows_widen_to_the_organisations_of_all_posts_and_no_further(city):
    actor = city.actor("system_admin")
    bureau = actor.organisation
    with transaction.atomic(), use_scope(actor.scope):
        assert current_scope().orgs == frozenset()
        with own_rows(actor):
            assert current_scope().orgs == {bureau.pk}
            assert not current_scope().everything
            assert current_scope().managers == frozenset()
        assert current_scope() == actor.scope


@pytest.mark.django_db
def test_own_rows_leave_out_posts_given_up(city):
    user = city.people["bank"]
    post = Membership.objects.create(user=user, organisation=city.east_enterprise.org, role_key="enterprise_head")
    actor = city_actor(user, "bank")
    with transaction.atomic(), use_scope(actor.scope), own_rows(actor):
        assert city.east_enterprise.org_id in current_scope().orgs
    post.active = False
    post.save()
    with transaction.atomic(), use_scope(actor.scope), own_rows(actor):
        assert city.east_enterprise.org_id not in current_scope().orgs


def city_actor(user, role):
    from jigai.platform.accounts.acting import actor_for

    return actor_for(Membership.objects.get(user=user, role_key=role))
