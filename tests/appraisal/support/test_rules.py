"""The dataset of instruments: derived from the table of documents, refused where it contradicts itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.appraisal.support.cases import DAY, held, load, reference

from jigai.appraisal.support.answers import Answer
from jigai.appraisal.support.calculator import METHODS
from jigai.appraisal.support.case import Given
from jigai.appraisal.support.day_count import DAY_COUNTS
from jigai.appraisal.support.depreciation import METHODS as DEPRECIATION
from jigai.appraisal.support.entry import holds
from jigai.appraisal.support.instruments import RulesError
from jigai.appraisal.support.money import ROUNDINGS
from jigai.appraisal.support.rules import DATASET, DOCUMENTS, rules
from jigai.reference import Reference
from jigai.reference.condition import parse
from jigai.reference.vocabulary import FIELD_TYPES

DOCUMENT = {row["instrument_id"]: row for row in reference().table(DOCUMENTS, "instruments").to_dicts()}
OWN = {row["instrument_id"]: row for row in reference().table(DATASET, "instruments").to_dicts()}
WORSE = {"transcribed": 0, "secondary": 1, "recalled": 2, "doubtful": 3}


def number(name: str, parameter: str) -> Decimal | None:
    found = held().instruments[name].parameter(parameter)
    return None if found is None or found.value is None else found.number


def changed(table: str, rows: list[dict[str, Any]]) -> Reference:
    """The reference with one table of the instruments replaced."""
    dataset = reference().dataset(DATASET)
    frame = pl.DataFrame(rows, schema=dataset.tables[table].schema)
    other = replace(dataset, tables={**dataset.tables, table: frame}, content_hash=str(hash(str(rows))))
    return replace(reference(), datasets={**reference().datasets, DATASET: other})


def rows(table: str) -> list[dict[str, Any]]:
    return reference().table(DATASET, table).to_dicts()


@pytest.mark.parametrize("name", OWN)
def test_figures_are_those_of_the_document(name: str) -> None:
    document, own = DOCUMENT[OWN[name]["rests_on"]], held().instruments[name]
    rate = {"credit": "rate", "upgrade_credit": "rate", "single_deduction": "rate", "subsidy": "points",
            "loan_entry": "fee_cap" if name == "GU-01" else "bank_rate"}.get(own.method, "rate")  # fmt: skip
    assert number(name, rate) == (None if document["rate_pct"] is None else Decimal(str(document["rate_pct"])))
    if document["carry_forward_years"] is not None:
        assert number(name, "carry_forward") == document["carry_forward_years"]
    if own.method == "subsidy":
        assert number(name, "years") == document["years"]
    share = {"bond": "share_cap", "upgrade_credit": "base_cap"}.get(own.method)
    if share:
        assert number(name, share) == Decimal(str(document["cap_pct"]))
    if document["quota_yuan"] is not None:
        assert number(name, "quota") == Decimal(str(document["quota_yuan"]))
    for parameter, column in (("window_from", "in_force_from"), ("application_to", "application_deadline")):
        found = own.parameter(parameter)
        assert (found.value if found else None) == document[column], parameter


@pytest.mark.parametrize("name", OWN)
def test_a_window_ends_with_the_document_or_the_day_before_the_next_one(name: str) -> None:
    document = DOCUMENT[OWN[name]["rests_on"]]
    found = held().instruments[name].parameter("window_to")
    after = [row["in_force_from"] for row in DOCUMENT.values() if row["replaces"] == OWN[name]["rests_on"]]
    wanted = document["in_force_to"] or (date.fromordinal(after[0].toordinal() - 1) if after else None)
    assert (found.value if found else None) == wanted


@pytest.mark.parametrize("name", OWN)
def test_numbers_of_documents_are_those_of_the_document(name: str) -> None:
    numbers = re.findall(r"[一-龥]+〔\d{4}〕\d+号|\d{4}年第\d+号", held().instruments[name].document)
    source = DOCUMENT[OWN[name]["rests_on"]]["source"]
    assert numbers == re.findall(r"[一-龥]+〔\d{4}〕\d+号|\d{4}年第\d+号", source)
    assert bool(numbers) == (OWN[name]["number_certainty"] is not None)


@pytest.mark.parametrize("name", OWN)
def test_no_row_is_surer_than_its_document(name: str) -> None:
    document = DOCUMENT[OWN[name]["rests_on"]]
    mine = [row for table in ("parameters", "tests") for row in rows(table) if row["instrument_id"] == name]
    assert mine
    for row in mine:
        # the end of a window may be settled by the document that replaces this one, and says so as its source
        if row["certainty"] is not None and not (row.get("parameter") == "window_to" and row["doubt"]):
            assert WORSE[row["certainty"]] >= WORSE[document["certainty"]], row


@pytest.mark.parametrize("name", sorted({OWN[name]["rests_on"] for name in OWN}))
def test_every_condition_of_the_document_is_asked(name: str) -> None:
    """Written there in one cell, asked here field by field; trade also names information-technology services."""
    parts = {part.strip() for part in (DOCUMENT[name]["condition"] or "").split(";") if part.strip()}
    mine = [row["condition"] for row in rows("tests") if OWN[row["instrument_id"]]["rests_on"] == name]
    asked = {part.strip() for condition in mine for part in condition.split(";")}
    assert parts - asked - {"manufacturing = true"} == set()


def test_every_instrument_of_the_documents_is_here_or_left_out_for_a_reason() -> None:
    """Quotas and prices are no support a case can get, and grants of other cities are for comparison only."""
    left_out = {name for name in DOCUMENT if name not in {row["rests_on"] for row in OWN.values()}}
    assert left_out == {"BD-03", "LC-01", "CM-01", "CM-02"}


def test_what_has_no_certainty_has_no_value_and_says_why() -> None:
    for row in rows("parameters"):
        assert (row["certainty"] is None) == (row["value"] is None), row
        assert row["value"] is not None or row["doubt"], row


def test_words_are_words_the_methods_know() -> None:
    known = {
        "day_count": set(DAY_COUNTS),
        "rounding": set(ROUNDINGS),
        "ends": {"first_day", "last_day", "both_days"},
        "rounded": {"each_tranche", "total"},
        "years_from": {"each_tranche", "first_tranche"},
        "window_day": {"drawn_on", "paid_on"},
        "starts_on": {"paid_on"},
    }
    for instrument in held().instruments.values():
        for one in instrument.parameters:
            assert set(one.ways) <= known.get(one.name, set(one.ways)), (instrument.id, one.name)
    assert {one.method for one in held().instruments.values()} == set(METHODS)
    assert set(held().fields["depreciation_method"].choices) == set(DEPRECIATION)


def test_every_field_that_is_asked_may_be_stated() -> None:
    spec = reference().dataset(DATASET).specs["tests"]
    for field in {row["field"] for row in rows("tests")}:
        assert held().fields[field].type == spec.fields[field], field


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("tests", {"condition": "progress_pct > 1; new_plant = false"}, "must ask"),
        ("tests", {"instrument_id": "XX-01"}, "no instrument XX-01"),
        ("parameters", {"value": "ten", "unit": "%"}, "'ten' is no %"),
        ("parameters", {"value": "2024-02-30", "unit": "day"}, "'2024-02-30' is no day"),
        ("parameters", {"value": "yes", "unit": "flag"}, "'yes' is no flag"),
        ("instruments", {"rests_on": "XX-01"}, "no XX-01"),
        ("stacking", {"one": "XX-02"}, "no instrument XX-02"),
        ("stacking", {"one": "TX-04"}, "with itself"),
    ],
)
def test_a_dataset_that_contradicts_itself_is_refused(table: str, change: dict[str, str], told: str) -> None:
    first, *rest = rows(table)
    with pytest.raises(RulesError, match=re.escape(told)):
        rules(changed(table, [{**first, **change}, *rest]))


def test_a_pair_listed_both_ways_is_refused() -> None:
    first, *rest = rows("stacking")
    with pytest.raises(RulesError, match="twice"):
        rules(changed("stacking", [first, {**first, "one": first["other"], "other": first["one"]}, *rest]))


def test_rules_are_read_once_per_content() -> None:
    assert rules(reference()) is rules(Reference.load(date(2024, 1, 1)))


def test_a_parameter_the_method_needs_is_named_where_it_is_absent() -> None:
    instrument = held().instruments["PZ-01-CITY"]
    with pytest.raises(RulesError, match="PZ-01-CITY has no parameter share_cap"):
        instrument.asked("share_cap")
    with pytest.raises(RulesError, match="criteria is no number"):
        _ = instrument.asked("criteria").number


def test_a_parameter_is_that_of_its_day() -> None:
    """A city that learns of another rate from 2027 on writes a second row; each day has its own."""
    old = next(row for row in rows("parameters") if (row["instrument_id"], row["parameter"]) == ("TX-02", "rate"))
    others = [row for row in rows("parameters") if row is not old and row != old]
    new = {**old, "value": "12", "in_force_from": date(2027, 1, 1)}
    both = [{**old, "in_force_to": date(2026, 12, 31)}, new, *others]
    instrument = rules(changed("parameters", both)).instruments["TX-02"]
    found = [instrument.asked("rate", day).number for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert found == [10, 12]


VALUES = {
    "text": st.sampled_from(["制造业", "有色金属", "固定资产贷款", "5104", "其他"]),
    "number": st.sampled_from([Decimal(n) for n in (0, 9, 10, 11, 80, 81, 5000000, 20000000, 30000000)]),
    "flag": st.booleans(),
}


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_condition_means_what_it_means_on_columns(data: st.DataObject) -> None:
    types = {name: FIELD_TYPES[one.type] for name, one in held().fields.items()}
    for row in rows("tests"):
        condition = parse(row["condition"], types, units={}, choices={})
        value = data.draw(st.none() | VALUES[held().fields[row["field"]].type])
        plain = float(value) if isinstance(value, Decimal) else value
        frame = pl.DataFrame({row["field"]: [plain]}, schema={row["field"]: types[row["field"]]})
        facts = {} if value is None else {row["field"]: Given(value, "enterprise")}
        assert holds(condition, facts) is frame.select(condition.expr()).item(), (row, value)


def test_answers_are_the_same_on_any_day_of_loading() -> None:
    """Facts are asked for by the day of the case, not by the day the datasets were read for."""
    from jigai.appraisal.support.calculator import support
    from jigai.appraisal.support.reading import read_case

    case = read_case(load("answers")[0]["case"], held())
    then: list[Answer] = support(case, DAY, Reference.load(date(2024, 8, 1)))
    assert then == support(case, DAY, reference())
