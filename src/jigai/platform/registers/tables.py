"""The list of one register, made from its columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import FloatField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.attributes import Attribute
from jigai.platform.places.models import ManagingUnit
from jigai.platform.registers.definition import Register, registers
from jigai.platform.registers.versions import valid_in_year, versions
from jigai.platform.web.listing import Cell, Column, Filter, Listing
from jigai.platform.web.wording import label, word

_NUMBERS = {"number", "integer", "year"}


def listing(register: Register) -> Listing:
    """Return the list of a register: a column per attribute, a filter per choice, and which day and year to look at."""
    return Listing(
        key=f"register:{register.key}",
        title=register.title_here,
        rows=lambda request: rows(register),
        columns=[_title_column(register), *(_column(register, item) for item in register.own)],
        filters=_filters(register),
        order=_order(register),
        empty=_("还没有条目。"),
    )


def listing_of(key: str) -> Listing | None:
    """Return the list of the register that a list key names, for exports made in the background."""
    kind, _colon, name = key.partition(":")
    return listing(registers()[name]) if kind == "register" and name in registers() else None


def rows(register: Register, known_on: date | None = None) -> QuerySet[Any]:
    """Return the versions the list shows, now or as known on a day, with every column as a field to sort by."""
    return versions(register, known_on).annotate(**{_key(item): _sortable(item) for item in register.own})


def _sortable(item: Attribute) -> Any:
    text = KT(f"values__{item.name}")
    return Cast(text, FloatField()) if item.type in _NUMBERS else text


def filtered(register: Register, query: Mapping[str, str]) -> QuerySet[Any]:
    """Return every row with the filters of ``query``, in the order of the list; for exports."""
    found = rows(register)
    for one in _filters(register):
        value = str(query.get(one.key, "")).strip()
        found = one.apply(found, value) if value else found
    return found.order_by("entry__title", "pk")


def told(register: Register, query: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the filters of ``query`` in words, for the sheet that explains an export."""
    return [(str(one.label), str(query[one.key])) for one in _filters(register) if str(query.get(one.key, "")).strip()]


def _key(item: Attribute) -> str:
    return f"c_{item.name}"


def _order(register: Register) -> str:
    when = next((item for item in register.own if item.key and item.type in {"year", "date"}), None)
    return f"-{_key(when)}" if when else "entry__title"


def _title_column(register: Register) -> Column:
    names = {item.name for item in register.table if item.show == ""} | {"credit_code"}

    def cell(row: Any) -> Cell:
        url = reverse("registers:entry", args=[register.key, row.entry_id])
        who = next((row.values[name] for name in _WHO if row.values.get(name)), row.entry.title)
        sub = row.values.get("credit_code", "") if "credit_code" in names else ""
        return Cell(who, url, sub=sub)

    heading = _HEADINGS.get(register.subject)
    first = heading() if heading else _("条目")
    return Column("entry", first, cell, sort="entry__title")


_WHO = ("site_name", "enterprise_name", "park_name", "manager_name", "city_name")
_HEADINGS = {
    "enterprise": lambda: _("企业"),
    "site": lambda: _("厂区"),
    "park": lambda: _("园区"),
    "managing_unit": lambda: _("县区"),
    "city": lambda: _("市（州）"),
}


def _column(register: Register, item: Attribute) -> Column:
    tones = register.tones.get(item.name, {})

    def cell(row: Any) -> Any:
        value = row.values.get(item.name)
        text = word(item, value)
        state = tones.get(str(value), "") if text else ""
        return Cell(text, state=state) if state else text

    unit = "" if item.type == "year" else item.unit
    number = item.type in {"number", "integer"}
    hidden = item.show != ""
    return Column(item.name, label(item), cell, unit=unit, numeric=number, sort=_key(item), hidden=hidden)


def _filters(register: Register) -> list[Filter]:
    """The day comes first: it chooses which versions the other filters narrow."""
    found = [Filter("known", _("截至"), lambda q, text: _as_known(register, q, text), hint=_("如 2026-06-30"))]
    if register.valid:
        found.append(Filter("valid", _("有效年度"), _valid_in, hint=_("如 2026")))
    found.append(Filter("q", _("查找"), _by_words, hint=_("名称")))
    if not register.public:
        found.append(Filter("manager", _("管理主体"), lambda q, code: q.filter(manager_code=code), choices=_managers))
    return found + [_choice_filter(item) for item in register.own if item.choices and item.show != "page"]


def _as_known(register: Register, found: QuerySet[Any], text: str) -> QuerySet[Any]:
    try:
        return rows(register, date.fromisoformat(text))
    except ValueError:
        return found.none()


def _valid_in(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    return valid_in_year(found, int(text)) if text.isdigit() and 1900 <= int(text) <= 2100 else found.none()


def _choice_filter(item: Attribute) -> Filter:
    def apply(found: QuerySet[Any], value: str) -> QuerySet[Any]:
        return found.filter(**{f"values__{item.name}": value})

    return Filter(
        item.name, label(item), apply, choices=lambda request: [(one, word(item, one)) for one in item.choices]
    )


def _by_words(found: QuerySet[Any], words: str) -> QuerySet[Any]:
    for part in words.split():
        found = found.filter(entry__title__icontains=part)
    return found


def _managers(request: HttpRequest) -> list[tuple[str, str]]:
    return [(unit.code, str(unit)) for unit in ManagingUnit.objects.filter(active=True)]
