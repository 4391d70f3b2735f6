"""A workbook of any subject given back with its problems marked in the cells (D32)."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.ledger.readers import read_grids
from jigai.reports.labels import in_words
from jigai.reports.returns.marked import marked_copy
from jigai.reports.returns.marks import MARK, PROBLEM_TONE
from jigai.reports.returns.package import NotPatchableError
from jigai.reports.returns.rebuilt import rebuilt_copy

SUFFIX: Final = ".标记.xlsx"


def problem_marks(problems: pl.DataFrame) -> pl.DataFrame:
    """Return one mark per cell with an error or a question; the note holds every message about it."""
    asked = problems.filter(
        pl.col("severity").is_in(["error", "question"])
        & pl.col("sheet").is_not_null()
        & pl.col("row").is_not_null()
        & pl.col("column").str.contains("^[A-Z]{1,3}$")
    )
    note = pl.concat_str([pl.lit("【"), in_words("severity", "severity"), pl.lit("】"), pl.col("message_zh")])
    return (
        asked.with_columns(note.alias("note"))
        .group_by("sheet", "row", "column", maintain_order=True)
        .agg(pl.lit(PROBLEM_TONE).alias("tone"), pl.col("note").unique(maintain_order=True).str.join("\n"))
        .select(list(MARK))
    )


def with_problems(data: bytes, form: str, name: str, problems: pl.DataFrame) -> tuple[bytes, str]:
    """Return the workbook with its problems marked, and the name to give it back under.

    Args:
        data: the file as it was handed in.
        form: its format as the reader found it (``xlsx``, ``xls``, ``text`` …).
        name: its name.
        problems: the problems of the reading.

    An xlsx keeps every part but sheets, styles and notes; other formats come back as a new workbook that says so.
    """
    marks = problem_marks(problems)
    if form == "xlsx":
        try:
            return marked_copy(data, marks), name
        except NotPatchableError:
            pass
    sheets = [(grid.name, grid.cells) for grid in read_grids(data, form, name)]
    return rebuilt_copy(name, sheets, marks, data), name + SUFFIX
