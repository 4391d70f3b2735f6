"""What is wrong in an attribute table: file, row, column, and how to mend it, in Chinese and English."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files


@cache
def _texts() -> dict[str, dict[str, str]]:
    text = files("jigai.attributes").joinpath("faults.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


@dataclass(frozen=True)
class AttributeFault:
    """One fault: ``row`` as Excel numbers it (the header is row 1), ``column`` the header; None for the whole file."""

    file: str
    row: int | None
    column: str | None
    code: str
    values: dict[str, str] = field(default_factory=dict)

    def say(self, language: str = "zh") -> str:
        """Return place, fault and remedy in one line."""
        text = _texts()[self.code][language].format(**self.values)
        if language == "en":
            place = [self.file, f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
            return f"{', '.join(part for part in place if part)}: {text}"
        place = [self.file, f"第{self.row}行" if self.row else "", f"列“{self.column}”" if self.column else ""]
        return f"{' '.join(part for part in place if part)}：{text}"


class AttributeTableError(ValueError):
    """An attribute table that cannot be used; ``faults`` holds everything wrong, not only the first."""

    def __init__(self, faults: Sequence[AttributeFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{fault.say()}\n  {fault.say('en')}" for fault in self.faults))
