"""Lists: filters that stay in the address, sorting, column choice, sums, and pages by key.

A list is described once (``Listing``) and answered per request (``Listing.answer``). Pages are cut by the values of
the last row, never by counting rows off, so that the thousandth page costs what the first does.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module, util
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Model, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jigai.platform.web import totals
from jigai.platform.web.saved import Kept, kept, plain
from jigai.platform.web.templatetags.jigai import figure

PAGE = 50
"""Rows on a page."""


@dataclass(frozen=True)
class Cell:
    """What stands in one cell: a text, perhaps a link, a second line, or a state of ``badge``."""

    text: Any
    url: str = ""
    sub: str = ""
    state: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Column:
    """One column: ``cell`` makes its content from a row, ``sort`` and ``sums`` name fields, ``written`` shows a sum."""

    key: str
    label: Any
    cell: Callable[[Any], Any]
    unit: Any = ""
    numeric: bool = False
    sort: str = ""
    sums: str = ""
    hidden: bool = False
    written: Callable[[Any], str] = figure


@dataclass(frozen=True)
class Filter:
    """One filter. Without ``choices`` it is a search box. ``apply`` narrows the rows to a value.

    ``more`` puts it under 更多筛选. ``choices`` may look at ``request.list_query``, the parameters in force.
    """

    key: str
    label: Any
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    choices: Callable[[HttpRequest], Sequence[tuple[str, Any]]] | None = None
    hint: Any = ""
    more: bool = False


@dataclass(frozen=True)
class Listing:
    """A list as it is described; ``key`` names it where filters are remembered. ``order`` is a unique-enough field.

    ``picks`` is the template of buttons that act on the rows one ticks (they come as ``pick`` in the address). Sums of
    very long lists are fetched after the page; ``version`` names the state of the data they are kept for.
    """

    key: str
    title: Any
    rows: Callable[[HttpRequest], QuerySet[Any]]
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    order: str = "pk"
    empty: Any = ""
    empty_step: Any = ""
    empty_url: str = ""
    picks: str = ""
    version: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        _known[self.key] = self

    def select(self, request: HttpRequest, query: Any, columns: Sequence[str] = ()) -> Selection:
        """Return what ``query`` asks for: all its rows, in order; unknown parameters are passed over.

        ``columns`` are shown where the query names none; without them those the list shows by itself.
        """
        values = {one.key: query.get(one.key, "").replace("\0", "").strip() for one in self.filters}
        rows = self.rows(request)
        for one in self.filters:
            if values[one.key]:
                rows = one.apply(rows, values[one.key])
        order = query.get("sort") or self.order
        if not any(one.sort and one.sort == order.removeprefix("-") for one in self.columns):
            order = self.order
        wanted = [key for part in query.getlist("columns") for key in part.split(",") if key] or list(columns)
        shown = [one for one in self.columns if (one.key in wanted if wanted else not one.hidden)]
        return Selection(values, rows, order, shown or list(self.columns))

    def answer(self, request: HttpRequest, **extra: Any) -> Answer:
        """Return the page of the list that ``request`` asks for."""
        own = kept(request, self.key)
        query = _remembered(request, self.key, own.default)
        request.list_query = query  # type: ignore[attr-defined]
        chosen = self.select(request, query, own.columns)
        page, after = _page(chosen.rows, chosen.order, query.get("after", ""))
        return Answer(
            self, request, query, chosen.values, chosen.rows, page, after, chosen.order, chosen.columns, own, extra
        )


@dataclass(frozen=True)
class Selection:
    """What a query asks for: the values of the filters, all rows, their order, the columns to show."""

    values: dict[str, str]
    rows: QuerySet[Any]
    order: str
    columns: list[Column]

    def summing(self) -> dict[str, Sum]:
        """Return what is summed for each column that has a sum."""
        return {one.key: Sum(one.sums) for one in self.columns if one.sums}

    def sums(self) -> dict[str, Any]:
        """Return the sum of each column that has one, over all rows."""
        wanted = self.summing()
        return self.rows.order_by().aggregate(**wanted) if wanted else {}

    def ordered(self) -> QuerySet[Any]:
        """Return the rows in an order that is the same every time."""
        return self.rows.order_by(*_in_order(self.rows.model, self.order))


_known: dict[str, Listing] = {}


def find(key: str) -> Listing | None:
    """Return a list by its key, wherever it is described.

    Lists are known once their app's ``tables`` module is imported; an app that makes its lists from data offers
    them by a function ``listing_of(key) -> Listing | None`` there.
    """
    for config in apps.get_app_configs():
        name = f"{config.name}.tables"
        if config.name.startswith("jigai.") and util.find_spec(name):
            offer = getattr(import_module(name), "listing_of", None)
            if key not in _known and offer and (found := offer(key)):
                return found
    return _known.get(key)


@dataclass
class Answer:
    """A page of a list, as the template wants it."""

    listing: Listing
    request: HttpRequest
    query: Any
    values: dict[str, str]
    queryset: QuerySet[Any]
    page: list[Any]
    after: str
    sort: str
    chosen: list[Column]
    own: Kept = field(default_factory=Kept)
    extra: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        extra = self.__dict__.get("extra", {})
        if name in extra:
            return extra[name]
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.listing, name)

    @cached_property
    def counted(self) -> totals.Totals:
        """How many rows there are with the filters in force, and their sums; unknown as yet where they are many."""
        whole = self.request.GET.get("part") == "totals"
        chosen = Selection(self.values, self.queryset, self.sort, self.chosen)
        return totals.of(self.request, self.listing, chosen, whole=whole)

    @property
    def total(self) -> int:
        """How many rows there are with the filters in force, at least so many where they are very many."""
        return self.counted.count

    @property
    def total_words(self) -> str:
        """The same as the page shows it."""
        return self.counted.words

    @property
    def totals_url(self) -> str:
        """Where count and sums are fetched from, empty where they are known."""
        return "" if self.counted.known else self._url(part="totals", after=None)

    @property
    def filtered(self) -> bool:
        """Whether any filter narrows the list."""
        return any(self.values.values())

    @property
    def shown(self) -> str:
        """The column choice, for the address."""
        return ",".join(self.query.getlist("columns"))

    @cached_property
    def filters(self) -> list[dict[str, Any]]:
        """The filters with their present values."""
        return [
            {
                "key": one.key,
                "label": one.label,
                "hint": one.hint,
                "value": self.values[one.key],
                "choices": None if one.choices is None else one.choices(self.request),
                "more": one.more,
            }
            for one in self.listing.filters
        ]

    @property
    def first_filters(self) -> list[dict[str, Any]]:
        """The filters always shown."""
        return [one for one in self.filters if not one["more"]]

    @property
    def more_filters(self) -> list[dict[str, Any]]:
        """The filters under 更多筛选; one that offers nothing is left out."""
        return [one for one in self.filters if one["more"] and (one["choices"] is None or one["choices"])]

    @property
    def more_used(self) -> int:
        """How many of those narrow the list."""
        return sum(1 for one in self.more_filters if one["value"])

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The visible columns with the address that sorts by each."""
        return [self._head(one) for one in self.chosen]

    def _head(self, column: Column) -> dict[str, Any]:
        up, down = self.sort == column.sort, self.sort == f"-{column.sort}"
        url = self._url(sort=f"-{column.sort}" if up else column.sort, after=None) if column.sort else ""
        sorted_ = "ascending" if column.sort and up else "descending" if column.sort and down else ""
        return {
            "label": column.label,
            "unit": column.unit,
            "numeric": column.numeric,
            "sort_url": url,
            "sorted": sorted_,
        }

    @property
    def all_columns(self) -> list[dict[str, Any]]:
        """Every column and whether it is visible."""
        return [{"key": one.key, "label": one.label, "visible": one in self.chosen} for one in self.listing.columns]

    @property
    def here(self) -> str:
        """The address of this list as it is seen, without columns: where choosing columns leads back to."""
        return self._url(columns=None, after=None, part=None, view=None)

    @property
    def view_query(self) -> str:
        """What a view kept now holds: filters, order and the columns shown."""
        query = self.query.copy()
        query["columns"] = ",".join(one.key for one in self.chosen)
        return plain(query.urlencode())

    @property
    def views(self) -> list[dict[str, Any]]:
        """The views one may open: own ones, and those shared within the organisation."""
        user = self.request.actor.user  # type: ignore[attr-defined]
        return [
            {
                "view": one,
                "url": f"{self.request.path}?{one.query}&view={one.pk}",
                "on": self.query.get("view") == str(one.pk),
                "own": user is not None and one.owner_id == user.pk,
            }
            for one in self.own.views
        ]

    @property
    def rows(self) -> list[list[Cell]]:
        """The cells of the page."""
        return [[cell_of(column, row) for column in self.chosen] for row in self.page]

    @property
    def lines(self) -> list[tuple[Any, list[Cell]]]:
        """The cells of the page, each row with the number of its record."""
        return list(zip((row.pk for row in self.page), self.rows, strict=True))

    @property
    def sums(self) -> list[str]:
        """The foot of the table: sums over all rows of the filter, not of the page."""
        sums = self.counted.sums
        if not any(one.sums for one in self.chosen):
            return []
        words = _("合计") if self.counted.known else _("合计计算中…")
        head = [words, *[""] * (len(self.chosen) - 1)]
        return [one.written(sums[one.key]) if one.key in sums else head[place] for place, one in enumerate(self.chosen)]

    @property
    def export_token(self) -> str:
        """What the button 导出 sends: this list with its filters, signed; empty for those who may not export."""
        from jigai.platform.web.exports import token

        query = self.query.copy()
        query["columns"] = ",".join(one.key for one in self.chosen)
        return token(self.request, self.key, query)

    @property
    def next_url(self) -> str:
        """The address of the next page, empty on the last."""
        return self._url(after=self.after) if self.after else ""

    @property
    def first_url(self) -> str:
        """The address of the first page, empty when here."""
        return self._url(after=None) if self.query.get("after") else ""

    def _url(self, **changes: str | None) -> str:
        query = self.query.copy()
        for key, value in changes.items():
            query.pop(key, None)
            if value:
                query[key] = value
        return f"{self.request.path}?{query.urlencode()}"


