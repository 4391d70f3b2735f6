"""Roles are sets of capabilities, as data: ``roles.csv`` (D15)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jigai.platform.walls.capabilities import capabilities


@dataclass(frozen=True)
class Role:
    """One row of ``roles.csv``.

    ``scope`` says what the role sees: *city*, the *managing_unit* of its organisation, its own *organisation*, *none*.
    ``second_factor`` is *required* or left to the *setting*. Roles that share a word in ``exclusive`` never meet in
    one person.
    """

    key: str
    zh: str
    en: str
    org_kinds: frozenset[str]
    scope: str
    second_factor: str
    exclusive: str
    capabilities: frozenset[str]


@cache
def roles() -> dict[str, Role]:
    """Return every role by its key; ``ValueError`` names a role with a capability nobody defined."""
    text = files("jigai.platform.accounts").joinpath("roles.csv").read_text(encoding="utf-8")
    found: dict[str, Role] = {}
    for row in csv.DictReader(text.splitlines()):
        keys = frozenset(row["capabilities"].split())
        unknown = keys - set(capabilities())
        if unknown:
            raise ValueError(f"roles.csv: {row['key']} has unknown capabilities {sorted(unknown)}")
        kinds = frozenset(row["org_kinds"].split(";"))
        found[row["key"]] = Role(**{**row, "org_kinds": kinds, "capabilities": keys})  # type: ignore[arg-type]
    return found
