"""Entering figures: append-only, known on a day, two people at once, finance apart, late corrections."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from tests.platform.enterprises.helpers import YEAR, acting, fill

from jigai.platform.audit.models import Event
from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.facts import (
    DoubtfulError,
    FigureChangedError,
    facts_as_known,
    facts_of,
    history,
    set_fact,
)
from jigai.platform.enterprises.models import Fact

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def known(actor, on=None):
    return {(fact.attribute, fact.value) for fact in facts_as_known(actor, YEAR, on)}


def backdate(fact, days):
    when = timezone.now() - timedelta(days=days)
    Fact.unscoped.filter(pk=fact.pk).update(recorded_at=when)
    return when


def test_a_figure_entered_again_keeps_the_former_one(city):
    person = city.east_enterprise
    with acting(city, "enterprise_equipment") as actor:
        first = set_fact(actor, person, YEAR, "employees", "640")
        second = set_fact(actor, person, YEAR, "employees", "655", note="新招")
        first.refresh_from_db()
        assert first.value == "640"
        assert first.superseded_at == second.recorded_at
        assert [row.value for row in history(actor, person, YEAR, "employees", None)] == ["655", "640"]
        assert known(actor) == {("employees", "655")}
        event = Event.objects.filter(action="fact.set").first()
        assert (event.before["value"], event.after["value"]) == ("640", "655")


def test_the_same_value_again_makes_no_row(city):
    with acting(city, "enterprise_equipment") as actor:
        first = set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
        assert set_fact(actor, city.east_enterprise, YEAR, "employees", "640.0") == first


def test_what_was_known_on_a_day(city):
    person = city.east_enterprise
    with acting(city, "city_officer"):
        pass
    with acting(city, "enterprise_equipment") as actor:
        first = set_fact(actor, person, YEAR, "employees", "640")
        backdate(first, 10)
        second = set_fact(actor, person, YEAR, "employees", "655")
        today = timezone.localdate()
        Fact.unscoped.filter(pk=first.pk).update(superseded_at=second.recorded_at)
        assert known(actor, today - timedelta(days=11)) == set()
        assert known(actor, today - timedelta(days=10)) == {("employees", "640")}
        assert known(actor, today - timedelta(days=1)) == {("employees", "640")}
        assert known(actor, today) == {("employees", "655")}


def test_a_day_ends_at_midnight_of_the_city(city):
    with acting(city, "enterprise_equipment") as actor:
        fact = set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
        late = timezone.make_aware(datetime(2026, 3, 31, 23, 59))
        Fact.unscoped.filter(pk=fact.pk).update(recorded_at=late)
        assert known(actor, late.date()) == {("employees", "640")}
        assert known(actor, late.date() - timedelta(days=1)) == set()


def test_the_second_of_two_people_is_told(city):
    person = city.east_enterprise
    with acting(city, "enterprise_equipment") as actor:
        set_fact(actor, person, YEAR, "employees", "640", seen=0)
    with acting(city, "enterprise_head") as actor:
        with pytest.raises(FigureChangedError) as error:
            set_fact(actor, person, YEAR, "employees", "650", seen=0)
        assert error.value.current.value == "640"
        set_fact(actor, person, YEAR, "employees", "650", seen=error.value.current.pk)
        assert known(actor) == {("employees", "650")}


def test_an_odd_figure_wants_an_explanation_and_an_impossible_one_is_refused(city):
    person, site = city.east_enterprise, city.east_site
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, person, YEAR - 1, "employees", "640")
        with pytest.raises(DoubtfulError) as error:
            set_fact(actor, person, YEAR, "employees", "2000")
        assert [one.check for one in error.value.doubts] == ["jump"]
        fact = set_fact(actor, person, YEAR, "employees", "2000", note="合并了冷轧公司")
        assert (fact.warnings, fact.note) == (["jump"], "合并了冷轧公司")
        set_fact(actor, person, YEAR, "key_processes", "24", site=site)
        with pytest.raises(ValidationError, match="多于关键工序总数"):
            set_fact(actor, person, YEAR, "key_processes_nc", "25", site=site, note="就是这样")


def test_an_import_keeps_odd_figures_for_later(city):
    with acting(city, "county_officer") as actor:
        set_fact(actor, city.east_enterprise, YEAR - 1, "employees", "640")
        fact = set_fact(actor, city.east_enterprise, YEAR, "employees", "2000", status="imported", explain_later=True)
        assert (fact.status, fact.note) == ("imported", "")


def test_subject_and_name_must_fit(city):
    with acting(city, "enterprise_head") as actor:
        with pytest.raises(ValidationError, match="按厂区填报"):
            set_fact(actor, city.east_enterprise, YEAR, "coal", "1")
        with pytest.raises(ValidationError, match="按企业填报"):
            set_fact(actor, city.east_enterprise, YEAR, "employees", "1", site=city.east_site)
        with pytest.raises(ValidationError, match="没有名为"):
            set_fact(actor, city.east_enterprise, YEAR, "happiness", "1")


def test_a_figure_is_taken_back_by_emptying_it(city):
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
        set_fact(actor, city.east_enterprise, YEAR, "employees", "")
        assert known(actor) == set()
        assert facts_of(actor, city.east_enterprise, YEAR)[None, None, "employees"].value == ""
        with pytest.raises(ValidationError):
            set_fact(actor, city.east_enterprise, YEAR, "main_product", "")


def test_financial_figures_are_apart(city):
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR, "output_value", "86000")
        set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
    with acting(city, "enterprise_equipment") as actor:
        assert known(actor) == {("employees", "640")}
        with pytest.raises(PermissionDenied):
            set_fact(actor, city.east_enterprise, YEAR, "output_value", "1")
        with pytest.raises(PermissionDenied):
            history(actor, city.east_enterprise, YEAR, "output_value", None)
    with acting(city, "dept_officer") as actor:
        assert known(actor) == {("employees", "640")}
    page = reverse("enterprises:facts", args=[city.east_enterprise.pk, YEAR])
    shown = city.client("enterprise_equipment").get(page).content.decode()
    assert "工业总产值" not in shown
    assert "86,000" not in city.client("dept_officer").get(page).content.decode()
    assert "86,000" in city.client("county_officer").get(page).content.decode()
    own = reverse("enterprises:fact_history", args=[city.east_enterprise.pk, YEAR, "output_value"])
    assert city.client("enterprise_equipment").get(own).status_code == 404


def test_a_sheet_that_was_submitted_is_closed(city):
    person = city.east_enterprise
    with acting(city, "enterprise_head") as actor:
        fill(actor, person, city.east_site)
        sheets.take_step(actor, person, YEAR, "submit")
        with pytest.raises(ValidationError, match="待核对"):
            set_fact(actor, person, YEAR, "employees", "641")


def test_a_correction_after_confirmation_asks_why_and_goes_back_to_the_county(city):
    person = city.east_enterprise
    with acting(city, "enterprise_head") as actor:
        fill(actor, person, city.east_site)
        sheets.take_step(actor, person, YEAR, "submit")
    with acting(city, "county_officer") as actor:
        sheets.take_step(actor, person, YEAR, "confirm")
    with acting(city, "enterprise_equipment") as actor:
        with pytest.raises(ValidationError, match="更正要写明原因"):
            set_fact(actor, person, YEAR, "employees", "641")
        fact = set_fact(actor, person, YEAR, "employees", "641", reason="漏计一名学徒")
        assert (fact.status, fact.reason) == ("corrected", "漏计一名学徒")
        assert sheets.state_of(person, YEAR).key == "corrected"
        (last, *_rest) = sheets.steps_of(person, YEAR)
        assert last.comment == "年末从业人员：漏计一名学徒"
