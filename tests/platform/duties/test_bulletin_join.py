"""The bulletin lists what is really late in the task ledger, and leaves the section out where no plan was adopted."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import docx
import pytest
from django.utils import translation
from tests.platform.duties.conftest import BEGUN, whole
from tests.platform.duties.story import Story

from jigai.plan.period import Period
from jigai.platform.duties import bulletin
from jigai.platform.duties.overdue import overdue
from jigai.platform.reporting import issuing
from jigai.platform.reporting import overdue as asked

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = date(2026, 8, 20)


def issue(day=DAY):
    with whole():
        return docx.Document(BytesIO(issuing.make(Period.read("2026-07"), day, {"next_steps": "催报"})))


def rows(document):
    """Return the table of what is late, without its heading."""
    for table in document.tables:
        if [cell.text for cell in table.rows[0].cells] == ["序号", "事项", "责任单位", "期限", "逾期（天）"]:
            return [[cell.text for cell in row.cells] for row in table.rows[1:]]
    return None


def test_a_report_that_is_late_stands_in_the_bulletin(stage):
    stage.assign("K8.1")
    found = [row[1:] for row in rows(issue()) if "K8.1" in row[1]]
    assert found == [["K8.1 按标准推广节能环保绿色装备：月报未报，2026-07 月报", "市财政局", "2026-08-07", "13"]]


def test_the_bulletin_lists_all_that_is_late_the_longest_first(stage):
    stage.assign("K8.1")
    with whole():
        late = overdue(DAY)
    found = rows(issue())
    assert [int(row[4]) for row in found] == [one.days for one in late] and len(late) >= 4
    assert {row[2] for row in found} == {"还没有牵头单位", "市财政局"}


def test_what_was_handed_in_late_is_late_on_the_days_before_only(stage):
    story = Story(stage, {"K8.1"})
    stage.assign("K8.1")
    story.do({"does": "report", "task": "K8.1", "who": "市财政局", "month": "2026-07", "percent": 5, "day": DAY})
    assert not [row for row in rows(issue()) if "K8.1" in row[1]]
    assert [row[4] for row in rows(issue(DAY - timedelta(days=1))) if "K8.1" in row[1]] == ["12"]


def test_several_months_say_how_many(stage):
    stage.assign("K8.1")
    with whole():
        titles = [one.title for one in bulletin.overdue(date(2026, 10, 20)) if "月报" in one.title]
    assert titles == ["K8.1 按标准推广节能环保绿色装备：月报未报，2026-07 月报（共缺 3 个月）"]


def test_the_paper_is_chinese_whoever_asks(stage):
    stage.assign("K8.1")
    with translation.override("en"):
        found = [row for row in rows(issue()) if "K8.1" in row[1]]
    assert found[0][1].endswith("月报未报，2026-07 月报") and found[0][2] == "市财政局"


def test_without_a_plan_nothing_is_said_of_lateness(office):
    assert asked.overdue(BEGUN) is None
    document = issue()
    assert rows(document) is None
    assert not [one.text for one in document.paragraphs if "没有逾期事项" in one.text]


def test_with_a_plan_and_nothing_late_that_is_said(office, monkeypatch):
    office.adopt()
    monkeypatch.setattr(bulletin, "late", lambda day: [])
    assert [one.text for one in issue().paragraphs if "没有逾期事项" in one.text] == [
        "截至2026年8月20日，没有逾期事项。"
    ]


def test_a_county_is_told_of_its_own_alone(stage):
    stage.claim("M1.5", "county_officer", west=False)
    stage.claim("M1.5", "county_officer", west=True)
    with stage.acting("county_officer", west=True):
        assert {one.unit for one in asked.overdue(DAY)} == {"county_bureau 510403"}
    with stage.acting("enterprise_head"):
        assert list(asked.overdue(DAY)) == []
