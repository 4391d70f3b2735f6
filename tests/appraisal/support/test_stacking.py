"""What may go together on one expenditure: cases by hand, and what must hold of any claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.appraisal.support.cases import held, load

from jigai.appraisal.support.stacking import Claim, Decision, Stack, stack

CASES = load("stacking")
PRICE = Decimal(1000000)
CLAIMS = st.lists(
    st.builds(
        Claim,
        st.sampled_from(sorted(held().instruments)),
        st.integers(0, 10**8).map(lambda fen: Decimal(fen) / 100),
        st.booleans(),
        st.uuids().map(str),
    ),
    max_size=5,
)
PAIRS = st.lists(st.sampled_from(list(combinations(sorted(held().instruments), 2))), max_size=6)


def decisions(pairs: Any) -> list[Decision]:
    return [
        Decision(one, other, f"攀经信〔{n}〕号", date(2026, 1, 1), "市经信局") for n, (one, other) in enumerate(pairs)
    ]


def claims_of(case: dict[str, Any]) -> list[Claim]:
    return [Claim(name, Decimal(str(amount)), bool(granted), str(n)) for n, (name, amount, *granted) in
            enumerate(case["claims"])]  # fmt: skip


def stacked(case: dict[str, Any]) -> Stack:
    decided = [
        Decision(one, other, "攀经信〔2026〕1号", day, "市经信局") for one, other, day in case.get("decided", [])
    ]
    return stack(claims_of(case), Decimal(case["price"]), held(), decided, case.get("as_of"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    found = stacked(case)
    assert [one.claim.instrument for one in found.rulings if one.allowed] == case.get("allowed", [])
    refused = [one for one in found.rulings if not one.allowed]
    assert {one.claim.instrument for one in refused} == set(case.get("refused", {}))
    for one in refused:
        assert any(case["refused"][one.claim.instrument] in why.zh for why in one.why), one.why
        assert all(why.en.isascii() or "“" not in why.en for why in one.why)
    for name in {"total", "room"} & set(case):
        assert getattr(found, name) == case[name], name
    assert case.get("notes", "") in "".join(note.zh for note in found.notes)


def test_cases_name_their_source() -> None:
    assert [case["name"] for case in CASES if not case.get("source")] == []


@pytest.mark.parametrize("case", [case for case in CASES if len(case["claims"]) > 1], ids=lambda case: case["name"])
def test_no_case_depends_on_the_order_of_its_claims(case: dict[str, Any]) -> None:
    wanted = stacked(case)
    for order in permutations(case["claims"]):
        found = stacked({**case, "claims": list(order)})
        assert (found.total, found.room, found.notes) == (wanted.total, wanted.room, wanted.notes)


@settings(deadline=None)
@given(CLAIMS, PAIRS, st.randoms())
def test_the_order_does_not_matter(claims: list[Claim], pairs: Any, chance: Any) -> None:
    turned = list(claims)
    chance.shuffle(turned)
    one, other = (stack(each, PRICE, held(), decisions(pairs)) for each in (claims, turned))
    assert {r.claim.key: r.why for r in one.rulings} == {r.claim.key: r.why for r in other.rulings}
    assert (one.total, one.room, one.notes) == (other.total, other.room, other.notes)


@settings(deadline=None)
@given(CLAIMS, PAIRS)
def test_public_money_that_is_newly_allowed_never_goes_above_the_price(claims: list[Claim], pairs: Any) -> None:
    found = stack(claims, PRICE, held(), decisions(pairs))
    new = [one for one in found.rulings if one.allowed and not one.claim.granted]
    public = [one for one in new if held().instruments[one.claim.instrument].public_money]
    assert found.total <= PRICE or not public
    assert found.room == max(PRICE - found.total, 0)


@settings(deadline=None)
@given(CLAIMS, PAIRS)
def test_nothing_is_allowed_twice_and_no_new_pair_without_a_row_or_a_decision(claims: list[Claim], pairs: Any) -> None:
    found = stack(claims, PRICE, held(), decisions(pairs))
    decided = {frozenset(pair) for pair in pairs}
    allowed = [one.claim for one in found.rulings if one.allowed]
    for one, other in combinations(allowed, 2):
        assert one.instrument != other.instrument
        row = held().relation(one.instrument, other.instrument)
        pair = frozenset((one.instrument, other.instrument))
        assert pair in decided or (row is not None and row.certainty in ("transcribed", "secondary"))
        assert row is None or row.relation != "excludes"


def test_no_pair_is_settled_by_memory_alone() -> None:
    """Every row of the matrix that is only recalled refuses until somebody decides, or for good where it excludes."""
    recalled = [one for one in held().relations.values() if one.certainty == "recalled"]
    assert recalled
    for one in recalled:
        both = [Claim(one.one, Decimal(0)), Claim(one.other, Decimal(0))]
        assert not any(ruling.allowed for ruling in stack(both, PRICE, held()).rulings)
        decided = stack(both, PRICE, held(), decisions([(one.one, one.other)]))
        assert all(ruling.allowed for ruling in decided.rulings) is (one.relation != "excludes")


def test_a_pair_of_which_the_order_counts_needs_a_decision() -> None:
    row = replace(held().relations[frozenset(("FN-05", "FN-06"))], any_order=False)
    ordered = replace(held(), relations={**held().relations, frozenset(("FN-05", "FN-06")): row})
    both = [Claim("FN-05", Decimal(1)), Claim("FN-06", Decimal(1))]
    assert all("谁先谁后" in one.why[0].zh for one in stack(both, PRICE, ordered).rulings)
    assert stack(both, PRICE, ordered, decisions([("FN-06", "FN-05")])).total == 2


def test_what_is_not_held_or_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="XX-99"):
        stack([Claim("XX-99", Decimal(1))], PRICE, held())
    with pytest.raises(ValueError, match="below zero"):
        stack([Claim("FN-05", Decimal(-1))], PRICE, held())
    with pytest.raises(ValueError, match="below zero"):
        stack([], Decimal(-1), held())
