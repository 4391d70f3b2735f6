"""What the page of an upload shows: sheets, problems, columns, and what would change."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import polars as pl
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jigai.attributes import Attribute
from jigai.attributes.words import header
from jigai.ledger.grid import letter
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import Reading
from jigai.platform.imports.subjects import Subject
from jigai.platform.imports.suggesting import suggestion

MOST_PROBLEMS: Final = 300
SURE: Final = 95
"""From this score on (of 100) a header was recognised; below, a person should look."""
_ELSEWHERE: Final = ("header_guessed", "columns_not_used", "corrected")
"""Problems that the table of columns or the cells show anyway."""
_STATES: Final = {"refused": "stop", "error": "stop", "question": "warn", "note": "idle"}


@dataclass(frozen=True)
class Problem:
    """One line of the list of problems; ``fixable`` when a cell can be put right on the page, ``meant`` what it most
    likely should say.
    """

    state: str
    sheet: str
    cell: str
    raw: str
    text: str
    fixable: bool
    meant: str = ""


@dataclass(frozen=True)
class ColumnLine:
    """One column of a table and what it was taken for; ``field`` is the name of its choice in the form."""

    field: str
    letter: str
    label: str
    examples: str
    attribute: str
    unit: str
    score: int
    state: str
    why: str


@cache
def _wordings() -> dict[str, dict[str, str]]:
    text = files("jigai.platform.imports").joinpath("wordings.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def _english() -> bool:
    return (get_language() or "").startswith("en")


def problems(reading: Reading, show: str = "", subject: Subject | None = None) -> tuple[list[Problem], dict[str, int]]:
    """Return the problems to list, the blocking ones first, and how many there are of each state."""
    told = reading.problems.filter(~pl.col("code").is_in(_ELSEWHERE))
    asked = told.filter(pl.col("severity") != "note")
    counts = Counter(_STATES[severity] for severity in asked["severity"].to_list())
    shown = told if show == "notes" else asked
    if show in {"stop", "warn"}:
        shown = shown.filter(pl.col("severity").is_in([name for name, state in _STATES.items() if state == show]))
    rank = pl.col("severity").replace_strict({"refused": 0, "error": 1, "question": 2, "note": 3}, return_dtype=pl.Int8)
    rows = shown.sort(rank, maintain_order=True).head(MOST_PROBLEMS).iter_rows(named=True)
    cells: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for place, row in enumerate(rows):  # what is said about one cell stands together
        one = (row["sheet"], row["row"], row["column"]) if row["row"] and row["column"] else (place,)
        cells.setdefault(one, []).append(row)
    numbers = {"all": asked.height, "stop": counts["stop"], "warn": counts["warn"]}
    columns = _columns(reading, subject) if subject else {}
    return [_problem(said, columns) for said in cells.values()], numbers | {"notes": told.height - asked.height}


def _columns(reading: Reading, subject: Subject) -> dict[tuple[str, str], Attribute]:
    """Return the attribute of each column of each sheet, by letter."""
    return {
        (sheet["name"], letter(column["index"])): subject.table.attribute(column["attribute"])
        for sheet in reading.sheets
        if not sheet["card"]
        for column in sheet["columns"]
        if column["attribute"] in subject.table.by_name
    }


def _problem(rows: list[dict[str, Any]], columns: dict[tuple[str, str], Attribute]) -> Problem:
    """Return what is said about one cell: the worst first."""
    language = "en" if _english() else "zh"
    row = rows[0]
    texts = [(_wordings().get(one["code"]) or {}).get(language) or one[f"message_{language}"] for one in rows]
    cell = f"{row['column']}{row['row']}" if row["row"] and row["column"] else str(row["column"] or row["row"] or "")
    fixable = bool(row["row"] and row["column"] and row["sheet"] and row["severity"] in {"error", "question"})
    raw = next((one["raw"] for one in rows if one["raw"]), "")
    item = columns.get((row["sheet"], row["column"])) if fixable else None
    meant = suggestion(row["code"], raw, item) if item else ""
    return Problem(_STATES[row["severity"]], row["sheet"] or "", cell, raw[:60], " ".join(texts), fixable, meant)


def corrections(upload: Upload) -> list[dict[str, str]]:
    """Return what was put right on the page, in the order of sheets and cells."""
    return [
        {"sheet": sheet, "cell": cell, "text": text}
        for sheet, texts in upload.corrections.items()
        for cell, text in texts.items()
    ]


def column_lines(upload: Upload, subject: Subject, reading: Reading) -> list[dict[str, Any]]:
    """Return for each header layout of the file its columns, with examples, what each was taken for and how surely."""
    pages = {page["name"]: page for page in reading.preview}
    layouts: list[dict[str, Any]] = []
    for sheet in reading.sheets:
        mark = sheet["fingerprint"]
        if any(one["fingerprint"] == mark for one in layouts):
            continue
        settled = upload.mapping.get(mark, {})
        lines = [_line(mark, place, column, sheet, pages, subject) for place, column in enumerate(sheet["columns"])]
        layouts.append({"fingerprint": mark, "sheet": sheet["name"], "lines": lines, "remembered": bool(settled)})
    return layouts


def heads(page: dict[str, Any], reading: Reading, subject: Subject) -> list[dict[str, Any] | None]:
    """Return for each column of a sheet what it was taken for and how surely, to stand above its cells."""
    sheet = next((one for one in reading.sheets if one["name"] == page["name"] and not one["card"]), None)
    if sheet is None:
        return []
    known = {column["index"]: column for column in sheet["columns"] if column["attribute"] in subject.table.by_name}
    return [_head(known[place], subject) if place in known else None for place in range(len(page["letters"]))]


def _head(column: dict[str, Any], subject: Subject) -> dict[str, Any]:
    item, score = subject.table.attribute(column["attribute"]), round(column["score"] * 100)
    sure = column["given"] or score >= SURE
    return {"word": item.en if _english() else header(item), "score": score, "state": "ok" if sure else "warn"}


def _line(
    mark: str, place: int, column: dict[str, Any], sheet: dict[str, Any], pages: dict[str, Any], subject: Subject
) -> ColumnLine:
    name = column["attribute"] or ""
    item = subject.table.by_name.get(name)
    score = round(column["score"] * 100)
    if column["given"]:
        state, why = "ok" if name else "idle", _("您指定的，下次沿用") if name else _("您说不用")
    elif not name:
        state, why = "idle", _("没有认出，原文保留")
    elif score >= SURE:
        state, why = "ok", _("表头一致")
    else:
        state, why = "warn", _("表头相近，请确认")
    unit = item.unit if item and item.type != "year" else ""
    return ColumnLine(
        f"{mark}:{place}",
        letter(column["index"]),
        column["label"],
        _examples(column["index"], sheet, pages),
        name,
        unit,
        score if name else 0,
        state,
        why,
    )


def _examples(index: int, sheet: dict[str, Any], pages: dict[str, Any]) -> str:
    rows = pages.get(sheet["name"], {"rows": []})["rows"]
    last = max(sheet["header_rows"])
    texts = [row["cells"][index] for row in rows if row["row"] > last and not row["kind"] and index < len(row["cells"])]
    return "，".join(list(dict.fromkeys(text[:20] for text in texts if text))[:3])


def choices(subject: Subject) -> list[tuple[str, str]]:
    """Return what a column can be taken for."""
    return [
        (item.name, (item.en if _english() else header(item)) + ("*" if item.required else ""))
        for item in subject.table.asked
    ]
