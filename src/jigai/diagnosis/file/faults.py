"""What is wrong in a file of facts: file, line, entry and how to mend it, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jigai.diagnosis.tables import keyed
from jigai.reference.errors import Language


@dataclass(frozen=True)
class Fault:
    """One fault: ``line`` counts from 1 (None where the file cannot be opened), ``path`` is like ``prices[1].kind``."""

    file: str
    line: int | None
    path: str
    code: str
    values: dict[str, str] = field(default_factory=dict)

    def text(self, language: Language = "zh") -> str:
        """Return what is wrong and the remedy, without the place."""
        return keyed("file_faults.csv", "code")[self.code][language].format(**self.values)

    def say(self, language: Language = "zh") -> str:
        """Return place, fault and remedy in one line."""
        line = f"第{self.line}行" if language == "zh" else f"line {self.line}"
        place = [self.file, line if self.line else "", self.path]
        joined, colon = (" ", "：") if language == "zh" else (", ", ": ")
        return f"{joined.join(part for part in place if part)}{colon}{self.text(language)}"


class FactsError(ValueError):
    """A file of facts that cannot be used; ``faults`` holds everything wrong, by line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda one: one.line or 0))
        super().__init__("\n".join(f"{one.say()}\n  {one.say('en')}" for one in self.faults))
