"""Photos hang on their device: kept whole, shown by scope, withdrawn and never lost."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from tests.platform.replies.conftest import picture

from jigai.platform.audit.models import Event
from jigai.platform.imports import storage
from jigai.platform.ledger.models import Device
from jigai.platform.replies import photos
from jigai.platform.replies.models import Photo
from jigai.platform.replies.pictures import PhotoRefusedError

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SHOT = picture(taken="2026:11:20 09:30:00", place=True)


@pytest.fixture
def photo(listed, doing):
    return doing(lambda actor: photos.add(actor, listed.pk, SHOT, file_name="铭牌.jpg"))


def test_the_original_is_kept_untouched_under_its_hash_and_the_device_is_held(photo, listed, doing):
    assert photo.content_hash == hashlib.sha256(SHOT).hexdigest()
    assert storage.read(photo.content_hash) == SHOT
    assert photo.taken_at is not None
    assert doing(lambda actor: Device.objects.get(pk=listed.pk).held)
    event = doing(lambda actor: Event.objects.get(action="photo.added"), "audit_admin")
    assert event.after["sha256"] == photo.content_hash


def test_sent_twice_it_is_one(listed, photo, doing):
    assert doing(lambda actor: photos.add(actor, listed.pk, SHOT)).pk == photo.pk
    other = picture(colour="red")
    first = doing(lambda actor: photos.add(actor, listed.pk, other, key="k1"))
    assert doing(lambda actor: photos.add(actor, listed.pk, other, key="k1")).pk == first.pk
    assert doing(lambda actor: Photo.objects.count()) == 2


def test_nobody_elses_photos_are_seen(photo, city, doing):
    with pytest.raises(Http404):
        doing(lambda actor: photos.get_photo(actor, photo.pk), west=True)
    for name in ("replies:photo_preview", "replies:photo_original"):
        assert city.client("county_officer", west=True).get(reverse(name, args=[photo.pk])).status_code == 404
    with pytest.raises(Http404):
        doing(lambda actor: photos.add(actor, photo.device_id, SHOT), west=True)


def test_the_place_is_for_the_enterprise_and_its_managing_unit(photo, city):
    for role, known in (("enterprise_head", True), ("county_officer", True), ("city_officer", False)):
        page = city.client(role).get(reverse("ledger:device", args=[photo.device_id])).content.decode()
        assert ("26.58" in page) is known
        assert photo.content_hash[:12] in page
        whole = city.client(role).get(reverse("replies:photo_original", args=[photo.pk]))
        assert whole.status_code == (200 if known else 403)
        if known:
            assert whole.content == SHOT
            assert whole["Content-Disposition"].startswith("attachment")
        small = city.client(role).get(reverse("replies:photo_preview", args=[photo.pk]))
        assert small.status_code == 200
        assert (small["Content-Type"], small["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert "sandbox" in small["Content-Security-Policy"]
        assert b"Exif" not in small.content


def test_a_photo_without_a_time_says_so(listed, city, doing):
    doing(lambda actor: photos.add(actor, listed.pk, picture()))
    page = city.client("county_officer").get(reverse("ledger:device", args=[listed.pk])).content.decode()
    assert "拍摄时间未知" in page


def test_the_page_takes_photos_and_says_why_it_refuses_one(listed, city, doing):
    client = city.client("enterprise_equipment")
    sent = [SimpleUploadedFile("a.jpg", SHOT), SimpleUploadedFile("b.jpg", b"%PDF-1.7")]
    answer = client.post(reverse("replies:photo_add", args=[listed.pk]), {"photos": sent}, follow=True)
    page = answer.content.decode()
    assert "已收 1 张照片" in page
    assert "b.jpg 没有收：只收 JPG、PNG" in page
    assert doing(lambda actor: Photo.objects.count()) == 1
    again = client.post(reverse("replies:photo_add", args=[listed.pk]), {}, follow=True)
    assert "请先拍照或选择照片" in again.content.decode()


def test_withdrawn_with_a_reason_it_stays_readable(photo, city, doing):
    with pytest.raises(PhotoRefusedError, match="原因"):
        doing(lambda actor: photos.withdraw(actor, photo.pk, " "))
    with pytest.raises(PermissionDenied):
        doing(lambda actor: photos.withdraw(actor, photo.pk, "不是我的"), "city_officer")
    client = city.client("county_officer")
    url = reverse("replies:photo_withdraw", args=[photo.pk])
    once = client.get(url).context["once"]
    page = client.post(url, {"once": once, "reason": "拍错设备"}, follow=True).content.decode()
    assert "照片已撤下" in page
    assert "拍错设备" in page
    with pytest.raises(PhotoRefusedError, match="已经撤下"):
        doing(lambda actor: photos.withdraw(actor, photo.pk, "再撤"))
    assert storage.read(photo.content_hash) == SHOT
    assert client.get(reverse("replies:photo_preview", args=[photo.pk])).status_code == 200
    assert doing(lambda actor: photos.own(photo.device, [photo.pk])) == []


def test_a_photo_the_store_has_lost_is_not_found(photo, city):
    storage.path_of(photo.preview_hash).unlink()
    assert city.client("county_officer").get(reverse("replies:photo_preview", args=[photo.pk])).status_code == 404


def test_a_device_takes_so_many_photos_and_no_more(photo, doing, monkeypatch):
    monkeypatch.setattr(photos, "limit", lambda key: 1)
    with pytest.raises(PhotoRefusedError, match="先撤下"):
        doing(lambda actor: photos.add(actor, photo.device_id, picture(colour="blue")))
