"""A file whose row came to nothing goes with it; what is left over all the same is found, told and removed."""

from __future__ import annotations

import hashlib
import os
import threading
import time

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from tests.platform.imports.conftest import book
from tests.platform.imports.test_imports import GOOD

from jigai.platform.audit.models import Event
from jigai.platform.imports import drafts, originals, services, storage
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import Upload
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger import slips
from jigai.platform.ledger.models import BulkFile
from jigai.platform.ops.checks import files
from jigai.platform.walls.afterwards import afterwards, notes_for
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
URL = "/imports/new/registers.green-factories/"
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    """A store of originals of this test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def kept():
    return {path.name for path in storage.folder().glob("??/*")}


def address(data):
    return hashlib.sha256(data).hexdigest()


def everything(model):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(model.objects.order_by("pk"))


def age(data, hours):
    """Let a file be handed in so many hours ago."""
    moment = time.time() - hours * 3600
    os.utime(storage.path_of(address(data)), (moment, moment))


@pytest.fixture
def client(city):
    client = city.client("city_officer")
    client.raise_request_exception = False
    return client


def hand_in(client, data):
    return client.post(URL, {"file": SimpleUploadedFile("名单.xlsx", data)})


def test_what_was_handed_in_stays_with_its_row(client):
    data = book(GOOD)
    assert hand_in(client, data).status_code == 302
    assert kept() == {address(data)} == {one.content_hash for one in everything(Upload)}


def test_when_the_row_fails_the_file_goes(client, monkeypatch):
    def fails(*_args):
        raise RuntimeError("the reader broke")

    monkeypatch.setattr(services, "look_again", fails)
    assert hand_in(client, book(GOOD)).status_code == 500
    assert (everything(Upload), kept()) == ([], set())


def test_what_was_there_before_does_not_go_with_somebody_elses_failure(city, client, monkeypatch):
    data = book(GOOD)
    hand_in(city.client("county_officer"), data)

    def fails(*_args):
        raise RuntimeError("the reader broke")

    monkeypatch.setattr(services, "look_again", fails)
    assert hand_in(client, data).status_code == 500
    assert kept() == {address(data)}


def test_what_somebody_else_hands_in_meanwhile_stays():
    """Both bring the same content; the first fails before the second has written its row."""
    with afterwards():
        digest = storage.keep(b"the same content")
        other = threading.Thread(target=storage.keep, args=(b"the same content",))
        other.start()
        other.join()
    assert kept() == {digest}


def test_kept_twice_in_one_request_it_goes_once():
    with afterwards():
        digest = storage.keep(b"twice")
        assert storage.keep(b"twice") == digest
        assert kept() == {digest}
    assert kept() == set()


def test_a_next_draft_that_is_refused_is_not_kept(city):
    actor = city.actor("city_officer")
    with afterwards(), transaction.atomic(), use_scope(actor.scope):
        first, _what = drafts.hand_in(actor, "registers.green-factories", "名单.xlsx", book(GOOD))
    with afterwards(), transaction.atomic(), use_scope(actor.scope), pytest.raises(ImportRefusedError):
        drafts.replace(actor, first, first.version, "x.xlsx", b"nothing")
    assert kept() == {first.content_hash}
    changed = book([*GOOD[:2], ["西山水泥有限公司", "省级", 2025, ""]])
    with afterwards(), transaction.atomic(), use_scope(actor.scope):
        drafts.replace(actor, first, first.version, "名单.xlsx", changed)
    assert kept() == {first.content_hash, address(changed)}, "a former draft belongs to the upload too"


def test_a_step_of_a_job_that_fails_leaves_no_file(city, monkeypatch):
    actor = city.actor("city_officer")
    text = "填报单位：东风轧钢有限公司\n设备名称,规格型号,数量\n电机,Y132M-4,2\n".encode("gb18030")
    with afterwards(), transaction.atomic(), use_scope(actor.scope):
        bulks.receive(actor, [("东风.csv", text)])
    assert kept() == {address(text)}

    def fails(*_args):
        raise RuntimeError("no site")

    monkeypatch.setattr(bulks, "_propose", fails)
    worker.run(once=True)
    assert kept() == {address(text)}, "the lines were kept before it failed"
    monkeypatch.undo()


def test_slips_that_are_only_packed_are_in_the_zip_alone(city):
    actor = city.actor("city_officer")
    text = "填报单位：东风轧钢有限公司\n设备名称,规格型号,数量\n电机,Y132M-4,二或三\n".encode("gb18030")
    with transaction.atomic(), use_scope(actor.scope):
        bulk = bulks.receive(actor, [("东风.csv", text)])
    worker.run(once=True)
    before = kept()
    assert before == {address(text), everything(BulkFile)[0].reading}
    for send, more in ((False, 0), (True, 1)):
        with transaction.atomic(), use_scope(actor.scope):
            slips.order(actor, bulk, send=send)
        worker.run(once=True)
        assert everything(Job)[-1].state == "done", everything(Job)[-1].error
        assert len(kept() - before) == more


def test_what_is_left_over_is_listed_told_and_removed(client, capsys):
    data = book(GOOD)
    hand_in(client, data)
    for content, hours in ((b"old", 30), (b"fresh", 1), (b"again", 30)):
        storage.keep(content)
        age(content, hours)
    age(data, 30)
    left = originals.unnamed()
    assert {one.path.name for one in left} == {address(b"old"), address(b"again")}
    line = files.originals("zh")
    assert (line.state, line.key) == ("warn", "originals_unnamed") and "2 个" in line.text
    assert "jigai manage originals --remove" in line.remedy
    storage.keep(b"again")
    assert [one.path.name for one in originals.remove(left)] == [address(b"old")], "it was handed in again meanwhile"
    age(b"again", 30)
    call_command("originals")
    assert address(b"again") in capsys.readouterr().out
    call_command("originals", "--remove")
    assert "已删除 1 个" in capsys.readouterr().out
    assert kept() == {address(data), address(b"fresh")}
    assert files.originals("en").state == "ok"
    (event,) = [one for one in everything(Event) if one.action == "import.originals_removed"]
    assert event.after == {"files": [address(b"again")]}


def test_every_file_somebody_works_with_is_named(city):
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        upload = services.take_in(actor, "registers.green-factories", "名单.xlsx", book(GOOD))
        upload.drafts = [{"hash": storage.keep(b"a former draft")}]
        upload.save()
    later = time.time() + 3 * DAY
    assert originals.unnamed(later) == []
    assert originals.named_among([upload.content_hash, address(b"a former draft"), "0" * 64]) == kept()
    columns = {model._meta.label: model.originals for model in apps.get_models() if hasattr(model, "originals")}
    assert columns == {
        "duties.Evidence": ("content_hash",),
        "reporting.Form": ("blank_hash",),
        "reporting.Report": ("blank_hash", "last_hash", "data_hash", "file_hash"),
        "imports.Upload": ("content_hash", "drafts"),
        "ledger.BulkFile": ("content_hash", "reading"),
        "ledger.ReturnSlip": ("content_hash",),
        "replies.Photo": ("content_hash", "preview_hash"),
    }


def test_what_goes_wrong_afterwards_does_not_change_the_answer(caplog):
    def look(notes):
        raise OSError(str(notes))

    with afterwards():
        notes_for(look)["some file"] = 1
    assert "some file" in caplog.text
    assert notes_for(look) is None, "nobody waits outside"
