"""One thing has one name: the words of the command and those of the report agree."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from jigai.reports.labels import labels


@pytest.mark.parametrize("certainty", ["transcribed", "secondary", "recalled", "doubtful"])
def test_certainty_is_called_the_same_in_the_list_and_in_the_report(certainty: str) -> None:
    text = files("jigai.cli").joinpath("reference.csv").read_text(encoding="utf-8")
    words = {row["key"]: row for row in csv.DictReader(text.splitlines())}
    assert words[certainty]["zh"] == labels("certainty")[certainty].zh


def test_every_word_of_the_command_has_both_languages() -> None:
    text = files("jigai.cli").joinpath("messages.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert [row["key"] for row in rows if not (row["zh"] and row["en"])] == []
