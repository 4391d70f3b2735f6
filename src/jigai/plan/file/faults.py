"""What is wrong in a plan file: file, line, field, and how to mend it, in Chinese and English."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from jigai.reference.errors import Language

MOST: Final = 300
"""How many faults are told at most: who has more mends these first."""


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table of ``jigai/plan/file/data``."""
    text = files("jigai.plan.file").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _texts() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table("faults")}


@dataclass(frozen=True)
class PlanFault:
    """One fault: ``line`` counts from 1 (None where the file cannot be opened), ``path`` is like ``targets[1].unit``.

    ``values`` fill the sentence; a value that differs by language is given as ``name_zh`` and ``name_en``.
    """

    file: str
    line: int | None
    path: str
    code: str
    values: dict[str, str] = field(default_factory=dict)

    def text(self, language: Language = "zh") -> str:
        """Return what is wrong and the remedy, without the place."""
        own = {name.removesuffix(f"_{language}"): value for name, value in self.values.items()}
        return _texts()[self.code][language].format(**own)

    def say(self, language: Language = "zh") -> str:
        """Return place, fault and remedy in one line."""
        text = self.text(language)
        if language == "en":
            place = [self.file, f"line {self.line}" if self.line else "", self.path]
            return f"{', '.join(part for part in place if part)}: {text}"
        place = [self.file, f"第{self.line}行" if self.line else "", self.path]
        return f"{' '.join(part for part in place if part)}：{text}"


class PlanError(ValueError):
    """A plan file that cannot be used; ``faults`` holds everything wrong, not only the first."""

    def __init__(self, faults: Sequence[PlanFault]) -> None:
        if not faults:
            raise ValueError("a PlanError needs at least one fault")
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{fault.say()}\n  {fault.say('en')}" for fault in self.faults))
