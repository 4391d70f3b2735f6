"""The one grammar for conditions in data (decision D6): ``field op value [unit]``; ``;`` is and, ``|`` lists.

A condition is parsed once into a small tree and compiled to column expressions. Its answer has three values: true,
false, and null where a field it needs is unknown (Kleene's strong logic: one false test settles the whole).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from typing import Final

import polars as pl

from jigai.reference.errors import ConditionError
from jigai.reference.values import Value, read_value
from jigai.reference.vocabulary import ledger_vocabulary

BUILT_YEAR: Final = "built_year"
"""Year of manufacture or, where that is unknown, the year put into service."""

MADE_YEAR: Final = "made_year"
IN_SERVICE_YEAR: Final = "in_service_year"

_TEST: Final = re.compile(r"\s*(?P<field>[A-Za-z_]\w*)\s*(?P<op><=|>=|!=|=|<|>|\bin\b)\s*(?P<values>.*?)\s*", re.DOTALL)
_ORDERED: Final = ("<", "<=", ">", ">=")
_TOLERANCE: Final = 1e-9
"""Relative room at a limit, so that a value that went through a unit conversion still stands on its boundary."""


@dataclass(frozen=True)
class Test:
    """One ``field op values``; ``values`` are in the field's unit, several only for ``=``, ``!=`` and ``in``."""

    __test__ = False  # not a pytest class

    field: str
    op: str
    values: tuple[Value, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns the test reads."""
        if self.field == BUILT_YEAR or self._earlier_than:
            return (MADE_YEAR, IN_SERVICE_YEAR)
        return (self.field,)

    @property
    def asks(self) -> str:
        """The attribute to ask for when the test cannot be decided."""
        return MADE_YEAR if self.field == BUILT_YEAR else self.field

    @property
    def _earlier_than(self) -> bool:
        return self.field == MADE_YEAR and self.op in ("<", "<=")

    def expr(self) -> pl.Expr:
        """Return the test as a column: true, false, or null where the field is unknown."""
        if self.field == BUILT_YEAR:
            return self._compare(pl.coalesce(MADE_YEAR, IN_SERVICE_YEAR))
        if self._earlier_than:
            # A device is made before it enters service, so an early service year settles the question, a late one not.
            in_service = self._compare(pl.col(IN_SERVICE_YEAR))
            return pl.coalesce(self._compare(pl.col(MADE_YEAR)), pl.when(in_service).then(pl.lit(value=True)))
        return self._compare(pl.col(self.field))

    def _compare(self, column: pl.Expr) -> pl.Expr:
        if isinstance(self.values[0], float):
            column = column.fill_nan(None)  # not a number is unknown; unguarded it would exceed every limit
        if self.op in _ORDERED:
            return _ordered(column, self.op, self.values[0])
        hit = reduce(lambda a, b: a | b, [_equal(column, value) for value in self.values])
        return ~hit if self.op == "!=" else hit


def _room(limit: float) -> float:
    return _TOLERANCE * max(abs(limit), 1.0)


def _equal(column: pl.Expr, value: Value) -> pl.Expr:
    if isinstance(value, float):
        return (column - value).abs() <= _room(value)
    return column == pl.lit(value)


def _ordered(column: pl.Expr, op: str, value: Value) -> pl.Expr:
    room = _room(value) if isinstance(value, float) else None
    if op == "<=":
        return column <= (value if room is None else value + room)  # type: ignore[operator]
    if op == "<":
        return column < (value if room is None else value - room)  # type: ignore[operator]
    if op == ">=":
        return column >= (value if room is None else value - room)  # type: ignore[operator]
    return column > (value if room is None else value + room)  # type: ignore[operator]


@dataclass(frozen=True)
class Condition:
    """A parsed condition: all its tests must hold. No tests: always true."""

    text: str
    tests: tuple[Test, ...]

    @property
    def fields(self) -> frozenset[str]:
        """Columns the expressions read; a frame must have them all (null where unknown)."""
        return frozenset(column for test in self.tests for column in test.columns)

    def expr(self) -> pl.Expr:
        """Return the condition as a Boolean column: true, false, or null where it cannot be tested."""
        return self._all_hold

    def missing_expr(self) -> pl.Expr:
        """Return the ``;``-joined names of the unknown fields that keep the condition undecided, else an empty text."""
        return self._what_is_missing

    @cached_property
    def _all_hold(self) -> pl.Expr:
        if not self.tests:
            return pl.lit(value=True)
        return reduce(and_, [test.expr() for test in self.tests])

    @cached_property
    def _what_is_missing(self) -> pl.Expr:
        if not self.tests:
            return pl.lit("")
        asked: dict[str, pl.Expr] = {}
        for test in self.tests:
            unknown = test.expr().is_null()
            asked[test.asks] = asked[test.asks] | unknown if test.asks in asked else unknown
        names = [pl.when(unknown).then(pl.lit(name)) for name, unknown in asked.items()]
        said = pl.concat_str(names, separator=";", ignore_nulls=True)
        return pl.when(self._all_hold.is_null()).then(said).otherwise(pl.lit(""))


def parse(
    text: str | None,
    fields: Mapping[str, pl.DataType],
    *,
    units: Mapping[str, str] | None = None,
    choices: Mapping[str, frozenset[str]] | None = None,
) -> Condition:
    """Parse a condition of a dataset.

    ``fields`` are the names it may use and their column types; ``units`` the unit each is kept in and ``choices``
    the closed lists (both default to the ledger's attribute table). None or blank text is the condition that always
    holds. Raises `ConditionError` with the remedy for an unknown field, an operator that does not fit the field, a
    value that cannot be read, or a unit that is not a plain multiple of the field's.
    """
    units = ledger_vocabulary().units if units is None else units
    choices = ledger_vocabulary().choices if choices is None else choices
    parts = [part for part in (text or "").split(";") if part.strip()]
    return Condition((text or "").strip(), tuple(_parse_test(part.strip(), fields, units, choices) for part in parts))


def _parse_test(
    part: str,
    fields: Mapping[str, pl.DataType],
    units: Mapping[str, str],
    choices: Mapping[str, frozenset[str]],
) -> Test:
    match = _TEST.fullmatch(part)
    if match is None:
        raise ConditionError("condition_form", part=part)
    field, op = match["field"], match["op"]
    dtype = pl.Int32() if field == BUILT_YEAR and MADE_YEAR in fields else fields.get(field)
    if dtype is None:
        raise ConditionError("condition_field", part=part, field=field)
    raw = [value.strip() for value in match["values"].split("|")]
    if not all(raw):
        raise ConditionError("condition_empty", part=part)
    if op in _ORDERED and (dtype in (pl.String, pl.Boolean) or len(raw) > 1):
        raise ConditionError("condition_order", part=part, field=field, op=op)
    unit = units.get(field, "")
    values = tuple(read_value(value, dtype, unit, part) for value in raw)
    closed = choices.get(field)
    for value in values:
        if closed is not None and value not in closed:
            raise ConditionError("condition_choice", part=part, value=value, choices="|".join(sorted(closed)))
    return Test(field, op, values)
