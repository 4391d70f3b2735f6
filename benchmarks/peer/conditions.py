"""Conditions of the datasets, tested on one device: true, false, or None where a needed value is unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from jigai.ledger.columns import attribute_dtypes
from jigai.reference.condition import BUILT_YEAR, IN_SERVICE_YEAR, MADE_YEAR, Test, parse

Device = dict[str, Any]
Answer = bool | None
_ORDER: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True)
class Rule:
    """A parsed condition: :meth:`test` answers, :meth:`missing` names what keeps it open."""

    tests: tuple[tuple[str, Callable[[Device], Answer]], ...]

    def test(self, device: Device) -> Answer:
        """One false test settles it; else one unknown leaves it open."""
        answer: Answer = True
        for _, test in self.tests:
            one = test(device)
            if one is False:
                return False
            if one is None:
                answer = None
        return answer

    def missing(self, device: Device) -> list[str]:
        """Names to ask for, in the order of the tests, when the answer is open."""
        if self.test(device) is not None:
            return []
        return list(dict.fromkeys(name for name, test in self.tests if test(device) is None))


def compile_rule(text: str | None) -> Rule:
    """Read a condition once; the grammar's own parser says what it means, the testing is done here."""
    tests = parse(text, attribute_dtypes()).tests
    return Rule(tuple((MADE_YEAR if test.field == BUILT_YEAR else test.field, _compile(test)) for test in tests))


def _compile(test: Test) -> Callable[[Device], Answer]:
    compare = _comparison(test)
    if test.field == BUILT_YEAR:

        def built(device: Device) -> Answer:
            year = device.get(MADE_YEAR)
            return compare(device.get(IN_SERVICE_YEAR) if year is None else year)

        return built
    if test.field == MADE_YEAR and test.op in ("<", "<="):

        def made(device: Device) -> Answer:
            year = device.get(MADE_YEAR)
            if year is not None:
                return compare(year)
            return True if compare(device.get(IN_SERVICE_YEAR)) else None

        return made
    field = test.field
    return lambda device: compare(device.get(field))


def _comparison(test: Test) -> Callable[[Any], Answer]:
    values = [exact(value) for value in test.values]
    if test.op in _ORDER:
        order, limit = _ORDER[test.op], values[0]
        return lambda value: None if value is None else order(value, limit)
    wanted = frozenset(values)
    if test.op == "!=":
        return lambda value: None if value is None else value not in wanted
    return lambda value: None if value is None else value in wanted


def exact(value: Any) -> Any:
    """Turn a float into the decimal people wrote; leave everything else."""
    return Decimal(repr(value)) if isinstance(value, float) else value
