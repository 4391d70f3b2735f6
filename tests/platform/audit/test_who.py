"""What the site did by itself is told in words; what people did keeps their names."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.utils import translation

import jigai.platform
from jigai.platform.audit.actions import who

HERE = Path(jigai.platform.__file__).parent
BY_ITSELF = re.compile(r'\bcommand\("([^"]+)"\)')


@pytest.mark.parametrize(
    ("label", "zh", "en"),
    [
        ("command: tell of findings", "系统（告知判定）", "the system (telling of findings)"),
        ("command: job screening.run", "系统（后台任务）", "the system (background job)"),
        ("command: something new", "系统（something new）", "the system (something new)"),
        ("陈立", "陈立", "陈立"),
    ],
)
def test_who_did_it(label, zh, en):
    assert who(label) == zh
    with translation.override("en"):
        assert who(label) == en


def test_every_reason_of_the_site_itself_has_its_words():
    used = {found for path in HERE.rglob("*.py") for found in BY_ITSELF.findall(path.read_text(encoding="utf-8"))}
    told = {row["reason"] for row in csv.DictReader((HERE / "audit" / "commands.csv").open(encoding="utf-8"))}
    assert used - told == {"…"}, "the ellipsis stands in a docstring"
    assert told <= used
