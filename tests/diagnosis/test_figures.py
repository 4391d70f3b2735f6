"""Figures by hand: sites add up, shares by power, peers that are never told, weights, and inputs that are refused."""

from __future__ import annotations

import json

import polars as pl
import pytest
from tests.diagnosis.made import fact, finding, life, made, motor, run

from jigai.diagnosis import InputError, Inputs, to_json
from jigai.diagnosis.inputs import ENTERPRISE


def part(inputs: Inputs, key: str, enterprise: str = "a", **options: object):
    return run(inputs, **options).of[enterprise].part(key)


def test_figures_of_sites_add_up() -> None:
    facts = [fact("equipment_networked", n, site=s) for n, s in ((10, "1"), (20, "2"))]
    facts += [fact("equipment_total", n, site=s) for n, s in ((40, "1"), (60, "2"))]
    assert part(made(facts=facts), "networking").score == 30


def test_a_part_of_the_sites_never_passes_for_the_whole() -> None:
    facts = [fact("equipment_networked", 40, site="1"), fact("equipment_total", 40, site="1")]
    facts += [fact("equipment_total", 60, site="2")]
    said = part(made(facts=facts), "networking")
    assert said.score is None
    assert {ask.key for ask in said.asks} == {"equipment_networked", "equipment_total"}


def test_an_earlier_year_serves_where_the_last_is_incomplete() -> None:
    facts = [
        fact("equipment_networked", 10, 2024),
        fact("equipment_total", 40, 2024),
        fact("equipment_total", 50, 2025),
    ]
    said = part(made(facts=facts), "networking")
    assert said.score == 25
    assert {ground.year for ground in said.grounds} == {2024}


def test_figures_of_the_future_are_not_looked_at() -> None:
    facts = [fact("machinery_net", 10, 2027), fact("machinery_original", 40, 2027)]
    assert part(made(facts=facts), "newness").score is None


def test_power_weighs_with_the_number_of_machines() -> None:
    devices = [motor("x", quantity=3, power_kw=10), motor("y", power_kw=70)]
    findings = [finding("x", "efficiency", "grade_2"), finding("y", "efficiency", "grade_3")]
    said = part(made(devices, findings), "grade_2_power")
    assert said.score == 30  # 30 of 100 kW
    assert {(ground.role, ground.keys) for ground in said.grounds} == {("meets", ("x",)), ("falls_short", ("y",))}
    assert part(made(devices, findings), "grade_2_machines").score == 75


def test_a_transformer_has_no_power_to_weigh_with_and_is_not_asked_for_any() -> None:
    devices = [motor("x"), motor("t", kind="transformer", power_kw=None, capacity_kva=1000)]
    findings = [finding("x", "efficiency", "grade_2"), finding("t", "efficiency", "below_limit")]
    said = part(made(devices, findings), "grade_2_power")
    assert (said.state, said.score) == ("known", 100)
    assert part(made(devices, findings), "grade_2_machines").score == 50


def test_a_suspicion_is_neither_good_nor_bad() -> None:
    devices = [motor(key) for key in "uvwxy"]
    findings = [finding(key, "elimination", "clear") for key in "uvwx"]
    findings.append(finding("y", "elimination", "eliminate", mandatory=True, basis="inferred"))
    said = part(made(devices, findings), "backward")
    assert (said.state, said.score, said.high, said.value) == ("partial", 80, 100, 0)
    assert [(ask.key, ask.of) for ask in said.asks] == [("confirm", ("y",))]


def test_a_device_named_by_one_list_and_clear_by_another_is_named() -> None:
    findings = [finding("x", "elimination", "clear"), finding("x", "guidance", "restricted", rule_id="OB-1")]
    assert part(made([motor("x")], findings), "backward").score == 0


def city(intensities: list[float], size: str = "小型", code: str = "3484") -> Inputs:
    """Enterprises of one class: energy per output value as given."""
    enterprises = [
        {"enterprise_id": str(place), "industry_code": code, "size": size} for place in range(len(intensities))
    ]
    facts = []
    for place, value in enumerate(intensities):
        facts += [
            fact("energy_total", value * 100, enterprise=str(place)),
            fact("output_value", 100, enterprise=str(place)),
        ]
    return made(enterprises=enterprises, facts=facts)


