"""Progress by month, with evidence and corrections; milestones noted and taken back; comments and answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from tests.platform.duties.conftest import BEGUN, at, changed, whole
from tests.platform.duties.story import block_of

from jigai.platform.duties import evidence, progress, remarks
from jigai.platform.duties.evidence import File
from jigai.platform.duties.models import Evidence, Report
from jigai.platform.imports import storage
from jigai.platform.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PDF = File("验收.pdf", b"%PDF-1.7 proof")


def test_a_month_is_reported_with_figures_and_evidence(stage):
    stage.assign("K7.3")
    figures = progress.read_figures("改造项目：1,200 项\n\n投资=3.5亿元")
    made = stage.report("K7.3", BEGUN, 30, figures=figures, files=[PDF])
    assert made.month == date(2026, 7, 1)
    assert made.figures == [["改造项目", "1200", "项"], ["投资", "3.5", "亿元"]]
    assert stage.duty("K7.3").state == "doing" and stage.duty("K7.3").percent == 30
    assert stage.duty("K7").percent == 30
    with stage.acting("auditor") as actor:
        kept = Evidence.objects.get()
        found, data = evidence.fetch(actor, kept.pk)
        assert data == PDF.data and found.media_type == "application/pdf"
    assert storage.path_of(kept.content_hash).is_file()


def test_a_correction_says_why_and_keeps_the_former(stage):
    stage.assign("K7.3")
    stage.report("K7.3", BEGUN, 30)
    with pytest.raises(ValidationError, match="已经报过"):
        stage.report("K7.3", BEGUN, 35)
    stage.report("K7.3", BEGUN, 25, reason="上次多算一项")
    with whole():
        assert list(Report.objects.values_list("percent", "reason")) == [(30, ""), (25, "上次多算一项")]
    assert stage.duty("K7.3").percent == 25


def test_a_month_behind_does_not_turn_the_percentage_back(stage):
    stage.assign("K7.3")
    stage.pass_(40)
    stage.report("K7.3", date(2026, 8, 1), 50)
    stage.report("K7.3", date(2026, 7, 1), 20)
    assert stage.duty("K7.3").percent == 50


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"month": date(2026, 8, 1)}, "还没有到"),
        ({"month": date(2026, 6, 1)}, "才承担"),
        ({"text": "  "}, "做了什么"),
        ({"percent": 101}, "0 到 100"),
        ({"files": [File("a.pdf", b"MZ program")]}, "没有收"),
        ({"files": [File("a.exe", PDF.data)]}, "没有收"),
        ({"files": [File("a.pdf", b"")]}, "空文件"),
        ({"files": [File("a.pdf", b"%PDF-" + bytes(21 * 2**20))]}, "20 MB"),
        ({"files": [PDF] * 11}, "最多 10 份"),
    ],
)
def test_what_is_not_taken_says_what_to_do(stage, said, match):
    stage.assign("K7.3")
    with pytest.raises(ValidationError, match=match):
        stage.report("K7.3", said.pop("month", BEGUN), said.pop("percent", 1), **said)
    with whole():
        assert not Report.objects.exists(), "nothing of it is kept"


def test_figures_that_cannot_be_read_are_named_by_line():
    with pytest.raises(ValidationError) as caught:
        progress.read_figures("项目：12 项\n很多\n投资：若干")
    assert [message[:5] for message in caught.value.messages] == ["第 2 行", "第 3 行"]


def test_nobody_reports_for_another(stage):
    stage.assign("K7.3")
    with stage.acting("dept_officer") as actor:
        share = stage.share("K7.3", "dept_officer", west=True)
        with pytest.raises(PermissionDenied):
            progress.report(actor, share, BEGUN, "别人的", 1, at(BEGUN))


def test_a_county_sees_its_own_reports_alone_departments_all(stage):
    stage.claim("M1.5", "county_officer", west=False)
    stage.claim("M1.5", "county_officer", west=True)
    stage.report("M1.5", BEGUN, 10, "county_officer", west=False, files=[PDF])
    stage.report("M1.5", BEGUN, 20, "county_officer", west=True)
    with whole():
        kept = Evidence.objects.get().pk
    for role, west, number in (("county_officer", False, 1), ("county_officer", True, 1), ("dept_officer", True, 2)):
        with stage.acting(role, west=west):
            assert Report.objects.count() == number
    with stage.acting("county_officer", west=True) as actor, pytest.raises(Http404):
        evidence.fetch(actor, kept)
    with stage.acting("enterprise_head") as actor:
        assert Report.objects.count() == 0
        with pytest.raises(PermissionDenied):
            evidence.fetch(actor, kept)


def test_a_milestone_is_noted_and_taken_back(stage):
    stage.assign("K11.4")
    point = stage.milestone("K11.4")
    with stage.acting("dept_officer", west=True) as actor:
        for day, text, match in (
            (BEGUN + timedelta(days=1), "依据", "还没有到"),
            (None, "撤回", "请写达到的日期"),
            (BEGUN, " ", "请写明依据"),
        ):
            with pytest.raises(ValidationError, match=match):
                progress.note_milestone(actor, point, day, text, at(BEGUN))
        progress.note_milestone(actor, point, BEGUN, "省厅复评通过", at(BEGUN), [PDF])
    assert stage.milestone("K11.4").reached_on == BEGUN
    with stage.acting("city_officer") as actor:
        progress.note_milestone(actor, point, None, "材料不全", at(BEGUN))
    assert stage.milestone("K11.4").reached_on is None
    with stage.acting("dept_officer") as actor, pytest.raises(PermissionDenied):
        progress.note_milestone(actor, point, BEGUN, "不是本单位的", at(BEGUN))


def test_comments_reach_whom_they_are_for_and_are_answered(stage):
    stage.claim("M1.5", "county_officer", west=False)
    duty, share = stage.duty("M1.5"), stage.share("M1.5", "county_officer", west=False)
    with stage.acting("city_head") as actor:
        made = remarks.add(actor, duty, "实施细则什么时候出台？", at(BEGUN), share)
        with pytest.raises(ValidationError, match="请写内容"):
            remarks.add(actor, duty, " ", at(BEGUN))
        with pytest.raises(ValidationError, match="写给谁"):
            remarks.add(actor, stage.duty("K1.1"), "x", at(BEGUN), share)
    with stage.acting("county_officer", west=True) as actor:
        assert remarks.remarks_of(duty) == [], "it was not for the other county"
        with pytest.raises(ValidationError, match="没有这条意见"):
            remarks.answer(actor, duty, made.pk, "代答", at(BEGUN))
    with stage.acting("county_officer") as actor:
        remarks.answer(actor, duty, made.pk, "八月底前", at(BEGUN))
    with stage.acting("city_head"):
        (one,) = remarks.remarks_of(duty)
        assert [reply.text for reply in one.answers_in_scope] == ["八月底前"]
    with whole():
        told = set(Notice.objects.filter(kind="duty").values_list("user__username", flat=True))
    assert {"county_officer_510402", "city_head_510402"} <= told and "county_officer_510403" not in told


@pytest.mark.parametrize("gone", ["the task", "the milestone"])
def test_a_milestone_the_plan_no_longer_has_is_noted_no_more(stage, gone):
    stage.assign("K11.4")
    point = stage.milestone("K11.4")
    line = "          - {title: {zh: 2 个化工园区全部到 D 级, en: both chemical parks at level D}, by: 2024-12-31}\n"
    stage.adopt(changed(block_of("K11.4") if gone == "the task" else (f"        milestones:\n{line}", "")))
    with stage.acting("city_officer") as actor, pytest.raises(ValidationError, match="已没有这个节点"):
        progress.note_milestone(actor, point, BEGUN, "复评通过", at(BEGUN))
    assert stage.milestone("K11.4").reached_on is None
    answer = stage.city.client("city_officer").post(
        reverse("duties:milestone", args=[point.pk]),
        {"version": point.version, "reached_on": "2026-07-01", "text": "复评通过"},
    )
    assert answer.status_code == 422 and "已没有这个节点" in answer.content.decode()
