"""Files that are handed in are kept, understood, corrected and taken in; the good part always arrives."""

from __future__ import annotations

import errno
import io
import zipfile
from contextlib import ExitStack

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from tests.platform.imports.conftest import MESSY, book

from jigai.platform.audit.models import Event
from jigai.platform.imports import pages, previews, services, storage
from jigai.platform.imports.models import RememberedMapping, Upload
from jigai.platform.imports.reading import read
from jigai.platform.jobs import files, worker
from jigai.platform.registers.models import RegisterVersion
from jigai.platform.walls.scope import use_scope

GREEN = "registers.green-factories"
GOOD = [
    ["企业名称", "级别", "认定年份", "复核日期"],
    ["东风轧钢有限公司", "国家级", 2023, "2027-03-01"],
    ["西山水泥有限公司", "省级", 2024, ""],
]


def inside(actor):
    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.enter_context(use_scope(actor.scope))
    return stack


def hand_in(actor, rows=GOOD, name="名单.xlsx", key=GREEN, data=None, **context):
    with inside(actor):
        return services.take_in(actor, key, name, book(rows) if data is None else data, context)


def take_in_rows(actor, upload):
    with inside(actor):
        upload.refresh_from_db()
        services.accept(actor, upload, upload.version)
    assert worker.run(once=True) >= 1
    with inside(actor):
        upload.refresh_from_db()
    return upload.result