def test_peers_stand_in_quarters() -> None:
    said = run(city([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]))
    quarters = [said.of[str(place)].part("energy_peers").value for place in range(9)]
    assert quarters == [1, 1, 2, 2, 3, 3, 4, 4, 4]
    assert said.of["0"].part("energy_peers").score == 87.5


def test_five_peers_are_enough_and_four_are_not() -> None:
    assert run(city([0.1] * 6)).of["0"].part("energy_peers").score == 87.5
    few = run(city([0.1] * 5)).of["0"].part("energy_peers")
    assert (few.state, few.score) == ("unknown", None)
    assert [ask.key for ask in few.asks] == ["peers"]


def test_no_value_of_a_peer_is_told() -> None:
    values = [0.1234, 0.2345, 0.3456, 0.4567, 0.5678, 0.6789]
    said = run(city(values))
    text = to_json(said.of["0"])
    for place, value in enumerate(values[1:], 1):
        assert str(value) not in text and str(round(value * 100, 2)) not in text
        assert f'"{place}"' not in json.dumps([g.keys for g in said.of["0"].part("energy_peers").grounds])


def test_another_size_is_no_peer_and_a_size_not_known_is_asked() -> None:
    one, other = city([0.1] * 4), city([0.2] * 4, size="大型")
    other = Inputs(
        *(getattr(other, name).with_columns(enterprise_id="b" + pl.col("enterprise_id")) for name in ("enterprises",)),
        facts=other.facts.with_columns(enterprise_id="b" + pl.col("enterprise_id")),
    )
    both = Inputs(pl.concat([one.enterprises, other.enterprises]), facts=pl.concat([one.facts, other.facts]))
    assert run(both).of["0"].part("energy_peers").score is None
    nameless = Inputs(both.enterprises.with_columns(size=pl.lit(None, pl.String)), facts=both.facts)
    assert [ask.key for ask in run(nameless).of["0"].part("energy_peers").asks] == ["industry_code", "size"]


def test_one_enterprise_alone_with_the_peers_of_all_says_the_same() -> None:
    inputs = city([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    every = run(inputs)
    alone = run(inputs.only("3"), peers=every.peers)
    assert to_json(alone.of["3"]) == to_json(every.of["3"])
    assert list(alone.of) == ["3"]
    assert run(inputs.only("3")).of["3"].part("energy_peers").score is None


def test_a_dimension_has_a_score_by_weights_that_are_given_and_only_when_all_is_known() -> None:
    facts = [fact("machinery_net", 40), fact("machinery_original", 100)]
    inputs = made([motor("x")], [life("x", 5)], facts=facts)
    weights = {"newness": 3.0, "age": 1.0}
    advanced = run(inputs, weights=weights).of["a"].dimensions[0]
    assert advanced.score == (40 * 3 + 50 * 1) / 4
    assert [one.score for one in run(inputs, weights=weights).of["a"].dimensions[1:]] == [None] * 3
    assert run(made(facts=facts), weights=weights).of["a"].dimensions[0].score is None
    for wrong in ({"beauty": 1.0}, {"age": 0.0}, {"age": float("nan")}):
        with pytest.raises(ValueError):
            run(inputs, weights=wrong)


def test_frames_that_cannot_be_diagnosed_are_refused_all_at_once() -> None:
    base = made([motor("x"), motor("x"), motor("y", "nobody")], [life("z", 3)], facts=[fact("employees", 1)] * 2)
    with pytest.raises(InputError) as refused:
        run(base)
    said = str(refused.value)
    assert "devices: device_id x stands twice" in said
    assert "there is no enterprise nobody" in said
    assert "findings: 1 rows of devices" in said
    assert "facts: a/2025/employees stands twice" in said
    with pytest.raises(InputError, match="devices: column device_id is not there"):
        run(Inputs(base.enterprises, devices=pl.DataFrame({"enterprise_id": ["a"]})))


def test_nobody_to_diagnose_is_nobody_diagnosed() -> None:
    assert dict(run(Inputs(pl.DataFrame(schema=ENTERPRISE))).of) == {}
