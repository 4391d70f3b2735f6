"""A standard's table as dictionaries: each limit row with what it asks of every axis, indexed by one axis."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from benchmarks.peer.conditions import Device, exact
from jigai.screening.efficiency.standards import Axis, ProductRule

Row = dict[str, Any]
BEYOND = 10**6
"""A cell after the last one of any axis; even, because open ends are no edges."""


class Span(NamedTuple):
    """First and last cell of an ordered axis a row covers."""

    low: int
    high: int


Ask = Span | frozenset[str] | None
"""What a row asks of an axis; None is nothing."""


@dataclass(frozen=True)
class Limit:
    """One limit row: what it asks of each axis (a span of cells, a set of words, or None), and its cells."""

    number: int
    row: Row
    asks: tuple[Ask, ...]
    start: Row | None = None
    end: Row | None = None


@dataclass
class Table:
    """All limit rows of one product, read once."""

    rule: ProductRule
    limits: list[Limit] = field(default_factory=list)
    edges: list[list[Decimal]] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)

    @classmethod
    def read(cls, rule: ProductRule) -> Table:
        """Read the rows of ``rule``; segments are added for axes that interpolate."""
        table = cls(rule)
        rows = [{name: exact(value) for name, value in row.items()} for row in rule.limits.iter_rows(named=True)]
        table.edges = [table._edges(axis, rows) for axis in rule.axes]
        if "groups" in rule.dataset.tables:
            table.groups = [
                {name: exact(value) for name, value in row.items()}
                for row in rule.dataset.tables["groups"].iter_rows(named=True)
            ]
        limits = [Limit(0, row, tuple(table._asks(i, axis, row) for i, axis in enumerate(rule.axes))) for row in rows]
        for place, axis in enumerate(rule.axes):
            if axis.how == "between":
                limits = table._reach(limits, place)
            elif axis.how == "interpolate":
                limits += table._segments(limits, place)
        table.limits = [replace(limit, number=number) for number, limit in enumerate(limits)]
        return table

    @cached_property
    def pivot(self) -> int | None:
        """Number of the axis the rows are indexed by."""
        return next((place for place, axis in enumerate(self.rule.axes) if axis.numeric), None)

    @cached_property
    def by_cell(self) -> dict[int, list[Limit]]:
        """Rows by cell of the pivot axis."""
        found: dict[int, list[Limit]] = defaultdict(list)
        if self.pivot is None:
            return found
        last = 2 * len(self.edges[self.pivot])
        for limit in self.limits:
            ask = limit.asks[self.pivot]
            low, high = ask if isinstance(ask, Span) else (0, last)
            for cell in range(low, min(high, last) + 1):
                found[cell].append(limit)
        return found

    @cached_property
    def words(self) -> list[set[str]]:
        """All words the rows list on each worded axis."""
        asked = [[limit.asks[place] for limit in self.limits] for place in range(len(self.rule.axes))]
        return [set().union(*(ask for ask in asks if isinstance(ask, frozenset))) for asks in asked]

    @cached_property
    def wanted(self) -> dict[str, int]:
        """Number of metrics each block needs."""
        metrics: dict[str, set[str]] = defaultdict(set)
        for limit in self.limits:
            metrics[limit.row["block"]].add(limit.row["metric"])
        return {block: len(names) for block, names in metrics.items()}

    def codes(self, device: Device) -> list[int | str | None]:
        """Place the device on every axis: a cell, a word, or None where it is unknown."""
        return [self._code(place, axis, device.get(axis.attribute)) for place, axis in enumerate(self.rule.axes)]

    def candidates(self, codes: list[int | str | None]) -> list[Limit]:
        """Rows that may apply; an unknown axis excludes nothing; blocks that lack a metric are dropped."""
        rows = self.limits
        if self.pivot is not None and codes[self.pivot] is not None:
            rows = self.by_cell.get(int(codes[self.pivot] or 0), [])
        found = [limit for limit in rows if all(map(_agrees, limit.asks, codes))]
        metrics: dict[str, set[str]] = defaultdict(set)
        for limit in found:
            metrics[limit.row["block"]].add(limit.row["metric"])
        return [limit for limit in found if len(metrics[limit.row["block"]]) == self.wanted[limit.row["block"]]]

    def needs(self, codes: list[int | str | None], found: list[Limit]) -> list[bool]:
        """Tell per axis whether its value is unknown and the answer hangs on it."""
        return [
            codes[place] is None
            and (
                any(limit.asks[place] is not None for limit in found)
                if axis.required
                else len({limit.asks[place] for limit in found}) > 1
            )
            for place, axis in enumerate(self.rule.axes)
        ]

    def _code(self, place: int, axis: Axis, value: Any) -> int | str | None:
        if value is None:
            return None
        if axis.numeric:
            number = exact(value)
            return bisect_left(self.edges[place], number) + bisect_right(self.edges[place], number)
        if axis.how == "group":
            for group in self.groups:
                if group["attribute"] == axis.attribute and group["min"] <= value <= group["max"]:
                    return str(group["label"])
            return ""
        word = str(value)
        return None if axis.how == "words" and word not in self.words[place] else word

    @staticmethod
    def _edges(axis: Axis, rows: list[Row]) -> list[Decimal]:
        if not axis.numeric:
            return []
        return sorted({edge for row in rows for edge in _ends(axis, row) if edge is not None})

    def _asks(self, place: int, axis: Axis, row: Row) -> Ask:
        if not axis.numeric:
            words = row.get(axis.attribute)
            if not words:
                return None
            return frozenset(words if isinstance(words, list) else [words])
        low, high = _ends(axis, row)
        exactly = axis.attribute in row
        edges = self.edges[place]
        low_in = exactly or row.get(f"{axis.attribute}_min_incl") is not False
        high_in = exactly or row.get(f"{axis.attribute}_max_incl") is not False
        if low is None and high is None:
            return None
        return Span(
            0 if low is None else 2 * bisect_left(edges, low) + 1 + (not low_in),
            BEYOND if high is None else 2 * bisect_left(edges, high) + 1 - (not high_in),
        )

    def _neighbours(self, limits: list[Limit], place: int) -> list[list[tuple[Span, Limit]]]:
        """Rows alike but for one axis, in the order of that axis."""
        alike: dict[Any, list[tuple[Span, Limit]]] = defaultdict(list)
        for limit in limits:
            ask = limit.asks[place]
            if isinstance(ask, Span):
                others = limit.asks[:place] + limit.asks[place + 1 :]
                alike[limit.row["block"], limit.row["metric"], limit.row["role"], others].append((ask, limit))
        for group in alike.values():
            group.sort(key=lambda pair: pair[0])
        return list(alike.values())

    def _reach(self, limits: list[Limit], place: int) -> list[Limit]:
        """Let each row cover the gaps up to its neighbours."""
        reached = [limit for limit in limits if limit.asks[place] is None]
        for group in self._neighbours(limits, place):
            for number, (span, limit) in enumerate(group):
                low = group[number - 1][0].high + 1 if number else span.low
                high = group[number + 1][0].low - 1 if number + 1 < len(group) else span.high
                reached.append(replace(limit, asks=_with(limit.asks, place, Span(low, high))))
        return reached

    def _segments(self, limits: list[Limit], place: int) -> list[Limit]:
        """Add a row for each gap between two neighbours that both own the ends facing it."""
        added = []
        held = [limit for limit in limits if limit.row["not_held_zh"] is None]
        for group in self._neighbours(held, place):
            for (before, low), (after, high) in pairwise(group):
                if before.high % 2 and after.low % 2 and after.low > before.high:
                    span = Span(before.high + 1, after.low - 1)
                    added.append(Limit(0, low.row, _with(low.asks, place, span), low.row, high.row))
        return added


def _ends(axis: Axis, row: Row) -> tuple[Decimal | None, Decimal | None]:
    if axis.attribute in row:
        return row[axis.attribute], row[axis.attribute]
    return row.get(f"{axis.attribute}_min"), row.get(f"{axis.attribute}_max")


def _with(asks: tuple[Ask, ...], place: int, span: Span) -> tuple[Ask, ...]:
    return (*asks[:place], span, *asks[place + 1 :])


def _agrees(ask: Ask, code: int | str | None) -> bool:
    if ask is None or code is None:
        return True
    if isinstance(ask, Span):
        return isinstance(code, int) and ask.low <= code <= ask.high
    return code in ask
