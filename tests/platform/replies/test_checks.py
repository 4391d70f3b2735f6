"""People walk through a site by a list: every reading is kept, none is doubled, and the site is judged again."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from tests.platform.replies.conftest import ENTRY, LISTED, TODAY, picture, work

from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.stating import add
from jigai.platform.replies import checks, photos
from jigai.platform.replies.models import CheckAnswer, CheckItem, Photo
from jigai.platform.screening import obsolete
from jigai.platform.screening import services as screening

pytestmark = pytest.mark.django_db
NEAR = {"code": "D8", "name": "电动机", "model": "Y2-132M-4", "workshop": "一车间", "quantity": 1}
FINE = {"code": "D9", "name": "电动机", "model": "YE4-132M-4", "made_year": 2024, "power_kw": 7.5, "quantity": 1}


@pytest.fixture
def site(city, doing):
    """Three devices of a site, screened: one listed, one that lacks its year, one in order."""
    for number, values in enumerate((LISTED, NEAR, FINE)):
        source = ENTRY | {"row_id": f"entry-{number}"}
        doing(lambda actor, v=values, s=source: add(actor, city.east_site.pk, v, "entry", "补报", source=s))
    doing(lambda actor: screening.start(actor, [city.east_site.pk], TODAY))
    work()
    return city.east_site


@pytest.fixture
def check(site, doing):
    return doing(lambda actor: checks.open_check(actor, site.pk))


@pytest.fixture
def items(check, doing):
    """The lines of the list by the number of their device."""
    return {one.device.code: one for one in doing(lambda actor: list(check.items.select_related("device")))}


@pytest.fixture
def say(doing):
    """Write down a reading: say(item, found, role, key=…, **values)."""

    def _say(item, found, role="enterprise_equipment", *, key="k1", note="", proofs=(), **values):
        return doing(
            lambda actor: checks.answer(actor, item.pk, key=key, found=found, given=values, note=note, proofs=proofs),
            role,
        )

    return _say


def state_of(doing, item):
    return doing(lambda actor: DeviceState.objects.get(device=item.device_id, superseded_at__isnull=True))


# ── the list ──


def test_who_wants_a_look_is_listed_as_one_walks_and_says_what_to_look_for(items):
    assert {code: one.why for code, one in items.items()} == {"D7": "must", "D8": "suspect"}
    assert [one.device.workshop for one in sorted(items.values(), key=lambda one: one.place)] == ["", "一车间"]
    said = [look["zh"] for look in items["D8"].looks]
    assert any("出厂年份在 2003 年及以前 → 淘汰" in text and "在 2003 年以后 → 不属本条" in text for text in said)
    assert items["D8"].asks[:2] == ["model", "made_year"]
    assert all(look["en"] for one in items.values() for look in one.looks)


def test_one_open_check_at_a_site(check, site, doing):
    assert doing(lambda actor: checks.open_check(actor, site.pk), "county_officer").pk == check.pk


def test_without_a_run_there_is_nothing_to_walk_by(city, doing):
    with pytest.raises(ValidationError, match="先发起筛查"):
        doing(lambda actor: checks.open_check(actor, city.east_site.pk))


def test_nobody_walks_through_another_enterprise(check, items, site, doing):
    for act in (
        lambda actor: checks.open_check(actor, site.pk),
        lambda actor: checks.get(actor, check.pk),
        lambda actor: checks.answer(actor, items["D7"].pk, key="x", found="same", given={}),
        lambda actor: checks.close(actor, check.pk, TODAY),
    ):
        with pytest.raises(Http404):
            doing(act, west=True)


# ── readings ──


def test_what_was_read_becomes_the_state_of_the_device(items, say, doing):
    done = say(items["D8"], "same", note="铭牌清楚", made_year="2001")
    assert (done.found, done.contested) == ("same", False)
    now = state_of(doing, items["D8"])
    assert (now.how, now.reason, now.values["made_year"]) == ("edit", "现场核对：铭牌清楚", 2001)
    assert now.values["model"] == "Y2-132M-4"


def test_another_value_is_a_difference_whatever_was_ticked(items, say, doing):
    assert say(items["D7"], "same", model="YE3-90S-4").found == "differs"
    assert state_of(doing, items["D7"]).values["model"] == "YE3-90S-4"


def test_a_plate_that_cannot_be_read_changes_nothing(items, say, doing):
    say(items["D7"], "unreadable", model="猜的")
    assert state_of(doing, items["D7"]).how == "entry"


def test_a_dismantled_device_needs_a_proof_and_leaves_the_lists(items, say, doing):
    with pytest.raises(ValidationError, match="处置凭证"):
        say(items["D7"], "dismantled")
    say(items["D7"], "dismantled", note="2025-06 拆除，处置单 17 号")
    assert doing(lambda actor: Device.objects.get(pk=items["D7"].device_id)).gone_at is not None
    assert still_to_go(doing, items["D7"]) == (1, 0)
    say(items["D7"], "same", key="k2", note="还在，看错了")
    assert doing(lambda actor: Device.objects.get(pk=items["D7"].device_id)).gone_at is None
    assert still_to_go(doing, items["D7"]) == (0, 1)


def still_to_go(doing, item):
    """Machines closed and open on the list of what must go."""
    stood = doing(lambda actor: obsolete.of_devices([item.device_id]))[item.device_id]
    return stood.closed, stood.open


REFUSED = (
    ("", {}, "found"),
    ("perhaps", {}, "found"),
    ("same", {"made_year": "去年吧"}, "v_made_year"),
    ("differs", {}, "found"),
    ("differs", {"model": "Y2-132M-4"}, "found"),
)


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_written(items, say, doing):
    for found, given, field in REFUSED:
        with pytest.raises(ValidationError) as refused:
            say(items["D8"], found, **given)
        assert field in refused.value.message_dict
    assert doing(lambda actor: CheckAnswer.objects.count()) == 0
    assert state_of(doing, items["D8"]).how == "entry"


def test_sent_twice_it_is_written_once(items, say, doing):
    for _again in range(3):
        say(items["D8"], "same", made_year="2001")
    assert doing(lambda actor: CheckAnswer.objects.count()) == 1
    assert doing(lambda actor: DeviceState.objects.filter(device=items["D8"].device_id).count()) == 2


@pytest.mark.sqlite
def test_two_people_lose_nothing_and_what_they_differ_in_is_shown(items, check, say, doing):
    say(items["D8"], "same", made_year="2001")
    other = say(items["D8"], "same", "county_officer", key="k2", made_year="2011")
    assert other.contested
    assert doing(lambda actor: [one.values["made_year"] for one in items["D8"].answers.all()]) == [2001, 2011]
    with pytest.raises(ValidationError, match="两人填的不一样"):
        doing(lambda actor: checks.close(actor, check.pk, TODAY))
    assert not say(items["D8"], "same", key="k3", made_year="2011").contested
    assert doing(lambda actor: DeviceState.objects.filter(device=items["D8"].device_id).count()) == 3


# ── the end ──


@pytest.mark.sqlite
def test_closed_the_site_is_judged_again_by_what_was_read(items, check, say, doing):
    with pytest.raises(ValidationError, match="一台都还没有"):
        doing(lambda actor: checks.close(actor, check.pk, TODAY))
    say(items["D8"], "same", made_year="2001")
    done = doing(lambda actor: checks.close(actor, check.pk, TODAY))
    work()
    assert doing(lambda actor: Device.objects.get(pk=items["D8"].device_id)).verdict == "must_replace"
    assert doing(lambda actor: checks.get(actor, check.pk).run_after_id) == done.run_after_id
    with pytest.raises(ValidationError, match="已经结束"):
        say(items["D7"], "same", key="late")
    with pytest.raises(ValidationError, match="已经结束"):
        doing(lambda actor: checks.close(actor, check.pk, TODAY))
    again = doing(lambda actor: checks.open_check(actor, check.site_id))
    assert again.pk != check.pk


# ── pages ──


def post(client, check, item, **fields):
    url = reverse("replies:check_answer", args=[check.pk])
    return client.post(url, {"item": item.pk, **fields}, headers={"X-Walk": "1"})


@pytest.mark.sqlite
def test_the_phone_sends_reading_and_photo_and_is_told_how_far_it_is(items, check, city, doing):
    client = city.client("enterprise_equipment")
    shot = SimpleUploadedFile("mp.jpg", picture())
    told = post(client, check, items["D8"], key="a1", found="same", v_made_year="2001", photos=shot).json()
    assert (told["done"], told["total"], told["contested"]) == (1, 2, 0)
    assert told["item"]["word"] == "与台账一致"
    answer = doing(lambda actor: CheckAnswer.objects.get())
    assert doing(lambda actor: Photo.objects.get(pk=answer.photos[0]).device_id) == items["D8"].device_id
    shot.seek(0)
    again = post(client, check, items["D8"], key="a1", found="same", v_made_year="2001", photos=shot)
    assert again.status_code == 200
    assert doing(lambda actor: (CheckAnswer.objects.count(), Photo.objects.count())) == (1, 1)
    progress = city.client("county_officer").get(reverse("replies:check_progress", args=[check.pk])).json()
    assert [one["pk"] for one in progress["items"]] == [items["D8"].pk]


def test_a_photo_that_is_none_takes_the_reading_back_with_it(items, check, city, doing):
    shot = SimpleUploadedFile("mp.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    answer = post(city.client("enterprise_equipment"), check, items["D8"], key="a1", found="same", photos=shot)
    assert answer.status_code == 422
    assert "HEIC" in answer.json()["errors"]["photos"][0]
    assert doing(lambda actor: CheckAnswer.objects.count()) == 0


def test_without_script_the_form_works_all_the_same(items, check, city, doing):
    url = reverse("replies:check_answer", args=[check.pk])
    client = city.client("enterprise_equipment")
    page = client.post(url, {"item": items["D8"].pk, "found": "same", "v_made_year": "2001"}, follow=True)
    assert "已保存：电动机" in page.content.decode()
    wrong = client.post(url, {"item": items["D8"].pk, "found": ""}, follow=True).content.decode()
    assert "请先选现场情况" in wrong
    assert doing(lambda actor: CheckItem.objects.get(pk=items["D8"].pk).found) == "same"


def test_a_line_of_another_check_is_not_found(items, check, city):
    answer = post(city.client("county_officer", west=True), check, items["D8"], key="a", found="same")
    assert answer.status_code == 404
    nowhere = city.client("county_officer").post(answer.wsgi_request.path, {"item": 10**17, "found": "same"})
    assert nowhere.status_code == 404


def test_the_pages_say_what_to_do_first(items, check, city, say, site):
    client = city.client("enterprise_equipment")
    for name in ("check", "check_print", "check_form"):
        page = client.get(reverse(f"replies:{name}", args=[check.pk])).content.decode()
        assert "铭牌型号属 JO3、JO2 系列 → 淘汰" in page, name
    assert "disabled" in client.get(reverse("replies:check", args=[check.pk])).content.decode()
    say(items["D7"], "same")
    page = client.get(reverse("replies:check", args=[check.pk])).content.decode()
    assert "已核 1/2 台" in page
    closed = client.post(reverse("replies:check_close", args=[check.pk]), {"version": "1"}, follow=True)
    assert "正在重新筛查" in closed.content.decode()
    listing = client.get(reverse("replies:checks")).content.decode()
    assert "已结束" in listing
    started = client.post(reverse("replies:check_start"), {"site": site.pk}, follow=True).content.decode()
    assert "核对中" in started
    assert "请先选厂区" in client.post(reverse("replies:check_start"), {}, follow=True).content.decode()


def test_photos_of_another_device_prove_nothing(items, say, doing):
    shot = doing(lambda actor: photos.add(actor, items["D7"].device_id, picture())).pk
    say(items["D8"], "same", made_year="2001", proofs=[shot])
    assert doing(lambda actor: CheckAnswer.objects.get().photos) == []
