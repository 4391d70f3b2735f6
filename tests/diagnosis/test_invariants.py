"""What holds of any enterprise, whatever the ledger: missing is never full, order does not matter, age never pays."""

from __future__ import annotations

from dataclasses import fields, replace

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diagnosis.made import Row, fact, finding, life, made, motor, run

from jigai.diagnosis import Inputs, to_json
from jigai.diagnosis.tables import setting

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
AGES = st.one_of(st.none(), st.integers(0, 30))
GRADES = st.sampled_from(["grade_1", "grade_2", "grade_3", "below_limit", "undecided"])
LISTED = st.sampled_from(["clear", "eliminate", "restricted", "undecided", "out_of_scope"])


@st.composite
def machine(draw: st.DrawFn) -> Row:
    """A machine of a ledger: age, grade and list outcome, any of them unknown; power and flags too."""
    return {
        "age": draw(AGES),
        "grade": draw(GRADES),
        "listed": draw(LISTED),
        "sure": draw(st.booleans()),
        "quantity": draw(st.one_of(st.none(), st.integers(1, 9))),
        "power_kw": draw(st.one_of(st.none(), st.floats(1, 200))),
        "networked": draw(st.one_of(st.none(), st.booleans())),
    }


LEDGER = st.lists(machine(), min_size=0, max_size=12)
CITY = st.lists(LEDGER, min_size=1, max_size=10)
"""Ledgers of a few enterprises: all are diagnosed at once, so that many ledgers are tried."""
Ledgers = list[list[Row]]


def frames(ledgers: Ledgers, facts: list[Row] = ()) -> Inputs:  # type: ignore[assignment]
    devices, findings = [], []
    for enterprise, machines in enumerate(ledgers):
        for place, one in enumerate(machines):
            key = f"{enterprise}-{place}"
            own = {name: one[name] for name in ("quantity", "power_kw", "networked")}
            devices.append(motor(key, str(enterprise), **own))
            missing = {"missing": "efficiency_pct"} if one["grade"] == "undecided" else {}
            basis = {"basis": "ledger" if one["sure"] else "inferred"}
            findings += [
                life(key, one["age"]),
                finding(key, "efficiency", one["grade"], **missing, **basis),
                finding(key, "elimination", one["listed"], mandatory=one["listed"] == "eliminate", **basis),
            ]
    enterprises = [{"enterprise_id": str(place), "industry_code": "3484"} for place in range(len(ledgers))]
    return made(devices, findings, enterprises, facts=list(facts))


def scores(ledgers: Ledgers) -> dict[tuple[str, str], float | None]:
    """Score by enterprise and part."""
    said = run(frames(ledgers))
    return {
        (one.enterprise_id, part.key): part.score
        for one in said
        for dimension in one.dimensions
        for part in dimension.parts
    }


@FEW
@given(CITY, st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(ledgers: Ledgers, seed: int) -> None:
    inputs = frames(ledgers, [fact("machinery_net", 4, enterprise="0"), fact("machinery_original", 9, enterprise="0")])

    def mixed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.sample(fraction=1, shuffle=True, seed=seed)

    shuffled = Inputs(**{one.name: mixed(getattr(inputs, one.name)) for one in fields(inputs)})
    before, after = run(inputs), run(shuffled)
    assert [to_json(one) for one in after] == [to_json(one) for one in before]


@FEW
@given(CITY, st.integers(1, 5))
def test_machines_of_which_nothing_is_known_never_raise_a_score(ledgers: Ledgers, more: int) -> None:
    """Adding missing data turns nothing unknown into known, and nothing known into better."""
    blank = {"age": None, "grade": "undecided", "listed": "undecided", "sure": True}
    blank |= {"quantity": None, "power_kw": None, "networked": None}
    before, after = scores(ledgers), scores([[*machines, *[blank] * more] for machines in ledgers])
    for part, score in after.items():
        old = before[part]
        assert score is None or (old is not None and score <= old), part


@FEW
@given(st.lists(LEDGER.filter(bool), min_size=1, max_size=10), st.integers(0, 99))
def test_keeping_back_what_is_known_never_raises_a_score(ledgers: Ledgers, pick: int) -> None:
    fewer = [[dict(one) for one in machines] for machines in ledgers]
    for machines in fewer:
        hidden = machines[pick % len(machines)]
        hidden |= {"age": None, "grade": "undecided", "networked": None}
        if hidden["listed"] != "out_of_scope":  # what no list speaks of would come into scope
            hidden["listed"] = "undecided"
    before, after = scores(ledgers), scores(fewer)
    for part, score in after.items():
        old = before[part]
        assert score is None or old is None or score <= old + 1e-6, part


@FEW
@given(CITY, st.integers(1, 6), st.integers(11, 60))
def test_more_over_age_machines_never_raise_the_scores_of_age(ledgers: Ledgers, more: int, age: int) -> None:
    old = {"age": age, "grade": "grade_3", "listed": "clear", "sure": True}
    old |= {"quantity": None, "power_kw": 11.0, "networked": None}
    before, after = scores(ledgers), scores([[*machines, *[old] * more] for machines in ledgers])
    for (enterprise, part), score in after.items():
        if part not in {"over_age", "age"}:
            continue
        was = before[enterprise, part]
        if was is not None:
            assert score is not None and score <= was + 1e-6
        elif score is not None:  # old machines may bring what is known over the least coverage
            assert score < 100


@FEW
@given(CITY)
def test_ranges_and_coverage(ledgers: Ledgers) -> None:
    for said in run(frames(ledgers)):
        for dimension in said.dimensions:
            for part in dimension.parts:
                if part.state == "not_applicable":
                    assert part.score is None and part.low is None
                    continue
                assert part.low is not None and part.high is not None and part.coverage is not None
                assert 0 <= part.low <= part.high <= 100
                if part.score is not None:
                    assert part.score == part.low and part.coverage >= setting("least_coverage") - 1e-6
                if part.coverage < 1 - 1e-6:
                    assert part.score is None or part.score < 100, "what is not all known is never full"
                    assert part.asks, part.key


@FEW
@given(CITY)
def test_no_order_out_of_what_is_inferred(ledgers: Ledgers) -> None:
    inputs = frames(ledgers)
    inputs = replace(inputs, devices=inputs.devices.with_columns(verdict=pl.lit("must_replace")))
    inferred = {f"{at}-{place}" for at, own in enumerate(ledgers) for place, one in enumerate(own) if not one["sure"]}
    for said in run(inputs):
        for measure in said.measures:
            if measure.standing == "order":
                assert not set(measure.devices) & inferred


@FEW
@given(CITY)
def test_every_eliminated_machine_is_in_one_measure_of_law(ledgers: Ledgers) -> None:
    for said, machines in zip(run(frames(ledgers)), ledgers, strict=True):
        named = {place: one for place, one in enumerate(machines) if one["listed"] == "eliminate"}
        mine = [one for one in said.measures if one.law and "eliminate" in one.rule]
        held = [device for measure in mine for device in measure.devices]
        assert sorted(held) == sorted(f"{said.enterprise_id}-{place}" for place in named)
        assert sum(one.machines for one in mine) == sum(one["quantity"] or 1 for one in named.values())
