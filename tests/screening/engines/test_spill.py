"""A ledger in buckets: nothing lost, alike lines together, no file left behind."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from jigai.screening.engines.signatures import HASH, with_hash
from jigai.screening.engines.spill import Spill


def chunks() -> list[pl.DataFrame]:
    whole = pl.DataFrame(
        {
            "device_id": [f"d{number}" for number in range(300)],
            "quantity": [number % 3 + 1 for number in range(300)],
            "name": ["水泵" if number % 2 else None for number in range(300)],
            "model": [f"IS{number % 40}" for number in range(300)],
        }
    )
    return [with_hash(part, ["name", "model"], seed=0) for part in whole.iter_slices(70)]


@pytest.mark.parametrize("buckets", [1, 7, 64])
@pytest.mark.parametrize("at_once", [1, 25, 10_000])
def test_every_line_comes_back_once_with_its_signature(tmp_path: Path, buckets: int, at_once: int) -> None:
    with Spill(tmp_path, buckets) as spill:
        for chunk in chunks():
            spill.add(chunk)
        spill.close()
        groups = list(spill.groups(at_once, 10_000))
    lines = pl.concat(lines for _, lines in groups)
    signatures = pl.concat(signatures for signatures, _ in groups)
    assert sorted(lines["device_id"]) == sorted(f"d{number}" for number in range(300))
    assert signatures.height == 40
    assert signatures[HASH].n_unique() == 40
    for known, met in groups:
        assert set(met[HASH]) == set(known[HASH])


def test_a_smaller_limit_makes_more_groups(tmp_path: Path) -> None:
    with Spill(tmp_path, 16) as spill:
        for chunk in chunks():
            spill.add(chunk)
        spill.close()
        assert len(list(spill.groups(5, 10_000))) > len(list(spill.groups(10_000, 10_000))) == 1
        assert len(list(spill.groups(10_000, 50))) > 1


def test_the_files_are_gone_afterwards(tmp_path: Path) -> None:
    with Spill(tmp_path, 4) as spill:
        spill.add(chunks()[0])
        assert any(tmp_path.iterdir())
    assert not any(tmp_path.iterdir())


def test_an_empty_ledger_has_no_groups(tmp_path: Path) -> None:
    with Spill(tmp_path, 4) as spill:
        assert list(spill.groups(10, 10)) == []


@pytest.mark.parametrize("remembered", [0, 10, 1000])
def test_what_is_remembered_changes_only_how_often_a_signature_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    monkeypatch.setattr("jigai.screening.engines.spill.SEEN_AT_MOST", remembered)
    with Spill(tmp_path, 7) as spill:
        for chunk in chunks():
            spill.add(chunk)
        spill.close()
        signatures = pl.concat(known for known, _ in spill.groups(25, 10_000))
    assert signatures.height == signatures[HASH].n_unique() == 40
