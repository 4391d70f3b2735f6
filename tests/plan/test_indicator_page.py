"""The page of indicators is what the register says."""

from __future__ import annotations

from scripts import indicators as page

from jigai.plan.parameters import parameters
from jigai.plan.registry import registry
from jigai.plan.standings import reasons, standings


def test_the_page_is_current():
    assert page.PAGE.read_text(encoding="utf-8") == page.render(), "run make indicators"


def test_the_page_tells_every_indicator_standing_reason_and_parameter():
    text = page.render()
    for one in registry().values():
        assert f"### {one.zh}\n" in text and one.definition in text
    for key in (*standings(), *reasons(), *parameters()):
        assert f"`{key}`" in text, key


def test_a_bar_in_a_text_does_not_break_a_table():
    lines = [line for line in page.render().splitlines() if line.startswith("|")]
    assert page.cell("A|B") == "A\\|B"
    assert {line.replace("\\|", "").count("|") for line in lines} <= {3, 7, 8}
