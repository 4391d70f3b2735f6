"""``jigai screen`` as a clerk runs it: outputs, exit codes, replaced results, languages, mappings."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from jigai.cli.main import main
from jigai.cli.progress import short

LEDGER = """设备名称,规格型号,功率(kW),数量,出厂年份
变压器,S9-M-1000/10,,2,1996
电机,Y160L-6,11,3,2001
电机,YE3-160L-6,11,1,2019
"""


@pytest.fixture
def ledger(tmp_path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_text(LEDGER, encoding="utf-8-sig")
    return path


def screen(*inputs: Path, out: Path, as_of: str = "2024-08-01", extra: tuple[str, ...] = ()) -> int:
    return main(["screen", *map(str, inputs), "--as-of", as_of, "--out", str(out), *extra])


def test_all_outputs_are_written(ledger, tmp_path, capsys):
    out = tmp_path / "out"
    assert screen(ledger, out=out) == 0
    devices = pl.read_parquet(out / "devices.parquet")
    assert devices["verdict"].to_list()[:2] == ["must_replace", "must_replace"]
    assert {"device_id", "source_file", "sheet", "row", "kind", "series", "quantity", "missing"} <= set(devices.columns)
    findings = pl.read_parquet(out / "findings.parquet")
    assert set(findings["device_id"]) == set(devices["device_id"])
    assert {"source_file", "sheet", "row", "column", "severity", "code", "message_zh", "message_en", "raw"} <= set(
        pl.read_parquet(out / "problems.parquet").columns
    )
    assert {"汇总", "设备", "依据", "问题", "说明"} <= set(
        openpyxl.load_workbook(out / "report.xlsx", read_only=True).sheetnames
    )
    assert list((out / "returns").iterdir())
    said = capsys.readouterr().out
    assert "6 台设备" in said
    assert "必须淘汰：5 台" in said


def test_json_is_the_whole_answer(ledger, tmp_path, capsys):
    assert screen(ledger, out=tmp_path / "out", extra=("--json",)) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["as_of"] == "2024-08-01"
    assert facts["lines"] == 3
    assert facts["machines"] == 6
    assert facts["verdicts"]["must_replace"] == {"lines": 2, "machines": 5, "power_kw": 33.0, "capacity_kva": 2000.0}
    assert facts["reference_hash"] and facts["input_hash"] and facts["engine_version"]
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["input_hash"] == facts["input_hash"]


def test_the_same_inputs_replay_the_same_findings(ledger, tmp_path):
    for name in ("one", "two"):
        screen(ledger, out=tmp_path / name)
    one, two = ((tmp_path / name / "findings.parquet").read_bytes() for name in ("one", "two"))
    assert one == two


def test_a_refused_file_is_two_and_the_others_are_done(ledger, tmp_path, capsys):
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    assert screen(ledger, tmp_path / "坏.xlsx", out=tmp_path / "out") == 2
    assert "坏.xlsx" in capsys.readouterr().out
    assert pl.read_parquet(tmp_path / "out/devices.parquet").height == 3
    problems = pl.read_parquet(tmp_path / "out/problems.parquet")
    assert problems.filter(pl.col("severity") == "refused")["source_file"].to_list() == ["坏.xlsx"]


def test_an_input_that_is_not_there_is_said_and_the_rest_done(ledger, tmp_path, capsys):
    assert screen(ledger, tmp_path / "没有.xlsx", out=tmp_path / "out") == 2
    assert "没有.xlsx" in capsys.readouterr().out
    assert pl.read_parquet(tmp_path / "out/devices.parquet").height == 3


def test_only_refused_files_still_give_a_report(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"not a ledger")
    assert screen(tmp_path / "a.docx", out=tmp_path / "out") == 2
    assert (tmp_path / "out/report.xlsx").exists()


def test_zip_and_folder_are_inputs(ledger, tmp_path):
    with zipfile.ZipFile(tmp_path / "各厂.zip", "w") as archive:
        archive.write(ledger, "甲厂/台账.csv")
    folder = tmp_path / "收件"
    folder.mkdir()
    (folder / "乙厂.csv").write_text(LEDGER.replace("2019", "2020"), encoding="gb18030")
    assert screen(tmp_path / "各厂.zip", folder, out=tmp_path / "out") == 0
    sources = pl.read_parquet(tmp_path / "out/devices.parquet")["source_file"].unique().to_list()
    assert len(sources) == 2


def test_slips_of_the_former_run_go_and_nothing_else(ledger, tmp_path):
    out = tmp_path / "out"
    screen(ledger, out=out)
    first = {path.name for path in (out / "returns").iterdir()}
    (out / "returns" / "批注.txt").write_text("自己的文件", encoding="utf-8")
    other = tmp_path / "另一本.csv"
    other.write_text(LEDGER, encoding="utf-8")
    screen(other, out=out)
    now = {path.name for path in (out / "returns").iterdir()}
    assert "批注.txt" in now
    assert not first & now


def test_without_returns(ledger, tmp_path):
    screen(ledger, out=tmp_path / "out", extra=("--no-returns",))
    assert not (tmp_path / "out/returns").exists()


def test_english_summary(ledger, tmp_path, capsys):
    screen(ledger, out=tmp_path / "out", extra=("--lang", "en"))
    assert "must replace: 5 machines" in capsys.readouterr().out.lower()


def test_a_learned_mapping_can_be_given_back(ledger, tmp_path):
    saved = tmp_path / "列.yaml"
    screen(ledger, out=tmp_path / "one", extra=("--save-mapping", str(saved)))
    assert saved.exists()
    assert screen(ledger, out=tmp_path / "two", extra=("--mapping", str(saved))) == 0
    one, two = (pl.read_parquet(tmp_path / name / "findings.parquet") for name in ("one", "two"))
    assert one.equals(two)


@pytest.mark.parametrize(("content", "word"), [(None, "找不到"), ("[1, 2", "有误")])
def test_a_bad_mapping_is_our_users_error_not_a_crash(ledger, tmp_path, capsys, content, word):
    path = tmp_path / "m.yaml"
    if content:
        path.write_text(content, encoding="utf-8")
    assert screen(ledger, out=tmp_path / "out", extra=("--mapping", str(path))) == 1
    assert word in capsys.readouterr().err


def test_a_broken_dataset_stops_the_run_with_its_place(ledger, tmp_path, capsys):
    city = tmp_path / "city"
    city.mkdir()
    (city / "manifest.yaml").write_text("id: city\n", encoding="utf-8")
    assert screen(ledger, out=tmp_path / "out", extra=("--reference", str(city))) == 1
    assert "manifest.yaml" in capsys.readouterr().err
    assert not (tmp_path / "out/findings.parquet").exists()


def test_an_output_that_is_a_file_is_refused_before_work(ledger, tmp_path, capsys):
    (tmp_path / "out").write_text("x", encoding="utf-8")
    assert screen(ledger, out=tmp_path / "out") == 1
    assert "out" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["screen"], ["nonsense"], ["screen", "x", "--as-of", "8月1日"], []])
def test_usage_errors_are_one_because_two_means_refused(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 1
    assert capsys.readouterr().err


def test_an_unexpected_failure_leaves_a_log_and_says_so(ledger, tmp_path, capsys, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("磁盘坏了")

    monkeypatch.setattr("jigai.cli.screen.read_all", fail)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert screen(ledger, out=tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert "磁盘坏了" in said
    assert "RuntimeError" in next(tmp_path.glob("jigai-*.log")).read_text(encoding="utf-8")


def test_an_empty_folder_is_said_not_passed_over(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    assert screen(tmp_path / "in", out=tmp_path / "out") == 0
    assert "没有读到任何设备" in capsys.readouterr().out


def test_a_mapping_that_cannot_be_written_says_so(ledger, tmp_path, capsys):
    where = tmp_path / "没有" / "列.yaml"
    assert screen(ledger, out=tmp_path / "out", extra=("--save-mapping", str(where))) == 1
    assert "写不了" in capsys.readouterr().err


def test_the_bar_names_a_file_in_little_room():
    assert short("第一批/台账.xlsx") == "台账.xlsx"
    cut = short("第一批/攀西某某矿业有限责任公司主要用能设备台账（2026年）.xlsx")
    assert len(cut) <= 19
    assert cut.startswith("攀西某某矿业")
    assert cut.endswith(".xlsx")


def test_what_we_wrote_ourselves_is_not_counted_again(ledger, tmp_path, capsys):
    folder = ledger.parent / "收回"
    folder.mkdir()
    assert screen(ledger, out=tmp_path / "out") == 0
    for path in [tmp_path / "out" / "report.xlsx", *(tmp_path / "out" / "returns").iterdir()]:
        (folder / path.name).write_bytes(path.read_bytes())
    capsys.readouterr()
    assert screen(folder, out=tmp_path / "again", extra=("--json",)) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["ledgers"], facts["machines"]) == (1, 6), "the marked copy is the ledger, report and list are not"
    told = pl.read_parquet(tmp_path / "again" / "problems.parquet").filter(pl.col("code") == "own_output")
    assert sorted(told["source_file"]) == ["report.xlsx", "台账.csv.清单.xlsx"]


def test_results_inside_the_folder_of_ledgers_are_passed_over(ledger, capsys):
    for _ in range(2):
        capsys.readouterr()
        assert screen(ledger.parent, out=ledger.parent / "结果", extra=("--json",)) == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["台账.csv"]
