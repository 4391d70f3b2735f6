"""Columns chosen once stay chosen; a view is kept under a name, alone or for the organisation, and can be deleted."""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from jigai.platform.ledger.models import Device
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.platform.web import totals
from jigai.platform.web.models import SavedView

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LIST = "/devices/"


@pytest.fixture
def fleet(city):
    """Five fans and two pumps in the east."""
    site = city.east_site
    with transaction.atomic(), use_scope(command_scope("test")):
        for number in range(7):
            kind = "fan" if number < 5 else "pump"
            Device.objects.create(
                name=f"{number}号", kind=kind, maker="风机厂", quantity=3, power_kw=10.0 + number,
                legal_person=city.east_enterprise, **site.scope_columns(),
            )  # fmt: skip
    return city


def heads(client, query=""):
    html = client.get(LIST + query).content.decode()
    return re.findall(r"<th class=\"n?\"[^>]*>(?:<a [^>]*>)?([^<]+)", html)


def rows(client, query=""):
    html = client.get(LIST + query, follow=True).content.decode()
    return re.findall(r"共 ([^<]+?) 条", html)[0]


def test_columns_stay_chosen_for_one_person_and_leave_the_address_alone(fleet):
    client = fleet.client("county_officer")
    assert "制造厂家" not in heads(client)
    said = {"key": "devices", "columns": ["name", "maker"], "back": "/devices/?kind=fan"}
    answer = client.post("/lists/columns/", said)
    assert answer["Location"] == "/devices/?kind=fan"
    assert heads(client) == ["设备", "制造厂家"]
    assert heads(client, "?columns=kind") == ["种类"], "a link with columns shows those"
    assert heads(client) != heads(fleet.client("enterprise_equipment"))
    client.post("/lists/columns/", {"key": "devices"})
    assert "种类" in heads(client), "no column ticked: those the list shows by itself"


def save(client, name="东区风机", query="kind=fan&sort=-power_kw&after=x", **more):
    return client.post("/lists/views/", {"key": "devices", "name": name, "query": query, "back": LIST, **more})


def test_a_view_keeps_filter_and_order_and_opens_by_its_name(fleet):
    client = fleet.client("county_officer")
    answer = save(client)
    view = SavedView.objects.get()
    assert answer["Location"] == f"/devices/?kind=fan&sort=-power_kw&view={view.pk}"
    page = client.get(answer["Location"]).content.decode()
    assert "东区风机" in page
    assert 'aria-sort="descending"' in page
    assert rows(client, f"?kind=fan&view={view.pk}") == "5"
    save(client, query="kind=pump")
    assert SavedView.objects.get().query == "kind=pump", "the same name replaces it"


def test_a_default_view_opens_where_nothing_else_is_remembered(fleet):
    client = fleet.client("county_officer")
    save(client, default="on")
    fresh = fleet.client("county_officer")
    assert rows(fresh) == "5"
    assert rows(fresh, "?all=1") == "7"
    save(client, name="水泵", query="kind=pump", default="on")
    assert rows(fleet.client("county_officer")) == "2", "only one view opens by itself"


def test_a_shared_view_is_seen_in_the_organisation_and_nowhere_else(fleet):
    save(fleet.client("county_officer"), shared="on")
    view = SavedView.objects.get()
    colleague = fleet.client("county_head").get(LIST).content.decode()
    assert "东区风机" in colleague
    assert f"/lists/views/{view.pk}/delete/" not in colleague
    assert "东区风机" not in fleet.client("enterprise_equipment").get(LIST).content.decode()
    assert "东区风机" not in fleet.client("county_officer", west=True).get(LIST).content.decode()


def test_a_deleted_view_can_be_brought_back_by_its_owner_alone(fleet):
    client = fleet.client("county_officer")
    save(client)
    view = SavedView.objects.get()
    assert fleet.client("county_head").post(f"/lists/views/{view.pk}/delete/").status_code == 404
    page = client.post(f"/lists/views/{view.pk}/delete/", {"back": LIST}, follow=True).content.decode()
    assert "已删除" in page
    assert 'class="view"' not in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert "东区风机" in client.post("/undo/", {"token": token}, follow=True).content.decode()


@pytest.mark.parametrize(("name", "sentence"), [("  ", "起个名称"), ("", "起个名称")])
def test_a_view_needs_a_name(fleet, name, sentence):
    client = fleet.client("county_officer")
    assert sentence in client.get(save(client, name=name)["Location"]).content.decode()


def test_a_person_keeps_so_many_views_and_no_more(fleet, monkeypatch):
    monkeypatch.setattr("jigai.platform.web.saved.MOST", 1)
    client = fleet.client("county_officer")
    save(client)
    assert "最多存 1 个" in client.get(save(client, name="又一个")["Location"]).content.decode()


def test_sums_of_many_rows_come_after_the_page(fleet, monkeypatch):
    monkeypatch.setattr(totals, "AT_ONCE", 3)
    client = fleet.client("county_officer")
    page = client.get(LIST).content.decode()
    assert "共 3 以上 条" in page
    url = re.search(r'id="list-sums" hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    whole = client.get(url, headers={"hx-request": "true"}).content.decode()
    assert "共 7 条" in whole
    assert re.findall(r">([\d,]+)</td>", whole.split("<tfoot")[1].split("</tfoot>")[0]) == ["21", "273"]
    assert 'hx-get="/devices/?part=totals"' not in whole


def test_sums_kept_are_those_of_one_scope_and_one_state_of_the_data(fleet, monkeypatch):
    monkeypatch.setattr(totals, "AT_ONCE", 0)
    east, west = fleet.client("county_officer"), fleet.client("county_officer", west=True)
    assert rows(east, "?part=totals") == "7"
    assert rows(west, "?part=totals") == "0"
    assert rows(east, "?part=totals&kind=fan") == "5"
