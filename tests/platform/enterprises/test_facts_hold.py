"""What must hold of figures whatever happens: one current row, any day readable, both walls, two at one moment."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platform.enterprises.helpers import YEAR, acting

from jigai.attributes.credit_code import check_sign as check_digit
from jigai.platform.enterprises import above_scale, sheets
from jigai.platform.enterprises.fact_values import Value
from jigai.platform.enterprises.facts import facts_as_known, set_fact, values_of
from jigai.platform.enterprises.models import Fact, SheetStep
from jigai.platform.enterprises.naming import credit_code, initials
from jigai.platform.enterprises.profile import spark
from jigai.platform.walls.scope import command_scope, use_scope

DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(st.text(alphabet=DIGITS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(DIGITS))
def test_one_wrong_letter_is_always_found(first, place, other):
    code = first + check_digit(first)
    assert credit_code(code) == code
    if code[place] != other:
        with pytest.raises(ValueError):
            credit_code(code[:place] + other + code[place + 1 :])


@given(st.text(max_size=200))
def test_initials_are_short_and_plain(name):
    assert len(initials(name)) <= 120
    assert all(letter in "abcdefghijklmnopqrstuvwxyz0123456789" for letter in initials(name))


@given(st.lists(st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=2)), min_size=2, max_size=6))
def test_the_little_curve_stays_in_its_box(numbers):
    points = spark(numbers)
    known = [number for number in numbers if number is not None]
    assert bool(points) == (len(known) >= 2)
    for point in points.split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= 72 and 0 <= y <= 20


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["600", "610", "620", "", "640"]), min_size=1, max_size=6))
def test_any_row_of_entries_leaves_one_current_row_and_a_readable_past(city, entries):
    person = city.east_enterprise
    start = timezone.make_aware(datetime(2026, 1, 1, 12))
    with acting(city, "enterprise_head") as actor:
        Fact.objects.all().delete()
        truth = {}
        for day, typed in enumerate(entries):
            before = set(Fact.objects.values_list("pk", flat=True))
            if typed or Fact.objects.exists():
                set_fact(actor, person, YEAR, "employees", typed, explain_later=True)
            moment = start + timedelta(days=day)
            fresh = Fact.objects.exclude(pk__in=before)
            if fresh.exists():
                Fact.objects.filter(superseded_at__isnull=False, superseded_at__gte=start + timedelta(days=300)).update(
                    superseded_at=moment
                )
                fresh.update(recorded_at=moment)
            truth[moment.date()] = typed
        assert Fact.objects.filter(superseded_at__isnull=True).count() <= 1
        for day, typed in truth.items():
            known = [fact.value for fact in facts_as_known(actor, YEAR, day)]
            assert known == ([typed] if typed else []), (day, entries)


@pytest.mark.django_db
def test_the_database_keeps_one_current_row(city):
    with acting(city, "enterprise_head") as actor:
        fact = set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
        fact.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            fact.save()
        row = above_scale
        assert row.listed(YEAR).count() == 0


@pytest.mark.django_db
def test_the_second_wall_holds_for_figures_steps_and_lists(city):
    if connection.vendor != "postgresql":
        pytest.skip("one-office mode has no second wall")
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
        sheets.add_step(actor, city.east_enterprise, YEAR, "submit", "")
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.east_enterprise, YEAR, "")
    from jigai.platform.enterprises.models import AboveScale

    for model in (Fact, SheetStep, AboveScale):
        with acting(city, "county_officer", west=True):
            assert model.unscoped.count() == 0, model
            assert model.unscoped.update(year=1) == 0, model
        with acting(city, "county_officer"):
            assert model.unscoped.count() == 1, model


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_leave_one_current_row(city):
    if connection.vendor != "postgresql":
        pytest.skip("the one-office mode serves one request at a time")
    from django.urls import reverse

    url = reverse("enterprises:fact_enter", args=[city.east_enterprise.pk, YEAR, "employees"])
    browsers = [city.client("enterprise_head"), city.client("enterprise_equipment")]
    together, answers = threading.Barrier(2), {}

    def send(place):
        from django.db import connections

        together.wait()
        form = {"employees": str(640 + place), "seen-employees": "0"}
        answers[place] = browsers[place].post(url, form).content.decode()
        connections.close_all()

    threads = [threading.Thread(target=send, args=[place]) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    outcomes = sorted("is-saved" in answer for answer in answers.values())
    assert outcomes == [False, True], "one is saved, the other is told"
    told = next(answer for answer in answers.values() if "is-saved" not in answer)
    assert "都没有丢" in told
    with transaction.atomic(), use_scope(command_scope("test")):
        assert Fact.objects.count() == 1


def test_figures_taken_back_do_not_enter_checks():
    rows = [Fact(attribute="coal", value="", number=None), Fact(attribute="oil", value="3", number=Decimal(3))]
    assert values_of(rows) == {"oil": Value("3", Decimal(3))}
