"""What holds of any enterprise, whatever the ledger: missing is never full, order does not matter, age never pays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diagnosis.made import Row, fact, finding, life, made, motor, run

from jigai.diagnosis import Diagnosis, to_json
from jigai.diagnosis.tables import setting

FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
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


LEDGERS = st.lists(machine(), min_size=0, max_size=12)


def frames(machines: list[Row], facts: list[Row] = ()) -> Any:  # type: ignore[assignment]
    devices, findings = [], []
    for place, one in enumerate(machines):
        key = f"d{place}"
        own = {name: one[name] for name in ("quantity", "power_kw", "networked")}
        devices.append(motor(key, **own))
        missing = {"missing": "efficiency_pct"} if one["grade"] == "undecided" else {}
        basis = {"basis": "ledger" if one["sure"] else "inferred"}
        findings += [
            life(key, one["age"]),
            finding(key, "efficiency", one["grade"], **missing, **basis),
            finding(key, "elimination", one["listed"], mandatory=one["listed"] == "eliminate", **basis),
        ]
    return made(devices, findings, facts=list(facts))


def scores(said: Diagnosis) -> dict[str, float | None]:
    return {part.key: part.score for dimension in said.dimensions for part in dimension.parts}


@FEW
@given(LEDGERS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(machines: list[Row], chance: Any) -> None:
    inputs = frames(machines, [fact("machinery_net", 4), fact("machinery_original", 9)])
    seed = chance.randint(0, 10_000)

    def mixed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.sample(fraction=1, shuffle=True, seed=seed)

    shuffled = replace(
        inputs, devices=mixed(inputs.devices), findings=mixed(inputs.findings), facts=mixed(inputs.facts)
    )
    assert to_json(run(shuffled).of["a"]) == to_json(run(inputs).of["a"])


@FEW
@given(LEDGERS, st.integers(1, 5))
def test_machines_of_which_nothing_is_known_never_raise_a_score(machines: list[Row], more: int) -> None:
    """Adding missing data turns nothing unknown into known, and nothing known into better."""
    blank = {"age": None, "grade": "undecided", "listed": "undecided", "sure": True}
    blank |= {"quantity": None, "power_kw": None, "networked": None}
    before, after = (scores(run(frames(every)).of["a"]) for every in (machines, [*machines, *[blank] * more]))
    for part, score in after.items():
        assert score is None or score <= (before[part] if before[part] is not None else -1), part


@FEW
@given(LEDGERS.filter(bool), st.data())
def test_keeping_back_what_is_known_never_raises_a_score(machines: list[Row], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(machines) - 1))
    hidden = {**machines[place], "age": None, "grade": "undecided", "listed": "undecided", "networked": None}
    fewer = [*machines[:place], hidden, *machines[place + 1 :]]
    if machines[place]["listed"] == "out_of_scope":  # what no list speaks of would come into scope
        hidden["listed"] = "out_of_scope"
    before, after = scores(run(frames(machines)).of["a"]), scores(run(frames(fewer)).of["a"])
    for part, score in after.items():
        if before[part] is not None and score is not None:
            assert score <= before[part] + 1e-6, part


@FEW
@given(LEDGERS, st.integers(1, 6), st.integers(11, 60))
def test_more_over_age_machines_never_raise_the_scores_of_age(machines: list[Row], more: int, age: int) -> None:
    old = {
        "age": age,
        "grade": "grade_3",
        "listed": "clear",
        "sure": True,
        "quantity": None,
        "power_kw": 11.0,
        "networked": None,
    }
    before, after = (scores(run(frames(every)).of["a"]) for every in (machines, [*machines, *[old] * more]))
    for part in ("over_age", "age"):
        if before[part] is not None:
            # Old machines may bring what is known over the least coverage, but never the score up.
            assert after[part] is not None and after[part] <= before[part] + 1e-6
        elif after[part] is not None:
            assert after[part] < 100


@FEW
@given(LEDGERS)
def test_ranges_and_coverage(machines: list[Row]) -> None:
    said = run(frames(machines)).of["a"]
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
@given(LEDGERS)
def test_no_order_out_of_what_is_inferred(machines: list[Row]) -> None:
    inputs = frames(machines)
    inputs = replace(inputs, devices=inputs.devices.with_columns(verdict=pl.lit("must_replace")))
    inferred = {f"d{place}" for place, one in enumerate(machines) if not one["sure"]}
    for measure in run(inputs).of["a"].measures:
        if measure.standing == "order":
            assert not set(measure.devices) & inferred


@FEW
@given(LEDGERS)
def test_every_eliminated_machine_is_in_one_measure_of_law(machines: list[Row]) -> None:
    said = run(frames(machines)).of["a"]
    named = {f"d{place}" for place, one in enumerate(machines) if one["listed"] == "eliminate"}
    held = [
        device for measure in said.measures if measure.law and "eliminate" in measure.rule for device in measure.devices
    ]
    assert sorted(held) == sorted(named)
    assert sum(one.machines for one in said.measures if "eliminate" in one.rule) == sum(
        one["quantity"] or 1 for one in machines if one["listed"] == "eliminate"
    )
