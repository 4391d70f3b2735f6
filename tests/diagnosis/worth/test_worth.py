"""What measures save, cost, bring and can get: cases an officer can read, and what must hold for all of them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diagnosis.cases import reference
from tests.diagnosis.made import DAY
from tests.diagnosis.worth.made import CASES, costed, frame, measure, row, worth

from jigai.diagnosis import InputError
from jigai.diagnosis.worth import PRICES, RUNNING, Known, SampleError, cost, inputs_of, listable, may_be_listed
from jigai.diagnosis.worth.prices import PriceList
from jigai.diagnosis.worth.totals import total
from jigai.diagnosis.writing import read_as, to_json


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_a_case_says_what_is_written(place: int) -> None:
    say: dict[str, Any] = CASES[place]["say"]
    found = costed()[place]
    mine = next(one for one in found.diagnosis.measures if one.rule == say["rule"])
    one = found.worth(mine.id)
    for name in ("tce", "co2", "money"):
        if name in say:
            assert (getattr(one, name) is None) == (say[name] == "none"), name
    if "capital" in say:
        assert (one.price.capital if one.price else "none") == say["capital"]
    if "payback" in say:
        assert (one.payback_years is not None) == say["payback"]
    if "npv" in say:
        assert one.returns and (one.returns.npv is not None) == say["npv"]
    if say.get("payback"):
        assert one.returns.payback == pytest.approx(one.price.capital / one.money.likely)
        assert one.returns.payback_low <= one.returns.payback
    if "machines" in say:
        assert one.price.machines == say["machines"] == one.returns.machines
    if "sample" in say:
        assert one.sample == say["sample"]
    assert set(say.get("why", ())) <= {why.key for why in one.why}
    if "instruments" in say:
        assert sorted(aid.instrument for aid in one.aids) == say["instruments"]


def test_measures_stay_law_first_and_carry_their_worth() -> None:
    for one in costed():
        assert [w.measure for w in one.worths] == [m.id for m in one.diagnosis.measures]
        ranks = [(m.standing != "order", m.standing != "confirm") for m in one.diagnosis.measures if m.law]
        assert ranks == sorted(ranks)
        for m, w in zip(one.diagnosis.measures, one.worths, strict=True):
            assert m.appraisal and (m.appraisal.payback_years, m.appraisal.co2_t) == (w.payback_years, w.co2_t)


def test_every_input_has_an_origin_and_every_aid_says_what_to_bring() -> None:
    rows = [row for one in costed() for w in one.worths for row in w.devices if row.status == "appraised"]
    assert rows
    for one in rows:
        told = inputs_of(one)
        wanted = {"hours", "power_kw"} if one.appraisal == "motor_replacement" else {"capacity_kva"}
        assert wanted <= {name for name, _value, _origin in told}
        assert all(origin for _name, _value, origin in told)
    aids = [aid for one in costed() for aid in (*one.aids, *(a for w in one.worths for a in w.aids))]
    assert {aid.status for aid in aids} >= {"undecided", "not"}
    for aid in aids:
        assert aid.document and aid.next_zh and (aid.status != "undecided" or any(t.says_zh for t in aid.tests))
        if aid.instrument.startswith("TX"):
            assert any(note.zh == "仅供参考，由企业自行判别申报。" for note in aid.notes)


def test_what_was_read_off_a_series_is_no_word_of_the_enterprise() -> None:
    found = costed()[next(place for place, case in enumerate(CASES) if case["name"].startswith("变压器"))]
    (one,) = (w for w in found.worths if w.devices)
    origins = {name: origin for name, _value, origin in inputs_of(one.devices[0])}
    assert origins["no_load_loss_before_w"] == origins["load_loss_before_w"] == "reference"
    assert origins["capacity_kva"] == "enterprise" and one.devices[0].certainty == "recalled"


def test_a_sample_enters_no_list() -> None:
    sample, sure = costed()[0], costed()[2]
    assert all(not one.sample for one in may_be_listed(sample))
    with pytest.raises(SampleError) as caught:
        listable(sample.worths)
    assert caught.value.measures and "不进名单" in caught.value.zh and "no list" in caught.value.en
    with pytest.raises(SampleError):
        listable([sample.total])
    listable([*sure.worths, sure.total])
    assert may_be_listed(sure) == sure.worths


def test_all_can_be_written_and_read() -> None:
    import json

    from jigai.diagnosis.worth import Costed

    for one in costed():
        text = to_json(one)
        assert read_as(Costed, json.loads(text)) == one
        assert to_json(read_as(Costed, json.loads(text))) == text
        assert "NaN" not in text and "tax_payable" not in text


def test_a_motor_and_a_drive_on_one_machine_count_once() -> None:
    motor, drive = row("motor", 3.0, machine="P-1"), row("pump", 8.0, machine="P-1", appraisal="variable_speed")
    other = row("fan", 1.0)
    found = total([worth("a", motor, other), worth("b", drive)])
    assert found.tce and found.tce.likely == 9.0
    assert found.shared == ("motor",) and found.machines == 2


def test_one_line_in_two_measures_counts_once() -> None:
    found = total([worth("a", row("pump", 5.0)), worth("b", row("pump", 2.0))])
    assert found.tce and (found.tce.likely, found.shared) == (5.0, ("pump",))


rows_of = st.lists(
    st.tuples(st.sampled_from("abcd"), st.one_of(st.none(), st.floats(0, 1e4)), st.booleans()), min_size=1, max_size=6
)


@given(st.lists(rows_of, min_size=1, max_size=4), st.randoms())
@settings(max_examples=60, deadline=None)
def test_sums_never_exceed_the_best_of_each_machine(measures: list[Any], random: Any) -> None:
    worths = [
        worth(f"m{place}", *(row(f"{place}-{n}", tce, machine, sample=s) for n, (machine, tce, s) in enumerate(rows)))
        for place, rows in enumerate(measures)
    ]
    found = total(worths)
    best: dict[str, float] = {}
    for one in worths:
        mine: dict[str, float] = {}
        for line in one.devices:
            if line.tce:
                mine[line.machine] = mine.get(line.machine, 0.0) + line.tce.likely
        for machine, tce in mine.items():
            best[machine] = max(best.get(machine, 0.0), tce)
    assert (found.tce.likely if found.tce else 0.0) == pytest.approx(sum(best.values()))
    counted = sum(line.tce is not None for one in worths for line in one.devices)
    assert found.machines + len(found.shared) == counted
    shuffled = list(worths)
    random.shuffle(shuffled)
    again = total(shuffled)
    assert (again.tce.likely if again.tce else 0.0) == pytest.approx(found.tce.likely if found.tce else 0.0)


@given(st.lists(st.tuples(st.sampled_from(["invoice", "quotation", "supply_list"]), st.floats(1, 1e6)), min_size=1))
@settings(max_examples=60, deadline=None)
def test_the_price_is_of_the_surest_origin_and_of_several_the_dearest(offers: list[tuple[str, float]]) -> None:
    rows = [{"kind": "motor", "unit_yuan": amount, "origin": origin} for origin, amount in offers]
    prices = Known(prices=frame(rows, PRICES, None)).checked().prices
    found = PriceList(prices).price("a", measure(), {"d1": (2, 11.0)})
    order = ("invoice", "quotation", "supply_list")
    surest = min((origin for origin, _amount in offers), key=order.index)
    assert found and found.origin == surest
    assert found.equipment == pytest.approx(2 * max(amount for origin, amount in offers if origin == surest))


def test_a_price_of_new_machines_is_no_price_of_a_drive() -> None:
    prices = Known(prices=frame([{"kind": "pump", "unit_yuan": 5.0}], PRICES, "a")).checked().prices
    drive = measure(kind="retrofit", device_kind="pump", rule="vsd")
    assert PriceList(prices).price("a", drive, {}) is None
    assert PriceList(prices).price("a", measure(device_kind="pump"), {}) is not None
    assert PriceList(prices).price("b", measure(device_kind="pump"), {}) is None


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"running": [{"fact": "hour", "number": 1.0}]}, "no fact hour"),
        ({"running": [{"fact": "hours", "number": 1.0, "origin": "friend"}]}, "origin 'friend'"),
        ({"running": [{"fact": "hours", "number": 1.0}, {"fact": "hours", "number": 2.0}]}, "told twice"),
        ({"prices": [{"kind": "motor"}]}, "say one of"),
        ({"prices": [{"kind": "motor", "unit_yuan": 1.0, "kw_yuan": 1.0}]}, "say one of"),
        ({"prices": [{"kind": "motor", "unit_yuan": -1.0}]}, "below zero"),
        ({"prices": [{"unit_yuan": 1.0}]}, "what it is for"),
        ({"prices": [{"kind": "motor", "unit_yuan": 1.0, "life_years": 2.5}]}, "whole number"),
    ],
)
def test_what_cannot_be_used_is_refused(known: dict[str, Any], words: str) -> None:
    schemas = {"running": RUNNING, "prices": PRICES}
    made = {name: frame(rows, schemas[name], "a") for name, rows in known.items()}
    with pytest.raises(InputError, match=words):
        cost([], pl.DataFrame({"device_id": []}), Known(**made), reference(DAY))
    with pytest.raises(InputError, match="discount rate"):
        Known(rate=8.0).checked()
