"""A plan becomes tasks; a later version changes what it says, never what was done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation
from tests.platform.duties.conftest import BEGUN, PLANS, at, changed, plan_of, whole

from jigai.platform.accounts.models import Organisation
from jigai.platform.duties import adopting, bodies
from jigai.platform.duties.drafting import drafts
from jigai.platform.duties.models import Adoption, Body, Duty, Milestone, MilestoneTerm, Report, Share
from jigai.platform.duties.overdue import overdue

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TITLE = "title: {zh: 超期服役、淘汰落后设备退出, en: Over-age and backward equipment out}"


def test_every_task_of_the_plan_becomes_one(stage):
    plan = plan_of()
    with whole():
        keys = set(Duty.objects.values_list("key", flat=True))
        assert keys == {one.id for one in plan.all_tasks()}
        assert {f"K{number}" for number in range(1, 13)} | {f"M{number}" for number in range(1, 7)} <= keys
        one = Duty.objects.get(key="K7.5")
        assert one.parent.key == "K7" and one.parent.gathers and not one.gathers
        assert one.clause == "二、（三）7" and one.part_zh
        text = Adoption.objects.get().text
        quote = one.quotes[0]
        assert "绿色工厂" in text[quote["start"] : quote["end"]]
        assert one.asked and one.state == "unclaimed"


def test_whom_the_plan_names_has_a_share_not_taken_on(stage):
    with whole():
        named = {(one.organisation.name, one.role, one.state) for one in Share.objects.filter(duty__key="M6.1")}
        assert named == {("市经济和信息化局", "lead", "unclaimed"), ("市财政局", "lead", "unclaimed")}
        counties = Share.objects.filter(duty__key="M1.5")
        assert {one.organisation.manager_code for one in counties} == {"510402", "510403"}
        assert not Share.objects.filter(duty__gathers=True).exists(), "a task with sub-tasks is taken on in these"
        assert not Share.objects.filter(duty__key="K1.1").exists(), "the plan asks who leads"


def test_bodies_are_found_by_name_and_the_rest_is_asked(stage):
    with whole():
        found = {one.key: one.organisation_id for one in Body.objects.all()}
        assert found["jingxin"] and found["caizheng"] and found["east"] and found["west"]
        asked = {one.key for one in bodies.open_bodies("panzhihua-2024")}
        assert {"fagai", "renhe", "zone"} <= asked
        fagai = Body.objects.get(key="fagai")
        made = Organisation.objects.create(kind="department", name="市发展和改革委员会")
        bank = Organisation.objects.create(kind="bank", name="某银行")
    with stage.acting("city_officer") as actor:
        with pytest.raises(ValidationError, match="攀枝花市发展和改革委员会"):
            bodies.settle(actor, "panzhihua-2024", {fagai.pk: bank.pk}, at(BEGUN))
        assert bodies.settle(actor, "panzhihua-2024", {fagai.pk: made.pk}, at(BEGUN)) == 1
        assert bodies.settle(actor, "panzhihua-2024", {fagai.pk: made.pk}, at(BEGUN)) == 0
        assert Share.objects.filter(organisation=made, state="unclaimed", duty__key="M6.1").count() == 1


def test_a_department_the_later_version_drops_keeps_what_it_has(office):
    first = plan_of("xiangfang-textiles")
    with whole():
        bureau = Organisation.objects.create(kind="department", name="缃纺市金融工作局")
        trade = Organisation.objects.create(kind="department", name="市商务局")
    office.adopt(first)
    with whole():
        assert set(Share.objects.filter(duty__key="S1").values_list("organisation", flat=True)) == {trade.pk}
        assert Body.objects.get(key="jinrong").organisation_id == bureau.pk
    later = changed(("  - {key: jinrong, name: 缃纺市金融工作局, short: 市金融局}\n", ""), name="xiangfang-textiles")
    office.adopt(later)
    with whole():
        gone = Body.objects.get(key="jinrong")
        assert gone.ended and gone.organisation_id == bureau.pk
        assert gone.pk not in {one.pk for one in bodies.bodies_of(first.id)}
        assert Share.objects.filter(organisation=trade, duty__key="S1").count() == 1
    office.adopt(changed(("lead: [shangwu]\n    support: [gongxin]", "lead: ask"), name="xiangfang-textiles"))
    with whole():
        assert Share.objects.filter(organisation=trade, duty__key="S1").exists(), "the city releases it, not the file"
        assert Duty.objects.get(key="S1").asked


def test_two_offices_of_one_unit_are_asked_about(office):
    with whole():
        Organisation.objects.create(kind="county_bureau", name="东区应急局", manager_code="510402")
    office.adopt()
    with whole():
        assert "east" in {one.key for one in bodies.open_bodies("panzhihua-2024")}


def test_a_milestone_of_every_year_is_one_for_each(stage):
    with whole():
        days = list(Milestone.objects.filter(duty__key="M1.4").values_list("due", flat=True))
        assert days == [date(year, 12, 31) for year in (2024, 2025, 2026, 2027)]
        assert Milestone.objects.get(duty__key="K11.4").due == date(2024, 12, 31)


def test_a_later_version_changes_words_and_keeps_what_was_done(stage):
    stage.assign("K10.2")
    stage.report("K10.2", BEGUN, 20)
    later = changed(
        (TITLE, "title: {zh: 超期和淘汰设备退出, en: Out}"),
        (
            "2 个化工园区全部到 D 级, en: both chemical parks at level D}, by: 2024-12-31}",
            "两个化工园区全部到 D 级}, by: 2025-06-30}",
        ),
    )
    with whole():
        found = adopting.differences(later)
        assert [one.key for one in found.changed] == ["K10.2"] and not found.added and not found.ended
        assert found.changed[0].lines == [("任务", "超期服役、淘汰落后设备退出", "超期和淘汰设备退出")]
        assert found.milestones_added == ("K11.4 两个化工园区全部到 D 级 2025-06-30",)
        assert found.milestones_ended == ("K11.4 2 个化工园区全部到 D 级 2024-12-31",)
        before = Duty.objects.get(key="K10.2").pk
    stage.adopt(later)
    with whole():
        duty = Duty.objects.get(key="K10.2")
        assert (duty.pk, duty.title_zh, duty.state, duty.percent) == (before, "超期和淘汰设备退出", "doing", 20)
        assert Report.objects.filter(share__duty=duty).count() == 1
        assert Milestone.objects.filter(duty__key="K11.4", ended_at__isnull=False).count() == 1
        assert [one.changes["changed"] for one in Adoption.objects.all()] == [0, 1]


def test_a_task_that_goes_is_ended_and_comes_back_with_its_progress(stage):
    stage.assign("M5.3")
    stage.report("M5.3", BEGUN, 40)
    text = (PLANS / "panzhihua-2024" / "plan.yaml").read_text(encoding="utf-8")
    block = text[text.index("      - id: M5.3") : text.index("  - id: M6\n")]
    stage.adopt(changed((block, "")))
    duty = stage.duty("M5.3")
    assert duty.ended_at and duty.percent == 40
    with pytest.raises(ValidationError, match="新版方案已没有这项任务"):
        stage.claim("M5.3", west=False, role="dept_officer")
    with whole():
        back = adopting.differences(plan_of())
    assert [one.key for one in back.added] == ["M5.3"]
    stage.adopt(plan_of())
    duty = stage.duty("M5.3")
    assert duty.ended_at is None and duty.percent == 40 and duty.state == "doing"


def test_a_date_that_moves_takes_its_note_along(stage):
    point = stage.milestone("K7.5")
    stage.assign("K7.5")
    with stage.acting("dept_officer", west=True) as actor:
        from jigai.platform.duties import progress

        progress.note_milestone(actor, point, date(2026, 7, 1), "已公布名单", at(stage.day))
    later = changed(("twenty green factories or more}, by: 2027}", "twenty green factories or more}, by: 2027-06-30}"))
    stage.adopt(later)
    moved = stage.milestone("K7.5")
    assert (moved.pk, moved.due, moved.reached_on) == (point.pk, date(2027, 6, 30), date(2026, 7, 1))


def test_the_same_version_is_not_adopted_twice(stage):
    with pytest.raises(ValidationError, match="已经采用"):
        stage.adopt()


def test_only_the_city_office_adopts(office):
    with office.acting("dept_officer") as actor, pytest.raises(PermissionDenied):
        adopting.adopt(actor, plan_of(), at(BEGUN))


def test_the_second_city_adopts_with_no_change_of_code(office):
    plan = plan_of("xiangfang-textiles")
    office.adopt(plan)
    with whole():
        assert {one.key for one in Duty.objects.all()} == {one.id for one in plan.all_tasks()}
        looms = Duty.objects.get(key="R1.2")
        assert looms.lead == ["gongxin"] and looms.parent.key == "R1"
        assert Duty.objects.get(key="S2").lead == ["warp", "weft", "shuttle", "loom_park"]
        days = Milestone.objects.filter(duty__key="R3").values_list("due", flat=True)
        assert list(days) == [date(year, 6, 30) for year in (2025, 2026, 2027, 2028)]
        assert bodies.open_bodies(plan.id).count() == 8, "none of its offices is here: all are asked"


def test_days_of_a_plan_that_ends_in_february():
    later = changed(("by: 2028-06, each_year: true", "by: 2028-02, each_year: true"), name="xiangfang-textiles")
    (one,) = (draft for draft in drafts(later) if draft.key == "R3")
    assert [day for _title, day in one.milestones] == [date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


@pytest.mark.django_db(transaction=True)
def test_the_command_shows_differences_then_adopts(capsys, db):
    folder = str(PLANS / "panzhihua-2024")
    call_command("adopt_plan", folder, "--dry-run")
    said = capsys.readouterr().out
    assert "新增 K1 " in said and "新增节点 K11.4" in said and "没有采用" in said
    with whole():
        assert not Duty.objects.exists()
    call_command("adopt_plan", folder)
    assert "已采用" in capsys.readouterr().out
    with pytest.raises(CommandError, match="已经采用"):
        call_command("adopt_plan", folder)
    with pytest.raises(CommandError):
        call_command("adopt_plan", folder + "-none")


def test_bodies_are_called_by_their_english_names_where_there_are_any(office):
    office.adopt(plan_of("xiangfang-textiles"))
    with whole():
        trade, finance = Body.objects.get(key="shangwu"), Body.objects.get(key="jinrong")
    assert (trade.called, trade.also, str(trade)) == ("缃纺市商务局", "市商务局", "市商务局")
    with translation.override("en"):
        assert (trade.called, trade.also) == ("Xiangfang bureau of commerce", "")
        assert finance.called == "缃纺市金融工作局", "the plan file has no other name"


def test_columns_that_changed_are_told_in_words(stage):
    later = changed(
        ("quotes: [5.加快建设智能工厂。]\n    lead: ask", "quotes: [5.加快建设智能工厂。]\n    lead: [jingxin]")
    )
    with whole():
        told = {one.key: one.lines for one in adopting.differences(later).changed}
    assert set(told) == {"K5", "K5.1", "K5.2", "K5.3", "K5.4"}, "the sub-tasks take their lead from the task"
    assert told["K5.1"] == [("方案写的牵头", "由市里定", "市经信局")]
    stage.adopt(later)
    share = stage.share("K5.1", "city_officer")
    assert (share.role, share.origin, share.state) == ("lead", "plan", "unclaimed")
    assert not stage.duty("K5.1").asked and stage.duty("K5.1").state == "unclaimed"


def test_milestones_from_before_their_dates_were_kept_count_as_they_stand(stage):
    from importlib import import_module

    from django.apps import apps

    begin = import_module("jigai.platform.duties.migrations.0002_terms_of_milestones")._begin
    later = changed(
        (
            "2 个化工园区全部到 D 级, en: both chemical parks at level D}, by: 2024-12-31}",
            "全部到 D 级}, by: 2026-06-30}",
        )
    )
    stage.day += timedelta(days=9)
    stage.adopt(later)
    with whole():
        now = {one.key: one.due for one in overdue(stage.day)}
        MilestoneTerm.objects.all().delete()
        assert not [one for one in overdue(stage.day) if one.rule == "milestone"]
        begin(apps, None)
        assert {one.key: one.due for one in overdue(stage.day)} == now
        assert {one.key: one.due for one in overdue(BEGUN)} == {key: due for key, due in now.items() if due < BEGUN}
        assert MilestoneTerm.objects.filter(ended=True).count() == Milestone.objects.exclude(ended_at=None).count() == 1
