"""Forms about devices ask for what belongs to the answer, and type values as the ledger does."""

from __future__ import annotations

import pytest

from jigai.ledger.columns import attribute, attributes_for
from jigai.platform.ledger.device_forms import EditForm, GoneForm, MergeForm, SplitForm, compared, initial
from jigai.platform.ledger.models import Device

NAMES = ("code", "name", "model", "quantity", "power_kw", "made_year", "use_state", "networked", "poles")
ITEMS = [attribute(name) for name in NAMES]
KNOWN = {"code": "A1", "name": "电机", "quantity": 2, "power_kw": 7.5, "networked": True, "made_year": 1998}


def edit(**said):
    form = EditForm(data={**initial(KNOWN, ITEMS), "reason": "核对", **said}, attributes=ITEMS, known=KNOWN)
    return form


def test_values_come_back_as_they_were_where_nothing_was_typed():
    form = edit()
    assert form.is_valid(), form.errors
    changes = form.changes()
    assert {name: changes[name] for name in KNOWN} == KNOWN
    assert {name: type(changes[name]) for name in ("quantity", "power_kw", "made_year", "networked")} == {
        "quantity": int,
        "power_kw": float,
        "made_year": int,
        "networked": bool,
    }
    assert changes["poles"] is None


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("power_kw", "１，100.5", 1100.5),
        ("power_kw", "", None),
        ("made_year", "２００３", 2003),
        ("quantity", "12", 12),
        ("networked", "0", False),
        ("networked", "", None),
        ("use_state", "封存", "封存"),
        ("code", "  A-2 ", "A-2"),
    ],
)
def test_what_people_type_is_read(field, typed, value):
    form = edit(**{field: typed})
    assert form.is_valid(), form.errors
    assert form.changes()[field] == value


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("power_kw", "七", "不是数字"),
        ("power_kw", "-1", "太小"),
        ("quantity", "1.5", "整数"),
        ("made_year", "98", "太小"),
        ("made_year", "3000", "不是年份"),
        ("use_state", "停着", "从列表中选择"),
        ("reason", " ", "没有填写"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(field, typed, sentence):
    form = edit(**{field: typed})
    assert not form.is_valid()
    assert sentence in str(form.errors[field])


def test_usual_parameters_stand_before_those_a_kind_may_have():
    form = EditForm(
        attributes=[one for one in attributes_for("motor") if one.role == "nameplate" or one in ITEMS],
        known={"poles": "4"},
    )
    groups = {str(heading): names for heading, names in form.groups}
    assert groups["是哪一台"][:3] == ["code", "name", "model"]
    assert {"power_kw", "made_year", "use_state", "poles"} <= set(groups["主要参数"])
    assert "frame" in groups["这类设备还可以填的参数"]
    listed = [name for names in groups.values() for name in names]
    assert sorted(listed) == sorted(form.fields), "every field is drawn once"


# ── what became of it ──


def gone(sites=(), **said):
    return GoneForm(data=said, sites=sites)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, {"what"}),
        ({"what": "dismantled"}, {"on"}),
        ({"what": "sold"}, {"on"}),
        ({"what": "dismantled", "on": "2026-13-01"}, {"on"}),
        ({"what": "still"}, set()),
        ({"what": "dismantled", "on": "2026-10-01"}, set()),
        ({"what": "moved"}, {"what"}),
    ],
)
def test_what_is_missing_is_told_at_its_field(said, fields):
    assert set(gone(**said).errors) == fields


def test_moving_is_offered_where_there_is_another_site():
    from jigai.platform.enterprises.models import Site

    other = Site(pk=7, enterprise_name="东风轧钢有限公司", name="二厂区")
    assert "moved" not in dict(gone().fields["what"].choices)
    assert "moved" in dict(gone([other]).fields["what"].choices)
    assert set(gone([other], what="moved").errors) == {"site"}
    assert gone([other], what="moved", site="7").is_valid()
    assert not gone([other], what="moved", site="8").is_valid()


def test_splitting_needs_numbers_and_merging_one_that_stays():
    assert not SplitForm(data={"numbers": " "}).is_valid()
    assert SplitForm(data={"numbers": "A1-1\nA1-2"}).is_valid()
    devices = [Device(pk=1, name="电机", code="A1"), Device(pk=2, name="电机")]
    form = MergeForm(data={"keep": "1", "quantity": "1", "reason": "同一台"}, devices=devices)
    assert form.is_valid()
    assert [label for _value, label in form.fields["keep"].choices] == [
        f"{devices[0].identifier} · A1 · 电机",
        f"{devices[1].identifier} · 电机",
    ]
    wrong = MergeForm(data={"keep": "3", "quantity": "0", "reason": ""}, devices=devices)
    assert set(wrong.errors) == {"keep", "quantity", "reason"}


def test_devices_stand_side_by_side_with_what_differs_first():
    devices = [Device(pk=1), Device(pk=2)]
    rows = compared(devices, {1: {"name": "电机", "power_kw": 7.5}, 2: {"name": "电机", "power_kw": 11.0, "code": "B"}})
    assert rows == [
        ("额定功率", ["7.5 kW", "11 kW"], False),
        ("设备编号", ["—", "B"], False),
        ("设备名称", ["电机", "电机"], True),
    ]
