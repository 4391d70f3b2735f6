"""No page is forgotten: every address is looked at or excused, and every page has its help."""

from __future__ import annotations

from tests.platform.browser.looks import SAID
from tests.platform.matrix.addresses import addresses

from jigai.platform.web.help import help_texts


def listed():
    return set(SAID["pages"]), {name for names in SAID["excused"].values() for name in names}


def test_every_address_is_looked_at_or_excused_with_a_reason():
    pages, excused = listed()
    known = {one.name for one in addresses()}
    assert known - pages - excused == set(), "say in pages.yaml who looks at these"
    assert (pages | excused) - known == set(), "these addresses are gone"
    assert pages & excused == set()
    assert all(SAID["pages"].values())


def test_every_page_has_help_in_both_languages():
    pages, _excused = listed()
    assert pages - set(help_texts()) == set(), "write help.csv for these pages"
    assert set(help_texts()) - pages == set(), "help of no page"
    assert all(zh and en for zh, en in help_texts().values())
