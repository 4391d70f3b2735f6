"""Every worked designation reads as written: the given ones, and those drawn from the catalogues."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from jigai.nameplate import Reading

HERE = Path(__file__).parent


def examples(file: str) -> list[dict[str, str]]:
    """Return the rows of a table of worked designations."""
    with (HERE / file).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def agrees(value: object, wanted: str) -> bool:
    """Compare a value read with the value as the table writes it; ``null`` means it must not be told."""
    if wanted == "null" or value is None:
        return wanted == "null" and value is None
    if isinstance(value, bool):
        return value == (wanted == "true")
    if isinstance(value, (int, float)):
        return abs(float(wanted) - value) < 1e-6
    return value == wanted


@pytest.mark.parametrize(("file", "at_least"), [("examples.csv", 93), ("examples_more.csv", 100)])
def test_every_example_reads_as_written(
    file: str, at_least: int, reading: Callable[[list[dict[str, object]]], Reading]
) -> None:
    rows = examples(file)
    assert len(rows) >= at_least
    lines: list[dict[str, object]] = [{"name": row.get("name") or None, "model": row["model"]} for row in rows]
    wrong = []
    for row, device in zip(rows, reading(lines).devices.iter_rows(named=True), strict=True):
        wanted = dict(part.split("=", 1) for part in row["expect"].split(";") if part)
        read = {name: device.get(name) for name in wanted}
        kind = device["kind"] or "unknown"
        if kind != row["kind"] or not all(agrees(read[name], value) for name, value in wanted.items()):
            wrong.append((row["kind"], kind, row["model"], read, device["kind_reason"]))
    assert wrong == []


def test_all_kinds_of_the_four_catalogues_have_an_example(reference: object) -> None:
    kinds = {row["kind"] for file in ("examples.csv", "examples_more.csv") for row in examples(file)}
    for batch in ("elimination-1", "elimination-2", "elimination-3", "elimination-4"):
        rules = reference.table(batch)  # type: ignore[attr-defined]
        assert set(rules["kind"]) - kinds <= {"furnace"}, batch
