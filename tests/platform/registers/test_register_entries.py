"""Every shipped register by its folder: typed, listed, handed in and given out, an entry is the same entry."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import yaml
from django.utils import translation
from tests.platform.imports.conftest import book
from tests.platform.people import EAST
from tests.platform.registers.test_registers import inside

from jigai.ledger import read_table
from jigai.platform.audit.models import Event
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.registers import services
from jigai.platform.registers.definition import registers
from jigai.platform.registers.todos import todos
from jigai.platform.registers.values import from_json, read_values, to_json, word
from jigai.platform.registers.versions import entry_model, version_model, versions
from jigai.reports.template import write_subject_template
from jigai.reports.template.subject import write_rows

CASES = yaml.safe_load((Path(__file__).parent / "entries.yaml").read_text(encoding="utf-8"))
BY_KEY = {case["register"]: case for case in CASES}
every_register = pytest.mark.parametrize("case", CASES, ids=lambda case: case["register"])
database = pytest.mark.django_db


@pytest.fixture
def park(city):
    """A chemical park of the east."""
    east = ManagingUnit.objects.get(code=EAST)
    return Park.objects.create(name="东区化工园", manager=east, place=Place.objects.get(code=EAST), chemical=True)


def typed_values(case, **changes):
    register = registers()[case["register"]]
    values, wrong = read_values(register.table, case["typed"] | changes)
    assert wrong == {}
    return register, {name: value for name, value in values.items() if value is not None}


def read_back(data, register):
    reading = read_table(data, register.table, source_file="表.xlsx")
    assert not reading.refused, reading.problems["message_zh"].to_list()
    assert reading.rows["held"].to_list() == [""], reading.problems["message_zh"].to_list()
    asked = {item.name for item in register.table.asked}
    (row,) = reading.rows.to_dicts()
    return {name: value for name, value in row.items() if name in asked and value is not None}


def add_by_page(client, case, **changes):
    return client.post(f"/registers/{case['register']}/add/", case["typed"] | changes)


def test_there_is_an_entry_for_every_shipped_register():
    assert set(BY_KEY) == set(registers())


@every_register
def test_a_row_of_an_office_list_says_what_the_form_says(case):
    register, typed = typed_values(case)
    found = read_back(book([list(case["sheet"]), list(case["sheet"].values())]), register)
    for name in found:
        assert found[name] == typed[name], name
    assert len(found) == len(case["sheet"]), "every header of the list was understood"


@every_register
def test_the_template_filled_in_by_its_own_words_comes_back(case):
    register, typed = typed_values(case)
    target = io.BytesIO()
    write_subject_template(register.table, target, [register.about["zh"]])
    workbook = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    sheet = workbook.worksheets[0]
    for column, item in enumerate(register.table.asked, 1):
        value = typed.get(item.name)
        if value is not None:
            sheet.cell(4, column, word(item, value) if item.choices else value)
    filled = io.BytesIO()
    workbook.save(filled)
    assert read_back(filled.getvalue(), register) == typed


@every_register
def test_what_is_given_out_can_be_handed_in(case):
    register, typed = typed_values(case)
    target = io.BytesIO()
    assert write_rows(register.table, [typed], target, about=[("数据截至", "2026-11-23")]) == 1
    assert read_back(target.getvalue(), register) == typed


@every_register
def test_kept_values_are_the_typed_ones(case):
    register, typed = typed_values(case)
    kept = to_json(typed)
    assert from_json(register.table, kept) == typed
    assert all(isinstance(value, str | int | float | bool) for value in kept.values()), "kept as JSON"


@database
@every_register
def test_an_entry_typed_on_the_page_says_when_it_holds_and_falls_due(city, park, case):
    response = add_by_page(city.client("city_officer"), case)
    assert response.status_code == 302, response.content.decode()
    register = registers()[case["register"]]
    with inside(city.actor("city_officer")):
        (version,) = versions(register)
        assert version.entry.title == case["title"]
        days = [day and day.isoformat() for day in (version.valid_from, version.valid_to)]
        assert days == case.get("valid", [None, None])
        assert (version.due_on and version.due_on.isoformat()) == case.get("due")
        assert (version.source, version.entry.version) == (services.BY_PAGE, 1)
        for name, value in case.get("computed", {}).items():
            assert version.values.get(name) == value, name
        for year, holds in case.get("years", {}).items():
            assert versions(register, valid_in=year).exists() == holds, year
        assert not versions(register, known_on=date(2020, 1, 1)).exists(), "nobody knew it then"
    event = Event.unscoped.filter(action="register.added").get()
    assert event.after == version.values
    assert not event.before


@database
@every_register
def test_a_value_that_cannot_be_comes_back_at_its_field(city, park, case):
    client = city.client("city_officer")
    for name, (text, said) in case["wrong"].items():
        response = add_by_page(client, case, **{name: text})
        assert response.status_code == 422, name
        errors = response.context["form"].errors
        assert set(errors) == {name}
        assert said in " ".join(errors[name]), (name, errors)
    assert not version_model(registers()[case["register"]])._base_manager.exists()


@database
@every_register
def test_the_key_tells_one_entry_from_another(city, park, case):
    client = city.client("city_officer")
    assert add_by_page(client, case).status_code == 302
    again = add_by_page(client, case)
    assert again.status_code == 422
    assert "登记册里已有这一条" in again.content.decode()
    assert add_by_page(client, case, **case["other"]).status_code == 302
    assert entry_model(registers()[case["register"]])._base_manager.count() == 2


@database
@every_register
def test_the_edit_page_saved_as_it_stands_changes_nothing_but_the_reason(city, park, case):
    client = city.client("city_officer")
    url = add_by_page(client, case).headers["Location"]
    register = registers()[case["register"]]
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        with translation.override(language):
            form = client.get(f"{url}edit/").context["form"]
            shown = {name: form[name].value() or "" for name in form.fields} | {"reason": "checked"}
            saved = client.post(f"{url}edit/", shown)
        assert saved.status_code == 302, saved.context["form"].errors
    first, second, third = version_model(register)._base_manager.order_by("pk")
    assert first.values == second.values == third.values
    changed = Event.unscoped.filter(action="register.changed")
    assert {(str(event.before), str(event.after), event.reason) for event in changed} == {("{}", "{}", "checked")}


@database
@every_register
def test_pages_of_an_entry_are_told_in_english(city, park, case):
    client = city.client("city_officer")
    url = add_by_page(client, case).headers["Location"]
    register = registers()[case["register"]]
    client.cookies["django_language"] = "en"
    text = client.get(url).content.decode()
    assert register.title["en"] in text.replace("&amp;", "&").replace("&#x27;", "'")
    for item in register.own:
        if item.choices and (value := case["typed"].get(item.name)):
            assert item.answer(value).en in text, item.name
    columns = client.get(f"/registers/{case['register']}/columns/").content.decode()
    assert all(item.en in columns.replace("&#x27;", "'") for item in register.own)


@database
@pytest.mark.parametrize("case", [case for case in CASES if "due" in case], ids=lambda case: case["register"])
def test_what_falls_due_waits_only_while_it_is_owed(city, park, case):
    actor = city.actor("county_officer")
    column = registers()[case["register"]].due["column"]
    register, values = typed_values(case, **{column: "2026-01-31"})
    with inside(actor):
        version = services.add(actor, register, values)
        assert [todo.due for todo in todos(actor)] == [date(2026, 1, 31)]
        entry = version.entry
        for name, states in case.get("never_due", {}).items():
            for state in states:
                entry.refresh_from_db()
                services.change(actor, register, entry, values | {name: state}, version=entry.version)
                assert not list(todos(actor)), state
        entry.refresh_from_db()
        services.change(actor, register, entry, values, version=entry.version)
        assert len(list(todos(actor))) == 1, "owed once more"
        entry.refresh_from_db()
        services.remove(actor, register, entry, version=entry.version, reason="撤销")
        assert not list(todos(actor)), "nothing is owed of what has ended"
    head = city.actor("county_head")
    with inside(head):
        assert not list(todos(head))