@pytest.mark.django_db(transaction=True)
def test_good_rows_are_taken_in_and_the_same_file_again_changes_nothing(city):
    actor = city.actor("city_officer")
    upload = hand_in(actor)
    assert (upload.state, upload.summary["good"], upload.summary["held"]) == ("open", 2, 0)
    result = take_in_rows(actor, upload)
    assert {name: result[name] for name in ("new", "changed", "same", "refused")} == {
        "new": 2, "changed": 0, "same": 0, "refused": 0,
    }  # fmt: skip
    assert upload.state == "done"
    assert RegisterVersion.unscoped.get(values__level="national").source == "名单.xlsx 第 2 行"
    again = hand_in(actor)
    assert again.content_hash == upload.content_hash, "the same content is kept once"
    assert take_in_rows(actor, again)["same"] == 2
    assert RegisterVersion.unscoped.count() == 2
    changed = [GOOD[0], [*GOOD[1][:2], 2025, ""], GOOD[2]]
    third = hand_in(actor, changed)
    with inside(actor):
        _upload, found = services.get_upload(actor, third.pk)
        matched = services.matches(actor, third, found, services.good_rows(third, found))
    assert previews.change_counts(matched) == {"new": 0, "changed": 1, "same": 1, "refused": 0}
    assert matched[0].changes == (("认定年份", "2023", "2025"),), "a blank cell leaves what is there"
    assert take_in_rows(actor, third)["changed"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_county_takes_in_its_own_and_is_told_about_the_rest(city):
    actor = city.actor("county_officer")
    upload = hand_in(actor)
    result = take_in_rows(actor, upload)
    assert (result["new"], result["refused"]) == (1, 1)
    assert "可见范围" in result["reasons"][0]["why"]
    with inside(city.actor("county_officer", west=True)), pytest.raises(Http404):
        services.get_upload(city.actor("county_officer", west=True), upload.pk)


@pytest.mark.django_db
def test_a_mapping_is_remembered_by_the_organisation_and_not_by_others(city):
    actor = city.actor("county_officer")
    upload = hand_in(actor, MESSY)
    assert upload.summary["good"] == 0
    with inside(actor):
        _upload, found = services.get_upload(actor, upload.pk)
        (layout,) = pages.column_lines(upload, found, read(upload, found))
        assert [line.attribute for line in layout["lines"]][1:4] == ["enterprise_name", "", "year"]
        upload = services.settle(actor, upload, upload.version, {layout["fingerprint"]: {"档次": "level"}})
        assert upload.summary["good"] == 2
        assert RememberedMapping.objects.get().columns == {"档次": "level"}
        (layout,) = pages.column_lines(upload, found, read(upload, found))
        assert layout["lines"][2].why == "您指定的，下次沿用"
    assert hand_in(actor, MESSY).summary["good"] == 2, "next time it is known"
    assert hand_in(city.actor("county_officer", west=True), MESSY).summary["good"] == 0
    assert hand_in(city.actor("city_officer"), MESSY).summary["good"] == 0


@pytest.mark.django_db
def test_a_wrong_mapping_is_refused(city):
    actor = city.actor("county_officer")
    upload = hand_in(actor, MESSY)
    with inside(actor):
        with pytest.raises(services.ImportRefusedError, match="没有“nonsense”"):
            services.settle(actor, upload, upload.version, {"x": {"档次": "nonsense"}})
        with pytest.raises(services.ImportRefusedError, match="认给了两列"):
            services.settle(actor, upload, upload.version, {"x": {"档次": "level", "文号": "level"}})
        with pytest.raises(services.ImportRefusedError, match="刚被别人改动过"):
            services.settle(actor, upload, upload.version + 5, {"x": {"档次": "level"}})


@pytest.mark.django_db
def test_cells_are_put_right_and_the_original_stays(city):
    actor = city.actor("city_officer")
    upload = hand_in(actor, [GOOD[0], ["东风轧钢有限公司", "国家级", "202X", "2027-02-30"]])
    told = {name: count for name, count in upload.summary.items() if name not in {"layouts", "closed"}}
    assert told == {"rows": 1, "good": 0, "held": 1, "errors": 1, "questions": 2}
    with inside(actor):
        _upload, found = services.get_upload(actor, upload.pk)
        listed, counts = pages.problems(read(upload, found))
        assert [(one.cell, one.state, one.fixable) for one in listed] == [("C2", "stop", True), ("D2", "warn", True)]
        assert "必填" in listed[0].text
        assert "四位年份" in listed[0].text, "what is said about one cell stands together"
        assert counts["stop"] == 1
        upload = services.correct(actor, upload, upload.version, [("名单", "C2", " 2023 ")])
        assert upload.summary["good"] == 1
        with pytest.raises(services.ImportRefusedError, match="不是单元格"):
            services.correct(actor, upload, upload.version, [("名单", "C0; drop", "1")])
        data, name = services.marked(upload, found)
    assert name == "名单.xlsx"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        notes = "".join(archive.read(part).decode() for part in archive.namelist() if "comments" in part)
    assert "2027-02-30" in notes
    assert storage.read(upload.content_hash) == book([GOOD[0], ["东风轧钢有限公司", "国家级", "202X", "2027-02-30"]])
    actions = list(Event.unscoped.filter(action__startswith="import.").values_list("action", flat=True))
    assert actions[::-1] == ["import.uploaded", "import.corrected"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.xlsx", b"", "空的"),
        ("扫描.pdf", b"%PDF-1.7 x", "下载本页的模板"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "下载本页的模板"),
        ("半截.xlsx", b"PK\x03\x04" + b"x" * 100, "不完整"),
        ("别的.csv", "甲,乙\n1,2\n".encode(), "没有找到“绿色工厂”的表"),
        ("../../etc/passwd", b"root:x:0:0\n", "没有找到|不是表格"),
    ],
)
def test_hostile_input_ends_in_a_clear_message(city, name, data, said):
    import re

    actor = city.actor("city_officer")
    upload = hand_in(actor, data=data, name=name)
    assert upload.state == "refused"
    assert "/" not in upload.file_name
    with inside(actor):
        _upload, found = services.get_upload(actor, upload.pk)
        listed, _counts = pages.problems(read(upload, found))
        with pytest.raises(services.ImportRefusedError, match="没有可入库的行"):
            services.accept(actor, upload, upload.version)
    assert re.search(said, listed[0].text)


