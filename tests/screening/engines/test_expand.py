"""From signatures to lines and into the file: every line its findings, every text once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jigai.screening.engines import writer
from jigai.screening.engines.expand import FINDINGS, expand
from jigai.screening.engines.writer import Writer, judgement, pieces
from jigai.screening.kernel import Judged
from jigai.screening.schema import FINDING, as_findings


def judged() -> Judged:
    statements = as_findings(
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
    told = pl.DataFrame({"sig": [0, 0, 1, 2, 2], "statement": [0, 1, 2, 1, 3]}, schema_overrides=_NUMBERS)
    return Judged(devices, statements.drop("sig"), told, pl.DataFrame())


_NUMBERS = {"sig": pl.UInt32, "statement": pl.UInt32}
LINES = pl.DataFrame(
    {"device_id": [f"d{number}" for number in range(6)], "sig": [0, 0, 0, 1, 2, 2], "quantity": [1] * 6},
    schema_overrides=_NUMBERS,
)


def plain(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame.with_columns(pl.selectors.categorical().cast(pl.String))


def test_expansion_equals_a_join() -> None:
    one = judgement(LINES, judged())
    joined = LINES.drop("quantity").join(judged().findings, on="sig").drop("sig")
    table = plain(expand(one.lines, one.findings, FINDINGS)).select(joined.columns)
    order = ["device_id", "check"]
    assert table.sort(order).equals(joined.sort(order))


def test_rows_come_by_signature_then_statement_then_line() -> None:
    one = judgement(LINES, judged())
    table = plain(expand(one.lines, one.findings, FINDINGS))
    assert table["device_id"].to_list() == ["d0", "d1", "d2", "d0", "d1", "d2", "d3", "d4", "d5", "d4", "d5"]
    assert (
        table["reason_zh"].to_list() == ["列入目录"] * 3 + ["缺效率"] * 3 + ["未列入"] + ["缺效率"] * 2 + ["不适用"] * 2
    )


def test_a_sentence_is_encoded_once() -> None:
    one = judgement(LINES, judged())
    column = expand(one.lines, one.findings, FINDINGS)["reason_zh"].combine_chunks()
    assert len(column) == 11
    assert column.dictionary.to_pylist() == ["列入目录", "缺效率", "未列入", "不适用"]


def test_a_part_takes_along_only_its_own_sentences() -> None:
    one = judgement(LINES, judged())
    column = expand(one.lines[3:4], one.findings.between(1, 1), FINDINGS)["reason_zh"].combine_chunks()
    assert column.dictionary.to_pylist() == ["未列入"]


@pytest.mark.parametrize("rows", [1, 2, 5, 1_000])
def test_pieces_cover_everything_even_inside_a_signature(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(writer, "GROUP_ROWS", rows)
    parts = [expand(lines, said, FINDINGS) for lines, said in pieces(judgement(LINES, judged()))]
    assert sum(part.num_rows for part in parts) == 11
    assert [value for part in parts for value in part["device_id"].to_pylist()].count("d0") == 2


def test_files_read_back_as_plain_texts(tmp_path: Path) -> None:
    with Writer(tmp_path) as out:
        out.put(judgement(LINES, judged()))
        out.put(judgement(LINES, judged()))
    findings = pl.read_parquet(tmp_path / "findings.parquet")
    assert dict(findings.schema) == {"device_id": pl.String(), **FINDING}
    assert findings.height == 22
    assert findings.filter(device_id="d3")["reason_zh"].to_list() == ["未列入"] * 2
    devices = pl.read_parquet(tmp_path / "devices.parquet")
    assert devices.columns == ["device_id", "kind", "subkind", "verdict", "missing"]
    assert devices.filter(device_id="d4")["verdict"].to_list() == ["unknown_kind"] * 2


def test_long_texts_stay_in_the_dictionary(tmp_path: Path) -> None:
    many = replace(judged(), statements=judged().statements.with_columns(reason_zh=pl.lit("依据" * 200_000)))
    with Writer(tmp_path) as out:
        out.put(judgement(LINES, many))
    group = pq.ParquetFile(tmp_path / "findings.parquet").metadata.row_group(0)
    column = group.column(FINDINGS.names.index("reason_zh"))
    assert column.has_dictionary_page
    assert column.total_uncompressed_size < 3_000_000  # eleven rows of 1.2 MB, held once


def test_an_error_while_writing_reaches_the_caller(tmp_path: Path) -> None:
    one = judgement(LINES, judged())
    broken = replace(one, findings=replace(one.findings, columns={}))
    with pytest.raises(KeyError, match="check"), Writer(tmp_path) as out:
        out.put(broken)


def test_after_an_error_nothing_waits_for_ever(tmp_path: Path) -> None:
    one = judgement(LINES, judged())
    broken = replace(one, findings=replace(one.findings, columns={}))
    with pytest.raises(KeyError, match="check"), Writer(tmp_path) as out:
        for _ in range(5):
            out.put(broken)
