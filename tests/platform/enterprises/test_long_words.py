"""What is typed at length is refused with a sentence where it does not fit, not cut and not a failure."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.platform.enterprises.helpers import YEAR, acting, fill

from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.models import Fact

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def row(city):
    return reverse("enterprises:fact_enter", args=[city.east_enterprise.pk, YEAR, "employees"])


def test_an_explanation_of_200_signs_is_kept_and_a_longer_one_is_told(city, row):
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR - 1, "employees", "640")
    client = city.client("enterprise_head")
    client.raise_request_exception = False
    long = client.post(row, {"employees": "2000", "note-employees": "长" * 201})
    assert long.status_code == 200
    assert "最多 200 字，现为 201 字" in long.content.decode()
    fits = client.post(row, {"employees": "2000", "note-employees": "长" * 200}).content.decode()
    assert "is-saved" in fits


def test_a_reason_of_a_correction_that_is_too_long_is_told(city):
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site)
        sheets.add_step(actor, city.east_enterprise, YEAR, "confirm", "")
        with pytest.raises(ValidationError, match="最多 200 字"):
            set_fact(actor, city.east_enterprise, YEAR, "employees", "641", reason="长" * 201)
        assert Fact.objects.get(attribute="employees").value == "640"


def test_an_explanation_of_nothing_but_blanks_is_none(city):
    with acting(city, "enterprise_head") as actor:
        first = set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
        assert set_fact(actor, city.east_enterprise, YEAR, "employees", "640", note="  ") == first
        assert Fact.objects.count() == 1


def test_an_explanation_can_be_given_later_without_a_new_value(city):
    with acting(city, "enterprise_head") as actor:
        first = set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
        second = set_fact(actor, city.east_enterprise, YEAR, "employees", "640", note="核对过")
        assert second.pk != first.pk
        assert (second.value, second.note) == ("640", "核对过")
