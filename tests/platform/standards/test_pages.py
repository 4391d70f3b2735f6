"""Two officers change what is judged by, in the browser's way: forms, messages, and what each may press."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.platform.standards.conftest import work
from tests.platform.standards.making import package
from tests.platform.standards.test_changes import approved, proposed, rehearsed, seen

from jigai.platform.screening.models import Run
from jigai.platform.standards import active
from jigai.platform.standards.models import Change, ReferenceSet

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 23)
CHANGES, UPLOAD = "/standards/changes/", "/standards/changes/upload/"


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def send(client, content, name="city-list.zip"):
    return client.post(UPLOAD, {"package": SimpleUploadedFile(name, content), "reason": "示经信〔2026〕8号"})


def fill(client, address, **values):
    """Post a form as its page drew it."""
    drawn = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(once|version)" value="([^"]*)"', drawn))
    return client.post(address, {**hidden, **values})


def test_two_people_bring_a_package_into_use(judged):
    first, second = judged.client("standards_officer"), judged.client("standards_officer", west=True)
    page = send(first, package())["Location"]
    assert "请先试算影响" in text_of(first.get(page))
    assert "同意启用" not in text_of(first.get(page))
    run = fill(first, f"{page}rehearse/", as_of="2026-11-23")
    assert run["Location"] == f"/screening/{seen(Run)[-1].pk}/"
    work()
    assert "新增必须淘汰" in text_of(first.get(page))
    assert "审核依据变更" in text_of(second.get("/"))
    refused = fill(first, f"{page}approve/", effective_on=timezone.localdate().isoformat())
    assert refused.status_code == 422
    assert "不能审核自己的申请" in text_of(refused)
    assert fill(second, f"{page}approve/", effective_on=timezone.localdate().isoformat()).status_code == 302
    assert "在用" in text_of(second.get(CHANGES))
    assert active.in_use().packages == (seen(Change)[-1].package.content_hash,)
    assert "重新筛查" in text_of(first.get(page))
    back = fill(first, f"/standards/sets/{seen(ReferenceSet)[0].pk}/restore/", reason="暂缓执行")
    assert "恢复" in text_of(first.get(back["Location"]))


def test_a_broken_package_is_told_cell_by_cell_and_kept_nowhere(judged):
    answer = send(judged.client("standards_officer"), package({"condition": "power_kw >= x"}, {"kind": ""}))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "没有保存" in page
    assert "city-list/rules.csv" in page
    assert not seen(Change)
    assert not list(active.folder().glob("*.zip"))


@pytest.mark.parametrize("given", [{}, {"reason": "x"}])
def test_an_upload_without_a_file_or_reason_says_what_is_missing(judged, given):
    answer = judged.client("standards_officer").post(UPLOAD, given)
    assert answer.status_code == 422
    assert "没有填写" in text_of(answer) or "没有提交文件" in text_of(answer)


def test_what_is_planned_says_the_day_and_can_be_withdrawn(judged):
    today = timezone.localdate()
    change = proposed(judged)
    rehearsed(judged, change)
    approved(judged, change, day=today + timedelta(days=9), today=today)
    client, page = judged.client("standards_officer"), f"{CHANGES}{change.pk}/"
    assert (today + timedelta(days=9)).isoformat() in text_of(client.get(page))
    assert fill(client, f"{page}withdraw/", reason="文件撤销").status_code == 302
    assert "已撤回" in text_of(client.get(page))


def test_a_refusal_needs_a_reason_and_shows_it(judged):
    change = proposed(judged)
    second, page = judged.client("standards_officer", west=True), f"{CHANGES}{change.pk}/"
    assert fill(second, f"{page}refuse/", answer="").status_code == 422
    assert fill(second, f"{page}refuse/", answer="文号不对").status_code == 302
    assert "文号不对" in text_of(judged.client("standards_officer").get(page))


def test_who_only_looks_sees_changes_without_buttons(judged):
    change = proposed(judged)
    client = judged.client("auditor")
    page = client.get(f"{CHANGES}{change.pk}/")
    assert "示经信〔2026〕8号" in text_of(page)
    assert not re.search(r'href="[^"]*/(approve|refuse|withdraw|rehearse)/"', page.content.decode())
    assert UPLOAD not in client.get(CHANGES).content.decode()


def test_the_device_page_leads_to_the_row_it_rests_on(judged):
    from jigai.platform.screening.models import Finding

    finding = seen(Finding, outcome="eliminate")[0]
    client = judged.client("county_officer")
    page = client.get(f"/devices/{finding.device_id}/?check=elimination").content.decode()
    address = re.search(r'href="(/standards/d/[^"]+/rule/[^"]+)"', page)[1].replace("&amp;", "&")
    assert finding.rule_id in text_of(client.get(address, follow=True))
