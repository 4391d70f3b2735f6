"""What the pages of registers and imports say in Chinese they can say in English (D29)."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
import yaml
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import jigai.platform
from jigai.ledger.problems import wordings
from jigai.platform.audit.actions import actions

PLATFORM = Path(jigai.platform.__file__).parent
CHINESE = re.compile(r"[一-鿿]")
PLACES = re.compile(r"%\(\w+\)[sdg]")
APPS = ("registers", "imports")


def marked(app):
    for path in sorted((PLATFORM / app).rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_text(encoding="utf-8")
        elif path.suffix == ".html":
            source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        else:
            continue
        calls = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
        for found in extract("python", io.BytesIO(source.encode()), keywords=calls):
            texts = found[1] if isinstance(found[1], tuple) else (found[1],)
            yield from ((path.name, text) for text in texts if text)


def english(app):
    found = {}
    with (PLATFORM / app / "locale/en/LC_MESSAGES/django.po").open("rb") as said:
        for message in read_po(said, locale="en", abort_invalid=True):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            words = message.string if isinstance(message.string, tuple) else (message.string,)
            found |= dict(zip(ids, words, strict=True))
    found.pop("", None)
    return found


@pytest.mark.parametrize("app", APPS)
def test_every_text_has_its_english(app):
    known = english(app)
    assert [(place, text) for place, text in marked(app) if not known.get(text)] == []


@pytest.mark.parametrize("app", APPS)
def test_english_is_english_and_takes_the_same_values(app):
    for text, said in english(app).items():
        assert not CHINESE.search(said), text
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(said)) or "version" in said, text


def test_nothing_is_translated_that_nobody_says():
    said = {text for app in APPS for _place, text in marked(app)}
    assert {text for app in APPS for text in english(app)} - said == set()


def test_problems_reworded_for_the_page_are_problems_of_the_reader():
    rows = list(csv.DictReader((PLATFORM / "imports/wordings.csv").read_text(encoding="utf-8").splitlines()))
    assert rows
    for row in rows:
        assert row["code"] in wordings()
        assert CHINESE.search(row["zh"])
        assert not CHINESE.search(row["en"])
        assert "jigai template" not in row["zh"]


def test_every_action_that_is_recorded_has_its_words():
    source = "".join(path.read_text(encoding="utf-8") for app in APPS for path in (PLATFORM / app).rglob("*.py"))
    recorded = set(re.findall(r'"((?:register|import)\.(?!view|edit|use|yaml|accept"|export)\w+)"', source))
    assert recorded
    assert recorded - set(actions()) == set()


def test_registers_speak_both_languages():
    for path in sorted((PLATFORM / "registers/data").glob("*/register.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name in ("title", "about", "kept_by"):
            assert CHINESE.search(content[name]["zh"]), path
            assert not CHINESE.search(content[name]["en"]), path
        for row in csv.DictReader((path.parent / "columns.csv").read_text(encoding="utf-8").splitlines()):
            assert CHINESE.search(row["zh"]) or row["zh"].isascii(), row
            assert not CHINESE.search(row["en"]), row