@pytest.mark.django_db
def test_a_zip_bomb_and_a_file_too_large_are_refused(city, settings):
    actor = city.actor("city_officer")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    assert hand_in(actor, data=target.getvalue(), name="弹.xlsx").state == "refused"
    settings.ENV = settings.ENV | {"upload_mb": 0}
    with pytest.raises(services.ImportRefusedError, match="超过上限 0 MB"):
        hand_in(actor)


@pytest.mark.django_db
def test_a_full_disk_leaves_nothing_behind(city, monkeypatch):
    actor = city.actor("city_officer")
    before = set(storage.folder().rglob("*")) if storage.folder().exists() else set()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(storage.StorageFullError) as caught:
        hand_in(actor, [["只此一份", "全新内容"], [1, 2]])
    assert "存储空间不足" in str(caught.value)
    assert not Upload.unscoped.exists()
    assert {path for path in storage.folder().rglob("*") if path.is_file()} <= before


@pytest.mark.django_db
def test_who_may_not_is_refused(city):
    for key in ("auditor", "bank", "enterprise_head"):
        with pytest.raises(PermissionDenied):
            hand_in(city.actor(key))
    with pytest.raises(Http404):
        hand_in(city.actor("city_officer"), key="registers.nothing")


@pytest.mark.django_db(transaction=True)
def test_a_job_that_failed_lets_one_go_back(city, monkeypatch):
    actor = city.actor("city_officer")
    upload = hand_in(actor)
    with inside(actor):
        services.accept(actor, upload, upload.version)
        upload.refresh_from_db()
        with pytest.raises(services.ImportRefusedError, match="还在进行"):
            services.reopen(actor, upload)
        with pytest.raises(services.ImportRefusedError, match="正在入库"):
            services.correct(actor, upload, upload.version, [("名单", "C2", "2020")])
    lost = storage.path_of(upload.content_hash)
    kept = lost.read_bytes()
    import shutil

    from django.conf import settings

    shutil.rmtree(settings.DATA_DIR / "files" / "readings")
    lost.unlink()
    worker.run(once=True)
    storage.write_whole(lost, kept)
    with inside(actor):
        upload.refresh_from_db()
        assert upload.state == "accepting"
        reopened = services.reopen(actor, upload)
        assert reopened.state == "open"
    assert take_in_rows(actor, upload)["new"] == 2


@pytest.mark.django_db
def test_withdrawn_uploads_stay_readable(city):
    actor = city.actor("county_officer")
    upload = hand_in(actor)
    with inside(actor):
        services.withdraw(actor, upload, upload.version)
        upload.refresh_from_db()
        assert upload.state == "withdrawn"
        with pytest.raises(services.ImportRefusedError):
            services.accept(actor, upload, upload.version)
    assert city.client("county_officer").get(f"/imports/{upload.pk}/original/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_job_taken_up_again_does_no_row_twice(city, monkeypatch):
    from jigai.platform.imports import jobs
    from jigai.platform.jobs.services import retry
    from jigai.platform.registers import importing

    actor = city.actor("city_officer")
    upload = hand_in(actor)
    monkeypatch.setattr(jobs, "STEP", 1)
    whole = importing.services.add_about
    calls = []

    def breaks_once(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise MemoryError
        return whole(*args, **kwargs)

    monkeypatch.setattr(importing.services, "add_about", breaks_once)
    with inside(actor):
        upload = services.accept(actor, upload, upload.version)
    worker.run(once=True)
    assert RegisterVersion.unscoped.count() == 1, "the first step is kept"
    retry(actor, upload.job_id)
    worker.run(once=True)
    with inside(actor):
        upload.refresh_from_db()
    assert (upload.state, upload.result["new"], len(calls)) == ("done", 2, 3)
    assert RegisterVersion.unscoped.count() == 2
