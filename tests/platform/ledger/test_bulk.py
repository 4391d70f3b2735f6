"""Two hundred files in a morning: handed in together, opened, read, given to their sites, taken in, screened."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404

from jigai.platform.jobs import worker
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger.models import Bulk, BulkFile, Device
from jigai.platform.screening.models import Run
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

SAMPLES = Path(__file__).parents[3] / "samples"
HEAD = "填报单位：{}\n设备名称,规格型号,数量,出厂年份\n"


def ledger(enterprise, *rows):
    return (HEAD.format(enterprise) + "\n".join(rows)).encode("gb18030")


EAST = ledger("东风轧钢有限公司", "电机,Y132M-4,2,1998", "水泵,IS80-65-160,1,2003")
WEST = ledger("西山水泥有限公司", "变压器,S7-200/10,1,1990")
NOBODY = ledger("北方机械厂", "电机,Y160L-4,1,2001")


def zipped(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/") + ".csv", data)
    return target.getvalue()


@pytest.fixture
def send(city):
    """Hand files in for a role, have them read by a worker, and return the bulk."""

    def _send(*files, role="city_officer", west=False):
        actor = city.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            bulk = bulks.receive(actor, files)
        worker.run(once=True)
        return fresh(bulk)

    return _send


def fresh(bulk):
    with transaction.atomic(), use_scope(command_scope("test")):
        return Bulk.objects.get(pk=bulk.pk)


def files_of(bulk):
    with transaction.atomic(), use_scope(command_scope("test")):
        return {file.file_name: file for file in BulkFile.objects.filter(bulk=bulk)}


def everything(model):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(model.objects.order_by("pk"))


def take_in(city, bulk, role="city_officer"):
    actor = city.actor(role)
    with transaction.atomic(), use_scope(actor.scope):
        bulks.accept(actor, bulk, bulk.version)
    worker.run(once=True)
    worker.run(once=True)
    return fresh(bulk)


def test_files_and_zips_are_opened_and_given_to_their_enterprises(city, send):
    bulk = send(("东风.csv", EAST), ("西区.zip", zipped(a__西山=WEST, b__北方=NOBODY)))
    files = files_of(bulk)
    assert bulk.state == "open"
    assert {name: file.state for name, file in files.items()} == {
        "东风.csv": "read",
        "西区.zip": "opened",
        "西区.zip/a/西山.csv": "read",
        "西区.zip/b/北方.csv": "read",
    }
    assert files["东风.csv"].for_site_id == city.east_site.pk
    assert files["西区.zip/a/西山.csv"].for_site_id == city.west_site.pk
    assert files["西区.zip/b/北方.csv"].for_site_id is None
    assert files["东风.csv"].lines == 2


def test_what_has_a_site_is_taken_in_and_screened_and_the_rest_stays(city, send):
    bulk = take_in(city, send(("东风.csv", EAST), ("西山.csv", WEST), ("北方.csv", NOBODY)))
    assert bulk.state == "open", "the third can still be given to someone"
    assert [(one.site_id, one.kind, one.quantity) for one in everything(Device)] == [
        (city.east_site.pk, "motor", 2),
        (city.east_site.pk, "pump", 1),
        (city.west_site.pk, "transformer", 1),
    ]
    run = everything(Run)[0]
    assert (bulk.run_id, run.state, run.sites) == (run.pk, "done", [city.east_site.pk, city.west_site.pk])
    assert everything(Device)[2].verdict == "must_replace"
    files = files_of(bulk)
    assert files["北方.csv"].state == "read"
    assert files["东风.csv"].result["new"] == 2


def test_bad_files_are_told_with_the_step_to_take_and_stop_nobody(city, send):
    bad = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.glob("bad_*.xlsx"))]
    bulk = send(("东风.csv", EAST), *bad)
    files = files_of(bulk)
    refused = {name: file.note for name, file in files.items() if file.state == "refused"}
    assert set(refused) == {"bad_no_ledger.xlsx", "bad_not_excel.xlsx", "bad_truncated.xlsx", "bad_zip_bomb.xlsx"}
    assert all("请" in note for note in refused.values())
    assert files["bad_cells.xlsx"].errors == 4
    assert take_in(city, bulk).state == "open", "the one with bad cells can still be given to someone"
    assert len(everything(Device)) == 2


def test_a_zip_bomb_is_refused(send):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("台账.csv", b"0" * 220_000_000)
    bulk = send(("炸弹.zip", bomb.getvalue()))
    told = [(file.state, file.note) for file in files_of(bulk).values()]
    assert [(state, "MB" in note) for state, note in told] == [("refused", True)], told


def test_the_same_file_sent_twice_counts_once(city, send):
    bulk = take_in(city, send(("一.csv", EAST), ("副本.csv", EAST)))
    assert len(everything(Device)) == 2
    assert sorted(file.result["new"] for file in files_of(bulk).values()) == [0, 2]


def test_two_files_of_one_site_are_one_ledger(city, send):
    first = ledger("东风轧钢有限公司", "电机,Y132M-4,2,1998")
    second = ledger("东风轧钢有限公司", "水泵,IS80-65-160,1,2003")
    take_in(city, send(("一.csv", first), ("二.csv", second)))
    bulk = take_in(city, send(("一.csv", first), ("二.csv", second)))
    assert sum(file.result.get("same", 0) for file in files_of(bulk).values()) == 2
    assert [one.silent_since for one in everything(Device)] == [None, None]


def test_what_had_no_site_is_given_one_later_and_taken_in_then(city, send):
    bulk = take_in(city, send(("东风.csv", EAST), ("北方.csv", NOBODY)))
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        bulks.give(actor, bulk, bulk.version, {files_of(bulk)["北方.csv"].pk: city.east_site.pk})
    bulk = take_in(city, fresh(bulk))
    assert bulk.state == "done"
    assert [(one.model, one.silent_since) for one in everything(Device)] == [
        ("Y132M-4", None), ("IS80-65-160", None), ("Y160L-4", None)
    ]  # fmt: skip
    assert files_of(bulk)["东风.csv"].result["new"] == 2


def test_a_supplement_silences_nothing(city, send):
    take_in(city, send(("东风.csv", EAST)))
    bulk = send(("补充.csv", ledger("东风轧钢有限公司", "电机,Y160L-4,1,2001")))
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        bulks.accept(actor, bulk, bulk.version, whole=False)
    worker.run(once=True)
    assert [one.silent_since for one in everything(Device)] == [None, None, None]
    take_in(city, send(("全厂.csv", EAST)))
    assert [one.silent_since is None for one in everything(Device)] == [True, True, False]


def test_what_is_surely_known_is_taken_in_at_once_where_that_is_asked(city):
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        files = [("东风.csv", EAST), ("北方.csv", NOBODY), ("另.csv", ledger("某厂", "电机,Y160L-4,1,2001"))]
        bulk = bulks.receive(actor, files, sites={"另.csv": city.west_site.pk}, at_once=True)
    for _job in range(3):
        worker.run(once=True)
    assert fresh(bulk).state == "open"
    assert {name: file.state for name, file in files_of(bulk).items()} == {
        "东风.csv": "taken", "北方.csv": "read", "另.csv": "taken"
    }  # fmt: skip
    assert {one.site_id for one in everything(Device)} == {city.east_site.pk, city.west_site.pk}
    assert everything(Run)[0].state == "done"


def test_a_person_gives_a_file_to_a_site_or_leaves_it_out(city, send):
    bulk = send(("东风.csv", EAST), ("北方.csv", NOBODY))
    files = files_of(bulk)
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        bulks.give(actor, bulk, bulk.version, {files["北方.csv"].pk: city.west_site.pk, files["东风.csv"].pk: None})
    take_in(city, fresh(bulk))
    assert [one.site_id for one in everything(Device)] == [city.west_site.pk]
    assert files_of(bulk)["东风.csv"].state == "skipped"


def test_two_people_at_one_bulk_the_second_is_told(city, send):
    bulk = send(("东风.csv", EAST))
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        bulks.give(actor, bulk, bulk.version, {})
        with pytest.raises(bulks.BulkRefusedError, match="别人改动"):
            bulks.give(actor, bulk, bulk.version, {})


def test_nothing_can_be_changed_once_it_is_taken_in(city, send):
    bulk = take_in(city, send(("东风.csv", EAST)))
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope), pytest.raises(bulks.BulkRefusedError, match="已经入库"):
        bulks.accept(actor, bulk, bulk.version)


def test_without_any_site_nothing_is_taken_in(city, send):
    bulk = send(("北方.csv", NOBODY))
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope), pytest.raises(bulks.BulkRefusedError, match="先在表里选厂区"):
        bulks.accept(actor, bulk, bulk.version)


def test_a_county_proposes_its_own_and_gives_to_its_own(city, send):
    bulk = send(("西山.csv", WEST), ("东风.csv", EAST), role="county_officer")
    files = files_of(bulk)
    assert (files["东风.csv"].for_site_id, files["西山.csv"].for_site_id) == (city.east_site.pk, None)
    actor = city.actor("county_officer")
    with transaction.atomic(), use_scope(actor.scope), pytest.raises(bulks.BulkRefusedError, match="管辖范围"):
        bulks.give(actor, bulk, bulk.version, {files["西山.csv"].pk: city.west_site.pk})
    stranger = city.actor("county_officer", west=True)
    with transaction.atomic(), use_scope(stranger.scope), pytest.raises(Http404):
        bulks.get_bulk(stranger, bulk.pk)


def test_an_enterprise_sends_its_own_without_writing_its_name(city, send):
    bulk = send(("台账.csv", "设备名称,规格型号,数量\n电机,Y132M-4,1\n".encode()), role="enterprise_equipment")
    assert files_of(bulk)["台账.csv"].for_site_id == city.east_site.pk
    assert files_of(bulk)["台账.csv"].proposal["why"] == "sender"


@pytest.mark.parametrize("role", ["auditor", "bank", "enterprise_finance"])
def test_who_may_not_take_ledgers_in_is_refused(send, role):
    with pytest.raises(PermissionDenied):
        send(("东风.csv", EAST), role=role)


def test_no_file_and_a_file_too_large_are_told(send, settings):
    with pytest.raises(bulks.BulkRefusedError, match="选择文件"):
        send()
    settings.ENV = {**settings.ENV, "upload_mb": 0}
    with pytest.raises(bulks.BulkRefusedError, match="超过上限"):
        send(("大.csv", EAST))


def test_a_hundred_and_fifty_files_are_handed_in_by_one_form(city):
    files = [SimpleUploadedFile(f"{number}.csv", EAST) for number in range(150)]
    answer = city.client("city_officer").post("/devices/bulk/", {"files": files})
    assert answer.status_code == 302
    assert len(everything(BulkFile)) == 150


def test_a_zip_with_too_many_files_is_refused_whole_and_says_so(send, monkeypatch):
    monkeypatch.setattr(bulks, "MOST_FILES", 2)
    bulk = send(("多.zip", zipped(a=EAST, b=WEST, c=NOBODY)))
    assert [(file.state, "3 个文件" in file.note) for file in files_of(bulk).values()] == [("refused", True)]
