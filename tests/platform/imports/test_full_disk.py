"""No room on a real disk: what was handed in, a list that is exported, a notice that is written for others."""

from __future__ import annotations

import json
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from tests.platform.imports.conftest import book
from tests.platform.imports.test_imports import GOOD

from jigai.platform.imports import storage
from jigai.platform.imports.models import Upload
from jigai.platform.jobs import services, worker
from jigai.platform.jobs.models import Job
from jigai.platform.notices.delivering import deliver
from jigai.platform.notices.models import Delivery
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
URL = "/imports/new/registers.green-factories/"
LOOK = command_scope("tests look")


def uploads():
    with transaction.atomic(), use_scope(LOOK):
        return list(Upload.objects.all())


def hand_in(client, data=None):
    return client.post(URL, {"file": SimpleUploadedFile("名单.xlsx", data or book(GOOD))})


def test_an_upload_without_room_is_refused_whole_and_can_be_made_again(city, small_disk, settings):
    settings.DATA_DIR = small_disk.place
    client = city.client("city_officer")
    small_disk.fill()
    answer = hand_in(client)
    assert answer.status_code == 422
    assert "存储空间不足" in answer.content.decode() and "数据目录" in answer.content.decode()
    assert uploads() == [] and small_disk.held() == []
    small_disk.empty()
    assert hand_in(client).status_code == 302
    [upload] = uploads()
    assert storage.read(upload.content_hash) == book(GOOD)
    # What was read is kept to be quick; without room for it the page is there all the same.
    for path in small_disk.held():
        if "readings" in path:
            (small_disk.place / path).unlink()
    small_disk.fill()
    page = client.get(reverse("imports:upload", args=[upload.pk]))
    assert page.status_code == 200 and "东风轧钢" in page.content.decode()


def test_a_file_that_does_not_even_arrive_is_told_in_words(city, small_disk, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(small_disk.place)
    client = city.client("city_officer")
    client.raise_request_exception = False
    answer = hand_in(client, os.urandom(4_000_000))
    assert answer.status_code == 507
    assert "服务器磁盘已满" in answer.content.decode() and "临时目录" in answer.content.decode()
    assert uploads() == [] and small_disk.held() == []


def test_an_export_without_room_fails_clearly_and_can_be_tried_again(city, small_disk, settings):
    settings.DATA_DIR = small_disk.place
    actor = city.actor("city_officer")
    small_disk.fill()
    with transaction.atomic():
        said = {"key": "enterprises", "path": reverse("enterprises:list"), "query": ""}
        job = services.submit(actor, "list.export", said).pk
    worker.run(once=True)
    job = services.find(actor, job)
    assert (job.state, small_disk.held()) == ("failed", [])
    assert "磁盘空间不足" in job.error and "重试" in job.error
    small_disk.empty()
    services.retry(actor, job.pk)
    worker.run(once=True)
    job = services.find(actor, job.pk)
    assert job.state == Job.State.DONE, job.error
    made = [name for name in small_disk.held() if not name.startswith("cache/")]
    assert made == [f"jobs/{job.pk}/{job.result['files'][0]['name']}"]


def test_a_notice_waits_until_there_is_room(city, small_disk, settings):
    settings.NOTICE_DIR = small_disk.place
    small_disk.fill()
    send(command("test"), to=city.people["bank"], kind="system", title="盘满", key="k")

    def tried():
        sent = deliver()
        with transaction.atomic(), use_scope(LOOK):
            return sent, Delivery.objects.get()

    sent, delivery = tried()
    assert (sent, small_disk.held(), delivery.state) == (0, [], Delivery.State.WAITING)
    assert "磁盘空间不足" in delivery.error and str(small_disk.place) in delivery.error
    small_disk.empty()
    with transaction.atomic(), use_scope(LOOK):
        Delivery.objects.update(next_at=None)
    sent, delivery = tried()
    assert (sent, delivery.state, delivery.error) == (1, Delivery.State.SENT, "")
    [name] = small_disk.held()
    assert json.loads((small_disk.place / name).read_text(encoding="utf-8"))["title"] == "盘满"
