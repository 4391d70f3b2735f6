"""From signatures to lines and into the file: every line its findings, every text once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from jigai.screening.engines import writer
from jigai.screening.engines.expand import FINDINGS, expand
from jigai.screening.engines.writer import Judgement, Writer, pieces
from jigai.screening.schema import FINDING, as_findings


def judgement() -> Judgement:
    lines = pl.DataFrame(
        {"device_id": [f"d{number}" for number in range(6)], "sig": [0, 0, 0, 1, 2, 2], "quantity": [1] * 6},
        schema_overrides={"sig": pl.UInt32},
    )
    findings = as_findings(
        pl.DataFrame(
            {
                "sig": [0, 0, 1, 2],
                "check": ["elimination", "efficiency", "elimination", "guidance"],
                "outcome": ["eliminate", "undecided", "clear", "out_of_scope"],
                "mandatory": [True, False, None, False],
                "limit": [None, 91.4, None, None],
                "reason_zh": ["列入目录", "缺效率", "未列入", "不适用"],
            }
        )
    )
    devices = pl.DataFrame(
        {
            "sig": [0, 1, 2],
            "kind": ["motor", "pump", None],
            "subkind": [None, None, None],
            "verdict": ["must_replace", "keep", "unknown_kind"],
            "missing": ["efficiency_pct", None, "name"],
        },
        schema_overrides={"sig": pl.UInt32, "subkind": pl.String},
    )
    return Judgement(lines, devices, findings)


def test_expansion_equals_a_join() -> None:
    one = judgement()
    table = pl.from_arrow(expand(one.lines, one.findings, FINDINGS))
    assert isinstance(table, pl.DataFrame)
    joined = one.lines.drop("quantity").join(one.findings, on="sig").drop("sig")
    plain = table.with_columns(pl.selectors.categorical().cast(pl.String)).select(joined.columns)
    order = ["device_id", "check"]
    assert plain.sort(order).equals(joined.sort(order))


def test_a_sentence_is_encoded_once() -> None:
    one = judgement()
    column = expand(one.lines, one.findings, FINDINGS)["reason_zh"].combine_chunks()
    assert len(column) == 9
    assert column.dictionary.to_pylist() == ["列入目录", "缺效率", "未列入", "不适用"]


@pytest.mark.parametrize("rows", [1, 2, 5, 1_000])
def test_pieces_cover_everything_even_inside_a_signature(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(writer, "GROUP_ROWS", rows)
    one = judgement()
    parts = [expand(part.lines, part.findings, FINDINGS) for part in pieces(one)]
    assert sum(part.num_rows for part in parts) == 9
    assert [value for part in parts for value in part["device_id"].to_pylist()].count("d0") == 2


def test_files_read_back_as_plain_texts(tmp_path: Path) -> None:
    with Writer(tmp_path) as out:
        out.put(judgement())
        out.put(judgement())
    findings = pl.read_parquet(tmp_path / "findings.parquet")
    assert dict(findings.schema) == {"device_id": pl.String(), **FINDING}
    assert findings.height == 18
    assert findings.filter(device_id="d3")["reason_zh"].to_list() == ["未列入"] * 2
    devices = pl.read_parquet(tmp_path / "devices.parquet")
    assert devices.columns == ["device_id", "kind", "subkind", "verdict", "missing"]
    assert devices.filter(device_id="d4")["verdict"].to_list() == ["unknown_kind"] * 2


def test_long_texts_stay_in_the_dictionary(tmp_path: Path) -> None:
    one = judgement()
    many = one.findings.with_columns(reason_zh=pl.lit("依据" * 200_000))
    with Writer(tmp_path) as out:
        out.put(Judgement(one.lines, one.devices, many))
    group = pq.ParquetFile(tmp_path / "findings.parquet").metadata.row_group(0)
    column = group.column(FINDINGS.names.index("reason_zh"))
    assert column.has_dictionary_page
    assert column.total_uncompressed_size < 3_000_000  # nine rows of 1.2 MB, held once


def test_an_error_while_writing_reaches_the_caller(tmp_path: Path) -> None:
    one = judgement()
    broken = Judgement(one.lines, one.devices, one.findings.drop("outcome"))
    with pytest.raises(Exception, match="outcome"), Writer(tmp_path) as out:
        out.put(broken)
