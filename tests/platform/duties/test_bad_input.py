"""What people send that is none: refused with what to do, never an error page, and nothing of it is kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.platform.duties.conftest import PLANS, plan_of, whole

from jigai.platform.duties import progress
from jigai.platform.duties.models import Duty, Evidence, MilestoneStep, Remark, Report
from jigai.platform.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FOLDER = PLANS / "panzhihua-2024"
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def today(stage):
    """The city with a task the treasury took on two months ago."""
    stage.day = timezone.localdate() - timedelta(days=62)
    stage.assign("K7.5")
    stage.day = timezone.localdate()
    return stage


@pytest.fixture
def form(today):
    """Send the form of a report in somebody's name and return the answer; what is not said is right."""
    client = today.city.client("dept_officer", west=True)
    url = reverse("duties:report", args=[today.share("K7.5", "dept_officer", west=True).pk])

    def send(**said):
        once = re.search(r'name="once" value="([^"]+)"', client.get(url).content.decode())[1]
        right = {"once": once, "month": f"{today.day:%Y-%m}", "percent": "10", "text": "开会部署"}
        return client.post(url, right | said)

    return send


def month_from(day, count):
    return f"{(day.replace(day=15) + timedelta(days=30 * count)):%Y-%m}"


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"month": ""}, "请填"),
        ({"month": "2026-13"}, "2026-13"),
        ({"month": "2099-01"}, "2099-01"),
        ({"month": "2001-01"}, "2001-01"),
        ({"month": "今年"}, "今年"),
        ({"percent": ""}, "请填“进度”"),
        ({"percent": "101"}, "0 到 100"),
        ({"percent": "-1"}, "不能小于 0"),
        ({"percent": "12.5"}, "只填整数"),
        ({"percent": "9" * 30}, "太大"),
        ({"percent": "百分之十"}, "不是数字"),
        ({"text": " "}, "请填“本月进展”"),
        ({"text": "长" * 4001}, "4000"),
        ({"figures": "数：1\n" * 600}, "2000"),
        ({"figures": "项目：12 项\n没有数"}, "第 2 行"),
        ({"reason": "因" * 201}, "200"),
    ],
)
def test_a_report_that_is_none_says_what_to_do(form, said, match):
    answer = form(**said)
    assert answer.status_code == 422 and match in answer.content.decode()
    with whole():
        assert not Report.objects.exists()


def test_full_width_figures_and_per_cent_are_read(form):
    assert form(percent="３０").status_code == 302
    with whole():
        assert Report.objects.get().percent == 30


def test_the_same_form_sent_twice_is_one_report(today):
    client = today.city.client("dept_officer", west=True)
    url = reverse("duties:report", args=[today.share("K7.5", "dept_officer", west=True).pk])
    once = re.search(r'name="once" value="([^"]+)"', client.get(url).content.decode())[1]
    said = {"once": once, "month": f"{today.day:%Y-%m}", "percent": "10", "text": "开会部署"}
    for _time in range(2):
        answer = client.post(url, said, follow=True)
        assert answer.status_code == 200
    assert "没有重复办理" in answer.content.decode()
    with whole():
        assert Report.objects.count() == 1


@pytest.mark.parametrize("name", ["text", "figures", "reason"])
def test_a_nul_is_refused_before_anything_is_looked_up(form, name):
    answer = form(**{name: "一\0二"})
    assert answer.status_code == 400 and "空字符" in answer.content.decode()
    with whole():
        assert not Report.objects.exists()


def test_comments_with_a_nul_or_too_long_are_refused_and_not_cut(today):
    client, url = today.city.client("city_head"), reverse("duties:remark", args=[today.duty("K7.5").pk])
    assert client.post(url, {"text": "一\0二"}).status_code == 400
    assert "最多 1000 字，现为 1001 字" in client.post(url, {"text": "催" * 1001}, follow=True).content.decode()
    with whole():
        assert not Remark.objects.exists()
    client.post(url, {"text": "催" * 1000, "share": "不是数"})
    with whole():
        assert [(len(one.text), one.share) for one in Remark.objects.all()] == [(1000, None)]


@pytest.mark.parametrize(
    "name", ["page", "claim", "assign", "milestone", "evidence", "report", "person", "organisation"]
)
@pytest.mark.parametrize("number", [0, 10**9, 10**30])
def test_numbers_of_nothing_are_not_found(today, name, number):
    role = "city_officer" if name == "assign" else "dept_officer"
    assert today.city.client(role).get(reverse(f"duties:{name}", args=[number])).status_code == 404


@pytest.mark.parametrize("key", ["nothing", "assign", "begin", "propose"])
def test_steps_without_a_button_have_no_page(today, key):
    share = today.share("K7.5", "dept_officer", west=True)
    assert today.city.client("city_officer").get(reverse("duties:step", args=[share.pk, key])).status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31", "2026-02-30", "昨天", ""])
def test_days_that_are_none_are_today(today, day):
    said = today.city.client("auditor").get(reverse("duties:overdue"), {"on": day})
    assert said.status_code == 200
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in said.content.decode()


def test_the_future_is_not_exported(today):
    for day in ("9999-12-31", "0001-01-01", (timezone.localdate() + timedelta(days=1)).isoformat()):
        today.city.client("city_head").post(reverse("duties:export"), {"on": day})
    with whole():
        asked = {job.arguments["on"] for job in Job.objects.filter(kind="duties.overdue")}
    assert asked == {timezone.localdate().isoformat()}


