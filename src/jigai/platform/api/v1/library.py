"""Operations on the library of standards: which documents are held, how sure, what is not held, their rows."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from jigai.platform.api.v1.auth import Token
from jigai.platform.api.v1.pages import Page, Paging
from jigai.platform.api.v1.problems import ERRORS
from jigai.platform.api.v1.schemas import held
from jigai.platform.enterprises.reference import reference
from jigai.reference import Dataset

router = Router(tags=["library"])
VIEW = Token("ledger.view")
Id = Path(..., max_length=80)


class GapOut(Schema):
    """Something known not to be held."""

    kind: str
    check: str | None
    document: str
    text_zh: str
    text_en: str
    in_force_from: date | None
    in_force_to: date | None


class TableOut(Schema):
    """A table of a dataset."""

    name: str
    rows: int
    columns: list[str]


class DatasetOut(Schema):
    """A document as it is held: version, dates, whom it binds, how sure it is, what is missing."""

    id: str
    version: str
    check: str | None
    title_zh: str
    title_en: str
    issuer: str
    number: str | None
    number_certainty: str
    in_force: bool
    in_force_from: date | None
    in_force_to: date | None
    supersedes: list[str]
    superseded_by: str | None
    binds: str
    certainty: str
    doubts: list[str]
    gaps: list[GapOut]
    tables: list[TableOut]
    content_hash: str


class LibraryFilters(Schema):
    """What narrows the list of datasets."""

    as_of: date | None = Field(None, description=_("按这一天看是否有效；不填为今天"))
    in_force: bool | None = Field(None, description=_("只列有效的，或只列无效的"))
    check: str = Field("", max_length=40, description=_("检查的键，如 elimination"))


class RowFilters(Schema):
    """Which rows of a dataset."""

    table: str = Field("", max_length=60, description=_("表的名称；不填为第一张表"))
    q: str = Field("", max_length=100, description=_("行内文字包含，或数值等于，如 7.5"))


class RowOut(Schema):
    """A row of a table, values by column name."""

    values: dict[str, Any]


@router.get("/library", response={200: list[DatasetOut], **ERRORS}, auth=VIEW)
def library(request: HttpRequest, filters: Query[LibraryFilters]) -> Any:
    """List the documents held, with their certainty and gaps."""
    day = held(filters.as_of) or timezone.localdate()
    every = reference(day).all_datasets.values()
    told = [_told(one, day) for one in every if not filters.check or one.check == filters.check]
    return [one for one in told if filters.in_force is None or one["in_force"] == filters.in_force]


@router.get("/library/{id}", response={200: DatasetOut, **ERRORS}, auth=VIEW)
def dataset(request: HttpRequest, id: str = Id) -> Any:
    """Show one document as it is held."""
    return _told(_dataset(id), timezone.localdate())


@router.get("/library/{id}/rows", response={200: Page[RowOut], **ERRORS}, auth=VIEW)
def rows(request: HttpRequest, filters: Query[RowFilters], paging: Query[Paging], id: str = Id) -> Any:
    """List the rows of a table of a document, in their order, those that hold certain words or a number."""
    tables = _dataset(id).tables
    name = filters.table or next(iter(tables), "")
    if name not in tables:
        raise Http404
    found = tables[name]
    if filters.q:
        found = found.filter(pl.any_horizontal(_holds(name, dtype, filters.q) for name, dtype in found.schema.items()))
    start = min(paging.cursor, found.height)
    shown = [{"values": _plain(row)} for row in found.slice(start, paging.limit).iter_rows(named=True)]
    end = start + len(shown)
    return {"items": shown, "next": end if end < found.height else None}


def _holds(column: str, dtype: pl.DataType, words: str) -> pl.Expr:
    """Say where a column holds words: in a text, an item of a list, a day as ISO text, or as the value of a number.

    A number is found by its value: 7.5 is neither 17.5 nor 7.55, and 75 is the figure written 75.0.
    """
    said = pl.col(column)
    if dtype.is_numeric():
        number = _number(words)
        hit = said == number if number is not None else pl.lit(value=False)
    elif isinstance(dtype, pl.List):
        hit = said.list.eval(pl.element().cast(pl.String).str.contains(words, literal=True)).list.any()
    elif dtype == pl.Boolean():
        hit = pl.lit(value=False)
    else:
        hit = said.cast(pl.String).str.contains(words, literal=True)
    return hit.fill_null(value=False)


def _number(words: str) -> float | None:
    """Return words as a number, None where they are none."""
    try:
        number = float(words)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _dataset(key: str) -> Dataset:
    found = reference(timezone.localdate()).all_datasets.get(key)
    if found is None:
        raise Http404
    return found


def _told(one: Dataset, day: date) -> dict[str, Any]:
    names = [name for name in DatasetOut.model_fields if name not in ("in_force", "gaps", "tables")]
    return {
        **{name: getattr(one, name) for name in names},
        "in_force": one.in_force(day),
        "gaps": [vars(gap) for gap in one.gaps],
        "tables": [
            {"name": name, "rows": table.height, "columns": table.columns} for name, table in one.tables.items()
        ],
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row in plain JSON values: days as ISO text, whatever is no such value as text."""
    return {
        name: value if isinstance(value, (str, int, float, bool, list, type(None))) else str(value)
        for name, value in row.items()
    }
