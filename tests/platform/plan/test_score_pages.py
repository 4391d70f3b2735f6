"""Pages and workbook of the scorecard: what is on them is what was scored, and who may do what."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook
from tests.platform.people import EAST
from tests.platform.plan.conftest import work
from tests.platform.plan.scoring import YEAR, sample

from jigai.platform.jobs import files
from jigai.platform.jobs.models import Job
from jigai.platform.plan.models import IndicatorValue, SavedScorecard
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
BOARD = {"year": YEAR}


@pytest.fixture
def scored(city):
    with transaction.atomic(), use_scope(command_scope("test")):
        sample()
    return city


def text(client, name, *arguments, query=None, status=200):
    answer = client.get(reverse(f"scores:{name}", args=arguments), query or BOARD)
    assert answer.status_code == status
    return answer.content.decode()


def keep(client, reason="年度评价"):
    address = reverse("scores:keep") + f"?year={YEAR}"
    form = client.get(address)
    return (
        form
        if form.status_code == 403
        else client.post(address, {"reason": reason, "once": form.context["once"]}, follow=True)
    )


def exported(name, *arguments, client):
    client.post(reverse(f"scores:{name}", args=arguments) + f"?year={YEAR}")
    work()
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.order_by("-pk")[0]
    assert job.state == "done", job.error
    return load_workbook(Path(files.folder(job.pk)) / job.result["files"][0]["name"])


def test_points_open_to_what_they_rest_on(scored):
    county = scored.client("county_officer", west=True)
    page = text(county, "index")
    assert "东区得 75 分，列第一" in page
    assert "项目库尚未建立" in page
    assert "存档</a>" not in page
    unit = text(county, "unit", EAST)
    assert "完成值占全市 75%" in unit
    assert 'id="o121"' in unit
    text(county, "unit", "999999", status=404)


def test_weights_are_tried_in_the_address_only(scored):
    officer = scored.client("city_officer")
    page = text(officer, "index", query={**BOARD, "w-O1": "0", "w-O4": "３０"})
    assert "试算：用的不是方案文件的权重" in page
    assert "合计 110 分" in page
    wrong = text(officer, "index", query={**BOARD, "w-O1": "很多"})
    assert "O1 的权重“很多”不能用" in wrong
    assert "试算：用的" not in wrong
    assert "不排名次" not in text(officer, "index", query={**BOARD, "w-O1": "0"})
    assert SavedScorecard.objects.count() == 0


def test_kept_compared_recommended_and_taken_back(scored):
    officer, county = scored.client("city_officer"), scored.client("county_officer")
    assert keep(county).status_code == 403
    assert "已存档为第" in keep(officer).content.decode()
    again = keep(officer)
    assert again.status_code == 422
    assert "完全相同" in again.content.decode()
    with transaction.atomic(), use_scope(command_scope("test")):
        IndicatorValue.objects.filter(indicator="nc_rate", key=EAST).update(numerator=3)
    keep(officer, "重算")
    second, first = SavedScorecard.objects.all()
    kept = text(county, "saved", first.pk)
    assert "东区得 75 分" in kept
    assert first.content_hash[:16] in kept
    assert "推荐为省级试点" not in kept
    assert "目标 75%" in text(county, "saved_unit", first.pk, EAST)
    compared = text(county, "compare", query={"first": first.pk, "second": second.pk})
    assert "-3.33" in compared
    assert "请选两次存档" in text(county, "compare", query={})
    address = reverse("scores:recommend", args=[first.pk])
    form = officer.get(address)
    assert "第 1 名，75.00 分" in form.content.decode()
    officer.post(address, {"unit": EAST, "note": "做法成熟", "once": form.context["once"]})
    assert "做法成熟" in text(county, "pilots")
    back = reverse("scores:take_back", args=[EAST])
    officer.post(back, {"note": "另有安排", "once": officer.get(back).context["once"]})
    assert "还没有推荐" in text(county, "pilots")
    SavedScorecard.objects.filter(pk=first.pk).update(content=first.content.replace("75.00", "99.00"))
    assert "校验值不符" in text(county, "saved", first.pk, status=409)


def test_the_workbook_says_what_the_page_says(scored):
    officer = scored.client("city_officer")
    book = exported("export", client=officer)
    assert book.sheetnames == ["得分", "明细", "说明"]
    page = book["得分"]
    assert page.freeze_panes == "C4"
    assert [cell.value for cell in page[3]][:3] == ["名次", "县区、园区", "总分（分）"]
    assert [cell.value for cell in page[4]][:4] == [1, "东区", 75, 10]
    assert "缺数" in [cell.value for cell in page[4]]
    detail = book["明细"]
    rows = list(detail.iter_rows(min_row=4, values_only=True))
    assert len(rows) == 6 * 11
    assert rows[0][0] == "东区"
    assert rows[0][11].startswith("完成值占全市 75%")
    notes = {row[0]: row[1] for row in book["说明"].iter_rows(min_row=3, max_col=2, values_only=True)}
    assert notes["O10 无数"] == "项目库尚未建立"
    keep(officer)
    kept = exported("saved_export", SavedScorecard.objects.get().pk, client=officer)
    assert kept["得分"]["C4"].value == 75


def test_before_a_plan_is_in_force_the_page_says_what_to_do(city):
    assert "请市级经办装入规划文件" in text(city.client("county_head"), "index")
    text(city.client("enterprise_head"), "index", status=403)


def test_english(scored):
    client = scored.client("city_officer")
    client.post(reverse("language"), {"language": "en"})
    unit = text(client, "unit", EAST)
    assert "of the city" in unit
