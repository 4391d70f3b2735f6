"""A look at a page, as pages.yaml says it, and what is wrong with what is seen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from axe_playwright_python.sync_playwright import Axe

SAID = yaml.safe_load(Path(__file__).with_name("pages.yaml").read_text(encoding="utf-8"))
WIDTHS = (1440, 390)
LANGUAGES = ("zh-hans", "en")
FRAME = (
    "h1, nav.side a, main h2, main th:not([scope=row]):not(.rn), main legend, .fld label, .fb__f > span, main button,"
    " .ph__act a, summary:not(.who summary), .foot, .pagehelp, .empty-s"
)
CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Look:
    """Who opens which page: an address filled by a thing, or a plain path; ``press`` is clicked afterwards."""

    address: str
    role: str
    thing: str = ""
    query: str = ""
    status: int = 200
    press: str = ""

    @property
    def label(self) -> str:
        words = [self.address, self.role, self.thing, self.query, "pressed" if self.press else ""]
        return re.sub(r"[^\w-]+", "_", " ".join(filter(None, words))).strip("_")


def read(address: str, text: str) -> Look:
    """Read one look of pages.yaml."""
    plain, _, press = text.partition(" >")
    role, *rest = plain.split()
    found = {"thing": "", "query": "", "status": 200}
    for word in rest:
        if word.startswith("?"):
            found["query"] = word
        elif word.startswith("="):
            found["status"] = int(word[1:])
        else:
            found["thing"] = word
    return Look(address, role, press=press, **found)


def all_looks() -> list[Look]:
    """Return every look at every page and at every refusal."""
    return list(_all())


def _all() -> Iterator[Look]:
    for part in ("pages", "refusals"):
        for address, looks in SAID[part].items():
            yield from (read(address, text) for text in looks)


def fast_looks() -> list[Look]:
    """Return the few looks of every test run."""
    return [read(*text.split(" ", 1)) for text in SAID["fast"]]


def wrong_with(page, label: str, width: int, language: str, names: list[str]) -> list[str]:
    """Return what is wrong with the page that is open, in words; keep a picture where one is asked for."""
    found = []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found += [f"{wide}px sideways"] if wide > 0 else []
    if folder := os.environ.get("JIGAI_TEST_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{label}_{language[:2]}_{width}.png", full_page=True)
    if language == "en":
        found += [f"not English: {text[:60]}" for text in _chinese(page, names)]
        return found
    for one in Axe().run(page).response["violations"]:
        if one["impact"] != "minor":
            found.append(f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}")
    return found


def _chinese(page, names: list[str]) -> Iterator[str]:
    for text in page.locator(FRAME).all_inner_texts():
        for name in names:
            text = text.replace(name, "")
        if CHINESE.search(text):
            yield " ".join(text.split())
