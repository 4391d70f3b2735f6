"""A file of annual figures opens to whoever handed it in, and else only to those who see financial figures."""

from __future__ import annotations

import pytest
from tests.platform.imports.test_imports import hand_in, inside

from jigai.platform.accounts.models import Membership
from jigai.platform.imports import services
from jigai.platform.imports.models import Upload

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PAGES = ("", "original/", "marked/", "progress/")
POSTS = ("cell/", "columns/", "accept/", "reopen/", "withdraw/")
ROWS = [["企业名称", "年度", "主营业务收入"], ["东风轧钢有限公司", 2025, 84321]]


@pytest.fixture
def ours(city):
    """A file with a financial column, handed in by the finance hand."""
    return hand_in(city.actor("enterprise_finance"), ROWS, "财务年报.xlsx", "facts")


def answers(client, upload):
    found = {client.get(f"/imports/{upload.pk}/{page}").status_code for page in PAGES}
    return found | {client.post(f"/imports/{upload.pk}/{page}", {"version": 0}).status_code for page in POSTS}


def test_the_equipment_hand_finds_no_file_of_the_finance_hand(city, ours):
    client = city.client("enterprise_equipment")
    assert answers(client, ours) == {404}
    assert "财务年报" not in client.get("/imports/").content.decode()
    assert "财务年报" not in client.get("/imports/?q=财务").content.decode()
    actor = city.actor("enterprise_equipment")
    with inside(actor):
        assert not services.visible_uploads(actor).exists()


@pytest.mark.parametrize("role", ["enterprise_head", "enterprise_finance", "county_officer", "city_officer"])
def test_whoever_sees_financial_figures_opens_it(city, ours, role):
    client = city.client(role)
    assert {client.get(f"/imports/{ours.pk}/{page}").status_code for page in PAGES} == {200}
    assert "84321" in client.get(f"/imports/{ours.pk}/").content.decode()
    assert "财务年报" in client.get("/imports/").content.decode()


def test_ones_own_file_stays_open_and_a_role_that_is_lost_closes_those_of_others(city, ours):
    mine = hand_in(city.actor("enterprise_equipment"), ROWS, "设备年报.xlsx", "facts")
    assert city.client("enterprise_equipment").get(f"/imports/{mine.pk}/").status_code == 200
    finance = city.client("enterprise_finance")
    theirs = hand_in(city.actor("enterprise_head"), ROWS, "厂长年报.xlsx", "facts")
    assert finance.get(f"/imports/{theirs.pk}/").status_code == 200
    Membership.objects.filter(user=city.people["enterprise_finance"]).update(role_key="enterprise_equipment")
    assert answers(finance, theirs) == {404}
    assert finance.get(f"/imports/{ours.pk}/").status_code == 200


def test_files_for_registers_are_shared_as_before(city):
    hand_in(city.actor("county_officer"), [["企业名称", "级别"]], "名单.xlsx")
    actor = city.actor("city_officer")
    with inside(actor):
        assert services.visible_uploads(actor).count() == Upload.objects.count() == 1


def test_another_enterprise_finds_nothing_whatever_it_may_see(city, ours):
    assert answers(city.client("enterprise_head", west=True), ours) == {404}
