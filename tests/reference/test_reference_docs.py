"""What the documents tell an officer to write must work as written."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jigai.cli import reference as command
from jigai.reference import ConditionError, Reference
from jigai.reference.condition import parse
from jigai.reference.manifest import BINDS, CERTAINTIES, CHECKS, COLUMN_TYPES, Manifest
from jigai.reference.vocabulary import ledger_vocabulary

DOCS = Path(__file__).parents[2] / "docs"
FIELDS = ledger_vocabulary().fields


def _blocks(path: str, language: str) -> list[str]:
    text = (DOCS / path).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    folder = tmp_path / "city-elimination-2025"
    folder.mkdir()
    (manifest,) = _blocks("how-to/add-dataset.zh.md", "yaml")
    (table,) = _blocks("how-to/add-dataset.zh.md", "csv")
    (folder / "manifest.yaml").write_text(manifest, encoding="utf-8")
    (folder / "rules.csv").write_text(table, encoding="utf-8-sig")  # as Excel saves it
    return folder


def _check(folder: Path) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    args = parser.parse_args(["reference", "check", str(folder)])
    code: int = args.run(args)
    return code


def test_the_worked_example_is_accepted(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(city) == 0
    assert "检查通过" in capsys.readouterr().out


def test_the_worked_example_speaks_from_its_day_on(city: Path) -> None:
    assert not Reference.load(date(2025, 2, 28), [city]).has("city-elimination-2025")
    reference = Reference.load(date(2025, 3, 1), [city])
    rules = reference.table("city-elimination-2025")
    assert rules["entry_id"].to_list() == ["CITY25-1", "CITY25-2", "CITY25-3"]
    assert rules["series"][0].to_list() == ["Y"]
    assert rules["spec_zh"][0] == "5.5 kW 及以上，2003 年及以前制造"
    device = {"power_kw": [7.5, 4.0, 7.5], "made_year": [1998, None, None], "in_service_year": [None] * 3}
    frame = pl.DataFrame(device, schema_overrides={"made_year": pl.Int32, "in_service_year": pl.Int32})
    condition = parse(rules["condition"][0], FIELDS)
    assert frame.select(condition.expr()).to_series().to_list() == [True, False, None]
    assert frame.select(condition.missing_expr()).to_series().to_list() == ["", "", "made_year"]


def test_the_mistake_it_warns_of_is_told_at_its_place(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = city / "rules.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").replace("power_kw >= 5.5;", "5.5kW以上;"), encoding="utf-8")
    assert _check(city) == 2
    assert "rules.csv 第2行 列“condition”" in capsys.readouterr().out


def _cells(path: str, heading: str) -> list[list[str]]:
    text = (DOCS / path).read_text(encoding="utf-8").split(heading, 1)[1]
    table = text[text.index("\n|") + 1 :].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]


def _code(cell: str) -> str:
    return cell.strip("`").replace("\\|", "|")


@pytest.mark.parametrize("cells", _cells("reference/conditions.zh.md", "## 写法"), ids=lambda cells: str(cells[0]))
def test_every_condition_shown_can_be_read(cells: list[str]) -> None:
    condition = parse(_code(cells[1]), FIELDS)
    assert condition.tests


@pytest.mark.parametrize("cells", _cells("reference/conditions.zh.md", "## 常见错误"), ids=lambda cells: str(cells[0]))
def test_every_mistake_shown_is_refused_and_its_correction_read(cells: list[str]) -> None:
    with pytest.raises(ConditionError):
        parse(_code(cells[0]), FIELDS)
    if cells[2].startswith("`"):
        assert parse(_code(cells[2]), FIELDS).tests


def test_the_format_page_names_every_key_and_type() -> None:
    text = (DOCS / "reference" / "datasets.md").read_text(encoding="utf-8")
    words = [*Manifest.__dataclass_fields__, *CHECKS, *BINDS, *CERTAINTIES, *COLUMN_TYPES]
    assert [word for word in words if f"`{word}`" not in text] == []
