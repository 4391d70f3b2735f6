"""What the pages on support tell must be so."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from tests.appraisal.support.cases import held

DOCS = Path(__file__).parents[3] / "docs"
EXPLANATION = (DOCS / "explanation/support.zh.md").read_text(encoding="utf-8")
PARAMETERS = (DOCS / "reference/support-instruments.zh.md").read_text(encoding="utf-8")


def test_every_instrument_is_explained() -> None:
    told = set(re.findall(r"^\| ((?:TX|FN|BD|SC|PZ|SM|GU)-\d\d)", EXPLANATION, re.MULTILINE)) | {"FN-02", "FN-03"}
    assert told == {name.removesuffix("-CITY").removesuffix("-COUNTY") for name in held().instruments}


def test_every_parameter_and_every_word_of_the_methods_is_explained() -> None:
    every = [one for instrument in held().instruments.values() for one in instrument.parameters]
    named = {one.name for one in every} | {word for one in every if one.unit == "word" for word in one.ways}
    assert sorted(word for word in named if f"`{word}`" not in PARAMETERS) == []


def test_the_worked_example_runs_and_says_what_the_page_says() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PARAMETERS, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    first = names["first"]
    assert (first.instrument, first.status) == ("FN-05", "eligible")
    for year in first.amounts:
        low, high = (f"{amount:f}".rstrip("0").rstrip(".") for amount in (year.low, year.high))
        assert f"{low}～{high}" in EXPLANATION.replace("\n", ""), year


def test_the_row_a_city_writes_has_the_columns_of_the_file() -> None:
    (row,) = re.findall(r"```csv\n(.*?)\n```", PARAMETERS, re.DOTALL)
    cells = next(csv.reader([row]))
    assert len(cells) == 10 and cells[:4] == ["FN-05", "day_count", "actual/360", "word"]


def test_the_tests_of_the_bond_are_as_many_as_told() -> None:
    assert len(held().instruments["BD-01"].tests) == 11 and "十一项条件" in EXPLANATION
