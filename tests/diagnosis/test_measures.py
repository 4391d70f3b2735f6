"""Measures: what may be an order, how they are grouped and put into order, what fits, and how an appraisal joins."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.diagnosis.made import DAY, Row, finding, life, made, motor, reference, run

from jigai.diagnosis import Appraised, Diagnosis, Measure, to_json, with_appraisals
from jigai.diagnosis.measures import ordered
from jigai.diagnosis.measures.rules import RuleError, read, rules
from jigai.diagnosis.tables import keyed, table
from jigai.reference.errors import ConditionError

STEEL = ({"enterprise_id": "a", "industry_code": "3120"},)


def outlawed(key: str, **more: object) -> Row:
    return finding(key, "elimination", "eliminate", mandatory=True, basis="nameplate", **more)


def measures(devices: list[Row], findings: list[Row], **more: object) -> tuple[Measure, ...]:
    return run(made(devices, findings, **more)).of["a"].measures  # type: ignore[arg-type]


def rule(found: tuple[Measure, ...], key: str) -> list[Measure]:
    return [one for one in found if one.rule == key]


@pytest.mark.parametrize(
    ("weak", "verdict"),
    [
        ({"basis": "inferred"}, "should_replace"),
        ({"certainty": "recalled"}, "should_replace"),
        ({"certainty": "secondary"}, "should_replace"),
        ({"certainty": "doubtful"}, "should_replace"),
        ({"mandatory": False}, "should_replace"),
        ({}, "should_replace"),
    ],
)
def test_anything_weak_is_only_confirmed_on_site(weak: Row, verdict: str) -> None:
    found = measures([motor("x", verdict=verdict)], [outlawed("x") | weak])
    assert [(one.rule, one.standing) for one in found] == [("eliminate_confirm", "confirm")]


def test_a_verdict_alone_makes_no_order() -> None:
    """Whoever hands in a wrong verdict gets no order out of what is inferred."""
    found = measures([motor("x", verdict="must_replace")], [outlawed("x") | {"basis": "inferred"}])
    assert [one.standing for one in found] == ["confirm"]


def test_a_rule_that_claims_too_much_is_held_back() -> None:
    rows = tuple(dict(row) for row in table("measure_rules.csv"))
    for row in rows:
        if row["rule"] in {"over_age", "low_grade_confirm"}:
            row["standing"] = "order"
    graded = finding("y", "efficiency", "grade_3", basis="inferred", mandatory=True)
    inputs = made([motor("x"), motor("y")], [life("x", 30) | {"mandatory": True}, graded])
    found = run(inputs, rules=read(rows)).of["a"].measures
    assert {one.rule: one.standing for one in found} == {"over_age": "confirm", "low_grade_confirm": "confirm"}


def test_many_machines_make_one_measure_by_kind_and_deadline() -> None:
    devices = [motor(f"m{place}", verdict="must_replace", quantity=2) for place in range(5)]
    devices += [motor("p", kind="pump", verdict="must_replace")]
    findings = [outlawed(f"m{place}", deadline="2025-12-31") for place in range(4)]
    findings += [outlawed("m4", deadline="立即"), outlawed("p")]
    found = measures(devices, findings)
    assert [(one.device_kind, one.deadline, one.machines) for one in found] == [
        ("motor", "立即", 2),
        ("motor", "2025-12-31", 8),
        ("pump", None, 1),
    ]
    assert found[1].devices == ("m0", "m1", "m2", "m3")
    assert found[1].power_kw == 88
    assert len(found[1].why) == 1 and found[1].why[0].of == found[1].devices


def test_reasons_of_the_rule_stand_apart_from_what_was_found_beside() -> None:
    devices = [motor("x", verdict="must_replace")]
    findings = [outlawed("x"), life("x", 30), finding("x", "efficiency", "below_limit", certainty="recalled")]
    (one,) = measures(devices, findings)
    assert [(reason.check, reason.also) for reason in one.why] == [
        ("elimination", False),
        ("efficiency", True),
        ("service_life", True),
    ]
    assert one.certainty == "transcribed"


def test_the_earlier_deadline_of_several_lists_counts() -> None:
    devices = [motor("x", verdict="must_replace")]
    findings = [outlawed("x", deadline="2026-06-30"), outlawed("x", rule_id="other", deadline="2025-06-30")]
    (one,) = measures(devices, findings)
    assert one.deadline == "2025-06-30"


def test_over_age_machines_of_the_plan_are_assessed_by_2027_and_never_ordered() -> None:
    (one,) = measures([motor("x")], [life("x", 30)], enterprises=STEEL)
    assert (one.rule, one.standing, one.deadline, one.law, one.certainty) == (
        "over_age_plan",
        "confirm",
        "2027-12-31",
        True,
        "recalled",
    )
    (other,) = measures([motor("x")], [life("x", 30)])
    assert (other.rule, other.deadline, other.law) == ("over_age", None, False)


PLATE = {"frame": "160M", "poles": "4", "power_kw": 11.0, "voltage_kv": 0.38}


@pytest.mark.parametrize(
    ("plate", "wanted", "asks"),
    [
        (PLATE, "low_grade", set()),
        (PLATE | {"frame": "52"}, "low_grade_confirm", {"mounting"}),
        (PLATE | {"power_kw": 12.0}, "low_grade_confirm", {"mounting"}),
        (PLATE | {"explosion_proof": True}, "low_grade_confirm", {"ex_mark"}),
        (PLATE | {"voltage_kv": None}, "low_grade_confirm", {"voltage_kv"}),
        (PLATE | {"poles": None}, "low_grade_confirm", {"poles"}),
        (PLATE | {"use_state": "备用"}, None, set()),
    ],
)
def test_a_motor_is_replaced_only_where_one_fits(plate: Row, wanted: str | None, asks: set[str]) -> None:
    found = measures([motor("x", **plate)], [finding("x", "efficiency", "grade_3")])
    assert [one.rule for one in found] == ([wanted] if wanted else [])
    for one in found:
        assert asks <= {ask.key for ask in one.missing}
        assert (one.fit_zh is not None) == (wanted == "low_grade")


@pytest.mark.parametrize(
    ("kind", "ratings"),
    [
        ("transformer", {"capacity_kva": 400.0, "voltage_kv": 10.0}),
        ("pump", {"flow_m3h": 100.0, "head_m": 32.0}),
        ("fan", {"flow_m3h": 9000.0, "total_pressure_kpa": 2.0}),
        ("compressor", {"flow_m3min": 20.0, "pressure_mpa": 0.8}),
        ("boiler", {"capacity_tph": 4.0, "pressure_mpa": 1.25, "fuel": "gas"}),
    ],
)
def test_a_machine_fits_by_its_duty_and_without_it_is_asked(kind: str, ratings: Row) -> None:
    graded = [finding("x", "efficiency", "grade_3")]
    known = measures([motor("x", kind=kind, power_kw=None, **ratings)], graded)
    assert [one.rule for one in known if one.rule != "vsd"] == ["low_grade"]
    for name in ratings:
        (one,) = rule(
            measures([motor("x", kind=kind, power_kw=None, **(ratings | {name: None}))], graded), "low_grade_confirm"
        )
        assert name in {ask.key for ask in one.missing}


def test_a_kind_of_which_nothing_is_held_never_fits() -> None:
    found = measures([motor("x", kind="chiller", **PLATE)], [finding("x", "efficiency", "grade_3")])
    assert [one.rule for one in found] == ["low_grade_confirm"]


def test_variable_speed_is_not_proposed_for_what_must_go() -> None:
    devices = [motor("x", kind="pump", power_kw=55.0, verdict="must_replace"), motor("y", kind="pump", power_kw=55.0)]
    found = measures(devices, [outlawed("x"), finding("y", "efficiency", "undecided")])
    assert [(one.rule, one.devices) for one in found] == [("eliminate_order", ("x",)), ("vsd", ("y",))]


@dataclass(frozen=True)
class Said:
    """What an appraisal might hand over."""

    reference: str
    payback_years: float | None
    co2_t: float | None


def several() -> Diagnosis:
    devices = [motor("x", verdict="must_replace"), motor("y", **PLATE), motor("z", kind="pump", power_kw=90.0)]
    devices += [motor("w", kind="fan", power_kw=20.0)]
    findings = [outlawed("x"), finding("y", "efficiency", "grade_3"), life("z", 5), life("w", 5)]
    return run(made(devices, findings)).of["a"]


def test_law_comes_first_then_payback_then_carbon() -> None:
    said = several()
    by_kind = {(one.rule, one.device_kind): one.id for one in said.measures}
    order, grade = by_kind["eliminate_order", "motor"], by_kind["low_grade", "motor"]
    pump, fan = by_kind["vsd", "pump"], by_kind["vsd", "fan"]
    assert [one.id for one in said.measures] == [order, grade, pump, fan]
    quick: dict[str, Appraised] = {fan: Said("F", 1.0, 50.0), pump: Said("P", 1.0, 5.0), grade: Said("G", 4.0, 900.0)}
    assert [one.id for one in with_appraisals(said, quick).measures] == [order, fan, pump, grade]
    slow: dict[str, Appraised] = {order: Said("O", 50.0, 0.0), pump: Said("P", None, 50.0), grade: Said("G", 4.0, 1.0)}
    joined = with_appraisals(said, slow)
    assert [one.id for one in joined.measures] == [order, grade, pump, fan]
    assert joined.measures[1].appraisal is not None and joined.measures[1].appraisal.reference == "G"
    assert joined.measures[3].appraisal is None


def test_an_appraisal_of_a_stranger_is_refused() -> None:
    with pytest.raises(KeyError, match="b/vsd"):
        with_appraisals(several(), {"b/vsd/pump": Said("P", 1.0, 1.0)})


def test_the_order_does_not_depend_on_the_order_given() -> None:
    found = several().measures
    assert ordered(reversed(found)) == ordered(found) == found


def test_ids_stay_from_run_to_run_and_grow_with_the_ledger() -> None:
    devices, findings = [motor("x", **PLATE)], [finding("x", "efficiency", "grade_3")]
    (before,) = measures(devices, findings)
    more = measures([*devices, motor("y", **PLATE)], [*findings, finding("y", "efficiency", "grade_4")])
    assert [one.id for one in more] == [before.id]
    assert to_json(run(made(devices, findings)).of["a"]) == to_json(run(made(devices, findings)).of["a"])


def test_a_machine_the_guide_means_opens_to_the_clause() -> None:
    crane = motor("x", kind="crane", name="行车", power_kw=None, verdict="should_replace")
    (one,) = measures([crane], [], enterprises=STEEL)
    assert (one.rule, one.standing, one.directions) == ("guide", "advise", ("SG-2-1",))
    (reason,) = one.why
    assert (reason.check, reason.rule_id, reason.clause, reason.certainty) == (
        "sector_guide",
        "SG-2-1",
        "第 2 项",
        "transcribed",
    )


def test_the_industry_of_the_ledger_line_speaks_before_that_of_the_enterprise() -> None:
    crane = motor("x", kind="crane", name="行车", power_kw=None, verdict="should_replace", industry_code="3484")
    assert measures([crane], [], enterprises=STEEL) == ()


def test_rules_are_sound() -> None:
    every = rules()
    assert len({one.key for one in every}) == len(every)
    assert len({one.order for one in every}) == len(every)
    for one in every:
        assert one.zh and one.en and one.basis_zh and one.basis_en
        assert one.standing != "order" or one.law, "only the law orders"
        assert not one.part or one.subject == "part"
        assert ("{kind}" in one.zh) == ("{kind}" in one.en) == (one.subject in {"device", "vsd", "guide"})
    sectors = {
        sector
        for row in reference(DAY).table("gb4754-2017", "classes")["plan_sectors"].to_list()
        for sector in row or ()
    }
    assert {sector for one in every for sector in one.sectors} <= sectors
    kinds = set(reference(DAY).table("kinds", "kinds")["kind"])
    assert set(keyed("fits.csv", "kind")) <= kinds


@pytest.mark.parametrize(
    ("column", "value", "error"),
    [
        ("standing", "maybe", RuleError),
        ("kind", "dance", RuleError),
        ("subject", "moon", RuleError),
        ("needs", "luck", RuleError),
        ("part", "beauty", RuleError),
        ("condition", "beauty = true", ConditionError),
        ("condition", "outcome eliminate", ConditionError),
        ("unless", "power_kw >= big", ConditionError),
    ],
)
def test_a_wrong_rule_is_refused_by_name(column: str, value: str, error: type[Exception]) -> None:
    row = dict(next(row for row in table("measure_rules.csv") if row["rule"] == "low_grade"))
    with pytest.raises(error, match="low_grade" if error is RuleError else ".+"):
        read((row | {column: value},))
