"""English labels are complete (D29): what a page says in Chinese it can say in English."""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.translation import gettext
from tests.platform.english import english, marked

CHINESE = re.compile(r"[一-鿿]")
TYPED = re.compile("技改|是 or 否|钢压延")
"""Chinese that English keeps: the name of the program, and what one types into a cell or a search box."""


def test_every_marked_text_has_its_english():
    known = english()
    missing = [f"{place}: {text}" for place, text in marked() if not known.get(text)]
    assert missing == []


def test_english_is_english():
    assert {text: said for text, said in english().items() if CHINESE.search(TYPED.sub("", said))} == {}


def test_placeholders_are_the_same_in_both():
    wanted = re.compile(r"%\(\w+\)[sd]")
    assert {
        text: said for text, said in english().items() if sorted(wanted.findall(text)) != sorted(wanted.findall(said))
    } == {}


def test_english_reaches_the_page():
    """The labels are compiled before any test, in a fresh checkout too."""
    with translation.override("en"):
        assert [text for _place, text in marked() if CHINESE.search(TYPED.sub("", gettext(text)))] == []
