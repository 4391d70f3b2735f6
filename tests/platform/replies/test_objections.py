"""An enterprise contests a finding, officers answer in writing, silence goes to the city, the verdict has versions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from tests.platform.replies.conftest import LISTED, TODAY, picture, work

from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership
from jigai.platform.audit.actions import actions
from jigai.platform.audit.models import Event
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.notices.models import Notice
from jigai.platform.registers.workdays import Calendar, due
from jigai.platform.replies import deciding, following, objections, photos
from jigai.platform.replies.data import FLOW, OPEN
from jigai.platform.replies.models import Objection, Told
from jigai.platform.replies.todos import todos
from jigai.platform.replies.versions import versions
from jigai.platform.screening import obsolete
from jigai.platform.walls.scope import use_scope

pytestmark = pytest.mark.django_db
RIGHT = {"model": "YE3-90S-4", "made_year": 2021}
NO_HOLIDAYS = Calendar(frozenset(), frozenset())


@pytest.fixture
def proof(listed, doing):
    return doing(lambda actor: photos.add(actor, listed.pk, picture())).pk


@pytest.fixture
def file(listed, against, proof, doing):
    """File an objection as the enterprise: file(**changes)."""

    def _file(role="enterprise_equipment", *, west=False, today=TODAY, **changes):
        asked = {"reason": "model", "said": "铭牌为 YE3-90S-4", "corrected": RIGHT, "proofs": [proof], **changes}
        return doing(lambda actor: objections.file(actor, against, today=today, **asked), role, west=west)

    return _file


def officer(doing, act, **more):
    return doing(act, "county_officer", **more)


# ── filing ──


def test_what_was_found_is_frozen_with_the_objection(file, against, doing):
    made = file()
    assert (made.state, made.level, made.late) == ("open", "county", False)
    assert (made.check_name, made.rule_id, made.run_id) == ("elimination", "B1-1-1", against.run_id)
    assert made.finding["reason_zh"] == against.reason_zh
    assert made.verdict_before == "must_replace"
    assert made.corrected == RIGHT
    assert made.answer_due == due(TODAY, 10, "workday").day
    assert doing(lambda actor: objections.open_of([made.device_id])) == {made.device_id}
    assert doing(lambda actor: Device.objects.get(pk=made.device_id).held)


def test_values_the_ledger_has_already_are_left_out(file):
    made = file(corrected={**RIGHT, "power_kw": LISTED["power_kw"]})
    assert made.corrected == RIGHT


REFUSED = (
    ({"said": "  "}, "words", "写明情况"),
    ({"reason": "nothing"}, "reason", "选择理由"),
    ({"corrected": {}}, "reason", "正确的数值"),
    ({"corrected": {"model": LISTED["model"]}}, "reason", "正确的数值"),
    ({"proofs": []}, "photos", "附照片"),
    ({"proofs": [999_999]}, "photos", "附照片"),
    ({"corrected": {"colour": "红"}}, "words", "没有这些参数"),
)


def test_what_would_leave_the_officer_guessing_is_refused(file, doing):
    for changes, field, said in REFUSED:
        with pytest.raises(ValidationError) as refused:
            file(**changes)
        assert said in refused.value.message_dict[field][0]
    assert doing(lambda actor: Objection.objects.count()) == 0


def test_the_list_of_devices_shows_what_is_being_answered(file, city):
    client = city.client("county_officer")
    assert "引风机电机" not in client.get("/devices/", {"problem": "replying"}).content.decode()
    file()
    assert "引风机电机" in client.get("/devices/", {"problem": "replying"}).content.decode()
    assert OPEN == ("open", "late", "asked")  # the list and the constraint name them


def test_only_the_enterprise_itself_objects(file):
    with pytest.raises(PermissionDenied):
        file("county_officer")
    with pytest.raises(PermissionDenied):
        file("enterprise_finance")


def test_nobody_objects_for_another_enterprise(listed, doing):
    with pytest.raises(Http404):
        doing(lambda actor: objections.finding_of(actor, listed.pk, "elimination", "B1-1-1"), west=True)


def test_what_is_not_against_the_enterprise_cannot_be_contested(listed, doing):
    with pytest.raises(Http404):
        doing(lambda actor: objections.finding_of(actor, listed.pk, "service_life", ""))


def test_one_objection_to_a_finding_at_a_time(file):
    file()
    with pytest.raises(ValidationError, match="已有一件异议"):
        file()


def test_a_late_objection_is_taken_and_says_so(file, doing):
    last = doing(lambda actor: Told.objects.filter(check_name="elimination").first()).due
    assert file(today=last).late is False
    doing(lambda actor: Objection.objects.all().update(state="withdrawn"))
    late = file(today=last + timedelta(days=1))
    assert (late.late, late.state) == (True, "late")
    assert late.state in OPEN  # counts as open all the same


# ── answering ──


@pytest.mark.sqlite
def test_upheld_the_device_is_put_right_and_the_site_judged_again(file, listed, doing):
    made = file()
    officer(doing, lambda actor: deciding.uphold(actor, made.pk, "铭牌属实，予以更正。", RIGHT, TODAY))
    now = doing(lambda actor: DeviceState.objects.get(device=listed, superseded_at__isnull=True))
    assert (now.how, now.values["model"], now.reason) == ("reply", "YE3-90S-4", "铭牌属实，予以更正。")
    assert doing(lambda actor: DeviceState.objects.filter(device=listed).count()) == 2
    work()
    following.settle()
    done = doing(lambda actor: objections.get(actor, made.pk))
    assert (done.state, done.verdict_before) == ("upheld", "must_replace")
    assert done.verdict_after == doing(lambda actor: Device.objects.get(pk=listed.pk).verdict) != "must_replace"
    assert done.finding["rule_id"] == "B1-1-1"  # frozen, though the finding is gone
    told = doing(lambda actor: versions(Device.objects.get(pk=listed.pk)))
    assert [one.verdict for one in told] == [done.verdict_after, "must_replace"]
    assert told[0].objection == done
    titles = {one.title for one in notices("enterprise_equipment", doing)}
    assert any("答复后重新筛查：必须淘汰 →" in title for title in titles)


def notices(role, doing):
    return doing(lambda actor: list(Notice.objects.filter(user=actor.user, kind="reply").order_by("pk")), role)


def test_the_officer_may_accept_less_than_was_asked(file, listed, doing):
    made = file()
    officer(doing, lambda actor: deciding.uphold(actor, made.pk, "只认年份", {"made_year": 2021}, TODAY))
    now = doing(lambda actor: DeviceState.objects.get(device=listed, superseded_at__isnull=True))
    assert (now.values["model"], now.values["made_year"]) == (LISTED["model"], 2021)
    with pytest.raises(ValidationError, match="现在是"):
        officer(doing, lambda actor: deciding.uphold(actor, made.pk, "再来", RIGHT, TODAY))


def test_nothing_is_upheld_that_changes_nothing(file, doing):
    made = file()
    with pytest.raises(ValidationError, match="至少有一项数值"):
        officer(doing, lambda actor: deciding.uphold(actor, made.pk, "成立", {}, TODAY))


def test_a_device_that_is_gone_leaves_the_next_run(file, listed, doing):
    made = file(reason="gone", said="2025 年已拆除，见处置凭证", corrected={})
    officer(doing, lambda actor: deciding.uphold(actor, made.pk, "凭证属实", {}, TODAY))
    work()
    following.settle()
    assert doing(lambda actor: objections.get(actor, made.pk)).verdict_after == following.GONE
    assert doing(lambda actor: Device.objects.get(pk=listed.pk)).gone_at is not None
    stood = doing(lambda actor: obsolete.of_devices([listed.pk]))[listed.pk]
    assert (stood.withdrawn, stood.closed, stood.open) == (1, 0, 0)  # dismantled or never there: nobody knows which


def test_an_objection_to_the_list_itself_changes_no_value(file, listed, doing):
    made = file(reason="rule", said="本机为进口设备，不在目录范围", corrected={}, proofs=[])
    done = officer(doing, lambda actor: deciding.uphold(actor, made.pk, "转标准管理核对", {}, TODAY))
    assert (done.state, done.run_after_id) == ("upheld", None)
    assert doing(lambda actor: DeviceState.objects.filter(device=listed).count()) == 1


def test_rejected_with_reasons_the_finding_stands(file, listed, doing):
    made = file()
    with pytest.raises(ValidationError, match="写明理由"):
        officer(doing, lambda actor: objections.take(actor, made.pk, "reject", " "))
    done = officer(doing, lambda actor: objections.take(actor, made.pk, "reject", "照片为另一台设备的铭牌。"))
    assert (done.state, done.decided_by) == ("rejected", "county_officer_510402")
    assert doing(lambda actor: Device.objects.get(pk=listed.pk).verdict) == "must_replace"
    assert doing(lambda actor: objections.open_of([listed.pk])) == set()
    assert any("异议不成立" in one.title and "另一台" in one.text for one in notices("enterprise_equipment", doing))


def test_more_is_asked_and_given_while_the_time_to_answer_runs_on(file, listed, doing):
    made = file()
    asked = officer(doing, lambda actor: objections.take(actor, made.pk, "ask", "请补铭牌全景照片"))
    assert (asked.state, asked.answer_due) == ("asked", made.answer_due)
    assert "补充" in next(iter(doing(lambda actor: list(todos(actor))))).title
    extra = doing(lambda actor: photos.add(actor, listed.pk, picture(colour="green"))).pk
    given = doing(lambda actor: objections.take(actor, made.pk, "supply", "已补", proofs=[extra]))
    assert (given.state, given.answer_due) == ("open", made.answer_due)
    assert extra in given.photos


def test_a_late_one_is_admitted_or_refused_in_writing(file, doing):
    last = doing(lambda actor: Told.objects.filter(check_name="elimination").first()).due
    made = file(today=last + timedelta(days=1))
    with pytest.raises(ValidationError):
        officer(doing, lambda actor: deciding.uphold(actor, made.pk, "成立", RIGHT, TODAY))
    assert officer(doing, lambda actor: objections.take(actor, made.pk, "admit", "停产检修，情有可原")).state == "open"
    officer(doing, lambda actor: objections.take(actor, made.pk, "reject", "不符"))
    again = file(today=last + timedelta(days=9))
    assert officer(doing, lambda actor: objections.take(actor, again.pk, "refuse", "无正当理由")).state == "refused"


def test_the_enterprise_takes_its_objection_back(file, doing):
    made = file()
    assert doing(lambda actor: objections.take(actor, made.pk, "withdraw", "核实后台账无误")).state == "withdrawn"
    with pytest.raises(ValidationError, match="现在是"):
        officer(doing, lambda actor: objections.take(actor, made.pk, "reject", "不符"))


def test_nobody_answers_their_own_objection(file, city, doing):
    made = file()
    person = city.people["enterprise_equipment"]
    bureau = Membership.objects.get(user=city.people["county_officer"]).organisation
    second = Membership.objects.create(user=person, organisation=bureau, role_key="county_officer")
    actor = actor_for(second)
    with transaction.atomic(), use_scope(actor.scope):
        assert objections.open_steps(actor, made) == []
        with pytest.raises(ValidationError, match="不能自己答复"):
            objections.take(actor, made.pk, "reject", "不符")


def test_officers_of_another_county_see_nothing_of_it(file, doing):
    made = file()
    with pytest.raises(Http404):
        officer(doing, lambda actor: objections.take(actor, made.pk, "reject", "不符"), west=True)


def test_of_two_officers_at_once_the_second_is_told(file, doing):
    made = file()
    officer(doing, lambda actor: objections.take(actor, made.pk, "ask", "补", version=made.version))
    with pytest.raises(ValidationError, match="刷新"):
        officer(doing, lambda actor: objections.take(actor, made.pk, "reject", "不符", version=made.version))


# ── silence ──


@pytest.mark.sqlite
def test_silence_goes_to_the_city_and_is_no_rejection(file, listed, doing):
    made = file()
    city_says = pytest.raises(ValidationError, match="由管理主体答复")
    with city_says:
        doing(lambda actor: objections.take(actor, made.pk, "reject", "不符"), "city_officer")
    assert following.escalate(made.answer_due, NO_HOLIDAYS) == 0
    late = made.answer_due + timedelta(days=1)
    assert following.escalate(late, NO_HOLIDAYS) == 1
    assert following.escalate(late, NO_HOLIDAYS) == 0
    now = doing(lambda actor: objections.get(actor, made.pk))
    assert (now.state, now.level) == ("open", "city")
    assert now.answer_due == due(late, 5, "workday", known=NO_HOLIDAYS).day
    assert doing(lambda actor: objections.open_of([listed.pk])) == {listed.pk}
    assert any("转市级" in one.title for one in notices("city_officer", doing))
    assert [one.url for one in doing(lambda actor: list(todos(actor)), "city_officer")]
    done = doing(lambda actor: objections.take(actor, made.pk, "reject", "市级复核：不符"), "city_officer")
    assert done.state == "rejected"
    recorded = doing(lambda actor: list(Event.objects.filter(action="objection.escalate")), "audit_admin")
    assert len(recorded) == 1


def test_the_work_waits_where_it_belongs(file, doing):
    made = file()
    mine = officer(doing, lambda actor: [one for one in todos(actor) if "答复对" in one.title])
    assert [(one.due, one.subject) for one in mine] == [(made.answer_due, "东风轧钢有限公司")]
    assert not any("答复对" in one.title for one in doing(lambda actor: list(todos(actor)), "city_officer"))
    assert not any("答复对" in one.title for one in officer(doing, lambda actor: list(todos(actor)), west=True))


def test_a_finding_in_its_window_waits_for_the_enterprise(listed, doing):
    waiting = [one for one in doing(lambda actor: list(todos(actor))) if "不利判定" in one.title]
    assert len(waiting) == 1
    assert waiting[0].due is not None


# ── the tables ──


def test_the_tables_of_the_workflow_hold_together():
    assert {f"objection.{key}" for key in FLOW.steps} <= set(actions())
    by_officers = [one for one in FLOW.steps.values() if one.capability == objections.DECIDE]
    for key in OPEN:  # nothing waits for ever: every open state has a step of the authorities out of it
        assert any(key in one.sources for one in by_officers) or key == "asked"


def test_every_step_is_on_record_in_order(file, doing):
    made = file()
    officer(doing, lambda actor: objections.take(actor, made.pk, "ask", "补"))
    doing(lambda actor: objections.take(actor, made.pk, "supply", "已补"))
    officer(doing, lambda actor: objections.take(actor, made.pk, "reject", "不符"))
    taken = doing(lambda actor: list(made.steps.values_list("step", "recorded_by")))
    assert taken == [
        ("file", "enterprise_equipment_510402"),
        ("ask", "county_officer_510402"),
        ("supply", "enterprise_equipment_510402"),
        ("reject", "county_officer_510402"),
    ]
