"""Taking off, withdrawing and taking back: what is done a second time, or after someone else, is told."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.platform.enterprises.helpers import acting

from jigai.platform.audit.models import Event
from jigai.platform.enterprises import above_scale, titles
from jigai.platform.enterprises.models import AboveScale, Title
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

YEAR = 2024


@pytest.fixture
def row(city):
    """Put the east on the list."""
    with acting(city, "city_officer") as actor:
        return above_scale.add_to_list(actor, city.east_enterprise, YEAR, "首次纳统")


def standing():
    with use_scope(command_scope("test")):
        return AboveScale.objects.filter(year=YEAR, superseded_at__isnull=True).count()


def token(page):
    return re.search(r'name="token" value="([^"]+)"', page).group(1)


def taken_off(city, row):
    client = city.client("city_officer")
    url = reverse("enterprises:above_scale_remove", args=[row.pk])
    page = client.post(url, {"reason": "停产", "once": "k"}, follow=True).content.decode()
    return client, token(page)


def test_a_row_that_was_taken_off_keeps_when_by_whom_and_why(city, row):
    with acting(city, "city_officer") as actor:
        seen = AboveScale.objects.get(pk=row.pk)
        above_scale.take_off_list(actor, row, "停产")
        with pytest.raises(ValidationError):
            above_scale.take_off_list(actor, seen, "另一个原因")
        assert AboveScale.objects.get(pk=row.pk).superseded_reason == "停产"
        assert Event.objects.filter(action="above_scale.removed").count() == 1


def test_what_was_taken_off_is_put_back(city, row):
    client, button = taken_off(city, row)
    assert standing() == 0
    page = client.post(reverse("undo"), {"token": button}, follow=True).content.decode()
    assert "恢复原状" in page
    assert standing() == 1


def test_putting_back_one_that_was_listed_anew_is_told(city, row):
    client, button = taken_off(city, row)
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.east_enterprise, YEAR, "恢复生产")
    client.raise_request_exception = False
    answer = client.post(reverse("undo"), {"token": button}, follow=True)
    assert answer.status_code == 200
    assert "之后又有改动，不能撤销" in answer.content.decode()
    assert standing() == 1


def test_the_page_of_a_row_taken_off_is_gone(city, row):
    client, _button = taken_off(city, row)
    url = reverse("enterprises:above_scale_remove", args=[row.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"reason": "再来", "once": "z"}).status_code == 404


def test_only_who_took_off_puts_back(city, row):
    _client, button = taken_off(city, row)
    page = city.client("city_officer", west=True).post(reverse("undo"), {"token": button}, follow=True)
    assert "只能撤销本人刚做的操作" in page.content.decode()
    assert city.client("county_officer").post(reverse("undo"), {"token": button}).status_code == 403
    assert standing() == 0


def test_listing_and_freezing_are_audited_with_year_and_count(city, row):
    with acting(city, "city_officer") as actor:
        above_scale.freeze(actor, YEAR)
        copied = above_scale.copy_list(actor, YEAR, YEAR + 1)
        said = {one.action: one.after for one in Event.objects.filter(action__startswith="above_scale.")}
        reason = Event.objects.get(action="above_scale.added").reason
        (other,) = above_scale.listed(YEAR + 1)
    assert copied == 1
    assert reason == "首次纳统"
    assert said["above_scale.added"] == {"year": YEAR}
    assert said["above_scale.frozen"] == {"year": YEAR, "enterprises": 1}
    assert said["above_scale.copied"] == {"from": YEAR, "year": YEAR + 1, "added": 1}
    assert other.reason == f"沿用 {YEAR} 年名单"


def test_nothing_is_copied_into_a_frozen_list(city, row):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.west_enterprise, YEAR + 1, "")
        above_scale.freeze(actor, YEAR + 1)
        with pytest.raises(ValidationError, match=f"{YEAR + 1} 年名单已定稿"):
            above_scale.copy_list(actor, YEAR, YEAR + 1)
        assert above_scale.listed(YEAR + 1).count() == 1


def test_a_county_sees_its_part_of_the_list_and_of_the_comparison(city, row):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.west_enterprise, YEAR, "")
        above_scale.add_to_list(actor, city.west_enterprise, YEAR + 1, "")
    page = city.client("county_officer").get(reverse("enterprises:above_scale", args=[YEAR])).content.decode()
    assert "东风" in page and "西山" not in page
    with acting(city, "county_officer", west=True):
        found = above_scale.compare(YEAR, YEAR + 1)
        assert ([one.name[:2] for one in found.both], found.came, found.left) == (["西山"], [], [])
        assert above_scale.years() == [YEAR + 1, YEAR]
    with acting(city, "county_officer"):
        assert above_scale.years() == [YEAR]
        assert above_scale.exists(YEAR + 1), "the city keeps one, though none of it is in the east"


def test_the_list_is_searched_by_name_and_initials(city, row):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.west_enterprise, YEAR, "")
    client, url = city.client("city_officer"), reverse("enterprises:above_scale", args=[YEAR])
    found = client.get(url, {"q": "西山"}).content.decode()
    assert "西山" in found and "东风" not in found


def test_a_title_is_withdrawn_once_and_put_back_by_the_button(city):
    with acting(city, "county_officer") as actor:
        title = titles.add_title(actor, city.east_enterprise, "champion", "省级", 2023)
        seen = Title.objects.get(pk=title.pk)
    client = city.client("county_officer")
    url = reverse("enterprises:title_withdraw", args=[title.pk])
    page = client.post(url, {"reason": "复核未通过", "once": "k"}, follow=True).content.decode()
    with acting(city, "county_officer") as actor, pytest.raises(ValidationError):
        titles.withdraw_title(actor, seen, "再撤一次")
    client.post(reverse("undo"), {"token": token(page)})
    with acting(city, "county_officer"):
        assert Title.objects.get(pk=title.pk).withdrawn_at is None