@pytest.mark.parametrize("query", [{"month": "0000-00"}, {"month": "2099-01"}, {"month": "x"}, {"month": "2026-1"}])
def test_months_that_are_none_are_the_last_one(today, query):
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    said = today.city.client("city_head").get(reverse("duties:overview"), query)
    assert f"{last:%Y-%m} 月度总览" in said.content.decode()


@pytest.mark.parametrize(
    "query",
    [{"q": "%' or 1=1"}, {"department": "9" * 40}, {"unit": "-1"}, {"state": "nothing"}, {"late": "2"}, {"page": "x"}],
)
def test_filters_that_are_none_answer_all_the_same(today, query):
    assert today.city.client("auditor").get(reverse("duties:list"), query).status_code == 200


def test_evidence_is_there_after_the_request_and_bears_no_path(form, today):
    proof = SimpleUploadedFile("x.pdf", PDF)
    proof.name = "..\\..\\名单<b>.pdf"
    assert form(evidence=proof).status_code == 302
    with whole():
        kept = Evidence.objects.get()
    assert kept.file_name == "名单<b>.pdf" and kept.size == len(PDF)
    for role in ("auditor", "city_head", "dept_officer"):
        served = today.city.client(role).get(reverse("duties:evidence", args=[kept.pk]))
        assert (served.status_code, served.content) == (200, PDF), role
    page = today.city.client("auditor").get(reverse("duties:page", args=[today.duty("K7.5").pk])).content.decode()
    assert "名单&lt;b&gt;.pdf" in page and "名单<b>" not in page


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.pdf", b"MZ", "没有收"),
        ("a.exe", PDF, "没有收"),
        ("a.pdf", b"", "空"),
        ("无扩展名", PDF, "没有收"),
        ("a.html", b"<script>", "没有收"),
    ],
)
def test_evidence_that_is_none_keeps_nothing_of_the_report(form, name, content, match):
    answer = form(evidence=[SimpleUploadedFile("好.pdf", PDF), SimpleUploadedFile(name, content)])
    assert answer.status_code == 422 and match in answer.content.decode()
    with whole():
        assert not Report.objects.exists() and not Evidence.objects.exists()


def test_a_milestone_somebody_noted_meanwhile_is_not_written_over(today):
    point = today.milestone("K7.5")
    client = today.city.client("dept_officer", west=True)
    url = reverse("duties:milestone", args=[point.pk])
    with today.acting("city_officer") as actor:
        progress.note_milestone(actor, point, today.day, "市里登记的", timezone.now())
    said = {"version": point.version, "reached_on": (today.day - timedelta(days=9)).isoformat(), "text": "我登记的"}
    answer = client.post(url, said)
    assert answer.status_code == 422 and "刚被别人办理过" in answer.content.decode()
    assert today.milestone("K7.5").reached_on == today.day
    with whole():
        assert MilestoneStep.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"reached_on": "2026-02-30"}, "日期"),
        ({"reached_on": (timezone.localdate() + timedelta(days=1)).isoformat()}, "还没有到这一天"),
        ({"text": ""}, "依据"),
        ({"text": "长" * 501}, "500"),
    ],
)
def test_a_milestone_that_is_none_says_what_to_do(today, said, match):
    point = today.milestone("K7.5")
    right = {"version": point.version, "reached_on": today.day.isoformat(), "text": "名单已公布"}
    answer = today.city.client("dept_officer", west=True).post(
        reverse("duties:milestone", args=[point.pk]), right | said
    )
    assert answer.status_code == 422 and match in answer.content.decode()
    with whole():
        assert not MilestoneStep.objects.exists()


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        (b"", b""),
        (b"\xff\xfe\x00", b"\xff"),
        ("方案：攀枝花".encode("gbk"), b"x"),
        (b"- just\n- a list\n", b"x"),
        (b"id: [", b"x"),
        (b"a: &a [*a]", b"x"),
    ],
)
def test_files_that_are_no_plan_are_refused_where_they_are_wrong(office, plan, text):
    files = {"plan": SimpleUploadedFile("plan.yaml", plan), "text": SimpleUploadedFile("text.txt", text)}
    answer = office.city.client("city_officer").post(reverse("duties:adopt"), files)
    assert answer.status_code == 422
    with whole():
        assert not Duty.objects.exists()


def test_a_preview_can_be_adopted_and_cannot_be_forged(office):
    client = office.city.client("city_officer")
    files = {name: SimpleUploadedFile(name, (FOLDER / name).read_bytes()) for name in ("plan.yaml", "text.txt")}
    shown = client.post(reverse("duties:adopt"), {"plan": files["plan.yaml"], "text": files["text.txt"]})
    token = re.search(r'name="token" value="([^"]+)"', shown.content.decode())[1]
    confirm = reverse("duties:adopt_confirm")
    for wrong in ("", token[:-1], "." + token, "x" * 4000):
        assert "已经过期" in client.post(confirm, {"token": wrong}, follow=True).content.decode()
    assert office.city.client("dept_officer").post(confirm, {"token": token}).status_code == 403
    with whole():
        assert not Duty.objects.exists()
    assert "已采用" in client.post(confirm, {"token": token}, follow=True).content.decode()
    with whole():
        assert {one.key for one in Duty.objects.all()} == {one.id for one in plan_of().all_tasks()}
