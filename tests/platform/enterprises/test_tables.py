"""The list of enterprises: filters, words, what is archived; the search boxes of forms; panels."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.platform.enterprises.helpers import acting, code

from jigai.platform.enterprises import above_scale, panels, services, titles
from jigai.platform.places.models import ManagingUnit, Park, Place

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def three(city):
    """Add a third enterprise, a park, titles and a list."""
    with acting(city, "city_officer") as actor:
        park = Park.objects.create(
            name="一园", manager=ManagingUnit.objects.get(code="510402"), place=Place.objects.get(code="510402")
        )
        third = services.create_enterprise(
            actor,
            {
                "name": "攀钢钒业有限公司",
                "credit_code": code(3),
                "manager_code": "510402",
                "place_code": "510403",
                "industry_code": "2641",
                "predecessors": [code(4)],
                "status": "stopped",
            },
        )
        services.create_site(
            actor, third, {"name": "厂区", "manager_code": "510402", "place_code": "510403", "park": park}
        )
        titles.add_title(actor, third, "champion", "省级", 2023)
        above_scale.add_to_list(actor, city.east_enterprise, 2024, "")
    return park


def listed(client, **query):
    page = client.get(reverse("enterprises:list"), query or {"all": "1"}).content.decode()
    return sorted(name[:2] for name in re.findall(r'/enterprises/\d+/">([^<]+)<', page))


def test_each_filter_narrows(city, three):
    client = city.client("city_officer")
    assert listed(client) == ["东风", "攀钢", "西山"]
    for query, expected in (
        ({"q": "pgfy"}, ["攀钢"]),
        ({"q": "钒业"}, ["攀钢"]),
        ({"q": code(4)}, ["攀钢"]),
        ({"q": code(3)[:14]}, ["攀钢"]),
        ({"manager": "510402"}, ["东风", "攀钢"]),
        ({"place": "510403"}, ["攀钢", "西山"]),
        ({"division": "31"}, ["东风", "西山"]),
        ({"park": str(three.pk)}, ["攀钢"]),
        ({"above": "2024"}, ["东风"]),
        ({"title": "champion"}, ["攀钢"]),
        ({"status": "stopped"}, ["攀钢"]),
        ({"status": "stopped", "manager": "510403"}, []),
        ({"above": "abc"}, ["东风", "攀钢", "西山"]),
        ({"park": "x"}, ["东风", "攀钢", "西山"]),
    ):
        assert listed(client, **query) == expected, query


def test_archived_ones_show_only_when_asked_for(city, three):
    with acting(city, "city_officer") as actor:
        services.archive_enterprise(actor, city.west_enterprise, "注销")
    client = city.client("city_officer")
    assert listed(client) == ["东风", "攀钢"]
    assert listed(client, status="archived") == ["西山"]
    assert "西山" in client.get(reverse("enterprises:list")).content.decode(), "the filter is remembered"


def test_each_sees_their_own(city, three):
    assert listed(city.client("county_officer")) == ["东风", "攀钢"]
    assert listed(city.client("county_officer", west=True)) == ["西山"]
    own = city.client("enterprise_head").get(reverse("enterprises:list"))
    assert own.url == reverse("enterprises:page", args=[city.east_enterprise.pk])


def test_a_fragment_is_answered_to_a_filter(city, three):
    client = city.client("city_officer")
    answer = client.get(reverse("enterprises:list"), {"q": "pgfy"}, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in answer
    assert "攀钢钒业" in answer


def test_the_queries_of_the_list_do_not_grow_with_the_rows(city, three, django_assert_max_num_queries):
    with acting(city, "city_officer") as actor:
        for number in range(10, 30):
            services.create_enterprise(
                actor,
                {
                    "name": f"第{number}号企业",
                    "credit_code": code(number),
                    "manager_code": "510402",
                    "place_code": "510402",
                },
            )
    client = city.client("city_officer")
    with django_assert_max_num_queries(30):
        client.get(reverse("enterprises:list"), {"all": "1"})


def test_the_search_boxes_answer_with_options(city, three):
    client = city.client("county_officer")
    found = client.get(reverse("enterprises:industry"), {"industry_code": "gyyjg", "for": "id_x"}).content.decode()
    assert 'data-value="3130 钢压延加工"' in found
    assert 'id="id_x_1"' in found
    none = client.get(reverse("enterprises:industry"), {"industry_code": "没有", "for": '"><script>'}).content.decode()
    assert "换个词" in none
    assert "<script" not in none
    found = client.get(reverse("enterprises:products"), {"product": "焦炭", "for": "id_p"}).content.decode()
    assert "顶装焦炉" in found
    assert "可直接填写" in client.get(reverse("enterprises:products"), {"product": "没有"}).content.decode()
    found = client.get(reverse("enterprises:find"), {"person": "pgfy", "for": "id_person"}).content.decode()
    assert code(3) in found
    assert "西山" not in client.get(reverse("enterprises:find"), {"person": "西山"}).content.decode()
    assert client.get(reverse("enterprises:find")).status_code == 200
    assert city.client("bank").get(reverse("enterprises:find")).status_code == 403


def test_panels_are_gathered_in_their_order(city, monkeypatch):
    import sys
    from types import ModuleType

    module = ModuleType("jigai.platform.notices.enterprise_panels")
    module.__spec__ = type("Spec", (), {"name": module.__name__})()
    module.panels = lambda actor, person: [
        panels.Panel("后", "x.html", order=200),
        panels.Panel("先", "x.html", {"n": person.pk}, order=10),
    ]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with acting(city, "county_officer") as actor:
        assert [one.title for one in panels.panels_for(actor, city.east_enterprise)] == ["先", "设备", "后"]
