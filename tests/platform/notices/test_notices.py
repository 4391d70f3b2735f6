"""Telling people: once each, to those meant, and nobody else's to read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from jigai.platform.accounts.models import Membership, User
from jigai.platform.audit.models import Event
from jigai.platform.home.todo import Todo
from jigai.platform.jobs import services as jobs
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.notices import reminders, services
from jigai.platform.notices.models import Delivery, Notice
from jigai.platform.notices.services import Group, send
from jigai.platform.notices.writing import audiences, write
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LOOK = command_scope("tests look")
SITE = command("test")


def everything():
    with transaction.atomic(), use_scope(LOOK):
        return list(Notice.objects.select_related("user").order_by("pk"))


def tell(city, role="county_officer", **more):
    more = {"kind": "system", "title": "请核对", **more}
    return send(SITE, to=city.people[role], **more)


def test_a_notice_reaches_the_person_and_no_other(city):
    [notice] = tell(city)
    assert services.unread_count(city.actor("county_officer")) == 1
    for role, west in (("county_officer", True), ("county_head", False), ("city_officer", False), ("auditor", False)):
        actor = city.actor(role, west=west)
        assert services.unread_count(actor) == 0
        assert services.own_notices(actor, unread=True) == []
        with pytest.raises(Http404):
            services.read(actor, notice.pk)
        assert city.client(role, west=west).get(f"/notices/{notice.pk}/").status_code == 404
        assert city.client(role, west=west).post(f"/notices/{notice.pk}/read/").status_code == 404


def test_the_second_wall_holds_too(city):
    tell(city)
    with transaction.atomic(), use_scope(city.actor("county_officer", west=True).scope):
        assert Notice.objects.count() == 0
    with transaction.atomic(), use_scope(city.actor("bank").scope):
        assert Notice.objects.count() == 0


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "bank", "enterprise_head", "auditor"])
def test_roles_of_every_scope_read_their_own(city, role):
    [notice] = tell(city, role)
    actor = city.actor(role)
    assert services.unread_count(actor) == 1
    services.read(actor, notice.pk)
    assert services.unread_count(actor) == 0
    assert [one.pk for one in services.own_notices(actor, unread=False)] == [notice.pk]


def test_to_an_organisation_and_to_some_roles_of_it(city):
    enterprise = city.east_enterprise.org
    assert {one.user.username.rsplit("_", 1)[0] for one in send(SITE, to=enterprise, kind="fact", title="a")} == {
        "enterprise_equipment",
        "enterprise_finance",
        "enterprise_head",
    }
    [head] = send(SITE, to=Group(enterprise, ("enterprise_head",)), kind="fact", title="b")
    assert head.user == city.people["enterprise_head"]
    both = send(SITE, to=[city.people["bank"], Group(enterprise, ("enterprise_finance",))], kind="fact", title="c")
    assert len(both) == 2


def test_a_person_with_two_posts_is_told_once_and_reads_it_in_either(city):
    user = city.people["county_officer"]
    Membership.objects.create(user=user, organisation=city.west_enterprise.org, role_key="enterprise_head")
    send(SITE, to=[user, city.west_enterprise.org], kind="system", title="a", key="k")
    [notice] = [one for one in everything() if one.user == user]
    assert services.read(city_actor(user, "enterprise_head"), notice.pk).read_at


def city_actor(user, role):
    from jigai.platform.accounts.acting import actor_for

    return actor_for(Membership.objects.get(user=user, role_key=role))


def test_people_who_have_left_are_not_told(city):
    User.objects.filter(pk=city.people["enterprise_head"].pk).update(is_active=False)
    Membership.objects.filter(user=city.people["enterprise_finance"]).update(active=False)
    told = send(SITE, to=city.east_enterprise.org, kind="system", title="a")
    assert [one.user for one in told] == [city.people["enterprise_equipment"]]


def test_the_same_key_tells_once(city):
    first = tell(city, key="fact:1:2026")
    assert len(first) == 1
    assert tell(city, key="fact:1:2026") == []
    assert len(tell(city, "county_head", key="fact:1:2026")) == 1
    assert len(everything()) == 2
    assert len(tell(city)) == len(tell(city)) == 1


def test_an_unknown_kind_is_refused(city):
    with pytest.raises(KeyError):
        tell(city, kind="gossip")


def test_a_notice_goes_with_the_transaction_of_what_it_tells(city):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(city)
        raise ZeroDivisionError
    assert everything() == []


def test_the_list_shows_unread_first_and_marks(city):
    old = tell(city, title="旧的")[0]
    services.read(city.actor("county_officer"), old.pk)
    new = tell(city, title="新的", text="内容", due=date(2026, 12, 1))[0]
    client = city.client("county_officer")
    page = client.get("/notices/").content.decode()
    assert page.index("新的") < page.index("旧的")
    assert "期限 2026-12-01" in page
    assert 'top__n">1<' in page
    assert "新的" in client.get(f"/notices/{new.pk}/").content.decode()
    assert 'top__n">' not in client.get("/notices/").content.decode()


def test_marking_all_read_spares_what_came_meanwhile(city):
    first = tell(city)[0]
    tell(city)
    assert services.read_all(city.actor("county_officer"), first.pk) == 1
    assert services.unread_count(city.actor("county_officer")) == 1
    client = city.client("county_officer")
    assert client.post("/notices/read/", {"upto": "x"}).status_code == 302
    assert services.unread_count(city.actor("county_officer")) == 1


def test_pages_and_kinds(city):
    for number in range(services.PAGE + 5):
        tell(city, kind="fact" if number % 2 else "system", title=f"第{number}条")
    actor = city.actor("county_officer")
    services.read_all(actor, 10**9)
    client = city.client("county_officer")
    page = client.get("/notices/").content.decode()
    assert "第54条" in page
    assert "第3条" not in page
    oldest = services.own_notices(actor, unread=False)[-1].pk
    assert "第3条" in client.get(f"/notices/?before={oldest}").content.decode()
    page = client.get("/notices/?kind=fact").content.decode()
    assert "第53条" in page
    assert "第54条" not in page
    assert client.get("/notices/?before=x&kind=nonsense").status_code == 200


def test_preferences(city):
    user = city.people["bank"]
    assert services.preferences(user)["job"] is False
    client = city.client("bank")
    assert client.post("/notices/preferences/", {"mail": ["job", "nonsense"]}).status_code == 302
    assert {key for key, wanted in services.preferences(user).items() if wanted} == {"job"}
    with transaction.atomic(), use_scope(LOOK):
        event = Event.objects.get(action="notice.preferences")
    assert (event.before["job"], event.after["job"]) == (False, True)
    assert "checked" in client.get("/notices/preferences/").content.decode()


def test_mail_goes_to_those_who_want_it(city, settings):
    settings.MAIL_URL = "smtp://localhost"
    for role in ("county_officer", "county_head"):
        User.objects.filter(pk=city.people[role].pk).update(email=f"{role}@example.org")
    services.choose(city.actor("county_head"), [])
    send(SITE, to=[city.people[role] for role in ("county_officer", "county_head", "bank")], kind="fact", title="a")
    with transaction.atomic(), use_scope(LOOK):
        assert [one.notice.user.username for one in Delivery.objects.all()] == ["county_officer_510402"]


# Writing by hand -----------------------------------------------------------------------------------------------


def test_one_writes_to_whom_one_is_responsible_for(city):
    county = dict(audiences(city.actor("county_officer")))
    assert f"org:{city.east_enterprise.org_id}" in county
    assert f"org:{city.west_enterprise.org_id}" not in county
    assert f"org:{city.west_enterprise.org_id}" in dict(audiences(city.actor("city_officer")))


def test_writing_reaches_all_of_a_kind_within_reach(city):
    sent = write(city.actor("county_officer"), "kind:legal_person", "报送提醒", "请报送", None, "k1")
    assert {one.org_id for one in sent} == {city.east_enterprise.org_id}
    assert len(sent) == 3
    assert write(city.actor("county_officer"), "kind:legal_person", "报送提醒", "请报送", None, "k1") == []
    foreign = f"org:{city.west_enterprise.org_id}"
    assert write(city.actor("county_officer"), foreign, "a", "b", None, "k2") == []
    with pytest.raises(PermissionDenied):
        write(city.actor("enterprise_head"), "kind:legal_person", "a", "b", None, "k3")
    with transaction.atomic(), use_scope(LOOK):
        assert Event.objects.get(action="notice.sent").after["receivers"] == 3


def test_the_form(city):
    client = city.client("county_officer")
    assert client.get("/notices/write/").status_code == 200
    key = "7d3b6f0e-8f5c-4a1e-9d0a-0f5c4a1e9d0a"
    said = {"audience": "kind:legal_person", "title": "标题", "text": "内容", "due": "", "key": key}
    assert client.post("/notices/write/", {**said, "due": "2001-01-01"}).status_code == 400
    page = client.post("/notices/write/", {**said, "title": "", "text": "写了很多"})
    assert page.status_code == 400
    assert "写了很多" in page.content.decode()
    assert client.post("/notices/write/", {**said, "audience": f"org:{city.west_enterprise.org_id}"}).status_code == 400
    assert client.post("/notices/write/", said).status_code == 302
    assert client.post("/notices/write/", said).status_code == 302
    assert len(everything()) == 3
    assert city.client("enterprise_head").get("/notices/write/").status_code == 403


# Reminders -----------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 23)


def todo(days, title="填报年度数据"):
    return Todo(title=title, url="/enterprises/1/facts/", action="填写", due=TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "stage"), [(10, None), (4, None), (3, "soon"), (1, "soon"), (0, "today"), (-1, "late")]
)
def test_stages(days, stage):
    found = reminders.stage_of(todo(days), TODAY)
    assert (found.key if found else None) == stage
    assert reminders.stage_of(Todo(title="a", url="/", action="b"), TODAY) is None


def test_each_stage_of_each_due_date_reminds_once(city):
    person = city.people["county_officer"]
    thing = todo(3)
    counts = []
    for day in range(6):
        counts.append(len(reminders.remind(thing, person, TODAY + timedelta(days=day))))
        assert reminders.remind(thing, person, TODAY + timedelta(days=day)) == []
    assert counts == [1, 0, 0, 1, 1, 0]
    assert len(reminders.remind(todo(2), person, TODAY)) == 1
    assert [one.title for one in everything()][:3] == [
        "3天内到期：填报年度数据",
        "今天到期：填报年度数据",
        "已经逾期：填报年度数据",
    ]


def test_the_reminders_of_the_day_are_queued_once_and_reach_each_post(city, monkeypatch):
    monkeypatch.setattr(reminders, "todos_for", lambda actor: [todo(0, f"{actor.membership.role_key} 的事")])
    monkeypatch.setattr("jigai.platform.notices.jobs.timezone.localdate", lambda: TODAY)
    worker.run(once=True)
    worker.run(once=True)
    worker.run(once=True)
    with transaction.atomic(), use_scope(LOOK):
        job = Job.objects.get(kind="notices.remind")
    assert (job.state, job.arguments) == ("done", {"day": "2026-11-23"})
    told = everything()
    assert len(told) == Membership.objects.count()
    assert {one.title for one in told if one.user == city.people["bank"]} == {"今天到期：bank 的事"}
    assert jobs.find(city.actor("system_admin"), job.pk).owner is None
