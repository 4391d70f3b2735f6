"""Pages by cursor: every row once, however many there are and whatever is added meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

T = TypeVar("T")
LARGEST = 2**63 - 1


class Paging(Schema):
    """Where to go on, and how many rows to give at most."""

    cursor: int = Field(0, ge=0, le=LARGEST, description=_("翻页标记：上一页答复中的 next"))
    limit: int = Field(100, ge=1, le=500, description=_("每页条数"))


class CodePaging(Schema):
    """The same for lists in the order of a code."""

    cursor: str = Field("", pattern="^[0-9A-Za-z]{0,12}$", description=_("翻页标记：上一页答复中的 next"))
    limit: int = Field(100, ge=1, le=500, description=_("每页条数"))


class Page(Schema, Generic[T]):
    """Some rows, and the cursor of those that follow; null at the end."""

    items: list[T]
    next: int | str | None = None


def page(
    rows: QuerySet[Any], paging: Paging | CodePaging, show: Callable[[Any], Any] = lambda row: row
) -> dict[str, Any]:
    """Return the page of ``rows`` that ``paging`` asks for, in the order of their primary key."""
    if paging.cursor:
        rows = rows.filter(pk__gt=paging.cursor)
    found = list(rows.order_by("pk")[: paging.limit + 1])
    shown = found[: paging.limit]
    return {"items": [show(row) for row in shown], "next": shown[-1].pk if len(found) > paging.limit else None}
