"""The pages of the task ledger: every one is served, shows what it should, and does what its forms say."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook
from tests.platform.duties.conftest import PLANS, whole

from jigai.platform.duties.models import Duty, Evidence, Remark, Report
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def today(stage):
    """The city with tasks that were taken on three months ago: something is late by now."""
    stage.day = timezone.localdate() - timedelta(days=95)
    stage.assign("K8.1")
    stage.claim("M1.5", "county_officer", west=False)
    stage.report("K8.1", stage.day, 10)
    stage.day = timezone.localdate()
    return stage


def page(stage, role, name, *args, west=False, query=None, status=200):
    answer = stage.city.client(role, west=west).get(reverse(f"duties:{name}", args=args), query)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def post(stage, role, name, *args, west=False, follow=True, **said):
    return stage.city.client(role, west=west).post(reverse(f"duties:{name}", args=args), said, follow=follow)


def test_the_list_is_filtered_and_summed(today):
    said = page(today, "city_officer", "list")
    assert "K8.1" in said and "项" in said and "合计" in said
    only = page(today, "city_officer", "list", query={"late": "1"})
    assert "K8.1" in only and "K8.2" not in only
    own = page(today, "dept_officer", "list", west=True, query={"mine": "1"})
    assert "K8.1" in own and "K8.2" not in own and "M6.1" in own
    treasury = today.city.actor("dept_officer", west=True).organisation.pk
    assert "K8.2" not in page(today, "auditor", "list", query={"department": str(treasury)})
    assert "K8.1" not in page(today, "auditor", "list", query={"department": "x"})
    assert "K8.1" not in page(today, "auditor", "list", query={"part": "measures"})
    assert "K8.1" in page(today, "auditor", "list", query={"q": "k8.1"})
    assert "M1.5" in page(today, "county_officer", "list", query={"mine": "1", "state": "claimed"})
    assert "共 0 条" in page(today, "auditor", "list", query={"mine": "0", "q": "没有"})


def test_the_page_shows_the_plan_beside_the_task(today):
    duty = today.duty("K8.1")
    said = page(today, "dept_officer", "page", duty.pk, west=True)
    marked = "".join("".join(re.findall(r"<mark>(.*?)</mark>", said, re.DOTALL)).split())
    assert "依据《绿色低碳转型产业指导目录（2024年版）》" in marked
    assert "8.加快生产设备绿色化改造" in "".join(said.split()), "a little around it"
    assert "市财政局" in said and "报进展" in said and "月报未报" in said
    top = page(today, "auditor", "page", duty.parent_id)
    assert "K8.4" in top and "报进展</a>" not in top


def test_english_says_the_english_of_the_plan(today):
    with override_settings(LANGUAGE_CODE="en"):
        client = today.city.client("auditor")
        client.cookies["django_language"] = "en"
        said = client.get(reverse("duties:page", args=[today.duty("K8.1").pk])).content.decode()
    assert "Spread green equipment by the standards" in said


def test_a_department_reports_with_evidence_through_the_form(today):
    share = today.share("K8.1", "dept_officer", west=True)
    url = reverse("duties:report", args=[share.pk])
    client = today.city.client("dept_officer", west=True)
    form = client.get(url).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', form)[1]
    months = re.findall(r'<option value="(\d{4}-\d\d)"', form)
    assert months == sorted(months, reverse=True) and len(months) >= 4
    wrong = client.post(url, {"once": once, "month": months[0], "percent": "x", "text": "", "figures": "多"})
    assert wrong.status_code == 422 and "看不懂" in wrong.content.decode()
    proof = SimpleUploadedFile("纪要.pdf", b"%PDF-1.7")
    data = {"once": once, "month": months[1], "percent": "35", "text": "开会部署", "figures": "企业：3 家"}
    done = client.post(url, data | {"evidence": [proof]}, follow=True)
    assert "进展。" in done.content.decode() and "纪要.pdf" in done.content.decode()
    with whole():
        kept = Evidence.objects.get()
        assert Report.objects.filter(share=share).count() == 2
    served = client.get(reverse("duties:evidence", args=[kept.pk]))
    assert served.content == b"%PDF-1.7" and served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Disposition"].startswith("attachment")
    bad = SimpleUploadedFile("run.pdf", b"MZ")
    once = re.search(r'name="once" value="([^"]+)"', client.get(url).content.decode())[1]
    refused = client.post(url, data | {"once": once, "month": months[0], "evidence": [bad]})
    assert refused.status_code == 422 and "没有收" in refused.content.decode()


def test_the_way_of_a_task_through_its_pages(today):
    duty = today.duty("K9.1")
    claim = reverse("duties:claim", args=[duty.pk])
    client = today.city.client("dept_officer", west=True)
    once = re.search(r'name="once" value="([^"]+)"', client.get(claim).content.decode())[1]
    assert "等市级经办确认" in client.post(claim, {"once": once, "role": "lead"}, follow=True).content.decode()
    share = today.share("K9.1", "dept_officer", west=True)
    done = post(today, "city_officer", "step", share.pk, "confirm_claim", version=share.version)
    assert "已同意认领" in done.content.decode()
    share = today.share("K9.1", "dept_officer", west=True)
    said = post(today, "dept_officer", "person", share.pk, west=True, version=share.version, person="秦敏", phone="1")
    assert "秦敏" in said.content.decode()
    share = today.share("K9.1", "dept_officer", west=True)
    said = post(today, "dept_officer", "step", share.pk, "finish", west=True, version=share.version)
    assert said.status_code == 422 and "完成情况" in said.content.decode()
    post(today, "dept_officer", "step", share.pk, "finish", west=True, version=share.version, comment="已办结")
    share = today.share("K9.1", "dept_officer", west=True)
    post(today, "city_officer", "step", share.pk, "confirm", version=share.version)
    assert today.duty("K9.1").state == "done"
    assert "已完成" in page(today, "city_head", "page", duty.pk)


def test_assigning_and_noting_a_milestone(today):
    duty = today.duty("K7.5")
    client = today.city.client("city_officer")
    url = reverse("duties:assign", args=[duty.pk])
    once = re.search(r'name="once" value="([^"]+)"', client.get(url).content.decode())[1]
    treasury = today.city.actor("dept_officer", west=True).organisation
    said = client.post(url, {"once": once, "organisation": treasury.pk, "role": "lead"}, follow=True)
    assert "已指定 市财政局 承担并通知" in said.content.decode()
    point = today.milestone("K7.5")
    page(today, "dept_officer", "milestone", point.pk, status=403)
    said = post(today, "dept_officer", "milestone", point.pk, west=True, version=point.version,
                reached_on=today.day.isoformat(), text="已公布")  # fmt: skip
    assert "已登记节点" in said.content.decode()
    assert today.milestone("K7.5").reached_on == today.day


def test_comments_and_answers(today):
    duty, share = today.duty("M1.5"), today.share("M1.5", "county_officer")
    assert "已写意见" in post(today, "city_head", "remark", duty.pk, text="抓紧", share=share.pk).content.decode()
    assert "请写内容" in post(today, "city_head", "remark", duty.pk, text=" ").content.decode()
    with whole():
        number = Remark.objects.get().pk
    assert "已答复" in post(today, "county_officer", "answer", duty.pk, text="好", remark=number).content.decode()
    assert "没有这条意见" in post(today, "city_head", "answer", duty.pk, text="好", remark="9x").content.decode()
    assert "抓紧" not in page(today, "county_officer", "page", duty.pk, west=True)


def test_the_page_of_an_organisation(today):
    own = today.city.actor("dept_officer", west=True).organisation.pk
    said = page(today, "dept_officer", "organisation", own, west=True)
    assert "方案写明、还没有认领" in said and "K8.1" in said and "逾期" in said and "报进展" in said
    assert "报进展</a>" not in page(today, "auditor", "organisation", own)
    page(today, "auditor", "organisation", today.city.east_enterprise.org_id, status=404)
    assert "市财政局" in page(today, "auditor", "organisations", query={"month": "2026-13"})


def test_what_is_late_is_listed_urged_and_exported(today):
    said = page(today, "city_officer", "overdue")
    assert "K8.1" in said and "K11.4" in said and "还没有牵头单位" in said
    assert "K8.1" not in page(today, "auditor", "overdue", query={"on": "2025-01-10"})
    assert "K8.1" in page(today, "auditor", "overdue", query={"on": "x"})
    assert "已催办" in post(today, "city_officer", "call").content.decode()
    answer = post(today, "city_head", "export", on="x", follow=False)
    assert answer.status_code == 302
    with whole():
        assert Job.objects.get().arguments == {"on": timezone.localdate().isoformat()}


def test_the_overview_of_a_month(today):
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    said = page(today, "city_head", "overview")
    assert f"{last:%Y-%m} 月度总览" in said and "市财政局" in said and "逾期最久" in said
    assert f"{timezone.localdate():%Y-%m} 月度总览" in page(
        today, "city_head", "overview", query={"month": f"{timezone.localdate():%Y-%m}"}
    )


def test_the_line_of_months(today):
    said = page(today, "dept_officer", "timeline")
    assert said.count('class="m-') > 10 and "g-today" in said and "g-rep" in said
    assert "style=" not in said.split("<main", 1)[1]
    assert "2027-12" in said


def test_without_a_plan_the_pages_say_so(office):
    for name in ("list", "timeline", "overdue", "overview", "organisations"):
        page(office, "city_officer", name)
    page(office, "city_officer", "bodies", status=404)
    assert "请市级经办采用方案文件" in page(office, "auditor", "timeline")


def test_adopting_through_the_page_shows_differences_first(office):
    folder = PLANS / "panzhihua-2024"
    plan = (folder / "plan.yaml").read_bytes()
    client = office.city.client("city_officer")

    def send(content, text=None):
        files = {"plan": SimpleUploadedFile("plan.yaml", content), "text": SimpleUploadedFile("text.txt", text or b"x")}
        return client.post(reverse("duties:adopt"), files)

    assert "现在用的是" not in client.get(reverse("duties:adopt")).content.decode()
    wrong = send(plan)
    assert wrong.status_code == 422 and "plan.yaml" in wrong.content.decode()
    shown = send(plan, (folder / "text.txt").read_bytes())
    said = shown.content.decode()
    assert shown.status_code == 200 and "新增任务" in said and "K11.4" in said
    with whole():
        assert not Duty.objects.exists(), "nothing is adopted by looking"
    token = re.search(r'name="token" value="([^"]+)"', said)[1]
    confirm = reverse("duties:adopt_confirm")
    assert "已经过期" in client.post(confirm, {"token": token + "x"}, follow=True).content.decode()
    done = client.post(confirm, {"token": token}, follow=True).content.decode()
    assert "已采用" in done and "方案中的单位" in done
    assert "已经采用" in client.post(confirm, {"token": token}, follow=True).content.decode()
    same = send(plan, (folder / "text.txt").read_bytes()).content.decode()
    assert "任务和节点没有变化" in same


def test_bodies_are_matched_in_a_table(today):
    client = today.city.client("city_officer")
    url = reverse("duties:bodies")
    said = client.get(url).content.decode()
    assert "攀枝花市发展和改革委员会" in said
    names = re.findall(r'name="(b\d+)"', said)
    once = re.search(r'name="once" value="([^"]+)"', said)[1]
    chosen = dict.fromkeys(names, "")
    treasury = today.city.actor("dept_officer", west=True).organisation.pk
    chosen[names[1]] = str(treasury)
    done = client.post(url, chosen | {"once": once}, follow=True)
    assert "已保存" in done.content.decode()


def test_enterprises_see_none_of_it(today):
    for role in ("enterprise_head", "enterprise_finance", "supplier", "bank", "expert"):
        page(today, role, "list", status=403)
        page(today, role, "page", today.duty("K8.1").pk, status=403)
    assert "任务台账" not in today.city.client("enterprise_head").get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_workbook_of_what_is_late(office):
    office.adopt()
    post(office, "city_officer", "export", on="2026-11-23", follow=False)
    worker.run(once=True)
    with whole():
        job = Job.objects.get(kind="duties.overdue")
        assert job.state == "done", job.error
    url = reverse("jobs:download", args=[job.pk, job.result["files"][0]["name"]])
    answer = office.city.client("city_officer").get(url)
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_name("逾期清单").to_python()
    assert rows[0][0] == "任务逾期清单（2026-11-23）" and rows[2][:3] == ["序号", "编号", "任务"]
    assert "K11.4" in [row[1] for row in rows] and "（还没有牵头单位）" in [row[4] for row in rows]
    assert book.sheet_names == ["逾期清单", "说明"]
