"""Every page of enterprises opens for those who may see it, and for nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

YEAR = 2025


def pages(city):
    person, site = city.east_enterprise.pk, city.east_site.pk
    return [
        reverse("enterprises:list"),
        reverse("enterprises:page", args=[person]),
        reverse("enterprises:history", args=[person]),
        reverse("enterprises:site", args=[site]),
        reverse("enterprises:above_scale", args=[YEAR]),
        reverse("enterprises:above_scale_compare", args=[YEAR - 1, YEAR]),
        reverse("enterprises:facts", args=[person, YEAR]),
        reverse("enterprises:fact_history", args=[person, YEAR, "employees"]),
        reverse("enterprises:reporting", args=[YEAR]),
        reverse("enterprises:edit", args=[person]),
        reverse("enterprises:archive", args=[person]),
        reverse("enterprises:title_new", args=[person]),
        reverse("enterprises:site_new", args=[person]),
        reverse("enterprises:site_edit", args=[site]),
        reverse("enterprises:site_close", args=[site]),
        reverse("enterprises:line_new", args=[site]),
        reverse("enterprises:new"),
    ]


@pytest.mark.sqlite
def test_every_page_opens_for_the_county(city):
    client = city.client("county_officer")
    for url in pages(city):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert "东风" in answer.content.decode() or "enterprises/new" in url or "above-scale" in url, url


def test_what_is_of_another_county_does_not_exist(city):
    for role in ("county_officer", "enterprise_head"):
        client = city.client(role, west=True)
        for url in pages(city):
            if f"/{city.east_enterprise.pk}/" not in url and f"/{city.east_site.pk}/" not in url:
                continue
            answer = client.get(url)
            assert answer.status_code in (404, 403), url
            assert "东风" not in answer.content.decode(), url


def test_who_may_not_see_enterprises_is_told_what_is_missing(city):
    answer = city.client("bank").get(reverse("enterprises:list"))
    assert answer.status_code == 403
    assert "看企业" in answer.content.decode()
