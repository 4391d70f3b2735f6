"""What people write into a field is read as the ledger reads a cell; what cannot be read is said at its field."""

from __future__ import annotations

import pytest

from jigai.ledger.columns import attributes
from jigai.platform.registers.workdays import UNITS
from jigai.platform.replies.data import limit, period, rows, words
from jigai.platform.replies.forms import ObjectForm, UpholdForm, read_values, value_field


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("power_kw", "７．５", 7.5),
        ("power_kw", "1,250", 1250.0),
        ("made_year", "2001", 2001),
        ("made_year", "2001年", 2001),
        ("model", " YE3-132M-4 ", "YE3-132M-4"),
        ("use_state", "封存", "封存"),
        ("oil_free", "true", True),
        ("oil_free", "false", False),
        ("fuel", "coal", "coal"),
    ],
)
def test_a_value_is_read_as_people_write_it(name, written, value):
    assert read_values({name: written}, [name]) == ({name: value}, {})


@pytest.mark.parametrize(("name", "written"), [("made_year", "去年"), ("power_kw", "很大"), ("made_year", "18")])
def test_what_cannot_be_read_is_said(name, written):
    values, faults = read_values({name: written}, [name])
    assert values == {}
    assert faults[name]


def test_nothing_written_is_no_value_and_others_are_passed_over():
    assert read_values({"made_year": "  ", "model": "Y2", "power_kw": "1"}, ["made_year", "model"]) == (
        {"model": "Y2"},
        {},
    )


def test_every_attribute_of_the_ledger_can_be_a_field():
    for one in attributes():
        field = value_field(one.name, {})
        assert field.label
        assert not field.required
        assert "未填" in str(field.help_text)


def test_a_field_says_what_the_ledger_says_and_offers_the_choices_in_words():
    assert "7.5 kW" in str(value_field("power_kw", {"power_kw": 7.5}).help_text)
    offered = dict(value_field("fuel", {}).choices)
    assert offered["coal"] == "煤"
    assert dict(value_field("oil_free", {}).choices)["true"] == "是"


def test_the_form_keeps_values_apart_from_words_and_says_faults_at_their_field():
    data = {"reason": "model", "words": "铭牌不同", "v_model": "YE3-132M-4", "v_made_year": "去年"}
    form = ObjectForm(["model", "made_year"], {"model": "Y2"}, [], data=data)
    assert not form.is_valid()
    assert list(form.errors) == ["v_made_year"]
    form = ObjectForm(["model", "made_year"], {"model": "Y2"}, [], data={**data, "v_made_year": ""})
    assert form.is_valid()
    assert form.cleaned_data["values"] == {"model": "YE3-132M-4"}
    assert form.cleaned_data["photos"] == []
    assert "kept" not in form.fields


def test_the_officer_begins_with_what_was_asked():
    form = UpholdForm(["model", "oil_free"], {}, {"model": "YE3-132M-4", "oil_free": True})
    assert form["v_model"].value() == "YE3-132M-4"
    assert form["v_oil_free"].value() == "true"
    sent = UpholdForm(["model"], {}, {"model": "YE3"}, data={"words": "属实", "v_model": ""})
    assert sent.is_valid()
    assert sent.cleaned_data["values"] == {}


def test_the_tables_of_this_app_are_whole():
    for name in ("states", "reasons", "whys", "founds"):
        for key, one in words(name).items():
            assert one.zh, key
            assert one.en, key
            assert one.meaning, key
    for row in rows("periods"):
        amount, unit = period(row["key"])
        assert amount > 0
        assert unit in UNITS
    assert {row["effect"] for row in rows("reasons")} == {"values", "gone", "none"}
    assert {row["effect"] for row in rows("founds")} == {"values", "gone", ""}
    assert all(limit(row["key"]) > 0 for row in rows("limits"))
    assert {row["style"] for row in rows("letter")} <= {"mark", "title", "plain", "heading", "text", "right"}
