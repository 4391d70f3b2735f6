"""The pages of the board: the same figures as kept, each open to what makes it, for those who may see it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.platform.people import EAST, WEST
from tests.platform.plan.boards import PANZHIHUA, TEXTILES, adds, in_force, keep, months
from tests.platform.plan.conftest import work

from jigai.platform.jobs.models import Job
from jigai.platform.plan.models import IndicatorValue, PlanVersion
from jigai.platform.plan.versions import in_force as plan_in_force

pytestmark = pytest.mark.django_db
BOARD = "/plan/"


@pytest.fixture
def figures(city):
    """Two years of a rate in both counties, a financial figure, the investment of the bureau."""
    in_force()
    months()
    for year, east, west in ((2024, 2, 1), (2025, 3, 2)):
        keep("nc_rate", year, east + west, 8, should=8)
        for key, value in ((EAST, east), (WEST, west)):
            for part in ("manager", "place"):
                keep("nc_rate", year, value, 4, should=4, part=(part, key))
        keep("nc_rate", year, east + west, 8, should=8, part=("division", "31"))
    keep("newness", 2025, 30, 60, should=2)
    keep("newness", 2025, 30, 60, should=2, part=("division", "31"))
    adds(city.east_enterprise, "nc_rate", 2025, "0.75")
    adds(city.west_enterprise, "nc_rate", 2025, "0.5", standing="unverified")
    adds(city.east_enterprise, "newness", 2025, 30, 60)
    return city


def see(city, role, url, status=200, *, west=False, **query):
    answer = city.client(role, west=west).get(url, query)
    assert answer.status_code == status, answer
    return answer.content.decode()


def card(page, id):
    return re.search(rf'<a class="obj.*?<span class="oid">{id}</span>.*?</a>', page, re.DOTALL)[0]


def test_the_board_shows_the_figures_as_they_are_kept(figures):
    page = see(figures, "city_head", BOARD)
    kept = IndicatorValue.objects.get(indicator="nc_rate", partition="city", period="2025")
    said = card(page, "O8")
    assert f"<b>{kept.numerator / kept.denominator * 100:.1f}</b>" in said
    assert "上年 37.5" in said
    assert "距目标差 12.5 个百分点" in said
    assert "<b>136.00</b>" in card(page, "O1")
    assert "2027年底预计完成 192 亿元" in page


def test_every_cell_leads_to_the_list_behind_it(figures):
    page = see(figures, "city_officer", BOARD)
    link = f"/plan/figures/nc_rate/?period=2025&amp;manager={EAST}"
    assert link in page
    listed = see(figures, "city_officer", link.replace("&amp;", "&"))
    assert figures.east_enterprise.name in listed
    assert figures.west_enterprise.name not in listed
    assert reverse("enterprises:page", args=[figures.east_enterprise.pk]) in listed


def test_the_list_behind_a_figure_is_filtered_and_summed(figures):
    url = reverse("plan:contributions", args=["nc_rate"])
    whole = see(figures, "city_officer", url, period="2025")
    assert "1.25" in whole, "the numerators add up"
    assert "已计入待核对" in whole
    waiting = see(figures, "city_officer", url, period="2025", standing="unverified")
    assert figures.east_enterprise.name not in waiting
    steel = see(figures, "city_officer", url, period="2025", division="31")
    assert figures.east_enterprise.name in steel
    assert figures.east_enterprise.name not in see(figures, "city_officer", url, period="2025", division="26")
    assert figures.east_enterprise.name in see(figures, "city_officer", url, all="1"), "the latest year is shown"


def test_the_list_is_exported_by_a_job_with_its_filters(figures):
    client = figures.client("city_officer")
    page = client.get(reverse("plan:contributions", args=["nc_rate"]), {"period": "2025", "manager": EAST})
    listed = re.search(r'name="list" value="([^"]+)"', page.content.decode())[1]
    client.post(reverse("jobs:export"), {"list": listed})
    work()
    job = Job.unscoped.get(kind="list.export")
    assert (job.state, job.result["text"]) == ("done", "共导出 1 条")


def test_a_county_lists_its_own_contributions_and_sees_the_figures_of_all(figures):
    page = see(figures, "county_officer", reverse("plan:contributions", args=["nc_rate"]), period="2025")
    assert figures.east_enterprise.name in page
    assert figures.west_enterprise.name not in page
    assert "50.0" in see(figures, "county_officer", reverse("plan:objective", args=["O8"]), by="unit")


def test_what_each_adds_to_a_financial_figure_takes_the_right_to_see_finance(figures):
    url = reverse("plan:contributions", args=["newness"])
    assert figures.east_enterprise.name in see(figures, "city_officer", url, period="2025")
    see(figures, "dept_officer", url, 403, period="2025")
    page = see(figures, "dept_officer", reverse("plan:objective", args=["O15"]), by="division")
    assert "不到 3 家企业" in page
    assert "机器设备净值" not in re.search(r"<table.*?</table>", page, re.DOTALL)[0]
    assert "0.500" in page, "the figure of the city"
    assert "/plan/figures/newness" not in re.search(r"<table.*?</table>", page, re.DOTALL)[0]


@pytest.mark.parametrize("by", ["year", "unit", "place", "division", "group", "nonsense"])
def test_an_objective_is_broken_down(figures, by):
    page = see(figures, "city_officer", reverse("plan:objective", args=["O8"]), by=by)
    assert "62.5" in page
    assert "关键工序数控化率" in page


def test_the_filter_stays_on_the_way(figures):
    page = see(figures, "city_officer", BOARD, year="2024", partition="place_code")
    assert "/plan/objectives/O8/?year=2024&amp;partition=place_code" in page
    assert f"period=2024&amp;place={EAST}" in page
    objective = see(
        figures, "city_officer", reverse("plan:objective", args=["O8"]), year="2024", partition="place_code"
    )
    assert "/plan/?year=2024&amp;partition=place_code" in objective


def test_an_objective_the_plan_does_not_have_is_not_there(figures):
    see(figures, "city_officer", reverse("plan:objective", args=["O99"]), 404)
    see(figures, "city_officer", reverse("plan:contributions", args=["no_such"]), 404)
    see(figures, "city_officer", BOARD, o="O99", m="nonsense", year="x", month="99")


@pytest.mark.slow
def test_an_earlier_day_is_offered_to_be_computed_and_then_shown(figures):
    day = date(2026, 6, 30).isoformat()
    page = see(figures, "city_officer", BOARD, known_on=day)
    assert "还没有按 2026-06-30 已知的数据算过" in page
    assert "请市级经办计算" in see(figures, "county_officer", BOARD, known_on=day)
    client = figures.client("city_officer")
    answer = client.post(reverse("plan:compute"), {"known_on": day})
    job = Job.unscoped.get(kind="plan.as_known")
    assert answer["Location"] == reverse("jobs:job", args=[job.pk])
    work()
    job.refresh_from_db()
    assert job.result["url"] == f"/plan/?known_on={day}"
    assert "还没有按" not in see(figures, "city_officer", job.result["url"])


@pytest.mark.parametrize("day", ["", "nonsense", "2999-01-01"])
def test_a_day_that_is_not_over_is_not_computed(figures, day):
    answer = figures.client("city_officer").post(reverse("plan:compute"), {"known_on": day}, follow=True)
    assert "今天以前" in answer.content.decode()
    assert not Job.unscoped.filter(kind="plan.as_known").exists()


def test_the_meeting_page_has_a_slide_for_every_objective(figures):
    page = see(figures, "city_head", reverse("plan:meeting"))
    assert page.count("data-slide") == 16
    assert "<b>62.5</b>" in page


def test_the_board_asks_little_whatever_is_kept(figures):
    client = figures.client("city_officer")
    client.get(BOARD)
    for number in range(40):
        adds(figures.east_enterprise, f"other{number}", 2025, 1)
    with CaptureQueriesContext(connection) as queries:
        client.get(BOARD)
    assert not [one["sql"] for one in queries if "plan_contribution" in one["sql"]]
    assert len(queries) < 25


def test_without_a_plan_the_board_says_what_to_do(city):
    assert "装入规划文件" in see(city, "city_officer", BOARD)
    assert "请市级经办装入" in see(city, "county_head", BOARD)
    assert "还没有启用" in see(city, "city_officer", reverse("plan:file"))
    assert "还没有启用" in see(city, "city_officer", reverse("plan:meeting"))
    see(city, "city_officer", reverse("plan:objective", args=["O1"]), 404)


def test_the_second_city_has_its_board(city):
    in_force(TEXTILES)
    months(first=2025)
    keep("nc_rate", 2025, 1, 2, should=2)
    page = see(city, "city_officer", BOARD)
    assert "缃纺市纺织产业设备焕新三年行动方案" in page
    assert "织机产业园" in page
    assert "<b>50.0</b>" in card(page, "T3")
    for objective in plan_in_force().plan.objectives:
        see(city, "city_officer", reverse("plan:objective", args=[objective.id]))
    see(city, "city_officer", reverse("plan:file"))


def test_an_enterprise_sees_what_it_adds_itself(figures):
    client = figures.client("enterprise_head")
    own = client.get(reverse("plan:own"))
    assert own["Location"] == reverse("plan:enterprise", args=[figures.east_enterprise.pk])
    page = see(figures, "enterprise_head", own["Location"])
    assert "0.75" in page
    assert "行业整体设备新度" in page
    assert page.index("关键工序数控化率") < page.index("行业整体设备新度"), "in the order of the plan"
    see(figures, "enterprise_head", reverse("plan:enterprise", args=[figures.west_enterprise.pk]), 404)
    see(figures, "enterprise_head", BOARD, 403)
    equipment = see(figures, "enterprise_equipment", own["Location"])
    assert "行业整体设备新度" not in equipment, "financial"


def test_the_plan_and_its_text_lead_to_each_other(figures):
    page = see(figures, "county_officer", reverse("plan:file"))
    for one in ("O1", "K1.3", "M1"):
        assert f'href="#t-{one}"' in page
        assert f'id="t-{one}"' in page
        assert f'href="#e-{one}"' in page
        assert f'id="e-{one}"' in page
    assert "还要市里确定的" in page
    assert reverse("plan:load") not in page


def upload(client, content, text=True):
    files = {"plan": SimpleUploadedFile("plan.yaml", content)}
    if text:
        files["text"] = SimpleUploadedFile("text.txt", (PANZHIHUA / "text.txt").read_bytes())
    return client.post(reverse("plan:load"), {**files, "once": "x"})


def test_a_plan_is_loaded_compared_and_put_in_force_by_the_city(figures):
    client = figures.client("city_officer")
    content = (PANZHIHUA / "plan.yaml").read_bytes().replace(b"value: 200\n", b"value: 220\n")
    loaded = upload(client, content)
    version = PlanVersion.objects.get(in_force=False)
    assert loaded["Location"] == reverse("plan:version", args=[version.pk])
    page = see(figures, "city_officer", loaded["Location"])
    assert "超过 220 亿元" in page
    assert "超过 200 亿元" in page
    use = reverse("plan:use", args=[version.pk])
    assert use in page
    assert use not in see(figures, "county_officer", loaded["Location"])
    assert client.post(use, {"once": "y", "reason": ""}).status_code == 422
    done = client.post(use, {"once": "y", "reason": "市政府已调整"})
    assert "/jobs/" in done["Location"]
    assert plan_in_force().pk == version.pk
    assert "目标：到 2027 超过 220 亿元" in see(figures, "city_officer", BOARD)
    assert "在用" in see(figures, "city_officer", reverse("plan:versions"))


def test_faults_of_an_uploaded_plan_are_told_with_file_and_line(figures):
    content = (PANZHIHUA / "plan.yaml").read_bytes().replace(b"by: 2027", b"by: 2O27")
    answer = upload(figures.client("city_officer"), content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "plan.yaml" in page
    assert re.search(r'<td class="n">\d+</td><td class="nowrap">objectives\[O1\]', page)
    assert PlanVersion.objects.count() == 1
    answer = upload(figures.client("city_officer"), (PANZHIHUA / "plan.yaml").read_bytes(), text=False)
    assert "text.txt" in answer.content.decode()


def test_a_month_is_chosen_where_the_board_offers_it(figures):
    page = see(figures, "city_officer", BOARD, year="2025", month="6")
    assert "2025年1—6月" in card(page, "O1")
    assert "month=6" in page
