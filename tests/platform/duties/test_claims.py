"""Who takes a task on, and how: named by the plan, offered and confirmed, or assigned; completed and confirmed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.platform.duties.conftest import BEGUN, at, whole

from jigai.platform.audit.models import Event
from jigai.platform.duties import claims, standing
from jigai.platform.duties.models import Share, ShareStep
from jigai.platform.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_whom_the_plan_names_takes_it_on_at_once(stage):
    (made,) = stage.claim("M6.1")
    assert (made.state, made.origin, made.since) == ("claimed", "plan", BEGUN)
    assert stage.duty("M6.1").state == "claimed"


def test_another_offers_itself_and_the_city_confirms(stage):
    (made,) = stage.claim("K1.1")
    assert (made.state, made.since) == ("proposed", None)
    assert stage.duty("K1.1").state == "proposed"
    with pytest.raises(ValidationError, match="不能"):
        stage.report("K1.1", BEGUN, 5)
    stage.step("K1.1", "confirm_claim", "city_officer", west=False)
    assert stage.share("K1.1", "dept_officer", west=True).since == BEGUN
    with whole():
        assert Notice.objects.filter(title__startswith="同意认领").count() >= 1


def test_an_offer_that_is_refused_can_be_made_again(stage):
    stage.claim("K1.1")
    with pytest.raises(ValidationError, match="原因"):
        stage.step("K1.1", "refuse_claim", "city_officer", west=False)
    stage.step("K1.1", "refuse_claim", "city_officer", west=False, comment="由市经信局牵头更合适")
    assert stage.duty("K1.1").state == "unclaimed"
    (again,) = stage.claim("K1.1", how="support")
    assert (again.state, again.role) == ("proposed", "support")


def test_what_somebody_leads_is_not_led_by_another(stage):
    stage.assign("K1.1")
    with pytest.raises(ValidationError, match="已有单位牵头"):
        stage.claim("K1.1", west=False)
    (made,) = stage.claim("K1.1", west=False, how="support")
    assert made.state == "proposed"


def test_a_key_task_is_taken_on_with_all_that_is_free_below_it(stage):
    stage.assign("K7.1", west=False)
    made = stage.claim("K7")
    assert {one.duty.key for one in made} == {"K7.2", "K7.3", "K7.4", "K7.5"}
    assert stage.duty("K7").state == "claimed", "one is taken on, the others wait for the city"


def test_the_city_assigns_and_tells(stage):
    share = stage.assign("K7.3", "county_officer", west=False)
    assert (share.state, share.origin) == ("claimed", "assigned")
    with whole():
        told = Notice.objects.filter(title__startswith="请承担任务").values_list("user__username", flat=True)
        assert "county_officer_510402" in set(told)
        assert Event.objects.filter(action="duty.assign").count() == 1
    with pytest.raises(ValidationError, match="不能"):
        stage.assign("K7.3", "county_officer", west=False)
    with pytest.raises(ValidationError, match="逐项指定"):
        stage.assign("K7")


def test_nothing_is_given_to_an_enterprise(stage):
    with pytest.raises(ValidationError, match="只能指定给"):
        stage.assign("K7.3", "enterprise_head")
    with stage.acting("enterprise_head") as actor, pytest.raises(PermissionDenied):
        claims.claim(actor, stage.duty("K7.3"), "lead", at(BEGUN))


def test_from_report_to_confirmed_completion(stage):
    stage.assign("K7.3")
    stage.report("K7.3", BEGUN, 100)
    with pytest.raises(ValidationError, match="原因或意见"):
        stage.step("K7.3", "finish")
    stage.step("K7.3", "finish", comment="全部完成")
    assert stage.duty("K7.3").state == "finishing"
    stage.step("K7.3", "return", "city_officer", west=False, comment="补验收材料")
    assert stage.duty("K7.3").state == "returned"
    assert stage.duty("K7").state == "returned"
    stage.report("K7.3", BEGUN, 100, reason="补材料")
    assert stage.share("K7.3", "dept_officer", west=True).state == "doing"
    stage.step("K7.3", "finish", comment="材料已补")
    stage.step("K7.3", "confirm", "city_officer", west=False)
    assert stage.duty("K7.3").state == "done"
    with whole():
        kinds = list(ShareStep.objects.values_list("kind", flat=True))
    assert kinds == ["assign", "begin", "finish", "return", "begin", "finish", "confirm"]


def test_nobody_confirms_what_they_reported_themselves(stage):
    stage.assign("K7.3", "city_officer", west=False)
    stage.report("K7.3", BEGUN, 100, "city_officer", west=False)
    mine = {"of": "city_officer", "whose_west": False}
    stage.step("K7.3", "finish", "city_officer", west=False, comment="完成", **mine)
    with pytest.raises(ValidationError, match="另一位"):
        stage.step("K7.3", "confirm", "city_officer", west=False, **mine)
    stage.step("K7.3", "confirm", "city_officer", west=True, **mine)


def test_only_ones_own_share(stage):
    stage.assign("K7.3")
    with pytest.raises(PermissionDenied):
        stage.step("K7.3", "finish", "dept_officer", west=False, comment="别人的")
    share = stage.share("K7.3", "dept_officer", west=True)
    with stage.acting("dept_officer") as actor:
        assert claims.open_steps(actor, share) == []
        with pytest.raises(PermissionDenied):
            claims.set_person(actor, share, share.version, "某", "")
    with stage.acting("dept_officer", west=True) as actor:
        assert [one.key for one in claims.open_steps(actor, share)] == ["finish"]
        done = claims.set_person(actor, share, share.version, " 秦敏 ", "0812-1")
        assert (done.person, done.phone) == ("秦敏", "0812-1")
        with pytest.raises(ValidationError, match="刚被别人办理过"):
            claims.set_person(actor, share, share.version, "又", "")


def test_a_page_drawn_before_somebody_else_acted_is_refused(stage):
    stage.assign("K7.3")
    share = stage.share("K7.3", "dept_officer", west=True)
    with stage.acting("city_officer") as actor:
        claims.take_step(actor, share, share.version, "release", at(BEGUN), "机构调整")
        with pytest.raises(ValidationError, match="刚被别人办理过"):
            claims.take_step(actor, share, share.version, "release", at(BEGUN), "机构调整")
    assert stage.duty("K7.3").state == "unclaimed"
    assert stage.assign("K7.3").state == "claimed", "who was released can be asked again"


STATES = [
    ([], "unclaimed"),
    (["unclaimed", "unclaimed"], "unclaimed"),
    (["refused", "released"], "unclaimed"),
    (["proposed"], "proposed"),
    (["proposed", "unclaimed"], "proposed"),
    (["claimed", "unclaimed"], "claimed"),
    (["claimed", "doing"], "doing"),
    (["done", "unclaimed"], "doing"),
    (["done", "finishing"], "finishing"),
    (["done", "returned", "doing"], "returned"),
    (["done", "done", "released"], "done"),
]


@pytest.mark.parametrize(("shares", "state"), STATES)
def test_the_state_of_a_task_follows_from_its_shares(shares, state):
    assert standing.state_from(shares) == state


def test_the_mean_counts_only_what_was_said():
    assert standing.mean([10, None, 21]) == 15
    assert standing.mean([None]) is None


def test_plan_named_lead_is_not_replaced_by_assigning_support(stage):
    stage.claim("M6.1")
    share = stage.share("M6.1", "dept_officer", west=True)
    assert share.role == Share.Role.LEAD
    with pytest.raises(ValidationError, match="没有可以认领的"):
        stage.claim("M6.1", how="support")
