"""What is typed is read as meant or refused with the way to write it; what is shown keeps its columns."""

from __future__ import annotations

import argparse
import math
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jigai.cli.errors import CommandError
from jigai.cli.explain import assignment
from jigai.cli.main import main
from jigai.cli.options import CHINA, day, today
from jigai.cli.progress import short
from jigai.cli.text_table import fit, text_table, width
from jigai.ledger.columns import attributes

CASES = yaml.safe_load(Path(__file__).with_name("values.yaml").read_text(encoding="utf-8"))
NAMES = [one.name for one in attributes()]


@pytest.mark.parametrize("case", CASES["good"], ids=lambda case: case["text"])
def test_an_attribute_is_read_with_its_type(case):
    name, value = assignment(case["text"], "zh")
    assert (name, value) == (case["name"], case["value"]) and type(value) is type(case["value"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", CASES["bad"], ids=lambda case: case["text"] or "empty")
def test_what_cannot_be_meant_is_refused_with_the_remedy(case, language):
    with pytest.raises(CommandError) as refused:
        assignment(case["text"], language)
    assert case[language] in str(refused.value)


@given(st.sampled_from(NAMES), st.text(max_size=20))
def test_no_value_passes_as_a_number_that_is_none(name, text):
    try:
        _name, value = assignment(f"{name}={text}", "zh")
    except CommandError:
        return
    assert not isinstance(value, float) or math.isfinite(value)
    kind = next(one.type for one in attributes() if one.name == name)
    if kind == "flag":
        assert isinstance(value, bool)


@pytest.mark.parametrize("case", CASES["days"]["good"], ids=lambda case: str(case["text"]))
def test_a_day_is_read(case):
    assert day(str(case["text"])) == date.fromisoformat(str(case["value"]))


@pytest.mark.parametrize("text", [str(one) for one in CASES["days"]["bad"]])
def test_what_is_no_day_is_refused_in_both_languages(text):
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        day(text)
    assert "2024-08-01 这样" in str(refused.value) and "like 2024-08-01" in str(refused.value)


def test_today_is_the_day_in_china():
    from datetime import datetime

    before = datetime.now(CHINA).date()
    assert before <= today() <= datetime.now(CHINA).date()
    assert CHINA.utcoffset(None).total_seconds() == 8 * 3600


def test_a_wrong_day_ends_the_command_with_one_and_says_how(capsys):
    with pytest.raises(SystemExit) as left:
        main(["explain", "Y160L-6", "--as-of", "2023-02-29"])
    assert left.value.code == 1 and "2023-02-29" in capsys.readouterr().err


@pytest.mark.parametrize("case", CASES["widths"], ids=lambda case: case["text"] or "empty")
def test_wide_signs_take_two_places(case):
    assert width(case["text"]) == case["width"]


SHOWN = st.text(st.sampled_from("ab1-变压器（，"), max_size=30)


@given(SHOWN, st.integers(1, 30))
def test_a_cell_is_exactly_as_wide_as_asked(text, places):
    cell = fit(text, places)
    assert width(cell) == places
    if width(text) <= places:
        assert cell.rstrip() == text.rstrip()
    else:
        assert "…" in cell and text.startswith(cell.split("…")[0])


@given(st.lists(st.tuples(SHOWN, SHOWN, SHOWN), max_size=6))
def test_the_columns_of_a_table_start_at_the_same_place(rows):
    marked = [(f"{first}", second, f"|{third}") for first, second, third in rows]
    lines = text_table(["一", "two", "|三"], marked, [10, 8, 40])
    assert len(lines) == len(rows) + 2
    places = {width(line.split("|")[0]) for number, line in enumerate(lines) if number != 1}
    assert len(places) == 1


def test_a_column_is_no_wider_than_its_widest_cell_or_its_limit():
    lines = text_table(["a", "b"], [["xx", "y" * 50]], [10, 5])
    assert lines == ["a   b", "──  ─────", "xx  yyyy…"]


@given(st.text(min_size=1, max_size=80))
def test_what_is_at_work_is_named_in_little_room(text):
    name = text.rpartition("/")[2]
    told = short(text)
    assert len(told) <= 19 and (told == name or (name.startswith(told[:9]) and name.endswith(told[-9:])))
