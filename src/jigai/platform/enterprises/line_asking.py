"""What a production line is asked for each year: figures of lines whose product is in a benchmark field or standard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from jigai.attributes import Attribute
from jigai.platform.enterprises.attributes import attributes, is_needed, of_line
from jigai.platform.enterprises.models import Line
from jigai.platform.enterprises.reference import reference
from jigai.platform.standards import active
from jigai.screening.lines import asks, products


@dataclass(frozen=True)
class Asked:
    """Products that are judged: those ``in_field`` of the sector benchmarks, ``others`` that only a standard knows, and
    by product what their conditions ask for, each with the process that asks (None: any)."""

    in_field: frozenset[str]
    others: frozenset[str]
    conditions: dict[str, tuple[tuple[str | None, str], ...]]


@active.kept
def asked(as_of: date) -> Asked:
    """Return which products are judged on a day, and what they are asked for."""
    held = reference(as_of)
    known = products(held, as_of)
    found: dict[str, list[tuple[str | None, str]]] = {}
    for product, process, name in asks(held, as_of).iter_rows():
        found.setdefault(product, []).append((process, name))
    return Asked(
        frozenset(product for product, field in known.iter_rows() if field),
        frozenset(product for product, field in known.iter_rows() if not field),
        {product: tuple(names) for product, names in found.items()},
    )


def lines_of(sites: Any, year: int) -> QuerySet[Line]:
    """Return the lines of ``sites`` (keys or a query of keys) that were there in a year.

    They were not gone before it and in production by its end.
    """
    rows: QuerySet[Line] = Line.objects.filter(site__in=sites).select_related("site")
    gone, not_yet = Q(retired__lt=year), Q(commissioned__gt=year)
    return rows.exclude(gone).exclude(not_yet)


def asked_of(line: Line, as_of: date) -> list[Attribute]:
    """Return the figures a line is asked for, in order; none where nothing judges its product.

    Shares and sizes are asked for where a row of its product and process needs them; without a process, of any.
    """
    known = asked(as_of)
    if line.product not in known.in_field | known.others:
        return []
    wanted = known.conditions.get(line.product, ())
    names = {name for process, name in wanted if not process or not line.process or process == line.process}
    of_lines = [one for one in attributes().values() if of_line(one)]
    return [one for one in of_lines if is_needed(one) or one.name in names]


def needed_of(line: Line, as_of: date) -> list[Attribute]:
    """Return the figures without which the sheet is not submitted: those of lines in the benchmark fields."""
    if line.product not in asked(as_of).in_field:
        return []
    return [one for one in asked_of(line, as_of) if is_needed(one)]
