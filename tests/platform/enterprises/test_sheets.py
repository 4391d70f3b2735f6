"""The yearly sheet from filling to confirmed: who may take which step, and what waits for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from tests.platform.enterprises.helpers import GOOD, acting, fill

from jigai.platform.enterprises import above_scale, reporting, sheets
from jigai.platform.enterprises.completeness import completeness, lacking, submission_faults
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.models import SheetStep
from jigai.platform.enterprises.todos import todos

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

YEAR = sheets.reporting_year(timezone.localdate())


def state(city):
    with acting(city, "city_officer"):
        return sheets.state_of(city.east_enterprise, YEAR).key


def take(city, role, key, comment=""):
    with acting(city, role) as actor:
        return sheets.take_step(actor, city.east_enterprise, YEAR, key, comment)


def filled(city, **changes):
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site, YEAR, **changes)


def test_what_is_missing_is_named_with_its_place(city):
    with acting(city, "enterprise_head") as actor:
        missing = lacking(city.east_enterprise, YEAR)
        assert len(missing) == len(GOOD)
        assert f"{city.east_site.name} · 电力消费量" in map(str, missing)
        with pytest.raises(ValidationError, match=f"还有 {len(GOOD)} 项没有填"):
            sheets.take_step(actor, city.east_enterprise, YEAR, "submit")


def test_an_imported_oddity_keeps_the_sheet_from_being_submitted(city):
    with acting(city, "county_officer") as actor:
        set_fact(actor, city.east_enterprise, YEAR - 1, "employees", "100")
        fill_later = GOOD | {}
        for name, value in fill_later.items():
            of_site = name not in ("employees",) and name in (
                "energy_total electricity coal coke natural_gas oil heat equipment_total equipment_networked "
                "key_processes key_processes_nc"
            )
            site = city.east_site if of_site else None
            set_fact(actor, city.east_enterprise, YEAR, name, value, site=site, explain_later=True)
        faults = submission_faults(city.east_enterprise, YEAR, timezone.localdate())
        assert len(faults) == 1
        assert "年末从业人员" in faults[0]
        set_fact(actor, city.east_enterprise, YEAR, "employees", "640", note="合并")
        assert submission_faults(city.east_enterprise, YEAR, timezone.localdate()) == []


def test_the_way_of_a_sheet(city):
    filled(city)
    assert state(city) == "open"
    take(city, "enterprise_head", "submit")
    assert state(city) == "submitted"
    with pytest.raises(ValidationError, match="请写明意见"):
        take(city, "county_officer", "return", " ")
    with pytest.raises(ValidationError, match="太长：最多 500 字，现为 501 字"):
        take(city, "county_officer", "return", "说" * 501)
    take(city, "county_officer", "return", "能耗口径不对")
    assert state(city) == "returned"
    take(city, "enterprise_head", "submit")
    take(city, "county_officer", "confirm")
    assert state(city) == "confirmed"
    with acting(city, "city_officer"):
        steps = [one.step for one in sheets.steps_of(city.east_enterprise, YEAR)]
    assert steps == ["confirm", "submit", "return", "submit"]


def test_each_step_is_for_its_role_and_state(city):
    filled(city)
    with pytest.raises(PermissionDenied):
        take(city, "enterprise_equipment", "submit")
    with pytest.raises(ValidationError, match="不能确认"):
        take(city, "county_officer", "confirm")
    take(city, "enterprise_head", "submit")
    with pytest.raises(PermissionDenied):
        take(city, "enterprise_head", "confirm")
    with pytest.raises(ValidationError, match="不能报送"):
        take(city, "enterprise_head", "submit")
    take(city, "enterprise_head", "withdraw", "漏了一项")
    assert state(city) == "open"


def test_the_state_of_a_past_day(city):
    filled(city)
    step = take(city, "enterprise_head", "submit")
    SheetStep.unscoped.filter(pk=step.pk).update(recorded_at=timezone.now() - timedelta(days=5))
    take(city, "county_officer", "confirm")
    today = timezone.localdate()
    with acting(city, "city_officer"):
        assert sheets.state_of(city.east_enterprise, YEAR, today - timedelta(days=6)).key == "open"
        assert sheets.state_of(city.east_enterprise, YEAR, today - timedelta(days=1)).key == "submitted"
        assert sheets.state_of(city.east_enterprise, YEAR, today).key == "confirmed"


def titles(city, role):
    with acting(city, role) as actor:
        return [(one.title, one.due) for one in todos(actor)]


def test_what_waits_for_whom(city):
    assert titles(city, "enterprise_equipment") == [(f"填写 {YEAR} 年年度数据", sheets.due("fill", YEAR))]
    assert titles(city, "county_officer") == []
    filled(city)
    assert titles(city, "enterprise_equipment") == []
    assert titles(city, "enterprise_head") == [(f"报送 {YEAR} 年年度数据", sheets.due("submit", YEAR))]
    take(city, "enterprise_head", "submit")
    assert titles(city, "enterprise_head") == []
    assert titles(city, "county_officer") == [(f"核对 {YEAR} 年年度数据", sheets.due("verify", YEAR))]
    with acting(city, "county_officer", west=True) as actor:
        assert list(todos(actor)) == []
    take(city, "county_officer", "return", "改")
    assert titles(city, "enterprise_head") == [(f"按退回意见修改 {YEAR} 年年度数据", sheets.due("return", YEAR))]
    assert titles(city, "bank") == []


def test_who_has_reported(city):
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.east_enterprise, YEAR, "")
    filled(city)
    take(city, "enterprise_head", "submit")
    with acting(city, "city_officer") as actor:
        found = reporting.overview(actor, YEAR)
        assert found.by_list
        assert (found.total.total, found.total.reported, found.total.confirmed) == (1, 1, 0)
        assert (found.rows[0].given, found.rows[0].required, found.rows[0].percent) == (20, 20, 100)
    with acting(city, "city_officer") as actor:
        assert not reporting.overview(actor, YEAR - 1).by_list
        assert reporting.overview(actor, YEAR - 1).total.total == 2
    with acting(city, "county_officer", west=True) as actor:
        assert reporting.overview(actor, YEAR).total.total == 0
    page = city.client("city_officer").get(reverse("enterprises:reporting", args=[YEAR]) + "?state=submitted")
    assert "东风轧钢" in page.content.decode()
    assert "应报 1 户，已报 1 户，覆盖率 100.0%" in page.content.decode()


def test_completeness_names_what_is_missing(city):
    with acting(city, "enterprise_head"):
        found = completeness(city.east_enterprise, YEAR)
        assert found.percent == 20
        assert [what for what, _page in found.missing] == ["注册地址", "成立日期", "产线", f"{YEAR} 年度数据 20 项"]
    filled(city)
    with acting(city, "enterprise_head"):
        assert completeness(city.east_enterprise, YEAR).percent == 70


def test_deadlines_are_in_the_following_year():
    assert sheets.due("submit", 2025).isoformat() == "2026-04-15"
    assert set(sheets.FLOW.states) == {"open", "submitted", "returned", "confirmed", "corrected"}
