"""Every filter of the list of devices finds what it says, offers what occurs, and goes along into the export."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Device
from jigai.platform.screening.models import Finding, Run
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
LIST = "/devices/"
YEAR = date.today().year

ROWS = {
    "甲": {
        "kind": "motor",
        "industry_code": "3130",
        "verdict": "must_replace",
        "elimination": "eliminate",
        "power_kw": 132,
    },
    "乙": {
        "kind": "pump",
        "industry_code": "3140",
        "efficiency": "below_limit",
        "in_service_year": YEAR - 25,
        "power_kw": 5,
    },
    "丙": {"kind": "", "industry_code": "4411", "quantity": None, "made_year": YEAR - 30, "use_state": "封存"},
    "丁": {
        "kind": "fan",
        "service_life": "over_age",
        "two_high": "candidate",
        "guidance": "restricted",
        "missing": "made_year",
    },
}
"""Four machines of the east, each with something of its own."""


@pytest.fixture
def fleet(city):
    with transaction.atomic(), use_scope(command_scope("test")):
        run = Run.objects.create(
            title="筛查", as_of=timezone.localdate(), started_by="x", **city.east_site.scope_columns()
        )
        for name, said in ROWS.items():
            columns = {"legal_person": city.east_enterprise, **city.east_site.scope_columns()}
            one = Device.objects.create(**{"name": name, "quantity": 2, "verdict": "keep", **said, **columns})
            if name == "甲":
                Finding.objects.create(
                    run=run, device=one, check_name="elimination", outcome="eliminate", document="《第四批》",
                    reason_zh="x", reason_en="x", **city.east_site.scope_columns(),
                )  # fmt: skip
        Device.objects.create(
            name="西", kind="furnace", industry_code="0610", legal_person=city.west_enterprise,
            silent_since=timezone.now(), **city.west_site.scope_columns(),
        )  # fmt: skip
    return city


def shown(page):
    """Return the names in the table."""
    body = page.content.decode().split("<tbody>")
    return re.findall(r'href="/devices/\d+/">([^<]+)</a>', body[1]) if len(body) > 1 else []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("verdict=must_replace", "甲"),
        ("kind=pump", "乙"),
        ("division=31", "甲乙"),
        ("division=31&industry=3140", "乙"),
        ("industry=3130", "甲"),
        ("elimination=eliminate", "甲"),
        ("guidance=restricted", "丁"),
        ("efficiency=below_limit", "乙"),
        ("service_life=over_age", "丁"),
        ("two_high=candidate", "丁"),
        ("document=《第四批》", "甲"),
        ("document=《没有》", ""),
        ("age=20", "乙丙"),
        ("age=30", "丙"),
        ("power=37", "甲"),
        ("use_state=封存", "丙"),
        ("problem=no_kind", "丙"),
        ("problem=no_quantity", "丙西"),
        ("problem=missing", "丁"),
        ("problem=silent", "西"),
        ("manager=510402", "甲乙丙丁"),
        ("place=510403", "西"),
        ("q=西山", "西"),
        ("q=甲", "甲"),
        ("division=3x", "甲乙丙丁西"),
        ("sort=-power_kw", "甲乙西丁丙"),
        ("sort=power_kw", "乙甲丙丁西"),
    ],
)
def test_each_filter_finds_what_it_says(fleet, query, names):
    assert "".join(shown(fleet.client("city_officer").get(f"{LIST}?{query}"))) == names


def test_a_device_is_found_by_the_identifier_on_its_label(fleet):
    with transaction.atomic(), use_scope(command_scope("test")):
        pump = Device.objects.get(name="乙")
    client = fleet.client("city_officer")
    assert shown(client.get(LIST, {"q": pump.identifier.lower()})) == ["乙"]
    assert shown(fleet.client("county_officer", west=True).get(LIST, {"q": pump.identifier})) == []


def offered(page, name):
    select = re.search(rf'<select name="{name}">(.*?)</select>', page.content.decode(), re.DOTALL)
    return [value for value in re.findall(r'value="([^"]*)"', select[1]) if value] if select else None


def test_filters_offer_what_occurs_in_ones_own_scope(fleet):
    city = fleet.client("city_officer").get(LIST)
    assert sorted(offered(city, "division")) == ["06", "31", "44"]
    assert set(offered(city, "kind")) == {"motor", "pump", "fan", "furnace"}
    assert offered(city, "document") == ["《第四批》"]
    west = fleet.client("county_officer", west=True).get(LIST)
    assert offered(west, "division") == ["06"]
    assert offered(west, "kind") == ["furnace"]
    assert offered(west, "document") is None, "a filter that offers nothing is left out"


def test_classes_are_offered_once_a_division_is_chosen(fleet):
    client = fleet.client("city_officer")
    assert offered(client.get(LIST), "industry") is None
    page = client.get(f"{LIST}?division=31")
    assert offered(page, "industry") == ["3130", "3140"]
    assert 'class="fb__more" open' in page.content.decode(), "what narrows the list stays in sight"


def test_the_list_of_one_enterprise_says_which_it_is(fleet):
    client = fleet.client("city_officer")
    page = client.get(f"{LIST}?enterprise={fleet.west_enterprise.pk}")
    assert shown(page) == ["西"]
    assert offered(page, "enterprise") == [str(fleet.west_enterprise.pk)]
    stranger = fleet.client("county_officer").get(f"{LIST}?enterprise={fleet.west_enterprise.pk}")
    assert shown(stranger) == []
    assert "西山" not in stranger.content.decode()
    assert len(shown(client.get(f"{LIST}?enterprise=x"))) == 0


def test_the_export_has_the_chosen_columns_and_says_what_it_is(fleet):
    client = fleet.client("county_officer")
    client.post("/lists/columns/", {"key": "devices", "columns": ["name", "quantity", "power"], "back": LIST})
    page = client.get(f"{LIST}?division=31").content.decode()
    token = re.search(r'name="list" value="([^"]+)"', page)[1]
    client.post("/jobs/export/", {"list": token})
    worker.run(once=True)
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.get(kind="list.export")
    assert job.state == "done", job.error
    data = client.get(f"/jobs/{job.pk}/files/{job.result['files'][0]['name']}").getvalue()
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert "说明" in book.sheet_names
    table = book.get_sheet_by_index(0).to_python()
    head = next(row for row in table if len(row) > 1 and "数量" in str(row[1]))
    assert [str(cell).split("（")[0].split("\n")[0] for cell in head if cell][:3] == ["设备", "数量", "功率"]
    assert len([cell for cell in head if cell]) == 3
    about = str(book.get_sheet_by_name("说明").to_python())
    assert "行业大类" in about
    assert "31 " in about
