"""English labels are complete (D29): what a page says in Chinese it can say in English."""

from __future__ import annotations

import re

from tests.platform.english import english, marked

CHINESE = re.compile(r"[一-鿿]")


def test_every_marked_text_has_its_english():
    known = english()
    missing = [f"{place}: {text}" for place, text in marked() if not known.get(text)]
    assert missing == []


def test_english_is_english():
    assert {text: said for text, said in english().items() if CHINESE.search(said) and text != "技改"} == {}


def test_placeholders_are_the_same_in_both():
    wanted = re.compile(r"%\(\w+\)[sd]")
    assert {
        text: said for text, said in english().items() if sorted(wanted.findall(text)) != sorted(wanted.findall(said))
    } == {}
