"""The sample ledgers from end to end, on two days: every line, every output, every refusal."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import yaml

from jigai.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
LINES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "samples.yaml").read_text(encoding="utf-8"))
DAYS = (date(2024, 8, 1), date(2026, 11, 23))
BOMB_ROOM_MB = 300


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[date, Path]:
    """The samples screened on both days, as ``make run`` does it."""
    outs = {}
    for day in DAYS:
        outs[day] = tmp_path_factory.mktemp(day.isoformat())
        assert main(["screen", str(SAMPLES), "--as-of", day.isoformat(), "--out", str(outs[day]), "--lang", "zh"]) == 2
    return outs


def line_of(frame: pl.DataFrame, line: dict[str, Any]) -> dict[str, Any]:
    found = frame.filter(
        (pl.col("source_file") == line["file"]) & (pl.col("sheet") == line["sheet"]) & (pl.col("row") == line["row"])
    )
    assert found.height == 1
    return found.row(0, named=True)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['file']}-{line['sheet']}-{line['row']}")
def test_every_line_is_read_and_judged_as_by_eye(runs, line):
    for day, wanted in ((DAYS[0], line["verdict"]), (DAYS[1], line.get("later", line["verdict"]))):
        device = line_of(pl.read_parquet(runs[day] / "devices.parquet"), line)
        assert device["kind"] == line["kind"]
        assert device["verdict"] == wanted, day
        for name in ("power_kw", "capacity_kva", "flow_m3h", "made_year", "quantity"):
            if name in line:
                assert device[name] == pytest.approx(line[name])


@pytest.mark.parametrize(
    "line", [line for line in LINES if "rules" in line], ids=lambda line: f"{line['file']}-{line['row']}"
)
def test_the_rows_of_the_lists_that_speak_are_the_right_ones(runs, line):
    out = runs[DAYS[0]]
    device = line_of(pl.read_parquet(out / "devices.parquet"), line)
    findings = pl.read_parquet(out / "findings.parquet").filter(
        (pl.col("device_id") == device["device_id"])
        & pl.col("check").is_in(["elimination", "guidance"])
        & pl.col("outcome").is_in(["eliminate", "restricted", "encouraged"])
    )
    assert sorted(set(findings["rule_id"])) == line["rules"]


@pytest.mark.parametrize("day", DAYS)
def test_no_line_is_lost_and_none_is_invented(runs, day):
    devices = pl.read_parquet(runs[day] / "devices.parquet")
    assert devices.height == len(LINES)
    assert devices["device_id"].n_unique() == devices.height


@pytest.mark.parametrize("day", DAYS)
def test_all_outputs_are_there_and_sums_are_weighted(runs, day):
    out = runs[day]
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    devices = pl.read_parquet(out / "devices.parquet")
    assert facts["machines"] == devices.select(pl.col("quantity").fill_null(1).sum()).item()
    assert sum(count["machines"] for count in facts["verdicts"].values()) == facts["machines"]
    assert facts["as_of"] == day.isoformat()
    book = openpyxl.load_workbook(out / "report.xlsx", read_only=True)
    assert {"汇总", "设备", "依据", "问题", "说明"} <= set(book.sheetnames)
    assert sorted(facts["returns"]) == sorted(path.relative_to(out).as_posix() for path in (out / "returns").iterdir())


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("bad_truncated.xlsx", "不完整"),
        ("bad_not_excel.xlsx", "纯文本"),
        ("bad_no_ledger.xlsx", "没有找到设备台账"),
        ("bad_zip_bomb.xlsx", "200 MB"),
    ],
)
def test_a_bad_file_ends_in_a_clear_message_and_a_slip(runs, file, words):
    out = runs[DAYS[0]]
    problems = pl.read_parquet(out / "problems.parquet").filter(
        (pl.col("source_file") == file) & (pl.col("severity") == "refused")
    )
    assert problems.height == 1
    assert words in problems["message_zh"][0]
    assert problems["message_en"][0]
    assert (out / "returns" / f"{file}.清单.xlsx").exists()


def test_dangerous_cells_are_kept_as_text_and_asked_about(runs):
    problems = pl.read_parquet(runs[DAYS[0]] / "problems.parquet").filter(pl.col("source_file") == "bad_cells.xlsx")
    places = {(row["row"], row["column"]): row["code"] for row in problems.iter_rows(named=True)}
    assert places[2, "C"] == places[3, "C"] == "out_of_range"
    assert places[3, "B"] == "formula_like_text"
    assert places[4, "D"] == "quantity_doubtful"
    book = openpyxl.load_workbook(runs[DAYS[0]] / "report.xlsx")
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []


def test_a_fraction_in_a_percentage_column_is_a_question_never_91_7(runs):
    problems = pl.read_parquet(runs[DAYS[0]] / "problems.parquet").filter(pl.col("code") == "fraction_in_percent")
    assert problems.select("source_file", "sheet", "row", "column", "raw").rows() == [
        ("04_mine_many_sheets.xlsx", "电动机", 7, "G", "0.917")
    ]
    devices = pl.read_parquet(runs[DAYS[0]] / "devices.parquet")
    line = devices.filter((pl.col("sheet") == "电动机") & (pl.col("row") == 7))
    assert line["efficiency_pct"].to_list() == [None]


def test_the_day_matters_where_an_edition_is_not_held(runs):
    missing = {
        day: pl.read_parquet(runs[day] / "findings.parquet")
        .filter(pl.col("missing").str.contains("GB 20052-2020").fill_null(value=False))
        .height
        for day in DAYS
    }
    assert missing[DAYS[0]] > 0
    assert missing[DAYS[1]] == 0


def test_the_same_inputs_and_facts_replay_byte_for_byte(runs, tmp_path):
    main(["screen", str(SAMPLES), "--as-of", DAYS[0].isoformat(), "--out", str(tmp_path), "--no-returns"])
    for name in ("devices.parquet", "findings.parquet", "problems.parquet"):
        assert (tmp_path / name).read_bytes() == (runs[DAYS[0]] / name).read_bytes()


def test_a_zip_bomb_never_fills_memory(tmp_path):
    code = (
        "import resource, sys; from jigai.cli.main import main; "
        "code = main(['screen', sys.argv[1], '--as-of', '2024-08-01', '--out', sys.argv[2]]); "
        "print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    used = {}
    for name in ("bad_not_excel.xlsx", "bad_zip_bomb.xlsx"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(SAMPLES / name), str(tmp_path / name)],
            capture_output=True,
            check=True,
            cwd=ROOT / "src",
        )
        exit_code, peak = done.stdout.split()[-2:]
        assert exit_code == b"2"
        used[name] = int(peak) / 1024
    assert used["bad_zip_bomb.xlsx"] - used["bad_not_excel.xlsx"] < BOMB_ROOM_MB
