"""Generated ledgers: repeatable, of the size asked for, and written as people write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.generate import Grammar, lines, write_devices

from benchmarks import generate
from jigai.ledger.columns import attribute_dtypes, signature_attributes
from jigai.reference import Reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(date(2026, 11, 23))


@pytest.fixture(scope="module")
def ledger(reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    path = tmp_path_factory.mktemp("ledger") / "devices.parquet"
    write_devices(path, reference, 20_000, 1_000)
    return pl.read_parquet(path)


def test_it_has_the_lines_and_about_the_signatures_asked_for(ledger: pl.DataFrame) -> None:
    columns = [name for name in ledger.columns if name in signature_attributes()]
    assert ledger.height == 20_000
    assert ledger["device_id"].n_unique() == 20_000
    assert 970 <= ledger.select(columns).n_unique() <= 1_000


def test_columns_have_the_types_of_the_attribute_table(ledger: pl.DataFrame) -> None:
    dtypes = attribute_dtypes()
    assert {name: dtype for name, dtype in ledger.schema.items() if dtype != dtypes[name]} == {}


def test_any_part_can_be_made_alone(reference: Reference) -> None:
    grammar = Grammar(reference)
    whole = lines(grammar, 0, 300, 5_000, 250)
    part = lines(grammar, 100, 50, 5_000, 250)
    common = [name for name in whole.columns if name in part.columns]
    assert whole.slice(100, 50).select(common).equals(part.select(common))


def test_chunks_do_not_show(reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_devices(tmp_path / "one.parquet", reference, 1_000, 100)
    monkeypatch.setattr(generate, "CHUNK", 170)
    write_devices(tmp_path / "two.parquet", reference, 1_000, 100)
    assert pl.read_parquet(tmp_path / "one.parquet").equals(pl.read_parquet(tmp_path / "two.parquet"))


def test_common_devices_come_up_more_often(ledger: pl.DataFrame) -> None:
    columns = [name for name in ledger.columns if name in signature_attributes()]
    counts = ledger.group_by(columns).len()["len"]
    assert counts.max() > 10 * counts.median()  # type: ignore[operator]
    assert counts.min() >= 1


def test_people_write_as_they_do(ledger: pl.DataFrame) -> None:
    models = ledger["model"].drop_nulls()
    for habit in ("－", "—", " - ", "Ｙ", "J02", "kW", r"^\s", "[a-z]{2}"):
        assert models.str.contains(habit).any(), habit


def test_all_kinds_occur(reference: Reference) -> None:
    grammar = Grammar(reference)
    counts = grammar.shares(10_000)
    assert sum(counts) == 10_000
    assert min(counts) > 0
    made = grammar.signatures(np.arange(10_000, dtype=np.uint64), 10_000)
    for name in ("电动机", "变压器", "空压机", "锅炉", "水泵", "车床", "电焊机", "行车", "转炉"):
        assert (made["name"] == name).any(), name


def test_more_signatures_than_the_grammar_can_make_are_refused(reference: Reference) -> None:
    with pytest.raises(ValueError, match="more than the grammar can make"):
        Grammar(reference).shares(10**12)
