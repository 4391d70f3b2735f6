"""What to look at before a report goes on: against the period before, the sum of the units, the bureau, coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from jigai.platform.reporting import words
from jigai.platform.reporting.computing import YEAR, Asking, Made, asked_period, in_form, partition
from jigai.platform.reporting.data import rule
from jigai.platform.reporting.figures import Figure, FigureSource

Warned = dict[str, Any]


def check(made: Made, asking: Asking, source: FigureSource, last: Mapping[tuple[str, str], Any]) -> list[Warned]:
    """Return the warnings of one cell.

    Args:
        made: what the cell gets.
        asking: the period and the day.
        source: of figures, for the sum of the units and the figure beside.
        last: what the cells had in the period before, by sheet and address; empty where there was none.
    """
    return list(_found(made, asking, source, last))


def shown(found: Iterable[Warned], *, explained: bool) -> list[Warned]:
    """Return the warnings that still stand: what was explained with a reason holds the report up no more."""
    return [one for one in found if not (explained and words.blocks(one))]


def not_typed() -> Warned:
    """Return the warning of a cell nothing was typed into yet."""
    return _warned("not_typed")


def _found(made: Made, asking: Asking, source: FigureSource, last: Mapping[tuple[str, str], Any]) -> Iterable[Warned]:
    if made.bound.kind == "typed" and made.held is None:
        yield not_typed()
    if made.bound.kind == "list" and not made.held:
        yield _warned("short_list")
    if made.figure is None:
        return
    value = words.value_of(made.held)
    if not isinstance(value, Decimal):
        yield _warned("missing", why=made.figure.why.rstrip("。") or "来源中没有这个期间的数")
        return
    yield from _coverage(made.figure)
    if last:
        yield from _against_last(made, value, last.get((made.bound.sheet, made.bound.address)), asking)
    if len(made.figure.period) == YEAR:
        yield _warned("older", year=made.figure.period)
    if not made.bound.said.get("key"):
        yield from _against_units(made, asking, source)
    if made.bound.said.get("beside"):
        yield from _against_beside(made, value, asking, source)


def _coverage(figure: Figure) -> Iterable[Warned]:
    """Warn by what the plan says of the figure, and by the share of coverage it asks for."""
    share = None if figure.coverage is None else figure.coverage * 100
    least = None if figure.least is None else figure.least * 100
    if share is not None and least is not None and share < least:
        yield _warned("not_reportable", coverage=_short(share), least=_short(least))
    elif not figure.reportable:
        yield _warned("internal")


def _against_last(made: Made, value: Decimal, before: Any, asking: Asking) -> Iterable[Warned]:
    old = before if isinstance(before, Decimal) else None
    if not old:
        if value:
            yield _warned("new")
        return
    change = (value - old) / abs(old) * 100
    if abs(change) >= rule("jump_percent"):
        yield _warned("jump", last=words.plain(old), way="升" if change > 0 else "降", percent=_short(abs(change)))
    elif value < old and made.bound.said["part"] == "numerator" and asking.period.last_month > 1:
        yield _warned("fell", last=words.plain(old))


def _against_units(made: Made, asking: Asking, source: FigureSource) -> Iterable[Warned]:
    """Compare numerators: whatever the figure is, those of the units add up to the city's.

    Where no unit has one the figure is not parted among them, and there is nothing to compare.
    """
    city = made.figure.numerator if made.figure else None
    if city is None:
        return
    period = asked_period(made.bound.said, asking, source)
    parts = [
        source.figure(made.bound.said["indicator"], period, asking.known_on, *partition(code)).numerator
        for code in asking.units
    ]
    known = [one for one in parts if one is not None]
    total = sum(known, Decimal(0))
    if known and abs(total - city) > rule("sum_tolerance"):
        yield _warned("sum", units=words.plain(total), city=words.plain(city))


def _against_beside(made: Made, value: Decimal, asking: Asking, source: FigureSource) -> Iterable[Warned]:
    said = made.bound.said
    period = asked_period(said, asking, source)
    other = in_form(said, source.figure(said["beside"], period, asking.known_on, *partition(said["key"])))
    names = {one.id: one.zh for one in source.indicators()}
    if isinstance(other, Decimal) and other:
        apart = abs(value - other) / abs(other) * 100
        if apart > rule("bureau_percent"):
            name = names.get(said["beside"], said["beside"])
            yield _warned("bureau", name=name, other=words.plain(other), percent=_short(apart))


def blocking(values: Sequence[Iterable[Warned]]) -> int:
    """Return how many cells hold a report up."""
    return sum(any(words.blocks(one) for one in warnings) for warnings in values)


def _warned(key: str, **said: str) -> Warned:
    return {"key": key, "said": said}


def _short(number: Decimal) -> str:
    return words.plain(number.quantize(Decimal("0.1")))
