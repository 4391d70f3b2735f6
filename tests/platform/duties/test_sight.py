"""What every role sees of every page, at nothing and at much, in both languages; and what the audit trail keeps."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook
from tests.platform.duties.conftest import BEGUN, at, whole
from tests.platform.duties.story import PLAIN, Story

from jigai.platform.accounts.models import Organisation
from jigai.platform.accounts.roles import roles
from jigai.platform.audit.models import Event
from jigai.platform.audit.services import history
from jigai.platform.duties import bodies, workbook
from jigai.platform.duties.models import Body, Duty, Share
from jigai.platform.duties.overdue import overdue
from jigai.platform.duties.services import get_duty, get_milestone, get_share, of_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LISTS = ("list", "timeline", "overdue", "overview", "organisations")
TREASURY = {"does": "report", "task": "K8.1", "who": "市财政局"}


@pytest.fixture
def busy(stage):
    """Much has been done with a task of the treasury and one of a county, up to today."""
    today = timezone.localdate()
    stage.day = today - timedelta(days=62)
    stage.assign("K8.1")
    stage.assign("K7.5")
    stage.claim("M1.5", "county_officer", west=False)
    story = Story(stage, {"K8.1", "M1.5"})
    story.do(
        {**TREASURY, "month": f"{stage.day:%Y-%m}", "percent": 20, "files": ["名单.pdf = pdf"], "figures": "企业：3 家"}
    )
    story.do({**TREASURY, "month": f"{stage.day:%Y-%m}", "percent": 25, "reason": "补一家"})
    story.do({"does": "report", "task": "M1.5", "who": "东区", "month": f"{stage.day:%Y-%m}", "percent": 5,
              "text": "东区细则已起草"})  # fmt: skip
    story.do({"does": "remark", "task": "K8.1", "who": "市领导", "text": "请加快", "to": "市财政局"})
    story.do({"does": "answer", "task": "K8.1", "who": "市财政局", "asked": "请加快", "text": "月底前"})
    story.do({"does": "note", "task": "K7.5", "who": "市财政局", "reached": stage.day})
    stage.day = today
    return stage


def get(stage, role, name, *args, west=False, **query):
    return stage.city.client(role, west=west).get(reverse(f"duties:{name}", args=args), query)


@pytest.mark.parametrize("role", sorted(roles()))
def test_who_may_see_the_task_ledger_sees_every_list_of_it_and_nobody_else_any(busy, role):
    wanted = 200 if "duty.view" in roles()[role].capabilities else 403
    assert (wanted == 200) == (
        role in {"city_officer", "city_head", "dept_officer", "county_officer", "county_head", "auditor"}
    )
    own = busy.city.actor("dept_officer", west=True).organisation.pk
    asked = [*((name, ()) for name in LISTS), ("organisation", (own,)), ("page", (busy.duty("K8.1").pk,))]
    assert {name: get(busy, role, name, *args).status_code for name, args in asked} == {
        name: wanted for name, _args in asked
    }


@pytest.mark.parametrize("role", ["auditor", "city_head", "county_head"])
def test_who_only_looks_finds_no_button_that_changes_anything(busy, role):
    said = get(busy, role, "page", busy.duty("K8.1").pk).content.decode()
    for word in ("报进展</a>", "报办结</a>", "认领任务</a>", "指定承担单位</a>", "解除承担</a>", "登记</a>"):
        assert word not in said, word
    assert ("写意见" in said) == (role != "auditor")
    assert "采用方案" not in get(busy, role, "list").content.decode()


def test_a_county_does_not_read_what_the_other_handed_in(busy):
    duty = busy.duty("M1.5").pk
    assert "东区细则已起草" in get(busy, "county_officer", "page", duty).content.decode()
    other = get(busy, "county_officer", "page", duty, west=True).content.decode()
    assert "东区细则已起草" not in other and "county_bureau 510402" in other, "who has it is for all to see"
    assert "东区细则已起草" in get(busy, "dept_officer", "page", duty, west=True).content.decode()
    treasury = busy.duty("K8.1").pk
    said = get(busy, "county_officer", "page", treasury).content.decode()
    assert "请加快" not in said and "名单.pdf" not in said and "召开推进会" not in said


@pytest.mark.parametrize("name", [*LISTS, "adopt", "bodies"])
def test_english_pages_have_no_chinese_but_names(busy, name):
    client = busy.city.client("city_officer")
    client.cookies["django_language"] = "en"
    said = client.get(reverse(f"duties:{name}")).content.decode()
    main = re.sub(r"<[^>]*>", " ", said.split("<main", 1)[1].split("</main", 1)[0])
    for word in ("任务", "逾期", "月报", "认领", "牵头单位", "进度", "节点", "单位", "采用", "还没有"):
        assert word not in re.sub(r"\S*(局|委员会|支行|分局|监管)\S*", " ", main), (
            word,
            main[max(main.find(word) - 40, 0) :][:90],
        )


def test_the_english_page_of_a_task(busy):
    client = busy.city.client("dept_officer", west=True)
    client.cookies["django_language"] = "en"
    said = client.get(reverse("duties:page", args=[busy.duty("K8.1").pk])).content.decode()
    for word in ("Spread green equipment by the standards", "under way", "Lead", "Report progress", "corrected"):
        assert word.lower() in said.lower(), word
    for word in ("报进展", "承担方式", "办理记录", "已更正", "更正原因"):
        assert word not in said, word


def test_at_nothing_every_list_says_so(office):
    for name in LISTS:
        for role in ("city_officer", "county_officer", "auditor"):
            answer = get(office, role, name)
            assert answer.status_code == 200, (name, role)
    assert "没有逾期" in get(office, "auditor", "overdue").content.decode()
    assert "还没有单位承担任务" in get(office, "auditor", "organisations").content.decode()
    own = office.city.actor("dept_officer").organisation.pk
    assert "还没有认领任务" in get(office, "dept_officer", "organisation", own).content.decode()


def test_many_reports_and_comments_are_all_told_with_as_few_questions(busy, django_assert_max_num_queries):
    duty = busy.duty("K8.1")
    client = busy.city.client("auditor")
    url = reverse("duties:page", args=[duty.pk])
    client.get(url)
    share = busy.share("K8.1", "dept_officer", west=True)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(url)
    story = Story(busy, {"K8.1"})
    for number in range(25):
        story.do({**TREASURY, "month": f"{share.since:%Y-%m}", "percent": 30 + number, "reason": "逐日补报"})
        story.do({"does": "remark", "task": "K8.1", "who": "市经办", "text": f"第 {number} 条"})
    with django_assert_max_num_queries(len(before)):
        said = client.get(url).content.decode()
    assert said.count("已更正") == 26 and "第 24 条" in said and "第 0 条" in said


def test_every_act_stands_in_the_audit_trail_with_before_after_and_why(busy):
    story = Story(busy, {"K8.1"})
    said = {"does": "step", "task": "K8.1", "of": "市财政局"}
    story.do({**said, "step": "finish", "comment": "已办完"})
    story.do({**said, "step": "return", "who": "市经办", "comment": "补验收单"})
    story.do({**said, "step": "release", "who": "市经办", "comment": "机构调整"})
    duty = busy.duty("K8.1")
    with busy.acting("auditor") as actor:
        found = [(one.action, one.reason) for one in history(actor, duty)]
        events = {one.action: one for one in Event.objects.filter(object_id=str(duty.pk), object_type="duties.duty")}
    assert [action for action, _reason in found][:3] == ["duty.release", "duty.return", "duty.finish"]
    assert {"duty.assign", "duty.begin", "duty.reported", "duty.remarked"} <= set(events)
    assert (events["duty.return"].before["state"], events["duty.return"].after["state"]) == ("finishing", "returned")
    assert events["duty.release"].reason == "机构调整"
    assert events["duty.reported"].after["percent"] in (20, 25)
    with whole():
        adopted = Event.objects.get(action="duty.adopted")
    assert adopted.after["added"] == Duty.objects.count() and adopted.after["plan"] == "panzhihua-2024"


def test_what_failed_leaves_no_trace(busy):
    with whole():
        before = Event.objects.count()
    story = Story(busy, {"K8.1"})
    story.do({**TREASURY, "month": "2001-01", "percent": 1, "fails": "只报这个月"})
    story.do({"does": "assign", "task": "K8.1", "to": "市财政局", "fails": "进行中"})
    story.do({"does": "claim", "task": "K8.1", "who": "审计", "forbidden": True})
    with whole():
        assert Event.objects.count() == before


def test_every_action_that_is_recorded_has_its_words():
    import csv
    from pathlib import Path

    folder = Path(bodies.__file__).parent
    told = {row["key"] for row in csv.DictReader((folder / "actions.csv").open(encoding="utf-8"))}
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    used = set(re.findall(r'"(duty\.[a-z_]+)"', source)) - {"duty.view", "duty.run", "duty.report", "duty.comment"}
    steps = {f"duty.{row['key']}" for row in csv.DictReader((folder / "steps.csv").open(encoding="utf-8"))}
    assert told == used | steps


def test_the_cells_of_the_workbook(stage):
    stage.assign("K8.1")
    stage.assign("K8.1", "county_officer", west=False, how="support")
    with stage.acting("dept_officer", west=True) as actor:
        from jigai.platform.duties import claims

        share = stage.share("K8.1", "dept_officer", west=True)
        claims.set_person(actor, share, share.version, "秦敏", "0812-1")
    day, target, again = date(2026, 10, 20), BytesIO(), BytesIO()
    with whole():
        late = [one for one in overdue(day, PLAIN) if one.duty.key in ("K8.1", "K11.4")]
        workbook.write(target, late, day)
        workbook.write(again, late, day)
    assert target.getvalue() == again.getvalue(), "equal lists give equal files"
    book = CalamineWorkbook.from_filelike(BytesIO(target.getvalue()))
    rows = book.get_sheet_by_name("逾期清单").to_python()
    assert "截至：2026-10-20" in rows[1][0] and "共 4 件" in rows[1][0]
    assert [rows[2][place] for place in (4, 5, 6, 7, 9, 10)] == [
        "单位",
        "承担方式",
        "责任人",
        "逾期事项",
        "期限",
        "逾期（天）",
    ]
    cells = {(row[1], row[4], row[7]): row for row in rows[3:]}
    nobody = cells["K11.4", "（还没有牵头单位）", "节点逾期"]
    assert nobody[8:12] == ["2 个化工园区全部到 D 级", "2024-12-31", 658, "未认领"] and nobody[5] == ""
    led = cells["K8.1", "市财政局", "月报未报"]
    assert led[2:4] == ["按标准推广节能环保绿色装备", "二、（三）8"] and led[5:7] == ["牵头", "秦敏"]
    assert led[8:11] == ["2026-07 月报；共缺 3 个月", "2026-08-07", 74]
    assert cells["K8.1", "county_bureau 510402", "月报未报"][5] == "配合"
    assert cells["K8.1", "市财政局", "停滞"][8] == "2026-07-06 以来没有新进展；进度 0%"
    assert [row[0] for row in rows[3:]] == [1, 2, 3, 4]
    notes = [row[0] for row in book.get_sheet_by_name("说明").to_python()]
    assert any(line.startswith("月报未报：") for line in notes) and len(notes) >= 5


def test_an_empty_list_is_a_workbook_too(stage):
    target = BytesIO()
    workbook.write(target, [], BEGUN)
    rows = CalamineWorkbook.from_filelike(BytesIO(target.getvalue())).get_sheet_by_name("逾期清单").to_python()
    assert "共 0 件" in rows[1][0] and rows[2][0] == "序号"


def test_a_body_bound_anew_gives_the_new_organisation_its_tasks_and_takes_none_away(stage):
    with whole():
        body = Body.objects.get(plan_id="panzhihua-2024", key="caizheng")
        treasury = body.organisation
        other = Organisation.objects.create(kind="department", name="市财政事务中心")
    with stage.acting("city_officer") as actor:
        assert bodies.settle(actor, "panzhihua-2024", {body.pk: other.pk}, at(BEGUN)) == 1
        assert bodies.settle(actor, "panzhihua-2024", {body.pk: None}, at(BEGUN)) == 1
        assert body.pk in {one.pk for one in bodies.open_bodies("panzhihua-2024")}
    with whole():
        held = set(Share.objects.filter(duty__key="M6.1").values_list("organisation__name", flat=True))
        assert {treasury.name, other.name} <= held
        events = list(Event.objects.filter(action="duty.body").order_by("number").values_list("before", "after"))
    assert [(before["organisation"], after["organisation"]) for before, after in events] == [
        (treasury.pk, other.pk), (other.pk, None)
    ]  # fmt: skip


def test_a_body_settled_by_hand_stays_so_with_the_next_version(stage):
    from tests.platform.duties.conftest import changed

    with whole():
        body = Body.objects.get(plan_id="panzhihua-2024", key="fagai")
        chosen = Organisation.objects.create(kind="department", name="市发改委（新）")
    with stage.acting("city_officer") as actor:
        bodies.settle(actor, "panzhihua-2024", {body.pk: chosen.pk}, at(BEGUN))
    stage.adopt(changed(("en: Twenty green factories or more}", "en: Twenty or more}")))
    with whole():
        assert Body.objects.get(pk=body.pk).organisation == chosen
        assert Share.objects.filter(duty__key="M6.1", organisation=chosen).count() == 1


@pytest.mark.parametrize("kind", ["bank", "legal_person", "supplier"])
def test_no_body_is_an_organisation_tasks_are_not_given_to(stage, kind):
    from django.core.exceptions import ValidationError

    with whole():
        body = Body.objects.get(plan_id="panzhihua-2024", key="fagai")
        wrong = Organisation.objects.create(kind=kind, name="不是部门")
    with stage.acting("city_officer") as actor, pytest.raises(ValidationError, match="不存在或已停用"):
        bodies.settle(actor, "panzhihua-2024", {body.pk: wrong.pk}, at(BEGUN))


def test_an_organisation_out_of_use_is_offered_no_more_and_keeps_what_it_has(busy):
    treasury = busy.city.actor("dept_officer", west=True).organisation
    with whole():
        Organisation.objects.filter(pk=treasury.pk).update(active=False)
        assert treasury not in bodies.offices()
        assert {one.duty.key for one in of_organisation(treasury.pk)} >= {"K8.1", "M6.1"}
    assert "市财政局" in get(busy, "auditor", "organisations").content.decode()
    form = get(busy, "city_officer", "assign", busy.duty("K8.2").pk).content.decode()
    assert f'<option value="{treasury.pk}"' not in form


def test_a_bureau_that_is_called_otherwise_is_so_everywhere(busy):
    treasury = busy.city.actor("dept_officer", west=True).organisation
    with whole():
        Organisation.objects.filter(pk=treasury.pk).update(name="市财政和金融局")
    for name in ("list", "organisations", "overdue"):
        said = get(busy, "auditor", name).content.decode()
        assert "市财政和金融局" in said and "市财政局" not in said, name


def test_finding_needs_the_right_to_see(busy):
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    duty, share, point = busy.duty("K7.5"), busy.share("K7.5", "dept_officer", west=True), busy.milestone("K7.5")
    with busy.acting("auditor") as actor:
        assert (get_duty(actor, duty.pk), get_share(actor, share.pk), get_milestone(actor, point.pk)) == (
            duty,
            share,
            point,
        )
        for find in (get_duty, get_share, get_milestone):
            with pytest.raises(Http404):
                find(actor, 0)
    with busy.acting("enterprise_head") as actor:
        for find, one in ((get_duty, duty), (get_share, share), (get_milestone, point)):
            with pytest.raises(PermissionDenied):
                find(actor, one.pk)


def test_differences_name_departments_and_not_their_keys(stage):
    from tests.platform.duties.conftest import changed

    from jigai.platform.duties import adopting

    later = changed(
        ("lead: [jingxin, fagai, caizheng, shichang, shuiwu, renhang, jinguan]", "lead: [caizheng, shuiwu]")
    )
    with whole(), translation.override("zh-hans"):
        lines = {one.key: one.lines for one in adopting.differences(later).changed}
    (name, before, after) = lines["M6.1"][0]
    assert name == "方案写的牵头" and "caizheng" not in before + after and "财政局" in after
    assert before.count("、") == 6 and after.count("、") == 1


def test_a_milestone_is_reached_late_or_to_come_on_the_page(stage):
    stage.day = timezone.localdate()
    story = Story(stage, {"M1.4"})
    story.do({"does": "note", "task": "M1.4", "who": "市经办", "reached": date(2024, 12, 1), "due": date(2024, 12, 31)})
    said = get(stage, "auditor", "page", stage.duty("M1.4").pk).content.decode()
    rows = re.findall(r'<td class="nowrap">(\d{4}-12-31)</td>.*?</tr>', said, re.DOTALL)
    assert rows == ["2024-12-31", "2025-12-31", "2026-12-31", "2027-12-31"]
    words = [re.search(r"(已达到|逾期|未到期)", one)[1] for one in said.split('<td class="nowrap">20')[1:5]]
    today = stage.day
    assert words[0] == "已达到"
    assert words[1:] == ["逾期" if date(year, 12, 31) < today else "未到期" for year in (2025, 2026, 2027)]


def test_on_a_phone_what_is_to_be_done_stands_with_the_task(busy):
    own = busy.city.actor("dept_officer", west=True).organisation.pk
    client = busy.city.client("dept_officer", west=True)
    said = client.get(reverse("duties:organisation", args=[own])).content.decode()
    assert '<span class="phone duty-do"><a class="btn btn-sm btn-primary"' in said
    other = get(busy, "dept_officer", "organisation", own).content.decode()
    assert "duty-do" not in other, "nobody else has anything to do there"
