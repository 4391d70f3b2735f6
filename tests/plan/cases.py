"""Cases of figures as an officer would write them: small tables, a period, a day, and what must come out.

A table is a block of text: the first line has the names of the columns (as in ``sources.csv``, Chinese or not),
values are set apart by blanks, ``-`` is empty. ``owners`` says once who an enterprise or site is. In ``facts`` a column
that is none of the source is an annual figure of that name. ``记录日期`` is when a row was recorded, ``失效于`` when
another took its place: a row is known on the days between.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from jigai.plan.period import Period
from jigai.plan.registry import Indicator, registry
from jigai.plan.sources import REGISTER, Sources, described

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "plan"
OWNER = ("legal_person", "site", "name", "manager_code", "place_code", "industry_code", "deregistered")
REPLACED = "失效于"
FLAGS = {"是": True, "否": False, "1": True, "0": False}


@cache
def headings() -> dict[str, dict[str, str]]:
    """Names of columns by how they may be written, of each source."""
    text = files("jigai.plan").joinpath("data/sources.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["source"], {}).update({row["zh"]: row["column"], row["column"]: row["column"]})
    owner = found.pop("*")
    return {name: {**owner, **columns} for name, columns in found.items()}


def bare(source: str) -> str:
    return REGISTER.rstrip(":") if source.startswith(REGISTER) else source


def read(text: str) -> list[dict[str, str | None]]:
    """The rows of a table written as text."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    for line in lines:
        assert len(line) == len(head), f"{len(line)} values under {len(head)} columns: {line}"
    return [{name: None if value == "-" else value for name, value in zip(head, line, strict=True)} for line in lines]


def value(text: str | None, dtype: pl.DataType) -> Any:
    if text is None:
        return None
    if dtype == pl.Boolean:
        return FLAGS[text]
    if dtype == pl.Date:
        return date.fromisoformat(text)
    return int(text) if dtype == pl.Int64 else float(text) if dtype == pl.Float64 else text


@dataclass(frozen=True)
class Case:
    content: dict[str, Any] = field(hash=False)
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.content['name']}"

    @property
    def indicator(self) -> Indicator:
        return registry()[self.content["indicator"]]

    @property
    def period(self) -> Period:
        return Period.read(str(self.content["period"]))

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The days it is looked at, each with what must come out."""
        return [self.content, *self.content.get("later", [])]

    def sources(self, known_on: date) -> Sources:
        """Everything the case tells, as known on one day; a source it does not tell is empty."""
        asked = {*described(), *self.told, *self.indicator.sources, *self.indicator.also} - {"register"}
        loaders = {name: (lambda name=name: self.frame(name, known_on)) for name in asked}
        return Sources(known_on, loaders, self.content.get("absent", {}))

    @property
    def told(self) -> dict[str, str]:
        return dict(self.content.get("sources", {}))

    def frame(self, source: str, known_on: date) -> pl.DataFrame:
        columns = described()[bare(source)]
        rows = [row for row in self.rows(source) if self.known(row, known_on)]
        own = dict.fromkeys(name for row in rows for name in row if name not in columns and name != REPLACED)
        schema = {**columns, **dict.fromkeys(own, pl.String())}
        made = [{name: value(row.get(name), dtype) for name, dtype in schema.items()} for row in rows]
        texts = {name: pl.String() if isinstance(dtype, pl.Decimal) else dtype for name, dtype in schema.items()}
        return pl.DataFrame(made, schema=texts).with_columns(pl.col(n).cast(d) for n, d in schema.items())

    def rows(self, source: str) -> list[dict[str, str | None]]:
        """The rows of a source with their owners; annual figures one per row."""
        names = headings()[bare(source)]
        rows = [{names.get(k, k): v for k, v in row.items()} for row in read(self.told.get(source, "x"))]
        rows = [self.owned(row) for row in rows]
        return [one for row in rows for one in self.facts(row)] if source == "facts" else rows

    def owned(self, row: dict[str, str | None]) -> dict[str, str | None]:
        for one in read(self.content.get("owners", "x")):
            owner = {headings()["listed"].get(k, k): v for k, v in one.items()}
            if row.get("legal_person") and all(row.get(k) == owner.get(k) for k in ("legal_person", "site")):
                return {**owner, **{k: v for k, v in row.items() if v is not None}}
        return row

    def facts(self, row: dict[str, str | None]) -> list[dict[str, str | None]]:
        """One row per annual figure; a flag is 1 or 0, a word has no number."""
        held = {k: v for k, v in row.items() if k in described()["facts"] or k == REPLACED}
        said = {k: {"是": "1", "否": "0"}.get(v, v) for k, v in row.items() if k not in held and v is not None}
        numbers = {k: v if v.replace(".", "", 1).isdigit() else None for k, v in said.items()}
        return [held | {"attribute": k, "value": v, "number": numbers[k]} for k, v in said.items()]

    def known(self, row: dict[str, str | None], day: date) -> bool:
        begun, ended = row.get("data_date"), row.get(REPLACED)
        row.setdefault("data_date", day.isoformat())
        return (not begun or date.fromisoformat(begun) <= day) and (not ended or date.fromisoformat(ended) > day)

    def compute(self, known_on: date) -> pl.DataFrame:
        return self.indicator.compute(self.sources(known_on), self.period, self.content.get("parameters", {}))


@cache
def all_cases() -> tuple[Case, ...]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [Case(one, path.stem) for one in content if "indicator" in one]
    return tuple(found)


def day(step: dict[str, Any]) -> date:
    given = step["known_on"]
    assert isinstance(given, date), given
    return given
