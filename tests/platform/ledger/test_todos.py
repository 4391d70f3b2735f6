"""What waits about devices is gathered by enterprise, in one line where they are many; a slip waits for its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jigai.platform.accounts.models import Membership, User
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.home.todo import todos_for
from jigai.platform.ledger import todos
from jigai.platform.ledger.models import Bulk, BulkFile, Device, ReturnSlip
from jigai.platform.ledger.seen_by import seers
from jigai.platform.ledger.slips import TO, answered, contact, receivers, wanted
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def told(city, role, west=False):
    actor = city.actor(role, west=west)
    with transaction.atomic(), use_scope(actor.scope):
        return [one for one in todos_for(actor) if one.source == "设备台账"]


@pytest.fixture
def quiet(city):
    """Return how to put silent devices into so many enterprises of the east."""

    def _quiet(enterprises):
        with transaction.atomic(), use_scope(command_scope("test")):
            for number in range(enterprises):
                columns = {"manager_code": "510402", "place_code": "510402"}
                person = LegalPerson.objects.create(
                    name=f"{number}号厂", credit_code=f"91510400MD{number:08d}", **columns
                )
                site = Site.objects.create(
                    legal_person=person,
                    enterprise_name=person.name,
                    credit_code=person.credit_code,
                    name="厂区",
                    **columns,
                )
                Site.objects.filter(pk=site.pk).update(site=site)
                site.refresh_from_db()
                for days in (3, 1):
                    Device.objects.create(
                        name="泵", silent_since=timezone.now() - timedelta(days=days), legal_person=person,
                        **site.scope_columns(),
                    )  # fmt: skip

    return _quiet


def test_a_few_enterprises_are_named_one_by_one(city, quiet):
    quiet(2)
    found = told(city, "county_officer")
    assert [(one.title, one.subject) for one in found] == [
        ("登记 2 行设备的去向", "0号厂"),
        ("登记 2 行设备的去向", "1号厂"),
    ]
    assert found[0].since == timezone.localdate(timezone.now() - timedelta(days=3))
    assert city.client("county_officer").get(found[1].url).content.decode().count('name="pick"') == 2
    assert told(city, "county_officer", west=True) == []
    assert told(city, "auditor") == []


def test_many_enterprises_are_gathered_in_one_line(city, quiet):
    quiet(todos.SINGLE + 1)
    found = told(city, "city_officer")
    assert [(one.title, one.subject) for one in found] == [
        (f"登记 {2 * todos.SINGLE + 2} 行设备的去向", f"{todos.SINGLE + 1} 家企业")
    ]


@pytest.fixture
def slip(city):
    """Return how to send so many slips to the enterprise of the east."""

    def _slip(number, **more):
        columns = city.east_site.scope_columns()
        with transaction.atomic(), use_scope(command_scope("test")):
            bulk = Bulk.objects.create(state="open", sent_by="x")
            for place in range(number):
                file = BulkFile.objects.create(
                    bulk=bulk, file_name=f"{place}.xlsx", content_hash="0" * 64, state="read", errors=2,
                    for_site=city.east_site,
                )  # fmt: skip
                ReturnSlip.objects.create(
                    file=file, file_name=file.file_name, content_hash="0" * 64, wanted=wanted(file),
                    sent_at=timezone.now(), sent_by="x", **{**columns, **more},
                )  # fmt: skip
        return bulk

    return _slip


def test_slips_wait_for_the_enterprise_alone_until_a_ledger_comes(city, slip):
    bulk = slip(1)
    found = told(city, "enterprise_equipment")
    assert [(one.title, one.subject) for one in found] == [("改好退回的台账", "0.xlsx")]
    assert told(city, "county_officer") == []
    assert told(city, "enterprise_equipment", west=True) == []
    with transaction.atomic(), use_scope(command_scope("test")):
        assert answered([city.east_site.pk], bulk) == 0, "good lines of the same bulk are no answer"
        assert answered([city.west_site.pk]) == 0
        assert answered([city.east_site.pk]) == 1
    assert told(city, "enterprise_equipment") == []


def test_many_slips_end_in_a_link_to_the_list(city, slip):
    slip(todos.SINGLE + 2)
    found = told(city, "enterprise_head")
    assert len(found) == todos.SINGLE + 1
    assert [one.url for one in found if "还有其他" in one.title] == ["/devices/slips/"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"errors": 3}, "请改正 3 个不能用的单元格，改好后重新上传。"),
        ({"questions": 2}, "请回答 2 个问题，改好后重新上传。"),
        ({"errors": 1, "questions": 2}, "请改正 1 个不能用的单元格、回答 2 个问题，改好后重新上传。"),
        ({"state": "refused", "note": "文件不完整。请重新索取。", "errors": 1}, "文件不完整。请重新索取。"),
    ],
)
def test_a_slip_says_in_one_sentence_what_is_wanted(said, sentence):
    assert wanted(BulkFile(**said)) == sentence


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({}, "sent"),
        ({"seen_at": timezone.now()}, "seen"),
        ({"seen_at": timezone.now(), "answered_at": timezone.now()}, "answered"),
        ({"answered_at": timezone.now()}, "answered"),
    ],
)
def test_a_slip_says_how_far_it_is(said, state):
    assert ReturnSlip(**said).state == state


def test_contacts_are_the_people_a_slip_reaches(city):
    posts = receivers().filter(organisation=city.east_enterprise.org_id)
    with transaction.atomic(), use_scope(command_scope("test")):
        head = city.people["enterprise_head"]
        head.phone = "13900000001"
        head.save()
        assert contact(posts.all()) == "企业负责人 13900000001、企业设备管理"
        head.is_active = False
        head.save()
        assert contact(posts.all()) == "企业设备管理"
        assert contact([]) == ""
        for number in range(4):
            one = User.objects.create(username=f"more{number}", name=f"设备员{number}")
            for role in TO:
                Membership.objects.create(user=one, organisation_id=city.east_enterprise.org_id, role_key=role)
        assert contact(posts.all()) == "设备员0、设备员1、设备员2", "the first few, each once, heads first"


def test_a_person_of_one_site_alone_is_told_apart(city):
    """Whoever sees one site of the enterprise sees its devices, and not those of another site."""
    with transaction.atomic(), use_scope(command_scope("test")):
        columns = {"manager_code": "510402", "place_code": "510402", "org": city.east_site.org}
        other = Site.objects.create(
            legal_person=city.east_enterprise, enterprise_name="东风", credit_code="x", name="二厂区", **columns
        )
        Site.objects.filter(pk=other.pk).update(site=other)
        held = city.people["enterprise_equipment"].memberships.get()
        held.sites = [other.pk]
        held.save()
        here = Device.objects.create(name="泵", legal_person=city.east_enterprise, **city.east_site.scope_columns())
        there = Device.objects.create(name="泵", legal_person=city.east_enterprise, **{**columns, "site": other})
        roles = [
            {one.role for one in seers(device) if one.organisation == "东风轧钢有限公司"} for device in (here, there)
        ]
    assert roles == [{"企业财务", "企业负责人"}, {"企业财务", "企业负责人", "企业设备管理"}]
