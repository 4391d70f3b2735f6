"""Catalogue entries and ledger models meet in one key, and no entry swallows another."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from jigai.nameplate import Reading, catalogue_keys
from jigai.reference import Reference

Read = Callable[[list[dict[str, object]]], Reading]
BATCHES = ("elimination-1", "elimination-2", "elimination-3", "elimination-4")


@pytest.fixture(scope="module")
def entries(reference: Reference) -> pl.DataFrame:
    """Return every model and series of the four catalogues with its kind and product name."""
    tables = [
        reference.table(batch)
        .select("entry_id", "kind", "product_zh", pl.col(column).alias("text"), pl.lit(column).alias("of"))
        .explode("text", empty_as_null=True)
        .drop_nulls("text")
        for batch in BATCHES
        for column in ("models", "series")
    ]
    return pl.concat(tables).unique(maintain_order=True)


@pytest.fixture(scope="module")
def matched(entries: pl.DataFrame, reading: Read) -> pl.DataFrame:
    """Return the entries with their key and the keys of a ledger line that writes them as the catalogue does."""
    lines: list[dict[str, object]] = [
        {"name": row["product_zh"], "model": row["text"]} for row in entries.iter_rows(named=True)
    ]
    devices = reading(lines).devices.select("model_keys", "series_keys", pl.col("kind").alias("read_kind"))
    both = pl.concat([entries, devices], how="horizontal")
    return both.join(catalogue_keys(entries.select("kind", "text")), on=["kind", "text"], maintain_order="left")


def test_every_catalogue_entry_is_found_by_its_own_text(matched: pl.DataFrame) -> None:
    keys = pl.when(pl.col("of") == "models").then("model_keys").otherwise("series_keys")
    missed = matched.filter(~keys.list.contains(pl.col("key")).fill_null(False))
    assert matched.height > 1500
    assert missed.select("kind", "text", "key").rows() == []


def test_nearly_every_catalogue_entry_is_read_as_its_kind(matched: pl.DataFrame) -> None:
    same = matched.filter(pl.col("kind") == pl.col("read_kind"))
    assert same.height >= 0.99 * matched.height


def test_no_catalogue_model_hits_another_one(matched: pl.DataFrame) -> None:
    models = matched.filter(pl.col("of") == "models").select("kind", "text", "key", "model_keys")
    hits = models.explode("model_keys").join(
        models.select("kind", "key", other="text"), left_on=["kind", "model_keys"], right_on=["kind", "key"]
    )
    own = hits.join(models.select("kind", "text", own="key").unique(), on=["kind", "text"])
    assert own.filter(pl.col("model_keys") != pl.col("own")).select("text", "other").unique().rows() == []


def one(reading: Read, name: str | None, model: str) -> dict[str, list[str]]:
    """Return the keys of one line."""
    row = reading([{"name": name, "model": model}]).devices.row(0, named=True)
    return {"models": row["model_keys"] or [], "series": row["series_keys"] or []}


def key(kind: str, text: str) -> str:
    """Return the key of one catalogue entry."""
    found: str = catalogue_keys(pl.DataFrame({"kind": [kind], "text": [text]}))["key"][0]
    return found


@pytest.mark.parametrize(
    ("kind", "name", "model", "entry"),
    [
        ("motor", "电机", "YB80M1-2", "YB-80M1-2"),
        ("motor", "电机", "YB-80M1-2W", "YB-80M1-2"),
        ("motor", "电机", "Y2－160M1－2 B3", "Y2-160M1-2"),
        ("motor", "电机", "J02-51-4T2", "JO2-51-4"),
        ("transformer", "变压器", "S8-30/10", "S8-30"),
        ("transformer", "变压器", "S9-M-1000/10", "S9-1000"),
        ("transformer", "变压器", "S7-315/10-0.4", "S7-315/10"),
        ("fan", "引风机", "Y5-47-11№8C", "Y5-47No.8C"),
        ("fan", "通风机", "9-35-11№10D", "9-35No.10"),
        ("pump", "给水泵", "DG270－140×10", "DG270-140"),
        ("pump", "离心泵", "2BA-6", "2BA6"),
        ("pump", "离心泵", "1½BA-6", "1½BA6"),
        ("boiler", "锅炉", "KZL4-13-A3", "KZL4-13-AⅢ"),
        ("welder", "电焊机", "BXl-330", "BX1-330"),
        ("compressor", "空压机", "L－10／8", "L-10/8"),
        ("forging_machine", "剪板机", "Q11-3x1800", "Q11-3×1800"),
    ],
)
def test_one_model_written_two_ways_has_one_key(reading: Read, kind: str, name: str, model: str, entry: str) -> None:
    assert key(kind, entry) in one(reading, name, model)["models"]


@pytest.mark.parametrize(
    ("kind", "name", "model", "entry"),
    [
        ("pump", "离心泵", "2BA-6", "BA6"),
        ("pump", "离心泵", "2BA-6A", "2BA6"),
        ("machine_tool", "车床", "CA6140", "6140"),
        ("compressor", "空压机", "4L-20/8", "L-20/8"),
        ("machine_tool", "铣床", "X61W", "X61"),
        ("motor", "电机", "Y2-80M1-2", "Y280M1-2"),
        ("transformer", "变压器", "S11-100/10", "S1-1100/10"),
    ],
)
def test_part_of_a_model_is_no_match(reading: Read, kind: str, name: str, model: str, entry: str) -> None:
    assert key(kind, entry) not in one(reading, name, model)["models"]


@pytest.mark.parametrize(
    ("name", "model", "has", "has_not"),
    [
        ("变压器", "S11-M-630/10", {"S11"}, {"S", "S1"}),
        ("变压器", "S-100/10", {"S"}, {"S1"}),
        ("电机", "YE3-160L-4", {"YE3"}, {"Y", "YE"}),
        ("电机", "Y2-160L-4", {"Y2"}, {"Y"}),
        ("电机", "Y2160L-4", {"Y2"}, {"Y"}),
        ("电机", "YB2-160L-4", {"YB2"}, {"YB"}),
        ("电机", "Y160L-4", {"Y"}, {"Y1"}),
        ("电机", "JO2-WF-51-4", {"JO2-WF", "JO2"}, {"JO"}),
        ("电焊机", "ZX5-400", {"ZX5"}, {"ZX"}),
        ("离心泵", "2BA-6", {"BA", "2BA"}, {"B", "A"}),
        ("深井泵", "12JD230", {"12JD", "JD"}, {"D"}),
        ("多级泵", "6DA-8×5", {"6DA", "DA"}, {"D", "A"}),
        ("引风机", "Y5-47-11No8C", {"Y5-47"}, {"5-47", "Y"}),
        ("通风机", "30K4-11No6", {"30K4"}, {"K4"}),
    ],
)
def test_series_are_whole_leading_tokens(
    reading: Read, name: str, model: str, has: set[str], has_not: set[str]
) -> None:
    series = set(one(reading, name, model)["series"])
    assert has <= series
    assert not has_not & series


def test_text_that_says_nothing_has_no_key() -> None:
    entries = pl.DataFrame({"kind": ["motor", "motor"], "text": ["/", None]}, schema_overrides={"text": pl.String})
    keys = catalogue_keys(entries)
    assert keys["key"].to_list() == [None, None]
