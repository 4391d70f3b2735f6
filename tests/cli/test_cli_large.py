"""A ledger too large for a workbook is streamed; the answer is the same."""

from __future__ import annotations

import json

import polars as pl
import pytest

from jigai.cli import large
from jigai.cli.main import main

LINES = [
    {"device_id": "a", "name": "变压器", "model": "S9-M-1000/10", "made_year": 1996, "quantity": 2},
    {"device_id": "b", "name": "电机", "model": "Y160L-6", "made_year": 2001, "quantity": 3},
    {"device_id": "c", "name": "电机", "model": "Y160L-6", "made_year": 2001, "quantity": None},
]


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    monkeypatch.setattr(large, "LARGE", 2)
    path = tmp_path / "设备.parquet"
    pl.DataFrame(LINES).with_columns(pl.col("made_year").cast(pl.Int32)).write_parquet(path)
    return path


def test_it_writes_what_machines_read_and_says_why_no_workbook(ledger, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["screen", str(ledger), "--as-of", "2024-08-01", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "必须淘汰：6 台（3 行）" in said
    assert "工作簿装不下" in said
    assert set(pl.read_parquet(out / "findings.parquet")["device_id"]) == {"a", "b", "c"}
    assert set(pl.read_parquet(out / "devices.parquet")["verdict"]) == {"must_replace"}


def test_json_has_the_same_counts(ledger, tmp_path, capsys):
    main(["screen", str(ledger), "--as-of", "2024-08-01", "--out", str(tmp_path / "out"), "--json"])
    facts = json.loads(capsys.readouterr().out)
    assert facts["lines"] == 3
    assert facts["distinct"] == 2
    assert facts["verdicts"] == {"must_replace": {"lines": 3, "machines": 6}}


def test_a_broken_or_foreign_parquet_takes_the_usual_way(tmp_path, monkeypatch):
    monkeypatch.setattr(large, "LARGE", 0)
    broken = tmp_path / "坏.parquet"
    broken.write_bytes(b"PAR1 not really")
    foreign = tmp_path / "别的.parquet"
    pl.DataFrame({"设备名称": ["电机"], "型号": ["Y160L-6"]}).write_parquet(foreign)
    assert large.large_ledger([broken]) is None
    assert large.large_ledger([foreign]) is None
    assert large.large_ledger([foreign, foreign]) is None
    assert main(["screen", str(broken), "--as-of", "2024-08-01", "--out", str(tmp_path / "out")]) == 2
