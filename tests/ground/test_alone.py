"""The core works alone: built as a wheel, installed into an empty environment, without Django, on odd consoles."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from tests.ground.repository import ROOT, named, tracked, tracked_below, tree

CORE = ["reference", "ledger", "nameplate", "screening", "appraisal", "diagnosis", "reports"]
CORE += ["plan", "plan.file", "cli"]
CORE += ["diagnosis.worth", "diagnosis.editing", "diagnosis.file", "cli.diagnose"]
LEDGER = "设备名称,规格型号,功率(kW),数量,出厂年份\r\n变压器,S9-M-1000/10,,2,1996\r\n电机,Y160L-6,11,1,2001\r\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel built from a copy of the tracked files, as a release would be."""
    source = tmp_path_factory.mktemp("source")
    for path in tracked():
        if path.relative_to(ROOT).parts[0] in {"src", "pyproject.toml", "README.md", "LICENSE"}:
            target = source / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", source / "dist", source],
        check=True,
        capture_output=True,
    )
    return next((source / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def alone(wheel, tmp_path_factory) -> Path:
    """The Python of an environment that holds the wheel and the locked core requirements, nothing else."""
    home = tmp_path_factory.mktemp("alone") / "venv"
    venv.create(home)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-q",
        "--no-compile",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements/core.txt"], check=True, capture_output=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True, capture_output=True)
    return python


def run(python: Path, *arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run([python, *arguments], cwd=cwd, env={**clean, **environment}, capture_output=True, check=False)


def test_the_core_imports_without_django(alone, tmp_path):
    code = "import importlib, json; " + "; ".join(f"importlib.import_module('jigai.{name}')" for name in CORE)
    code += "; import importlib.util as u; print(json.dumps([u.find_spec(n) is None for n in ('django', 'pandas')]))"
    done = run(alone, "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == [True, True]


def test_the_site_says_what_to_install(alone, tmp_path):
    for words in (["serve"], ["check"], ["backup", "x"]):
        done = run(alone, "-m", "jigai", *words, cwd=tmp_path, PYTHONIOENCODING="utf-8")
        assert done.returncode == 1
        assert 'pip install "jigai[platform]"' in done.stderr.decode() and b"Traceback" not in done.stderr


def test_the_wheel_screens_a_ledger_with_dos_lines(alone, tmp_path):
    (tmp_path / "台账 一.csv").write_bytes(LEDGER.encode("gb18030"))
    arguments = ["screen", "台账 一.csv", "--as-of", "2024-08-01", "--out", "结果", "--json"]
    done = run(alone, "-m", "jigai", *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    # Two S9-1000 of 1996 (B4-1-2-15: until 1997) and one Y160L-6 (B2-1-1-27: of any year).
    assert json.loads(done.stdout)["verdicts"]["must_replace"]["machines"] == 3
    assert {"report.xlsx", "devices.parquet", "findings.parquet", "problems.parquet"} <= {
        path.name for path in (tmp_path / "结果").iterdir()
    }


@pytest.mark.parametrize("encoding", ["gbk", "cp437", "ascii"])
def test_a_console_that_cannot_show_chinese_never_stops_a_run(alone, tmp_path, encoding):
    (tmp_path / "a.csv").write_bytes(LEDGER.encode("utf-8-sig"))
    arguments = ["screen", "a.csv", "--as-of", "2024-08-01"]
    done = run(alone, "-m", "jigai", *arguments, cwd=tmp_path, PYTHONIOENCODING=encoding, LC_ALL="C")
    assert done.returncode == 0, done.stderr
    if encoding == "gbk":
        assert "变压器" in done.stdout.decode("gbk") or "筛查" in done.stdout.decode("gbk")


def test_a_system_that_believes_in_ascii_still_writes_chinese_names(alone, tmp_path):
    (tmp_path / "台账.csv").write_bytes(LEDGER.encode("gb18030"))
    arguments = ["screen", "台账.csv", "--as-of", "2024-08-01", "--out", "结果"]
    done = run(alone, "-m", "jigai", *arguments, cwd=tmp_path, PYTHONUTF8="0", LC_ALL="C", PYTHONIOENCODING="gbk")
    assert done.returncode == 0, done.stderr.decode("gbk", "replace")
    assert sorted(path.name for path in (tmp_path / "结果" / "returns").iterdir()) == [
        "台账.csv.标记.xlsx",
        "台账.csv.清单.xlsx",
    ]


def test_the_wheel_is_for_every_system_and_carries_all_data(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    data = {
        path.relative_to(ROOT / "src").as_posix()
        for suffix in (".csv", ".yaml", ".sql")
        for path in tracked_below("src", suffix=suffix)
    }
    assert data <= inside
    assert not [name for name in inside if name.endswith((".exe", ".so", ".dll"))]


def test_file_names_work_on_windows():
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    reserved = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
    assert [name for name in names if set(name) & set('<>:"\\|?*') or len(name) > 180] == []
    assert [name for name in names for part in name.split("/") if part.split(".")[0].lower() in reserved] == []
    assert [name for name in names for part in name.split("/") if part != part.rstrip(". ")] == []
    assert len({name.lower() for name in names}) == len(names)


def careless(path):
    """Where a file is read or written in whatever encoding the machine believes in."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            mode = next((a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)), "r")
            keywords = {keyword.arg for keyword in node.keywords}
            is_builtin_open = isinstance(node.func, ast.Name) and name == "open"
            if (
                name in {"read_text", "write_text"} or (is_builtin_open and "b" not in mode)
            ) and "encoding" not in keywords:
                yield f"{named(path)}:{node.lineno}"


def test_text_is_never_read_or_written_in_the_encoding_of_the_machine():
    assert [one for path in tracked_below("src") for one in careless(path)] == []
