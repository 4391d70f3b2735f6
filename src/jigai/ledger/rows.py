"""Which rows below a header are devices, and which are subtotals, signatures, section titles or blank."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.ledger.grid import Merge

_SUBTOTAL: Final = r"^.{0,10}(?:小计|合计|总计|共计|累计|合計)(?:[(（].*[)）])?[:：]?\d*台?$"
_SIGNATURE: Final = (
    r"^(?:填表|填报|制表|审核|审批|审定|复核|校核|编制|批准|经办|负责人|联系人|联系电话|单位负责|主管|统计负责|"
    r"单位[(（]?盖章|日期[:：]|注[:：\d]|注释|说明[:：]|备注[:：]|以上|以下空白)"
)
_SIGNED: Final = r"^(?:填表|填报|制表|审核|审批|复核|校核|编制|批准|经办|主管|负责|联系)(?:人|单位|日期|电话)?[:：]"
_NUMBERED: Final = r"^(?:[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．:：])"
_WIDE: Final = 3


def classify(
    cells: pl.DataFrame,
    *,
    name: str | None,
    model: str | None,
    code: str | None,
    unread: list[str],
    wide_rows: set[int],
    repeated: set[int],
) -> pl.Series:
    """Return for every row: device, blank, subtotal, signature, section or repeated_header.

    ``cells`` has ``row`` (counted from 1) and the columns of the table; ``name``, ``model`` and ``code`` are the
    columns that hold these (None when there is none), ``unread`` the columns that only number the lines.
    ``wide_rows`` are rows (from 1) with a cell merged over at least three columns.
    """
    columns = [column for column in cells.columns if column != "row"]
    said = [column for column in columns if column not in unread] or columns
    filled = pl.sum_horizontal([pl.col(column).is_not_null().cast(pl.Int32) for column in said])
    first = pl.coalesce(columns).str.replace_all(r"\s+", "")
    title = pl.coalesce(said).str.replace_all(r"\s+", "")
    no_model = pl.col(model).is_null() if model else pl.lit(value=True)
    no_name = pl.col(name).is_null() if name else pl.lit(value=True)
    no_code = pl.col(code).is_null() if code else pl.lit(value=True)
    total = first.str.contains(_SUBTOTAL) | title.str.contains(_SUBTOTAL)
    if name:
        total = total | pl.col(name).str.replace_all(r"\s+", "").str.contains(_SUBTOTAL)
    signed = (first.str.contains(_SIGNATURE) & no_model) | first.str.contains(_SIGNED)
    numbered = first.str.contains(_NUMBERED) | title.str.contains(_NUMBERED)
    lone = (filled == 1) & no_model & ((no_name & no_code) | pl.col("row").is_in(wide_rows) | numbered)
    alone_left = (filled == 0) & first.str.contains(r"[\p{Han}a-zA-Z]{2}")
    return cells.select(
        pl.when(pl.col("row").is_in(repeated))
        .then(pl.lit("repeated_header"))
        .when(total.fill_null(value=False) & no_model)
        .then(pl.lit("subtotal"))
        .when(signed.fill_null(value=False))
        .then(pl.lit("signature"))
        .when(lone.fill_null(value=False) | alone_left.fill_null(value=False))
        .then(pl.lit("section"))
        .when(filled == 0)
        .then(pl.lit("blank"))
        .otherwise(pl.lit("device"))
        .alias("what")
    )["what"]


def wide_rows(merges: list[Merge]) -> set[int]:
    """Return the rows (counted from 1) with a cell merged over at least three columns of one row."""
    return {first + 1 for first, left, last, right in merges if first == last and right - left + 1 >= _WIDE}


def spans(numbers: list[int]) -> str:
    """Write row numbers shortly: 3、5-9."""
    pieces: list[str] = []
    ordered = sorted(set(numbers))
    start = previous = None
    for number in ordered:
        if previous is not None and number == previous + 1:
            previous = number
            continue
        if start is not None:
            pieces.append(_span(start, previous))
        start = previous = number
    if start is not None:
        pieces.append(_span(start, previous))
    shown = pieces[:20]
    return "、".join(shown) + ("…" if len(pieces) > len(shown) else "")


def _span(start: int, end: int | None) -> str:
    return str(start) if end in (start, None) else f"{start}-{end}"
