"""Cases of support as an officer would write them: facts, a day, and what must come out, worked out by hand.

``DAY`` in a case stands for each day of its list ``days``. Amounts are ``year low high``, ``-`` for an unknown year.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jigai.appraisal.support.answers import Answer, YearAmount
from jigai.appraisal.support.calculator import support
from jigai.appraisal.support.reading import read_case
from jigai.appraisal.support.rules import Rules, rules
from jigai.reference import Reference

FOLDER = Path(__file__).resolve().parents[2] / "cases" / "support"
DAY = date(2026, 11, 30)


@cache
def reference() -> Reference:
    return Reference.load(DAY)


@cache
def held() -> Rules:
    return rules(reference())


def load(name: str) -> list[dict[str, Any]]:
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(content, list)
    return content


def ask(content: dict[str, Any], as_of: date = DAY) -> list[Answer]:
    return support(read_case(content, held()), as_of, reference())


def one(answers: list[Answer], instrument: str, subject: str | None = None) -> Answer:
    """The one answer of an instrument, for one thing where it is asked for several."""
    (found,) = [a for a in answers if a.instrument == instrument and subject in (None, a.subject)]
    return found


def on_day(content: Any, day: date) -> Any:
    """The content with ``DAY`` replaced."""
    if isinstance(content, dict):
        return {name: on_day(value, day) for name, value in content.items()}
    if isinstance(content, list):
        return [on_day(value, day) for value in content]
    return day if content == "DAY" else content


def amounts(text: str) -> tuple[YearAmount, ...]:
    """``2026 100 120; 2027 80`` as amounts; one number is low and high."""
    found = []
    for part in filter(None, (part.split() for part in text.split(";"))):
        year = None if part[0] == "-" else int(part[0])
        found.append(YearAmount(year, Decimal(part[1]), Decimal(part[-1])))
    return tuple(found)
