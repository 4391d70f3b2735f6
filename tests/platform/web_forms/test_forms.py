"""The form kit: numbers as people write them, errors that say the remedy, one look."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from jigai.platform.web.forms import ComboField, Form, NumberField, ReasonForm, YearField, read_number, united


class Sample(Form):
    groups = (("能力", ("capacity",)),)
    name = forms.CharField(label="名称", help_text="与执照一致。")
    capacity = united(NumberField(label="年产能", required=False, lowest=0), "万吨")
    year = YearField(label="年份", required=False)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.5", "1234.5"), ("１２３４．５", "1234.5"), (" 12 000 ", "12000"), ("-3", "-3"), ("1e3", "1E+3")],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["十二", "12t", "", "NaN", "Infinity", "1.2.3"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):
        read_number(text)


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({"name": ""}, "name", "没有填写：请填“名称”"),
        ({"name": "x", "capacity": "约12"}, "capacity", "“约12”不是数字"),
        ({"name": "x", "capacity": "-1"}, "capacity", "不能小于 0"),
        ({"name": "x", "capacity": "0.123456"}, "capacity", "最多 4 位"),
        ({"name": "x", "capacity": "1e40"}, "capacity", "核对单位"),
        ({"name": "x", "year": "2024.5"}, "year", "只填整数"),
        ({"name": "x", "year": "24"}, "year", "不能小于 1900"),
        ({"name": "x", "year": "20244"}, "year", "四位年份"),
    ],
)
def test_errors_name_what_was_written_and_the_remedy(data, field, said):
    form = Sample(data)
    assert not form.is_valid()
    assert said in " ".join(form.errors[field])


def test_good_values():
    form = Sample({"name": "甲", "capacity": "1,200.50", "year": "２０２４"})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "甲", "capacity": Decimal("1200.50"), "year": 2024}


def test_the_look_label_unit_help_mark_and_error():
    html = str(Sample({"name": ""}))
    assert '<span class="u">万吨</span>' in html
    assert "与执照一致。" in html
    assert html.count('class="req"') == 1
    assert "有 1 处需要改" in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert '<h2 class="form__h">能力</h2>' in html
    assert 'inputmode="decimal"' in html


def test_a_stored_number_is_shown_without_trailing_zeros():
    assert 'value="1200"' in str(Sample(initial={"capacity": Decimal("1200.0000")}))
    assert 'value="0"' in str(Sample(initial={"capacity": Decimal("0.0000")}))


def test_what_a_service_refused_stands_at_its_field():
    form = Sample({"name": "甲"})
    assert form.is_valid()
    form.refuse(ValidationError({"name": "重名", "elsewhere": "别处的错"}))
    assert form.errors["name"] == ["重名"]
    assert form.non_field_errors() == ["别处的错"]
    form = Sample({"name": "甲"})
    form.is_valid()
    form.refuse(ValidationError("都不行"))
    assert form.non_field_errors() == ["都不行"]


def settle(text):
    if text != "甲":
        raise ValueError("请从列表中选")
    return "A"


def test_a_combo_settles_what_was_typed_and_shows_what_is_stored():
    field = ComboField(
        source="enterprises:industry", label="行业", settle=settle, show={"A": "A 甲"}.get, required=False
    )
    assert field.clean("甲") == "A"
    assert field.clean("") == ""
    with pytest.raises(ValidationError, match="请从列表中选"):
        field.clean("乙")
    assert field.prepare_value("A") == "A 甲"

    class Combined(Form):
        industry = field

    html = str(Combined(initial={"industry": "A"}))
    assert 'role="combobox"' in html
    assert 'aria-controls="id_industry_list"' in html
    assert 'hx-get="/enterprises/industry/"' in html
    assert 'value="A 甲"' in html


def test_a_reason_is_asked_for():
    assert not ReasonForm({"reason": "  "}).is_valid()
    assert ReasonForm({"reason": "停产"}).is_valid()
