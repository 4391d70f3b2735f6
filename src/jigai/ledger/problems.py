"""What was wrong or noteworthy in a file, with its place and the remedy, in Chinese and English.

Every problem has a code; its severity and both texts are rows of ``problems.csv``. ``{name}`` in a text is filled
from the fields given with the problem.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

PROBLEM: Final[dict[str, pl.DataType]] = {
    "source_file": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "severity": pl.String(),
    "code": pl.String(),
    "message_zh": pl.String(),
    "message_en": pl.String(),
    "raw": pl.String(),
}
"""Columns of the table of problems. ``row`` counts from 1, ``column`` is the letter Excel shows."""

SEVERITIES: Final = ("refused", "error", "question", "note")
_FIELD = re.compile(r"\{(\w+)\}")
_RAW_SHOWN: Final = 200


@dataclass(frozen=True)
class Wording:
    """Severity and texts of one problem code."""

    code: str
    severity: str
    zh: str
    en: str


@cache
def wordings() -> dict[str, Wording]:
    """Return every problem code with its severity and texts."""
    text = files("jigai.ledger").joinpath("problems.csv").read_text(encoding="utf-8")
    return {row["code"]: Wording(**row) for row in csv.DictReader(text.splitlines())}


def empty() -> pl.DataFrame:
    """Return a table of problems without rows."""
    return pl.DataFrame(schema=PROBLEM)


@dataclass
class Problems:
    """Problems of one file, gathered while it is read."""

    source_file: str
    _singles: list[dict[str, object]] = field(default_factory=list)
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _sheets: list[str] = field(default_factory=list)

    def add(
        self,
        code: str,
        *,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        raw: str | None = None,
        **fields: object,
    ) -> None:
        """Note one problem; ``fields`` fill the texts beside ``raw``."""
        wording = wordings()[code]
        known = {"raw": _short(raw or ""), **fields}
        self._sheets += [sheet] if sheet is not None else []
        self._singles.append(
            {
                "source_file": self.source_file,
                "sheet": sheet,
                "row": row,
                "column": column,
                "severity": wording.severity,
                "code": code,
                "message_zh": wording.zh.format(**known),
                "message_en": wording.en.format(**known),
                "raw": raw,
            }
        )

    def add_for_file(self, code: str, fields: Mapping[str, object]) -> None:
        """Note one problem of the file as a whole, such as a refusal with its fields."""
        self.add(code, sheet=None, row=None, column=None, raw=None, **dict(fields))

    def add_rows(self, code: str, frame: pl.DataFrame, *, sheet: str, **fields: object) -> None:
        """Note one problem per row of ``frame``: ``row``, ``column``, ``raw`` and the fields its texts name.

        Fields alike for all rows are given by keyword.
        """
        if frame.is_empty():
            return
        self._sheets.append(sheet)
        wording = wordings()[code]
        constant = frame.with_columns(
            [pl.lit(str(value)).alias(name) for name, value in fields.items() if name not in frame.columns]
        )
        self._frames.append(
            constant.select(
                pl.lit(self.source_file).alias("source_file"),
                pl.lit(sheet).alias("sheet"),
                pl.col("row").cast(pl.Int64),
                pl.col("column").cast(pl.String),
                pl.lit(wording.severity).alias("severity"),
                pl.lit(code).alias("code"),
                _filled(wording.zh).alias("message_zh"),
                _filled(wording.en).alias("message_en"),
                pl.col("raw").cast(pl.String),
            )
        )

    def frame(self) -> pl.DataFrame:
        """Return all problems, by sheet in order of appearance, then row."""
        every = pl.concat([pl.DataFrame(self._singles, schema=PROBLEM), *self._frames])
        sheets = list(dict.fromkeys(self._sheets))
        rank = pl.col("sheet").replace_strict(sheets, range(len(sheets)), default=-1, return_dtype=pl.Int64)
        return every.sort(rank, "row", "column", nulls_last=False, maintain_order=True)


def _short(text: str) -> str:
    return text if len(text) <= _RAW_SHOWN else text[:_RAW_SHOWN] + "…"


def _filled(template: str) -> pl.Expr:
    names = _FIELD.findall(template)
    pieces = _FIELD.split(template)[::2]
    parts: list[pl.Expr] = [pl.lit(pieces[0])]
    for name, text in zip(names, pieces[1:], strict=True):
        shown = pl.col(name).cast(pl.String).str.strip_suffix(".0").fill_null("")
        parts += [shown.str.slice(0, _RAW_SHOWN), pl.lit(text)]
    return pl.concat_str(parts)
