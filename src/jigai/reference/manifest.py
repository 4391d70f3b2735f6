"""The manifest of a dataset: what it is, since when, whom it binds, and how its tables are built."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

CHECKS: Final = ("elimination", "guidance", "efficiency", "service_life", "two_high", "energy_benchmark")
BINDS: Final = ("use", "make_and_sell", "advice")
CERTAINTIES: Final = ("transcribed", "secondary", "recalled", "doubtful")
GAP_KINDS: Final = ("edition", "part")
COLUMN_TYPES: Final = ("text", "number", "integer", "year", "flag", "date", "condition", "list")


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, and what its cells must obey. ``minimum`` and ``maximum`` are inclusive."""

    name: str
    type: str
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class TableSpec:
    """How one CSV file is built; ``fields`` are names its conditions may use beyond the ledger's attributes."""

    name: str
    file: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """Something known not to be held, so that silence is not taken for "nothing applies" (D4).

    ``kind`` is *edition* (a whole edition without tables: results are undecided on such days) or *part* (entries
    missing from a list). ``equipment_kinds`` empty means the gap concerns no kind of equipment in particular;
    ``subkinds`` narrows it further when not empty; a device that meets ``condition`` stands in the part itself and
    can never be clear. ``check`` is the check it weakens, if any.
    """

    subject: str
    document: str
    in_force_from: date | None
    in_force_to: date | None
    kind: str
    text_zh: str
    text_en: str
    equipment_kinds: tuple[str, ...] = ()
    subkinds: tuple[str, ...] = ()
    check: str | None = None
    certainty: str = "transcribed"
    dataset: str | None = None
    condition: str | None = None


@dataclass(frozen=True)
class Manifest:
    """The head of a dataset; see ``docs/reference/datasets.md`` for each key."""

    id: str
    check: str | None
    title_zh: str
    title_en: str
    issuer: str
    number: str | None
    number_certainty: str
    in_force_from: date | None
    in_force_to: date | None
    supersedes: tuple[str, ...]
    superseded_by: str | None
    binds: str
    certainty: str
    source: str
    doubts: tuple[str, ...]
    speaks_for: tuple[str, ...]
    gaps: tuple[Gap, ...]
    version: str
    tables: tuple[TableSpec, ...]
