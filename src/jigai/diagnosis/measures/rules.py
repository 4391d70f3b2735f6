"""The rules of measures: which finding leads to which measure, and what it may claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from jigai.diagnosis.inputs import device_columns
from jigai.diagnosis.tables import keyed, table
from jigai.reference.condition import Condition, parse
from jigai.screening.lines.schema import SAID
from jigai.screening.schema import FINDING

DEVICE, VSD, GUIDE, LINE, PART, SCENE, SAFETY = "device", "vsd", "guide", "line", "part", "scene", "safety"
SUBJECTS: Final = (DEVICE, VSD, GUIDE, LINE, PART, SCENE, SAFETY)
KINDS: Final = ("replace", "retrofit", "confirm", "line", "digital", "add")
_OWN: Final[dict[str, pl.DataType]] = {"fit": pl.String(), "flow_throttled": pl.Boolean()}


class RuleError(ValueError):
    """A rule of a measure cannot be used; the text names rule, column and what may be written."""


@dataclass(frozen=True)
class Rule:
    """A row of ``data/measure_rules.csv``.

    ``condition`` must hold (unknown is not enough); where one of ``unless`` holds there is no measure (unknown does
    not stop it). ``sectors`` empty means all. ``standing`` is the most a measure may claim: what is inferred or not
    transcribed never makes an order, whatever the rule says (`measures.devices`).
    """

    key: str
    order: int
    subject: str
    part: str
    standing: str
    law: bool
    kind: str
    sectors: tuple[str, ...]
    condition: Condition
    unless: tuple[Condition, ...]
    due: str | None
    needs: tuple[str, ...]
    zh: str
    en: str
    basis_zh: str
    basis_en: str

    def holds(self) -> pl.Expr:
        """Return whether the rule takes a row of its subject's frame."""
        test = self.condition.expr().fill_null(value=False)
        for one in self.unless:
            test &= ~one.expr().fill_null(value=False)
        return test


def vocabulary(subject: str) -> Mapping[str, pl.DataType]:
    """Return the columns conditions of a subject may speak of."""
    if subject in {DEVICE, VSD}:
        return {**device_columns(), **FINDING, **_OWN}
    others: dict[str, dict[str, pl.DataType]] = {
        GUIDE: {
            "due": pl.Boolean(),
            "due_known": pl.Boolean(),
            "kind_known": pl.Boolean(),
            "use_state": pl.String(),
        },
        LINE: dict(SAID),
        PART: {"value": pl.Float64(), "score": pl.Float64(), "level": pl.Float64()},
        SCENE: {"level": pl.Float64()},
        SAFETY: {"present": pl.Boolean()},
    }
    return others[subject]


@cache
def rules() -> tuple[Rule, ...]:
    """Return the shipped rules in their order."""
    return read(table("measure_rules.csv"))


def read(rows: tuple[Mapping[str, str], ...]) -> tuple[Rule, ...]:
    """Return rules out of rows as written.

    Raises:
        RuleError: naming every rule with a word that may not be written; a condition that cannot be read raises
            ``ConditionError`` with the remedy.
    """
    allowed = {
        "subject": SUBJECTS,
        "standing": tuple(keyed("standings.csv")),
        "kind": KINDS,
        "law": ("", "yes"),
        "part": ("", *keyed("parts.csv", "part")),
    }
    wrong = [
        f"{row['rule']}: {column} {row[column]!r} may be one of {', '.join(words)}"
        for row in rows
        for column, words in allowed.items()
        if row[column] not in words
    ]
    wrong += [
        f"{row['rule']}: needs {need!r} is not in needs.csv"
        for row in rows
        for need in _split(row["needs"], ";")
        if need not in keyed("needs.csv")
    ]
    if wrong:
        raise RuleError("\n".join(wrong))
    return tuple(sorted((_rule(row) for row in rows), key=lambda rule: rule.order))


def _rule(row: Mapping[str, str]) -> Rule:
    fields = vocabulary(row["subject"])

    def condition(text: str) -> Condition:
        return parse(text, fields, units={}, choices={})

    return Rule(
        key=row["rule"],
        order=int(row["order"]),
        subject=row["subject"],
        part=row["part"],
        standing=row["standing"],
        law=row["law"] == "yes",
        kind=row["kind"],
        sectors=_split(row["sectors"], ";"),
        condition=condition(row["condition"]),
        unless=tuple(condition(one) for one in _split(row["unless"], "||")),
        due=row["due"] or None,
        needs=_split(row["needs"], ";"),
        zh=row["zh"],
        en=row["en"],
        basis_zh=row["basis_zh"],
        basis_en=row["basis_en"],
    )


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(separator) if one.strip())
