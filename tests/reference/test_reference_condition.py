"""The condition grammar against a plain evaluator that looks at one row at a time."""

from __future__ import annotations

import operator
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.reference import ConditionError
from jigai.reference.condition import parse
from jigai.reference.vocabulary import ledger_vocabulary

FIELDS = ledger_vocabulary().fields
Row = dict[str, object]
ROW_SCHEMA = {
    "power_kw": pl.Float64(),
    "stages": pl.Int64(),
    "made_year": pl.Int32(),
    "in_service_year": pl.Int32(),
    "fuel": pl.String(),
    "cnc": pl.Boolean(),
}
COMPARE: dict[str, Callable[[object, object], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
FUELS = ("coal", "gas", "oil")
Test = tuple[str, str, tuple[object, ...]]


def holds(row: Row, field: str, op: str, values: tuple[object, ...]) -> bool | None:
    """Evaluate one test on one row: None where the field is unknown."""
    value = row.get(field)
    if field == "built_year":
        value = row["made_year"] if row["made_year"] is not None else row["in_service_year"]
    if value is None:
        early = field == "made_year" and op in ("<", "<=") and row["in_service_year"] is not None
        return True if early and COMPARE[op](row["in_service_year"], values[0]) else None
    if op in COMPARE:
        return COMPARE[op](value, values[0])
    return (value not in values) if op == "!=" else (value in values)


def kleene_and(answers: list[bool | None]) -> bool | None:
    """Strong Kleene conjunction: a false settles it, an unknown spoils a true."""
    if False in answers:
        return False
    return None if None in answers else True


NUMBERS = st.integers(0, 20)


@st.composite
def single_tests(draw: st.DrawFn) -> Test:
    field = draw(st.sampled_from(["power_kw", "stages", "made_year", "built_year", "fuel", "cnc"]))
    if field == "fuel":
        op = draw(st.sampled_from(["=", "!=", "in"]))
        return field, op, tuple(draw(st.lists(st.sampled_from(FUELS), min_size=1, max_size=2, unique=True)))
    if field == "cnc":
        return field, draw(st.sampled_from(["=", "!="])), (draw(st.booleans()),)
    values = draw(st.lists(NUMBERS, min_size=1, max_size=3, unique=True))
    if field in ("made_year", "built_year"):
        values = [1990 + value for value in values]
    op = draw(st.sampled_from(["=", "!=", "in", *COMPARE] if len(values) == 1 else ["=", "!=", "in"]))
    return field, op, tuple(values)


ROWS = st.fixed_dictionaries(
    {
        "power_kw": st.none() | NUMBERS.map(float),
        "stages": st.none() | NUMBERS,
        "made_year": st.none() | st.integers(1990, 2010),
        "in_service_year": st.none() | st.integers(1990, 2010),
        "fuel": st.none() | st.sampled_from(FUELS),
        "cnc": st.none() | st.booleans(),
    }
)


def written(parts: list[Test]) -> str:
    def show(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    return "; ".join(f"{field} {op} {'|'.join(map(show, values))}" for field, op, values in parts)


@settings(max_examples=200, deadline=None)
@given(st.lists(single_tests(), max_size=4), st.lists(ROWS, min_size=1, max_size=12))
def test_agrees_with_looking_at_one_row_at_a_time(parts: list[Test], rows: list[Row]) -> None:
    condition = parse(written(parts), FIELDS)
    frame = pl.DataFrame(rows, schema=ROW_SCHEMA)
    answers = frame.with_columns(answer=condition.expr(), missing=condition.missing_expr())
    for row, answer, missing in zip(rows, answers["answer"], answers["missing"], strict=True):
        single = [(field, holds(row, field, op, values)) for field, op, values in parts]
        assert answer == kleene_and([truth for _, truth in single])
        asked = {"made_year" if field == "built_year" else field for field, truth in single if truth is None}
        assert set(filter(None, missing.split(";"))) == (asked if answer is None else set())


@settings(max_examples=200, deadline=None)
@given(st.lists(single_tests(), max_size=3), ROWS, ROWS)
def test_more_information_never_makes_a_decided_condition_undecided(parts: list[Test], known: Row, more: Row) -> None:
    filled = {name: more[name] if value is None else value for name, value in known.items()}
    if known["in_service_year"] is not None and any(field == "built_year" for field, _op, _values in parts):
        filled["made_year"] = known["made_year"]  # a year of make takes the place of the other: it is another fact
    frame = pl.DataFrame([known, filled], schema=ROW_SCHEMA)
    before, after = frame.with_columns(answer=parse(written(parts), FIELDS).expr())["answer"]
    assert before is None or after is not None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_never_fails_but_with_its_own_error(text: str) -> None:
    try:
        parse(text, FIELDS)
    except ConditionError as error:
        assert error.say("zh") and error.say("en")


def answer(text: str, **values: object) -> bool | None:
    condition = parse(text, FIELDS)
    row = {name: values.get(name) for name in condition.fields}
    frame = pl.DataFrame([row], schema={name: FIELDS[name] for name in condition.fields})
    result: bool | None = frame.select(condition.expr()).item()
    return result


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("power_kw >= 1500 W", {"power_kw": 1.5}, True),
        ("power_kw >= 0.5 MW", {"power_kw": 499.0}, False),
        ("voltage_kv in 380V | 660 V", {"voltage_kv": 0.38}, True),
        ("voltage_kv = 3.15|6.3", {"voltage_kv": 3.15}, True),
        ("pressure_mpa <= 7 bar", {"pressure_mpa": 0.7}, True),
        ("flow_m3h > 20 m³/min", {"flow_m3h": 1200.0}, False),
        ("capacity_kva >= 250; capacity_kva <= 399", {"capacity_kva": 315.0}, True),
        ("capacity_kva >= 250; capacity_kva <= 399", {"capacity_kva": 400.0}, False),
        ("poles = 4/2", {"poles": "4/2"}, True),
        ("insulation != dry", {"insulation": "oil"}, True),
        ("insulation != dry", {}, None),
        ("upgraded_after_2000 = false", {"upgraded_after_2000": False}, True),
        ("made_year <= 2003", {"in_service_year": 2001}, True),
        ("made_year <= 2003", {"in_service_year": 2008}, None),
        ("made_year <= 2003", {"made_year": 2004, "in_service_year": 2001}, False),
        ("made_year > 1997", {"made_year": None}, None),
        ("built_year <= 2003", {"in_service_year": 2008}, False),
        ("built_year > 2005", {"made_year": 2001, "in_service_year": 2008}, False),
        ("", {}, True),
    ],
)
def test_reads_units_years_lists_and_flags(text: str, values: Row, expected: bool | None) -> None:
    assert answer(text, **values) is expected


def test_a_limit_holds_after_a_unit_conversion() -> None:
    noisy = 0.1 + 0.2  # not quite 0.3 in binary
    assert answer("voltage_kv <= 0.3", voltage_kv=noisy) is True
    assert answer("voltage_kv > 0.3", voltage_kv=noisy) is False
    assert answer("voltage_kv = 300 V", voltage_kv=noisy) is True


def test_not_a_number_is_unknown() -> None:
    assert answer("power_kw >= 5.5", power_kw=float("nan")) is None
    assert answer("power_kw = 5.5", power_kw=float("nan")) is None


def test_names_what_it_reads_and_what_it_asks_for() -> None:
    condition = parse("built_year <= 2003; power_kw >= 11; fuel = gas", FIELDS)
    assert condition.fields == {"made_year", "in_service_year", "power_kw", "fuel"}
    frame = pl.DataFrame(
        [{"power_kw": None, "fuel": "gas"}, {"power_kw": None, "fuel": "coal"}],
        schema={"made_year": pl.Int32, "in_service_year": pl.Int32, "power_kw": pl.Float64, "fuel": pl.String},
    )
    missing = frame.select(condition.missing_expr()).to_series().to_list()
    assert missing == ["made_year;power_kw", ""]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("power_kw", "condition_form"),
        ("power_kw == 5", "condition_number"),
        ("power_kw ≥ 5", "condition_form"),
        ("unheard_of = 5", "condition_field"),
        ("power_kw >= 5|6", "condition_order"),
        ("power_kw = 5 kVA", "condition_unit"),
        ("power_kw = nan", "condition_number"),
        ("stages = 2.5", "condition_whole"),
        ("cnc = 1", "condition_flag"),
        ("cnc > true", "condition_order"),
        ("fuel = |gas", "condition_empty"),
        ("fuel = peat", "condition_choice"),
    ],
)
def test_refuses_what_it_cannot_read(text: str, code: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text, FIELDS)
    assert caught.value.code == code
    assert text.split(";")[0] in caught.value.say("zh")


def test_a_table_can_bring_its_own_fields() -> None:
    words = ledger_vocabulary().with_fields({"score": "number"})
    condition = parse("score >= 60; score < 70", words.fields)
    frame = pl.DataFrame({"score": [59.9, 60.0, 69.9, 70.0, None]})
    assert frame.select(condition.expr()).to_series().to_list() == [False, True, True, False, None]
