"""Lines alike in what a rule may look at have one signature."""

from __future__ import annotations

import polars as pl
import pytest

from jigai.screening.engines.signatures import (
    HASH,
    PROOF,
    HashCollisionError,
    distinct,
    numbered,
    signature_columns,
    with_hash,
)


def lines() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "device_id": ["a", "b", "c", "d"],
            "enterprise": ["甲", "乙", "甲", "甲"],
            "model": ["Y-4", "Y-4", None, "Y-4"],
            "power_kw": [11.0, 11.0, 11.0, None],
        }
    )


def test_only_what_a_rule_may_look_at_is_in_the_signature() -> None:
    assert set(signature_columns(lines().columns)) == {"model", "power_kw"}


def test_equal_contents_have_one_hash_and_an_empty_cell_is_a_content() -> None:
    hashed = with_hash(lines(), ["model", "power_kw"], seed=0)[HASH]
    assert hashed[0] == hashed[1]
    assert hashed.n_unique() == 3


def test_distinct_keeps_one_row_per_content() -> None:
    hashed = with_hash(lines(), ["model", "power_kw"], seed=0)
    kept = distinct(hashed, ["model", "power_kw"])
    assert kept.height == 3
    assert "device_id" not in kept.columns


def test_numbers_follow_the_hash_whatever_the_order_of_lines() -> None:
    hashed = distinct(with_hash(lines(), ["model", "power_kw"], seed=0), ["model", "power_kw"])
    there, back = numbered(hashed), numbered(hashed.reverse())
    assert there.equals(back)
    assert there["sig"].dtype == pl.UInt32


def test_two_contents_with_one_hash_are_noticed() -> None:
    with pytest.raises(HashCollisionError):
        numbered(pl.DataFrame({HASH: [1, 1], "model": ["a", "b"]}, schema_overrides={HASH: pl.UInt64}))


def test_one_name_is_not_enough_to_be_the_same() -> None:
    hashed = with_hash(lines(), ["model", "power_kw"], seed=0)
    forged = hashed.with_columns(pl.lit(7, pl.UInt64).alias(HASH))
    assert distinct(forged, ["model", "power_kw"]).height == 3
    with pytest.raises(HashCollisionError):
        numbered(distinct(forged, ["model", "power_kw"]))


def test_the_two_names_are_independent() -> None:
    hashed = with_hash(lines(), ["model", "power_kw"], seed=0)
    assert set(hashed[HASH]).isdisjoint(set(hashed[PROOF]))
    again = with_hash(lines(), ["model", "power_kw"], seed=1)
    assert set(hashed[HASH]).isdisjoint(set(again[HASH]))
