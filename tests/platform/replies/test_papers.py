"""What leaves the site: the letter that answers an objection, the list of objections, and the site list."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import polars as pl
import pytest
import python_calamine
from django.db import transaction
from django.urls import reverse
from tests.platform.replies.conftest import TODAY, picture, work

from jigai.platform.enterprises import services as enterprises
from jigai.platform.enterprises.models import Site
from jigai.platform.jobs import files
from jigai.platform.jobs.models import Job
from jigai.platform.replies import checks, deciding, following, objections, photos
from jigai.platform.replies.models import CheckItem, Objection, ObjectionStep, Photo, SiteCheck, Told
from jigai.platform.screening import services as screening
from jigai.platform.screening import storage
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = pytest.mark.django_db
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def filed(against, listed, doing):
    proof = doing(lambda actor: photos.add(actor, listed.pk, picture())).pk
    said, right = "铭牌为 YE3-90S-4", {"model": "YE3-90S-4", "made_year": 2021}
    return doing(lambda actor: objections.file(actor, against, "model", said, right, [proof], TODAY))


def text_of(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    return "\n".join("".join(one.text or "" for one in each.iter(f"{W}t")) for each in root.iter(f"{W}p"))


def test_the_letter_tells_finding_objection_answer_and_what_changed(filed, city, doing):
    client, url = city.client("enterprise_head"), reverse("replies:letter", args=[filed.pk])
    assert client.get(url).status_code == 404  # not answered yet
    right = {"model": "YE3-90S-4", "made_year": 2021}
    doing(lambda actor: deciding.uphold(actor, filed.pk, "型号属实，予以更正。", right, TODAY), "county_officer")
    work()
    following.settle()
    answer = client.get(url, headers={"Accept-Language": "en"})
    assert "filename" in answer["Content-Disposition"]
    said = text_of(answer)
    for part in (
        *("须法制审核", "文号尚待核对", "东风轧钢有限公司：", "引风机电机", "列有 JO2 全系列", "铭牌为 YE3-90S-4"),
        *("异议成立。型号属实，予以更正。", "YE3-90S-4", "2021", "由“必须淘汰”变为“暂可保留”", "附照片 1 张", "救济"),
    ):
        assert part in said, part
    assert "异议不成立" not in said
    assert "{" not in said


def test_a_rejection_says_so_and_changes_nothing(filed, city, doing):
    doing(lambda actor: objections.take(actor, filed.pk, "reject", "照片不是这台设备。"), "county_officer")
    said = text_of(city.client("county_officer").get(reverse("replies:letter", args=[filed.pk])))
    assert "异议不成立，维持原判定。照片不是这台设备。" in said
    assert "更正如下" not in said
    assert "重新筛查" not in said


def test_the_list_of_objections_is_filtered_and_exported(filed, city):
    client = city.client("county_officer")
    page = client.get(reverse("replies:list"), {"state": "waiting"})
    assert "引风机电机" in page.content.decode()
    assert "引风机电机" not in client.get(reverse("replies:list"), {"state": "overdue"}).content.decode()
    token = page.context["listing"].export_token
    client.post(reverse("jobs:export"), {"list": token})
    work()
    rows = exported("list.export")
    assert rows[2][:2] == ["判定", "判定（附）"]
    assert "淘汰目录：淘汰" in rows[3]
    assert "引风机电机" in rows[3]


def exported(kind):
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.filter(kind=kind).latest("pk")
    assert job.state == "done", job.error
    path = files.folder(job.pk) / job.result["files"][0]["name"]
    return python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()


def test_the_site_list_is_written_by_a_job(listed, city, doing):
    made = doing(lambda actor: checks.open_check(actor, city.east_site.pk))
    item = doing(lambda actor: made.items.get())
    doing(lambda actor: checks.answer(actor, item.pk, key="k", found="unreadable", given={}))
    answer = city.client("enterprise_equipment").post(reverse("replies:check_export", args=[made.pk]))
    assert "/jobs/" in answer["Location"]
    work()
    rows = exported("replies.site_list")
    assert rows[0][0] == "东风轧钢有限公司　设备现场核对表"
    assert "铭牌型号属 JO3、JO2 系列 → 淘汰" in rows[3][8]
    assert rows[3][11] == "铭牌看不清"


def test_all_of_it_moves_with_its_site(filed, city, doing):
    doing(lambda actor: checks.open_check(actor, city.east_site.pk))
    with transaction.atomic(), use_scope(command_scope("test")):
        site = Site.objects.get(pk=city.east_site.pk)
        values = {"manager_code": "510403", "version": site.version}
        enterprises.edit_site(city.actor("city_officer"), site, values, site.version)
        for model in (Photo, Told, Objection, ObjectionStep, SiteCheck, CheckItem):
            assert set(model.objects.values_list("manager_code", flat=True)) == {"510403"}, model
    assert doing(lambda actor: Objection.objects.count(), "county_officer") == 0
    assert doing(lambda actor: Objection.objects.count(), "county_officer", west=True) == 1


def test_a_run_whose_files_are_gone_is_said_not_guessed(filed, city, doing):
    run = doing(lambda actor: screening.get_run(actor, filed.run_id))
    storage.path(run.output_hash, "devices").unlink()
    page = city.client("county_officer").get(reverse("replies:objection", args=[filed.pk]))
    assert "结果文件不见了" in page.content.decode()


def test_the_verdict_of_a_device_is_read_from_what_the_run_kept(filed, doing):
    run = doing(lambda actor: screening.get_run(actor, filed.run_id))
    kept = pl.read_parquet(storage.path(run.output_hash, "devices"))
    assert kept.filter(pl.col("device") == filed.device_id)["verdict"].item() == filed.verdict_before
