"""What a filled cell is warned of, case by case (``cases/warnings.yaml``); whoever knows reports can add one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.utils import translation
from tests.platform.people import EAST, WEST

from jigai.platform.reporting import words
from jigai.platform.reporting.checking import blocking, check, shown
from jigai.platform.reporting.computing import Asking, Bound, compute
from jigai.platform.reporting.data import FLOW, kinds, options, rule, signs, warnings
from jigai.platform.reporting.figures import MANAGER, Figure, Indicator
from jigai.platform.reporting.periods import Reported

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "warnings.yaml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 3)


def number(text):
    return None if text in (None, "none") else Decimal(text)


class OneFigure:
    """Keeps the figure of a case, those of the units, and the one beside it."""

    def __init__(self, case):
        self.case = case

    def indicators(self):
        return (Indicator("own", "本数", "own"), Indicator("beside", "核对", "beside"))

    def figure(self, indicator, period, known_on, partition, key):
        if indicator == "beside":
            return Figure(number(self.case.get("beside")))
        own = self.case["value"]
        if partition == MANAGER and key != self.case.get("unit"):
            units = self.case.get("units") or ([own[1], "0"] if own else [None, None])
            return Figure(None, number(units[[EAST, WEST].index(key)]))
        if own is None:
            return Figure(None, why=self.case.get("why", ""))
        value, numerator, denominator, coverage = map(number, own)
        least, reportable = Decimal(self.case.get("least", "0.8")), self.case.get("reportable", True)
        return Figure(
            value, numerator, denominator, coverage, DAY, reportable, least=least, period=self.case.get("of", "")
        )


@pytest.mark.parametrize("case", CASES, ids=[one["name"] for one in CASES])
def test_a_cell_is_warned_of_what_the_case_says(case):
    said = {
        "indicator": "own",
        "span": "this",
        "part": case.get("part", "value"),
        "factor": "1",
        "places": 4,
        "key": case.get("unit", ""),
        "beside": "beside" if "beside" in case else "",
    }
    bound = Bound("1", "月报", "B4", "figure", "数", said)
    asking = Asking(Reported.read(case.get("period", "2026-10")), DAY, {}, {}, {EAST: "东区", WEST: "西区"})
    source = OneFigure(case)
    (made,) = compute([bound], asking, source)
    last = {("月报", "B4"): number(case["last"])} if "last" in case else {}
    if "last_text" in case:
        last = {("月报", "B4"): case["last_text"]}
    found = shown(check(made, asking, source, last), explained="forced" in case)
    assert {one["key"]: one["said"] for one in found} == case.get("warns", {})
    stops = {"missing", "not_reportable", "internal"} & set(case.get("warns", {}))
    assert blocking([found]) == bool(stops)


def test_every_kind_of_warning_has_a_sentence_that_can_be_said():
    said = {
        "why": "x", "coverage": "1", "least": "2", "last": "3", "way": "升", "percent": "4", "units": "5", "city": "6",
        "name": "y", "other": "7", "year": "8",
    }  # fmt: skip
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told = words.warned([{"key": key, "said": said} for key in warnings()])
        assert all(text and "{" not in text for text, _stops in told)
    assert {key for key, row in warnings().items() if row["blocks"] == "1"} == {
        "missing",
        "not_reportable",
        "internal",
        "not_typed",
    }


def test_three_steps_are_signed_and_by_whom_is_data():
    assert [signs(one) for one in FLOW.steps.values() if signs(one)] == ["filler", "reviewer", "signer"]
    assert signs(None) == ""


def test_a_report_cannot_leave_the_frozen_state():
    assert not [one.key for one in FLOW.steps.values() if "frozen" in one.sources]


@pytest.mark.parametrize("key", ["jump_percent", "sum_tolerance", "bureau_percent"])
def test_thresholds_are_data(key):
    assert rule(key) > 0


@pytest.mark.parametrize("group", ["part", "span", "factor", "field", "column", "rows"])
def test_choices_have_words_in_both_languages(group):
    for one in options(group).values():
        with translation.override("en"):
            english = one.label
        assert (english and english.isascii()) or "万元" in english or "亿元" in english or "×" in english
        assert one.row["zh"]


def test_kinds_say_what_they_are_for():
    for one in kinds().values():
        assert one.label and one.meaning


@pytest.mark.parametrize(
    ("value", "kept", "shown"),
    [
        (None, None, ""),
        ("", None, ""),
        ("文字", ["t", "文字"], "文字"),
        (0, ["n", "0"], "0"),
        (12, ["n", "12"], "12"),
        (Decimal("1200.50"), ["n", "1200.5"], "1,200.5"),
        (Decimal("1E+3"), ["n", "1000"], "1,000"),
        (Decimal("-0.10"), ["n", "-0.1"], "-0.1"),
    ],
)
def test_values_are_kept_and_read_back_exactly(value, kept, shown):
    assert words.held(value) == kept
    assert words.shown(kept) == shown
    back = words.value_of(kept)
    assert back == (value or None) if isinstance(value, str) or value is None else back == Decimal(value)