def cell_of(column: Column, row: Any) -> Cell:
    """Return what stands in a cell, whichever way the column says it."""
    content = column.cell(row)
    if isinstance(content, Cell):
        return content if content.numeric == column.numeric else Cell(**{**content.__dict__, "numeric": column.numeric})
    return Cell("—" if content is None or content == "" else content, numeric=column.numeric)


def _remembered(request: HttpRequest, key: str, default: str) -> Any:
    """Return the parameters asked for; with none, those of the last visit, else of the default view; ``all`` forgets
    them."""
    last = request.session.setdefault("lists", {})
    if "all" in request.GET:
        last.pop(key, None)
        request.session.modified = True
        return request.GET.__class__("")
    if request.GET:
        query = request.GET.copy()
        stored = query.copy()
        stored.pop("after", None)
        stored.pop("part", None)
        if last.get(key) != stored.urlencode():
            last[key] = stored.urlencode()
            request.session.modified = True
        return query
    return request.GET.__class__(last.get(key, default))


def _page(rows: QuerySet[Any], order: str, after: str) -> tuple[list[Any], str]:
    """Cut one page by key: rows after the values of the last row, in the order asked for, then by primary key."""
    down, name = order.startswith("-"), order.removeprefix("-")
    place = _unpack(after)
    if place is not None:
        with suppress(TypeError, ValueError, ValidationError):  # an address someone changed: the first page
            rows = rows.filter(_beyond(name, "lt" if down else "gt", *place, nulls=_may_be_null(rows.model, name)))
    found = list(rows.order_by(*_in_order(rows.model, order))[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], _pack(_value(last, name), last.pk)


def _beyond(name: str, beyond: str, value: Any, key: Any, *, nulls: bool) -> Q:
    """Return which rows come after the one with ``value`` and ``key``; rows without a value come last."""
    if name == "pk":
        return Q(**{f"pk__{beyond}": key})
    if value is None:
        return Q(**{f"{name}__isnull": True, f"pk__{beyond}": key})
    further = Q(**{f"{name}__{beyond}": value}) | Q(**{name: value, f"pk__{beyond}": key})
    return further | Q(**{f"{name}__isnull": True}) if nulls else further


def _in_order(model: type[Model], order: str) -> list[Any]:
    """Return the fields to order by. Rows without a value come last both ways, as on no database by itself; fields
    that always have one are left as they are, for the index."""
    down, name = order.startswith("-"), order.removeprefix("-")
    first: Any = order
    if _may_be_null(model, name):
        first = F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)
    return [first, "-pk" if down else "pk"]


def _may_be_null(model: type[Model] | None, name: str) -> bool:
    for part in name.split("__"):
        if part == "pk":
            return False
        try:
            field = model._meta.get_field(part) if model else None
        except FieldDoesNotExist:  # computed for this list
            return True
        if field is None or getattr(field, "null", True):
            return True
        model = field.related_model
    return False


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = None if row is None else getattr(row, part)
    return row


def _pack(value: Any, key: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, key], default=str).encode()).decode()


def _unpack(text: str) -> tuple[Any, Any] | None:
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (TypeError, ValueError):
        return None
    return None if "\0" in f"{value}{key}" else (value, key)
