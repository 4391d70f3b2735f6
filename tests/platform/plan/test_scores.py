"""Points by the plan's weights from kept sums: each can be checked by hand, missing is never full, kept stays kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platform.people import EAST, WEST
from tests.platform.plan.conftest import noon
from tests.platform.plan.scoring import keep_sums, put_in_force, sample

from jigai.plan.frozen import FrozenError, digest, freeze, thaw
from jigai.plan.period import Period
from jigai.platform.audit.models import Event
from jigai.platform.plan.models import IndicatorValue, PilotStep
from jigai.platform.plan.scores import cells, comparing, services, shown

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = date(2026, 6, 1)
PERIOD = Period(2025)


def drawn(actor, weights=None):
    return services.drawn(actor, PERIOD, DAY, DAY, weights)[0]


def with_weights(weights):
    return lambda actor: drawn(actor, weights)


def plan_in_force():
    return services.in_force().plan


def points(sheet, unit):
    """State and points of every item of a unit."""
    rows = sheet.card.rows.filter(unit=unit).select("item", "state", "points").iter_rows()
    return {item: (state, points) for item, state, points in rows}


@pytest.fixture
def figures(whole):
    sample()
    return whole


def test_every_point_can_be_checked_by_hand(doing, figures):
    sheet = doing(drawn)
    east = points(sheet, EAST)
    # 12 of 16 亿元 with 6 of 10 enterprises: three quarters over three fifths is more than full.
    assert east["O1"] == ("counted", Decimal("10.00"))
    assert east["O2"] == ("counted", Decimal("10.00"))  # grew by 25 % of 25 %
    assert east["O3"] == ("counted", Decimal("10.00"))  # no line below the baseline is left
    assert east["O4"] == ("counted", Decimal("5.00"))  # 15 % of 30 %
    assert east["O6"] == ("counted", Decimal("5.00"))  # 50 % of the way from 0 to 100 %
    assert east["O7"] == ("counted", Decimal("10.00"))
    assert east["O8"] == ("counted", Decimal("10.00"))  # 75 % of 75 %
    assert east["O10"] == ("missing", Decimal("0.00"))  # no project library
    assert east["O11"] == ("counted", Decimal("10.00"))  # all green factories of the city
    assert east["O12·1"] == ("counted", Decimal("5.00"))  # all closed
    assert east["O12·2"] == ("missing", Decimal("0.00"))  # 40 %, but nobody knows where it started
    assert sheet.card.totals.filter(unit=EAST)["points"].item() == Decimal("75.00")


def test_what_does_not_apply_or_is_too_little_reported_is_said(doing, figures):
    sheet = doing(drawn)
    west = points(sheet, WEST)
    assert west["O3"][0] == west["O4"][0] == "not_applicable"
    assert west["O6"][0] == "grey"
    assert west["O8"][0] == "grey"
    assert west["O11"] == ("counted", Decimal("0.00")), "no green factory is a nought, not an excuse"
    rows = sheet.card.rows.filter(unit=WEST)
    assert rows["weight"].sum() == Decimal(100), "what does not apply is spread over the rest"
    assert "没有应报对象" in rows.filter(item="O3")["reason_zh"].item()
    assert "灰" in rows.filter(item="O8")["reason_zh"].item()


def test_an_objective_of_two_targets_shares_its_weight(doing, figures):
    plan = plan_in_force()
    parts = cells.parts_of(plan, {"O12": Decimal("7.01")})
    twelve = [part.item for part in parts if part.objective.id == "O12"]
    assert [(one.objective, one.weight) for one in twelve] == [("O12·1", Decimal("3.51")), ("O12·2", Decimal("3.50"))]


def test_an_amount_of_the_city_is_nobodys_own_target(doing, figures):
    rows = doing(drawn).card.rows
    assert rows.filter(item="O1")["target"].null_count() == 6, "200 亿元 are asked of the city, not of a county"
    assert rows.filter(item="O4", unit=EAST)["target"].item() == 30
    assert rows.filter(item="O3", unit=EAST)["target"].item() == 0, "nothing is asked of everybody"


def test_units_without_figures_are_there_and_last(doing, figures):
    totals = doing(drawn).card.totals
    assert totals.height == 6
    assert totals["unit"][0] == EAST
    assert totals.filter(unit="510421")["points"].item() == 0


def test_why_the_city_has_no_figure_is_said(doing, figures):
    sheet = doing(drawn)
    gaps = {head.key: head.gap for head in shown.heads_of(sheet) if head.gap}
    assert gaps == {"O10": "项目库尚未建立"}
    IndicatorValue.objects.filter(indicator="nc_rate").delete()
    assert "还没有算" in {head.key: head.gap for head in shown.heads_of(doing(drawn))}["O8"]


def test_a_beginning_too_few_reported_is_none(doing, figures):
    IndicatorValue.objects.filter(indicator="digital_coverage", period="2023", key=EAST).update(reported=1)
    assert points(doing(drawn), EAST)["O6"] == ("missing", Decimal("0.00"))


def test_other_weights_are_tried_and_zero_leaves_out(doing, figures):
    tried = doing(with_weights({"O1": Decimal(0), "O4": Decimal(50)}))
    assert tried.tried
    assert points(tried, EAST)["O4"] == ("counted", Decimal("25.00"))
    assert "O1" not in points(tried, EAST)
    with pytest.raises(ValidationError, match="权重"):
        doing(with_weights({"O1": Decimal("-1")}))


def test_how_ranks_move_with_other_weights(doing, figures):
    plain, tried = doing(drawn), doing(with_weights({"O1": Decimal(0)}))
    assert {row.moved for row in shown.rows_of(tried, beside=plain)} == {0}
    IndicatorValue.objects.filter(indicator="design_tool_rate", key="510402").update(numerator=0)
    only = {one.objective: Decimal(0) for one in plan_in_force().scorecard.items} | {"O7": Decimal(10)}
    moved = {row.code: row.moved for row in shown.rows_of(doing(with_weights(only)), beside=doing(drawn))}
    assert moved[WEST] == 1
    assert moved[EAST] == -1


def test_the_second_city_scores_by_its_own_plan(doing, whole):
    put_in_force("xiangfang-textiles")
    sheet = doing(drawn)
    assert set(sheet.units) == {one.code for one in plan_in_force().units}
    assert sheet.card.totals["points"].sum() == 0


def test_without_a_plan_nothing_is_scored(doing, whole):
    with pytest.raises(services.NoPlanError, match="规划文件"):
        doing(drawn)


def test_earlier_days_use_what_is_kept_of_them(doing, figures):
    earlier = date(2026, 2, 1)
    keep_sums("nc_rate", {EAST: (Decimal("2.25"), 6, 6, 6)}, known_on=earlier)
    sheet = doing(lambda actor: services.drawn(actor, PERIOD, earlier, DAY)[0])
    assert points(sheet, EAST)["O8"] == ("counted", Decimal("5.00"))
    assert points(sheet, EAST)["O7"][0] == "missing"


def keep(actor, reason="年度评价"):
    return services.keep(actor, PERIOD, reason, timezone.now(), DAY)


def test_what_is_kept_is_never_computed_again(doing, figures):
    made = doing(keep)
    before = doing(lambda actor: services.opened(actor, made.pk))
    IndicatorValue.objects.all().delete()
    after = doing(lambda actor: services.opened(actor, made.pk))
    assert before.card.rows.equals(after.card.rows)
    assert points(after, EAST)["O4"] == ("counted", Decimal("5.00"))
    assert after.units[EAST] == "东区"
    event = Event.objects.get(action="plan.scored")
    assert event.reason == "年度评价"
    assert event.after["hash"] == made.content_hash == digest(made.content.encode())


def test_the_same_is_not_kept_twice(doing, figures):
    doing(keep)
    with pytest.raises(ValidationError, match="完全相同"):
        doing(keep)
    IndicatorValue.objects.filter(indicator="nc_rate", key=EAST).update(numerator=3)
    assert doing(keep).pk


def test_nothing_is_kept_of_a_year_without_figures(doing, whole):
    put_in_force()
    with pytest.raises(ValidationError, match="还没有算"):
        doing(keep)


@pytest.mark.parametrize("role", ["county_officer", "city_head", "dept_officer", "auditor", "enterprise_head"])
def test_only_the_city_officer_keeps(doing, figures, role):
    with pytest.raises(PermissionDenied):
        doing(keep, role)


def test_counties_see_the_points_of_all(doing, figures):
    sheet = doing(drawn, "county_officer", west=True)
    assert points(sheet, EAST) == points(doing(drawn), EAST)
    with pytest.raises(PermissionDenied):
        doing(drawn, "enterprise_head")


def test_a_kept_one_that_was_changed_is_not_shown(doing, figures):
    made = doing(keep)
    made.pk, made.content = None, made.content.replace("5.00", "9.00")
    made.save(force_insert=True)  # to change one is refused by the server itself
    with pytest.raises(FrozenError):
        doing(lambda actor: services.opened(actor, made.pk))


def test_two_kept_ones_are_compared(doing, figures):
    first = doing(keep)
    IndicatorValue.objects.filter(indicator="nc_rate", key=EAST).update(numerator=3)
    second = doing(keep)
    sheets = [doing(lambda actor, pk=pk: services.opened(actor, pk)) for pk in (first.pk, second.pk)]
    changed = comparing.items(*sheets)
    assert [(one.unit, one.item, one.first, one.second) for one in changed] == [("东区", "O8", "10", "6.67")]
    assert {one.name: one.change for one in comparing.totals(*sheets)}["东区"] == "-3.33"
    assert comparing.items(sheets[0], sheets[0]) == []


def test_a_unit_only_one_of_them_has_stays_in_the_comparison(doing, figures):
    one = doing(drawn)
    put_in_force("xiangfang-textiles")
    other = doing(drawn)
    told = comparing.totals(one, other)
    assert len(told) == len({*one.units, *other.units})
    assert {row.change for row in told if not row.first or not row.second} == {""}


def test_recommended_on_the_strength_of_a_kept_one(doing, figures):
    made = doing(keep)
    doing(lambda actor: services.recommend(actor, made.pk, EAST, "做法成熟", noon(DAY)))
    assert [step.note for step in doing(services.pilots).values()] == ["做法成熟"]
    with pytest.raises(ValidationError, match="已按这份存档推荐过"):
        doing(lambda actor: services.recommend(actor, made.pk, EAST, "再来", noon(DAY)))
    with pytest.raises(ValidationError, match="没有这个单位"):
        doing(lambda actor: services.recommend(actor, made.pk, "999999", "无", noon(DAY)))
    with pytest.raises(PermissionDenied):
        doing(lambda actor: services.recommend(actor, made.pk, WEST, "无", noon(DAY)), "county_officer")
    doing(lambda actor: services.take_back(actor, EAST, "另有安排", noon(DAY)))
    assert doing(services.pilots) == {}
    assert PilotStep.objects.count() == 2, "the record stays"
    with pytest.raises(Http404):
        doing(lambda actor: services.take_back(actor, EAST, "又撤", noon(DAY)))


COUNTS = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 9), st.integers(0, 9)).map(
    lambda one: (one[0], one[1], max(one[2:]), min(one[2:]))
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([EAST, WEST, "510411"]), COUNTS), st.integers(1, 9))
def test_whatever_the_sums_points_add_up_and_survive_being_kept(doing, whole, sums, factor):
    IndicatorValue.objects.all().delete()
    put_in_force()
    for name in ("nc_rate", "design_tool_rate", "digital_coverage", "capacity_at_benchmark", "green_factories"):
        keep_sums(name, sums)
    sheet = doing(drawn)
    rows, totals = sheet.card.rows, sheet.card.totals
    assert rows.filter(rows["points"] > rows["max"]).is_empty()
    assert rows["points"].sum() == totals["points"].sum()
    assert rows.filter(rows["state"].is_in(["missing", "not_applicable"]))["points"].sum() == 0
    frozen = freeze(sheet.card, sheet.about)
    card, about = thaw(frozen, digest(frozen))
    assert card.rows.sort("unit", "item").equals(rows.sort("unit", "item"))
    assert about == dict(sheet.about)
    weights = {one.objective: one.weight * factor for one in plan_in_force().scorecard.items}
    more = doing(with_weights(weights)).card.totals
    shares = {unit: share / factor for unit, share in more.select("unit", "points").iter_rows()}
    for unit, share in totals.select("unit", "points").iter_rows():
        assert abs(shares[unit] - share) < Decimal("0.15")
