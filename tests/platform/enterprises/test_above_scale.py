"""The yearly above-scale list: copied, changed with reasons, frozen, and readable as it was on any day."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from tests.platform.enterprises.helpers import acting

from jigai.platform.enterprises import above_scale, services
from jigai.platform.enterprises.models import AboveScale

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def names(year, on=None):
    return sorted(row.legal_person.name[:2] for row in above_scale.listed(year, on))


def test_a_list_is_copied_from_the_year_before(city):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.east_enterprise, 2023, "首次纳统")
        above_scale.add_to_list(actor, city.west_enterprise, 2023, "")
        services.archive_enterprise(actor, city.west_enterprise, "注销")
        assert above_scale.copy_list(actor, 2023, 2024) == 1
        assert above_scale.copy_list(actor, 2023, 2024) == 0
        assert names(2024) == ["东风"]
        assert above_scale.years() == [2024, 2023]


def test_an_enterprise_stands_once_on_a_list(city):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.east_enterprise, 2024, "")
        with pytest.raises(ValidationError, match="已在 2024 年名单中"):
            above_scale.add_to_list(actor, city.east_enterprise, 2024, "")


def test_a_frozen_list_changes_with_a_reason_and_keeps_what_it_was(city):
    with acting(city, "city_officer") as actor:
        row = above_scale.add_to_list(actor, city.east_enterprise, 2024, "")
        held = above_scale.freeze(actor, 2024)
        with pytest.raises(ValidationError, match="已定稿"):
            above_scale.add_to_list(actor, city.west_enterprise, 2024, "")
        above_scale.add_to_list(actor, city.west_enterprise, 2024, "省统计局补报")
        above_scale.take_off_list(actor, row, "停产")
        assert names(2024) == ["西山"]
        assert names(2024, held.frozen_at) == ["东风"]
        added, removed = above_scale.changed_since_frozen(2024)
        assert [one.reason for one in added] == ["省统计局补报"]
        assert [one.superseded_reason for one in removed] == ["停产"]
        assert AboveScale.objects.filter(year=2024).count() == 2
        with pytest.raises(ValidationError, match="已经定稿"):
            above_scale.freeze(actor, 2024)


def test_taking_off_always_asks_why(city):
    with acting(city, "city_officer") as actor:
        row = above_scale.add_to_list(actor, city.east_enterprise, 2024, "")
        with pytest.raises(ValidationError, match="请写明原因"):
            above_scale.take_off_list(actor, row, "")


def test_an_empty_list_is_not_frozen_and_a_county_freezes_none(city):
    with acting(city, "city_officer") as actor, pytest.raises(ValidationError, match="空的"):
        above_scale.freeze(actor, 2024)
    with acting(city, "county_officer") as actor, pytest.raises(PermissionDenied):
        above_scale.freeze(actor, 2024)


def test_two_years_are_compared(city):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.east_enterprise, 2023, "")
        above_scale.add_to_list(actor, city.west_enterprise, 2024, "")
        found = above_scale.compare(2023, 2024)
    assert ([p.name[:2] for p in found.came], [p.name[:2] for p in found.left], found.both) == (["西山"], ["东风"], [])


def test_the_list_of_a_past_moment_leaves_out_what_came_later(city):
    with acting(city, "city_officer") as actor:
        before = timezone.now()
        above_scale.add_to_list(actor, city.east_enterprise, 2024, "")
        assert names(2024, before) == []


def test_the_pages_lead_through_the_year(city):
    client = city.client("city_officer")
    url = reverse("enterprises:above_scale_add", args=[2024])
    typed = f"{city.east_enterprise.name} {city.east_enterprise.credit_code}"
    page = client.post(url, {"person": typed, "reason": "新增", "once": "k1"}, follow=True)
    assert "已列入“东风轧钢有限公司”" in page.content.decode()
    wrong = client.post(url, {"person": "没有这家", "once": "k2"})
    assert wrong.status_code == 422
    assert "请从列表中选一家企业" in wrong.content.decode()
    client.post(reverse("enterprises:above_scale_freeze", args=[2024]), {"once": "k3"})
    shown = client.get(reverse("enterprises:above_scale", args=[2024])).content.decode()
    assert "已定稿" in shown
    row = AboveScale.unscoped.get()
    page = client.post(
        reverse("enterprises:above_scale_remove", args=[row.pk]), {"reason": "停产", "once": "k4"}, follow=True
    )
    assert "定稿之后有更正" in page.content.decode()
    assert "撤销" in page.content.decode()
    frozen = client.get(reverse("enterprises:above_scale", args=[2024]) + "?as=frozen").content.decode()
    assert "东风轧钢" in frozen
    copied = client.post(reverse("enterprises:above_scale_copy", args=[2025]), {"source": "2024", "once": "k5"})
    assert copied.status_code in (302, 422)
    assert client.get(reverse("enterprises:above_scale", args=[1890])).status_code == 404
    assert city.client("county_officer").get(url).status_code == 403
