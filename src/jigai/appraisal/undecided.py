"""The answer where a fact is missing: which one, and what to do about it. Never a default."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from jigai.appraisal.tables import keyed

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Undecided:
    """A figure that cannot be given, and the fact that is missing for it (``code`` of ``data/undecided.csv``)."""

    code: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def field(self) -> str:
        """The missing fact by name, as it stands in the ``missing`` column: ``grid_co2:四川:2026``."""
        return keyed("undecided", "code")[self.code]["field"].format(**self.values)

    def say(self, language: Language) -> str:
        """Return what is missing and what to do about it."""
        return keyed("undecided", "code")[self.code][language].format(**self.values)


def undecided(code: str, **values: object) -> Undecided:
    """Return the answer for a missing fact."""
    return Undecided(code, {name: str(value) for name, value in values.items()})
