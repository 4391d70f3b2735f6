"""Faults of a dataset: where, what, and how to mend it, in Chinese and English."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["zh", "en"]


@cache
def _texts() -> dict[str, dict[str, str]]:
    text = files("jigai.reference").joinpath("faults.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


class ConditionError(ValueError):
    """A condition that cannot be read; ``code`` and ``values`` pick the sentence in ``faults.csv``."""

    def __init__(self, code: str, **values: object) -> None:
        """Name the sentence ``code`` and the ``values`` it speaks of."""
        self.code = code
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(self.say("zh"))

    def say(self, language: Language) -> str:
        """Return what is wrong and how to mend it."""
        return _texts()[self.code][language].format(**self.values)


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a dataset.

    ``file`` is the path as the user gave it, ``row`` the row as Excel numbers it (the header is row 1; for a
    manifest the line), ``column`` the column name or the path of the manifest key. Either may be None when the
    fault concerns the whole file.
    """

    file: str
    row: int | None
    column: str | None
    code: str
    values: dict[str, str] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Return fault and remedy, without the place."""
        return _texts()[self.code][language].format(**self.values)

    def say(self, language: Language) -> str:
        """Return place, fault and remedy in one line."""
        place = [self.file]
        if self.row is not None:
            place.append(f"第{self.row}行" if language == "zh" else f"row {self.row}")
        if self.column is not None:
            place.append(f"列“{self.column}”" if language == "zh" else f"column {self.column}")
        text = self.text(language)
        return f"{' '.join(place)}：{text}" if language == "zh" else f"{', '.join(place)}: {text}"


class DatasetError(Exception):
    """Reference data that cannot be trusted: the run stops, because a broken dataset must never read as "no hit".

    ``faults`` holds everything found wrong, not only the first; ``file``, ``row``, ``column`` and ``message`` speak
    of the first one.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Carry all ``faults`` found; there must be at least one."""
        if not faults:
            raise ValueError("a DatasetError needs at least one fault")
        self.faults = tuple(faults)
        super().__init__(self.say("zh"))

    @property
    def file(self) -> str:
        """Return the file of the first fault."""
        return self.faults[0].file

    @property
    def row(self) -> int | None:
        """Return the row of the first fault."""
        return self.faults[0].row

    @property
    def column(self) -> str | None:
        """Return the column of the first fault."""
        return self.faults[0].column

    @property
    def message(self) -> str:
        """Return the first fault in Chinese."""
        return self.faults[0].say("zh")

    def say(self, language: Language) -> str:
        """Return all faults, one per line."""
        return "\n".join(fault.say(language) for fault in self.faults)

    def __str__(self) -> str:
        """Return all faults, each in Chinese and English."""
        return "\n".join(f"{fault.say('zh')}\n  {fault.say('en')}" for fault in self.faults)
