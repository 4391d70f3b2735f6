"""Every kind of annual figure at its bounds, as people write it, and what the checks ask at theirs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.platform.enterprises.helpers import GOOD

from jigai.platform.enterprises.attributes import attributes
from jigai.platform.enterprises.data import rows
from jigai.platform.enterprises.fact_checks import doubts, line_words, write
from jigai.platform.enterprises.fact_values import read_value, shown
from jigai.platform.enterprises.models import Line

HERE = Path(__file__).parent
TYPED = yaml.safe_load((HERE / "typed_figures.yaml").read_text(encoding="utf-8"))
BOUNDS = yaml.safe_load((HERE / "check_bounds.yaml").read_text(encoding="utf-8"))
NUMERIC = [one for one in attributes().values() if one.numeric]
DAY = date(2026, 4, 1)


def values(given):
    return {name: read_value(attributes()[name], str(text)) for name, text in given.items()}


@pytest.mark.parametrize("case", TYPED, ids=lambda case: f"{case['figure']}:{case['typed']}")
def test_what_is_typed_is_kept_or_told(case):
    attribute = attributes()[case["figure"]]
    if "said" in case:
        with pytest.raises(ValueError, match=case["said"]):
            read_value(attribute, case["typed"])
        return
    value = read_value(attribute, case["typed"])
    assert value.text == case["text"]
    assert value.number == (Decimal(case["number"]) if "number" in case else None)


@pytest.mark.parametrize("case", [one for one in TYPED if "said" in one], ids=lambda case: case["typed"])
def test_what_is_told_is_told_in_english_too(case):
    with translation.override("en"), pytest.raises(ValueError) as error:
        read_value(attributes()[case["figure"]], case["typed"])
    assert any("a" <= letter <= "z" for letter in str(error.value))


@given(st.sampled_from(NUMERIC), st.decimals(0, 10**7, places=4))
def test_what_is_shown_is_read_back_to_the_same(attribute, number):
    number = number.to_integral_value() if attribute.type == "integer" else number
    if not attribute.minimum <= number <= attribute.maximum:
        return
    value = read_value(attribute, str(number))
    assert value.number == number
    again = read_value(attribute, shown(attribute, value.text))
    assert again == value
    assert read_value(attribute, f"{value.text} {attribute.unit}") == value


@pytest.mark.parametrize("attribute", NUMERIC, ids=lambda one: one.name)
def test_no_figure_goes_beyond_its_bounds(attribute):
    assert read_value(attribute, str(attribute.maximum)).number == attribute.maximum
    assert read_value(attribute, str(attribute.minimum)).number == attribute.minimum
    for beyond in (attribute.maximum + 1, attribute.minimum - 1):
        with pytest.raises(ValueError):
            read_value(attribute, str(beyond))


@pytest.mark.parametrize("case", BOUNDS, ids=lambda case: f"{case['check']}:{case['now']}")
def test_a_check_asks_beyond_its_bound_and_not_at_it(case):
    line = case.get("line", {})
    words = line_words(Line(**line | ({"capacity": Decimal(line["capacity"])} if "capacity" in line else {})))
    found = doubts(values(case["now"]) | (words if line else {}), values(case.get("last", {})), DAY)
    asked = {one.check: one.text for one in found}
    assert (case["check"] in asked) is case["asks"]
    if "says" in case:
        assert case["says"] in asked[case["check"]]


def test_every_check_stands_in_the_table_on_both_sides():
    told = {(case["check"], case["asks"]) for case in BOUNDS}
    assert told == {(row["key"], asks) for row in rows("fact_checks") for asks in (True, False)}


def test_a_doubt_speaks_the_language_of_the_page():
    wrong = values(GOOD | {"machinery_net": "60000"})
    with translation.override("en"):
        (doubt,) = doubts(wrong, {}, DAY)
    assert doubt.text == "net value 60,000 exceeds original value 52,000"
    assert (doubt.severity, doubt.attribute) == ("refuse", "machinery_original")


def test_what_is_impossible_comes_first():
    wrong = values(GOOD | {"rd_spending": "90000", "machinery_net": "60000"})
    assert doubts(wrong, {}, DAY)[0].severity == "refuse"


@pytest.mark.parametrize(
    ("number", "text"),
    [(None, "—"), (Decimal("1000"), "1,000"), (Decimal("0.500"), "0.5"), (Decimal("1E+6"), "1,000,000")],
)
def test_numbers_in_sentences(number, text):
    assert write(number) == text
