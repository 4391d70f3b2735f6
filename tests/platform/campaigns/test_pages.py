"""The pages of a survey, asked as a browser asks: what they show, lead to, and refuse."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook
from tests.platform.campaigns.conftest import YEAR, whole

from jigai.ledger import read_ledger
from jigai.platform.campaigns.data import template_columns
from jigai.platform.campaigns.models import Campaign, Entry, Note, Reminder, Step
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Device

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def text(client, url, status=200, **query):
    answer = client.get(url, query)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def said(city):
    today = timezone.localdate()
    return {
        "name": "2026 年老旧设备摸排", "year": str(YEAR), "counts_from": today.isoformat(),
        "deadline": (today + timedelta(days=30)).isoformat(), "instructions": "带铭牌照片", "contact": "陈立",
    }  # fmt: skip


def test_a_survey_from_draft_to_record_by_its_pages(draft):
    """The way of a whole survey, by the people who go it."""
    city = draft.city
    officer, county, head = (city.client(role) for role in ("city_officer", "county_officer", "enterprise_head"))
    made = officer.post("/campaigns/new/", said(city))
    assert made.status_code == 302
    url = made["Location"]
    pk = int(url.strip("/").split("/")[-1])
    assert "2" in text(officer, url) and "开始摸排" in text(officer, url)
    text(head, url, 404)
    assert officer.post(f"{url}start/", {"version": 1}).status_code == 302
    page = text(officer, url)
    assert "应报" in page and "未登录" in page
    with whole():
        entry = Entry.objects.get(campaign=pk, site=city.east_site)
    draft.campaign = Campaign.objects.get(pk=pk)
    draft.fill(rows=12)
    own = f"/campaigns/entries/{entry.pk}/"
    assert "填报中" in text(head, own)
    assert "12 行" in text(head, f"{own}submit/")
    assert head.post(f"{own}submit/", {"version": entry.version}).status_code == 302
    assert "待核 1" in text(county, url)
    assert "相符" in text(county, own)
    due = (timezone.localdate() + timedelta(days=5)).isoformat()
    wrong = county.post(f"{own}return/", {"version": entry.version + 1, "due": due})
    assert wrong.status_code == 422 and "要补正什么" in wrong.content.decode()
    assert (
        county.post(f"{own}return/", {"version": entry.version + 1, "due": due, "comment": "缺照片"}).status_code == 302
    )
    assert "缺照片" in text(head, own) and "缺照片" in text(head, "/")
    assert head.post(f"{own}submit/", {"version": entry.version + 2}).status_code == 302
    assert county.post(f"{own}verify/", {"version": entry.version + 3}).status_code == 302
    officer.post(f"{url}close/", {"version": Campaign.objects.get(pk=pk).version})
    kept = text(officer, url)
    assert "存档，数字不再变化" in kept and "沿用为下一年" in kept
    assert "结束存档" in text(head, own)


def test_the_number_opens(survey):
    survey.fill(rows=5)
    survey.step("submit")
    client = survey.city.client("city_officer")
    url = f"/campaigns/{survey.campaign.pk}/"
    page = text(client, url)
    assert f"{url}entries/?manager=510402&amp;state=submitted" in page
    listed = text(client, f"{url}entries/", manager="510402", state="submitted")
    assert "东风轧钢" in listed and "西山水泥" not in listed
    assert "31 " in text(client, url, by="division") or "黑色金属" in text(client, url, by="division")
    assert "西山水泥" in text(client, f"{url}entries/", state="open")
    assert "没有符合筛选条件" in text(client, f"{url}entries/", q="没有这家")


def test_a_county_and_an_enterprise_see_their_own(survey):
    url = f"/campaigns/{survey.campaign.pk}/"
    for role in ("county_officer", "enterprise_head"):
        page = text(survey.city.client(role), url)
        assert "东风轧钢" in page and "西山水泥" not in page
    text(survey.city.client("county_officer"), f"/campaigns/entries/{survey.entry(west=True).pk}/", 404)


def test_reminders_with_one_click_say_what_came_of_them(survey):
    client = survey.city.client("county_officer")
    url = f"/campaigns/{survey.campaign.pk}/remind/"
    answer = client.post(url, {"state": "unseen"}, follow=True).content.decode()
    assert "提醒了 1 个厂区、3 人" in answer
    assert "1 个刚提醒过" in client.post(url, {"state": "unseen"}, follow=True).content.decode()
    assert Reminder.unscoped.count() == 1


def test_calls_are_noted_in_place_and_come_back_to_the_list(survey):
    client = survey.city.client("county_officer")
    url = f"/campaigns/{survey.campaign.pk}/phone/"
    assert "没有报" in text(client, url) and "谁接的" in text(client, url)
    entry = survey.entry()
    back = f"{url}?manager=510402"
    answer = client.post(
        f"/campaigns/entries/{entry.pk}/notes/", {"kind": "call", "text": "张工接，周五报", "phone": back}
    )
    assert answer["Location"] == back
    assert "张工接，周五报" in text(client, url)
    assert "张工接，周五报" not in text(survey.city.client("enterprise_head"), f"/campaigns/entries/{entry.pk}/")
    away = client.post(
        f"/campaigns/entries/{entry.pk}/notes/",
        {"kind": "call", "text": "x", "phone": "https://elsewhere.example/?a=1"},
    )
    assert away["Location"].startswith("/campaigns/")


def test_a_comment_is_answered_on_the_page(survey):
    survey.fill(rows=3)
    survey.step("submit")
    entry = survey.entry()
    url = f"/campaigns/entries/{entry.pk}/"
    county, hand = survey.city.client("county_officer"), survey.city.client("enterprise_equipment")
    with whole():
        device = Device.objects.filter(site=survey.city.east_site).first()
    county.post(f"{url}notes/", {"kind": "differs", "text": "铭牌 55 kW", "device": device.pk})
    with whole():
        asked = Note.objects.get()
    assert "铭牌 55 kW" in text(hand, url)
    hand.post(f"{url}answers/", {"note": asked.pk, "text": "已改"})
    assert "已改" in text(county, url)
    refused = county.post(f"{url}notes/", {"kind": "comment", "text": ""}, follow=True).content.decode()
    assert "请写明内容" in refused
    assert hand.post(f"{url}answers/", {"note": "0", "text": "x"}, follow=True).status_code == 200


def test_the_list_changes_by_pages_with_reasons(survey):
    client = survey.city.client("city_officer")
    url = f"/campaigns/{survey.campaign.pk}/"
    wrong = client.post(f"{url}name/", {"person": "没有这家企业", "reason": "x"})
    assert wrong.status_code == 422 and "没有找到" in wrong.content.decode()
    again = client.post(f"{url}name/", {"person": "91510400MA00000018", "reason": "x"})
    assert "已在应报名单中" in again.content.decode()
    other = client.post(f"{url}name/", {"person": "91510400MA00000018", "site": "无此厂", "reason": "x"})
    assert "没有这个在用厂区" in other.content.decode()
    entry = survey.entry(west=True)
    gone = client.post(
        f"/campaigns/entries/{entry.pk}/remove/", {"version": entry.version, "reason": "停产三年"}, follow=True
    )
    assert "撤销" in gone.content.decode() and "停产三年" in gone.content.decode()
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    client.post(f"{url}deadline/", {"version": survey.campaign.version, "deadline": day, "reason": "汛期停产"})
    changes = text(survey.city.client("county_officer"), f"{url}changes/")
    assert "汛期停产" in changes and "停产三年" not in changes, "what is of the other county is not shown"


def test_the_copy_and_the_edit(survey):
    client = survey.city.client("city_officer")
    url = f"/campaigns/{survey.campaign.pk}/"
    made = client.post(f"{url}copy/", {"name": "2027 年设备摸排"})
    assert "2027 年设备摸排" in text(client, made["Location"])
    client.post(f"{url}edit/", {"version": survey.campaign.version, "name": "改名的摸排", "contact": "李工"})
    assert "改名的摸排" in text(client, url)
    stale = client.post(f"{url}edit/", {"version": survey.campaign.version, "name": "又改名", "contact": "王工"})
    assert stale.status_code == 409, "two at once: both are shown"


def test_the_template_is_read_back_as_a_ledger(survey, tmp_path):
    answer = survey.city.client("enterprise_equipment").get("/campaigns/template/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    head = book.get_sheet_by_index(0).to_python()[2]
    assert {"设备名称*", "规格型号*", "制造厂家", "备注"} <= set(head)
    assert len(head) == len(template_columns())
    path = tmp_path / "template.xlsx"
    path.write_bytes(answer.content)
    assert read_ledger(path).devices.height == 0


def test_the_workbook_comes_by_a_job(survey):
    client = survey.city.client("city_officer")
    answer = client.post(f"/campaigns/{survey.campaign.pk}/export/")
    worker.run(once=True)
    with whole():
        job = Job.objects.get(kind="campaigns.export")
        assert (answer["Location"], job.state) == (f"/jobs/{job.pk}/", "done")
    name = job.result["files"][0]["name"]
    data = b"".join(client.get(f"/jobs/{job.pk}/files/{name}").streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names[-1] == "说明"


@pytest.mark.parametrize("number", ["9" * 30, "-1", "x"])
def test_nonsense_is_refused(survey, number):
    entry = survey.entry()
    county = survey.city.client("county_officer")
    county.post(f"/campaigns/entries/{entry.pk}/notes/", {"kind": "matches", "device": number})
    with whole():
        assert not Note.objects.exists() and not Step.objects.exists()
    assert county.get(f"/campaigns/entries/{entry.pk}/no-such-step/").status_code == 404


def test_the_telephone_list_is_exported_with_room_for_notes(survey):
    client = survey.city.client("county_officer")
    page = text(client, f"/campaigns/{survey.campaign.pk}/phone/")
    token = re.search(r'name="list" value="([^"]+)"', page)[1]
    client.post("/jobs/export/", {"list": token})
    worker.run(once=True)
    with whole():
        job = Job.objects.get(kind="list.export")
    assert job.state == "done", job.error
    name = job.result["files"][0]["name"]
    data = b"".join(client.get(f"/jobs/{job.pk}/files/{name}").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    head = rows[2]
    assert {"电话", "状态", "最近提醒", "通话记录", "备注"} <= set(head)
    assert [row[0] for row in rows[3:]] == ["东风轧钢有限公司"], "its own alone"
