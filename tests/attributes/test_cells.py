"""Every case of cells.yaml, one by one as in a form and all together as in a column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from jigai.attributes import Attribute, Choice
from jigai.ledger.cells import KEPT, parse
from jigai.ledger.problems import wordings
from jigai.ledger.single import read_one

GROUPS = yaml.safe_load((Path(__file__).parent / "cells.yaml").read_text(encoding="utf-8"))
CASES = [(group["what"], *cell) for group in GROUPS for cell in group["cells"]]


def attribute(what):
    answers = tuple(
        Choice(key, zh, en, tuple(aliases)) for key, (zh, en, *aliases) in (what.get("choices") or {}).items()
    )
    return Attribute(
        name="x",
        type=what["type"],
        unit=what.get("unit", ""),
        zh="某栏",
        en="something",
        minimum=what.get("min"),
        maximum=what.get("max"),
        choices=tuple(answer.key for answer in answers),
        answers=answers,
        format=what.get("format", ""),
    )


def same(found, expected):
    if isinstance(found, date):
        return found.isoformat() == expected
    return found == pytest.approx(expected) if isinstance(expected, float | int) else found == expected


@pytest.mark.parametrize(("what", "cell", "value", "code"), [(*case, None)[:4] for case in CASES])
def test_a_cell_has_its_value_or_its_problem(what, cell, value, code):
    found = parse(pl.Series([cell], dtype=pl.String), attribute(what), what.get("header", "")).row(0, named=True)
    if not cell:
        return
    assert found["code"] == code
    assert same(found["value"], value)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: str(group["what"]["type"]))
def test_a_column_reads_as_its_cells_do(group):
    cells = [cell for cell in group["cells"] if cell[0]]
    raw = pl.Series([cell[0] for cell in cells], dtype=pl.String)
    found = parse(raw, attribute(group["what"]), group["what"].get("header", ""))
    for (text, value, *code), row in zip(cells, found.iter_rows(named=True), strict=True):
        assert same(row["value"], value), text
        assert row["code"] == (code[0] if code else None), text


@pytest.mark.parametrize("group", [group for group in GROUPS if "header" not in group["what"]], ids=str)
def test_a_form_takes_what_a_column_takes(group):
    item = attribute(group["what"])
    for text, value, *code in group["cells"]:
        one = read_one(text, item)
        assert same(one.value, value), text
        kept = not code or code[0] in KEPT
        assert one.code == ("" if kept else code[0]), text
        assert bool(one.zh) == (not kept), text


def test_every_problem_there_is_has_its_words():
    for code in {case[3] for case in CASES if len(case) > 3}:
        assert wordings()[code].zh
        assert wordings()[code].en
