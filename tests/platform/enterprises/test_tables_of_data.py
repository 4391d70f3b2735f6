"""The tables this app rests on hold together: keys that are used exist, words are there in both languages."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import jigai.platform
from jigai.platform.enterprises import fact_checks, sheets
from jigai.platform.enterprises.attributes import attributes
from jigai.platform.enterprises.data import keyed, rows, split

PLATFORM = Path(jigai.platform.__file__).parent
DAY = date(2026, 11, 23)


def test_every_state_of_a_sheet_can_be_left_or_corrected():
    left = {state for step in sheets.FLOW.steps.values() for state in step.sources}
    assert left == set(sheets.FLOW.states)


def test_states_say_whether_they_can_be_edited():
    for one in sheets.FLOW.states.values():
        assert one.row["editable"] in ("0", "1", "reason")
        assert one.row["meaning_zh"].endswith("。")
        assert one.row["meaning_en"].endswith(".")


def test_deadlines_are_in_order():
    days = [sheets.due(key, 2025) for key in ("fill", "submit", "verify", "return")]
    assert days == sorted(days)


@pytest.mark.parametrize("row", rows("fact_checks"), ids=lambda row: row["key"])
def test_each_check_speaks_of_known_figures(row):
    assert row["kind"] in fact_checks._KINDS
    assert row["severity"] in ("warn", "refuse")
    named = {term.split("*")[0].split("=")[0] for term in split(row["terms"], ";")}
    if row["attribute"] != "*":
        named.add(row["attribute"])
    assert named <= set(attributes())
    subjects = {attributes()[name].extra["subject"] for name in named}
    assert len(subjects) <= 1, "a check compares figures of one subject"
    words = set(re.findall(r"\{(\w+)\}", row["zh"]))
    assert words == set(re.findall(r"\{(\w+)\}", row["en"])), "both languages say the same figures"


def test_the_balance_names_factors_the_core_holds():
    held = fact_checks.factors(DAY)
    terms = [
        term.split("*") for row in rows("fact_checks") if row["kind"] == "balance" for term in split(row["terms"], ";")
    ]
    assert terms
    for _name, factor, scale in terms:
        assert factor in held
        assert float(scale) > 0


def test_titles_have_levels_and_words_that_lead_to_one():
    words = [word for row in rows("titles") for word in (row["zh"], *split(row["aliases"], ";"))]
    assert len(words) == len(set(words))
    for row in rows("titles"):
        assert split(row["levels"], "|"), row["key"]
        assert row["en"], row["key"]


def test_units_are_of_capacity_or_energy_and_stand_once():
    seen = [(row["of"], row["unit"]) for row in rows("units")]
    assert len(seen) == len(set(seen))
    assert {of for of, _unit in seen} == {"capacity", "energy"}


def test_a_table_is_read_by_its_key():
    assert keyed("environmental_grades", "grade")["A"]["zh"] == "A 级"
    assert split(" a ; ;b", ";") == ("a", "b")


@pytest.mark.parametrize("app", ["enterprises", "places", "web"])
def test_every_label_has_its_english(app):
    with (PLATFORM / app / "locale/en/LC_MESSAGES/django.po").open("rb") as said:
        catalogue = read_po(said, locale="en", abort_invalid=True)
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        for text in texts:
            assert text, ids
            assert not re.search(r"[\u4e00-\u9fff]{4,}", text), f"{text} is not English"
            assert set(re.findall(r"%\((\w+)\)s", text)) == set(re.findall(r"%\((\w+)\)s", ids[0])), ids


def labels(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return re.findall(r'\{%\s*translate\s+"([^"]+)"', text)
    return re.findall(r'\b_\(\s*"([^"]+)"\s*\)', text)


@pytest.mark.parametrize("app", ["enterprises", "places"])
def test_no_label_of_the_pages_was_forgotten(app):
    with (PLATFORM / app / "locale/en/LC_MESSAGES/django.po").open("rb") as said:
        known = {message.id for message in read_po(said, locale="en")}
    for path in [*(PLATFORM / app).rglob("*.html"), *(PLATFORM / app).rglob("*.py")]:
        if "migrations" in path.parts:
            continue
        for label in labels(path):
            assert label.replace("%", "%%") in known or label in known, f"{path.name}: {label}"
