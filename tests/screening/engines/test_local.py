"""The engine gives what the kernel gives in memory, however the ledger is cut."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from benchmarks.generate import write_devices

from jigai.reference import Reference
from jigai.screening import Screening, screen
from jigai.screening.engines import local
from jigai.screening.engines.batches import SCHEMA, kernel
from jigai.screening.engines.local import screen_parquet
from jigai.screening.engines.signatures import HashCollisionError
from jigai.screening.engines.writer import settled
from jigai.screening.schema import FINDING

AS_OF = date(2026, 11, 23)
ORDER = ["device_id", *FINDING]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(AS_OF)


@pytest.fixture(scope="module")
def ledger(reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "devices.parquet"
    write_devices(path, reference, 2_000, 400)
    return path


@pytest.fixture(scope="module")
def whole(reference: Reference, ledger: Path) -> Screening:
    return screen(pl.read_parquet(ledger), reference, AS_OF)


def canonical(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.select(ORDER).sort(ORDER)


@pytest.mark.parametrize(("partitions", "budget"), [(1, 10**9), (7, 10**9), (7, 1)])
def test_findings_are_those_of_the_whole_in_memory(
    reference: Reference, ledger: Path, whole: Screening, tmp_path: Path, partitions: int, budget: int
) -> None:
    totals = screen_parquet(ledger, tmp_path, reference, AS_OF, partitions=partitions, memory_budget=budget)
    findings = pl.read_parquet(tmp_path / "findings.parquet")
    assert canonical(findings).equals(canonical(whole.findings))
    assert totals.findings == findings.height
    devices = pl.read_parquet(tmp_path / "devices.parquet").sort("device_id")
    expected = settled(whole.devices.rename({"device_id": "sig"})).rename({"sig": "device_id"})
    assert devices.equals(expected)


def test_reading_in_small_chunks_changes_nothing(
    reference: Reference, ledger: Path, whole: Screening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "CHUNK_LINES", 150)
    screen_parquet(ledger, tmp_path, reference, AS_OF)
    assert canonical(pl.read_parquet(tmp_path / "findings.parquet")).equals(canonical(whole.findings))


def test_the_order_of_lines_changes_nothing(
    reference: Reference, ledger: Path, whole: Screening, tmp_path: Path
) -> None:
    pl.read_parquet(ledger).reverse().write_parquet(tmp_path / "reversed.parquet")
    screen_parquet(tmp_path / "reversed.parquet", tmp_path / "out", reference, AS_OF)
    assert canonical(pl.read_parquet(tmp_path / "out" / "findings.parquet")).equals(canonical(whole.findings))


def test_every_device_has_every_check(reference: Reference, ledger: Path, tmp_path: Path) -> None:
    screen_parquet(ledger, tmp_path, reference, AS_OF)
    findings = pl.read_parquet(tmp_path / "findings.parquet")
    checks = findings.group_by("device_id").agg(pl.col("check").n_unique())["check"]
    assert checks.len() == 2_000
    assert checks.n_unique() == 1


def test_totals_count_lines_and_machines(reference: Reference, ledger: Path, whole: Screening, tmp_path: Path) -> None:
    totals = screen_parquet(ledger, tmp_path, reference, AS_OF)
    devices = pl.read_parquet(ledger)
    assert totals.lines == 2_000
    assert totals.verdicts["lines"].sum() == 2_000
    assert totals.verdicts["quantity"].sum() == devices["quantity"].fill_null(1).sum()
    in_memory = dict(whole.devices["verdict"].value_counts().iter_rows())
    by_verdict = totals.verdicts.group_by("verdict").agg(pl.col("lines").sum())
    assert dict(by_verdict.iter_rows()) == in_memory


def test_a_larger_quantity_scales_machines_only(reference: Reference, ledger: Path, tmp_path: Path) -> None:
    one = screen_parquet(ledger, tmp_path / "one", reference, AS_OF)
    tenfold = pl.read_parquet(ledger).with_columns(pl.col("quantity").fill_null(1) * 10)
    tenfold.write_parquet(tmp_path / "ten.parquet")
    ten = screen_parquet(tmp_path / "ten.parquet", tmp_path / "ten", reference, AS_OF)
    assert ten.lines == one.lines
    assert ten.verdicts.drop("quantity").equals(one.verdicts.drop("quantity"))
    assert (ten.verdicts["quantity"] == one.verdicts["quantity"] * 10).all()


def test_progress_ends_at_the_last_line(reference: Reference, ledger: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    screen_parquet(ledger, tmp_path, reference, AS_OF, progress=lambda *step: seen.append(step))
    assert seen[-1] == (2_000, 2_000, "judge")
    assert (2_000, 2_000, "read") in seen


def test_only_the_results_stay_on_disk(reference: Reference, ledger: Path, tmp_path: Path) -> None:
    screen_parquet(ledger, tmp_path / "out", reference, AS_OF)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["devices.parquet", "findings.parquet"]


def test_a_file_without_ids_is_refused(reference: Reference, tmp_path: Path) -> None:
    pl.DataFrame({"name": ["水泵"]}).write_parquet(tmp_path / "bare.parquet")
    with pytest.raises(ValueError, match="device_id"):
        screen_parquet(tmp_path / "bare.parquet", tmp_path / "out", reference, AS_OF)


def test_a_hash_collision_starts_again_with_another_seed(
    reference: Reference, ledger: Path, whole: Screening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = local.with_hash

    def colliding(lines: pl.DataFrame, columns: list[str], seed: int) -> pl.DataFrame:
        hashed = honest(lines, columns, seed)
        return hashed.with_columns(signature_hash=pl.lit(1, dtype=pl.UInt64)) if seed == 0 else hashed

    monkeypatch.setattr(local, "with_hash", colliding)
    screen_parquet(ledger, tmp_path, reference, AS_OF)
    assert canonical(pl.read_parquet(tmp_path / "findings.parquet")).equals(canonical(whole.findings))
    monkeypatch.setattr(local, "with_hash", lambda lines, columns, seed: colliding(lines, columns, 0))
    with pytest.raises(HashCollisionError):
        screen_parquet(ledger, tmp_path, reference, AS_OF)


def test_batches_give_the_same_findings_in_one_schema(reference: Reference, ledger: Path, whole: Screening) -> None:
    table = pl.read_parquet(ledger).to_arrow(compat_level=pl.CompatLevel.oldest())
    batches = table.to_batches(max_chunksize=700)
    empty = pa.RecordBatch.from_pylist([], schema=table.schema)
    out = list(kernel([empty, *batches], reference, AS_OF))
    assert {batch.schema for batch in out} == {SCHEMA}
    findings = pl.from_arrow(pa.Table.from_batches(out))
    assert isinstance(findings, pl.DataFrame)
    assert canonical(findings).equals(canonical(whole.findings))


def test_nothing_is_read_ahead(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "CHUNK_LINES", 300)
    chunks = local.read_lines(ledger)
    first = next(chunks)
    assert first.height == 300
    assert first.columns[:2] == ["device_id", "quantity"]
    assert first.height + sum(chunk.height for chunk in chunks) == 2_000


def test_a_file_without_quantities_has_one_machine_a_line(reference: Reference, ledger: Path, tmp_path: Path) -> None:
    pl.read_parquet(ledger).drop("quantity").write_parquet(tmp_path / "plain.parquet")
    totals = screen_parquet(tmp_path / "plain.parquet", tmp_path / "out", reference, AS_OF)
    assert totals.verdicts["quantity"].sum() == totals.verdicts["lines"].sum() == 2_000
