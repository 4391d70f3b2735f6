"""Read and check the attribute table of a subject: ``columns.csv``, and ``choices.csv`` for the words of choices."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from jigai.attributes.attribute import DTYPES, FORMATS, Attribute, Choice
from jigai.attributes.errors import AttributeFault, AttributeTableError
from jigai.attributes.table import AttributeTable

COLUMNS: Final = "columns.csv"
CHOICES: Final = "choices.csv"
_NEEDED: Final = ("name", "type", "zh", "en")
_KNOWN: Final = (
    *_NEEDED, "unit", "role", "kinds", "min", "max", "choices", "aliases", "definition", "required", "key", "format",
    "show", "source",
)  # fmt: skip
_CHOICE_HEADERS: Final = ("attribute", "choice", "zh", "en", "aliases")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_YES: Final = ("", "yes")
_REQUIRED: Final = ("", "yes", "no")
"""A key is required unless ``no`` says that it may be blank (the only site of an enterprise)."""
_SHOWS: Final = ("", "hidden", "page")

Row = tuple[int, dict[str, str]]


def read_folder(folder: Path | Traversable, key: str, zh: str, en: str, shown: str = "") -> AttributeTable:
    """Return the attribute table in ``folder``; ``shown`` is how the folder is called in messages.

    Raises:
        AttributeTableError: naming file, row and column of everything that is wrong.
    """
    place = shown or str(folder)
    answers = folder.joinpath(CHOICES)
    return read_attributes(
        folder.joinpath(COLUMNS), key, zh, en, f"{place}/{COLUMNS}", answers if answers.is_file() else None
    )


def read_attributes(
    columns: Path | Traversable,
    key: str,
    zh: str,
    en: str,
    shown: str = "",
    choices: Path | Traversable | None = None,
    anchors: tuple[str, ...] = (),
    naming: tuple[str | None, str | None, str | None] = (None, None, None),
    extra: tuple[str, ...] = (),
) -> AttributeTable:
    """Return the attribute table written in the file ``columns``, with the words of ``choices`` where there are any.

    ``extra`` names the headers this subject has beside those of every table; each attribute carries their cells.

    Raises:
        AttributeTableError: naming file, row and column of everything that is wrong.
    """
    file = shown or str(columns)
    rows, faults = _rows(columns, file, (*_NEEDED, *extra), (*_KNOWN, *extra))
    attributes: list[Attribute] = []
    for number, row in rows:
        if row["name"]:
            item, wrong = _attribute(row, number, file, {done.name for done in attributes})
            own = {name: row[name] for name in extra}
            attributes += [replace(item, extra=own) if own else item] if item else []
            faults += wrong
    if not attributes and not faults:
        faults.append(AttributeFault(file, None, None, "no_rows"))
    if choices is not None:
        attributes, wrong = _with_answers(attributes, choices, str(Path(file).with_name(CHOICES)))
        faults += wrong
    if faults:
        raise AttributeTableError(faults)
    return AttributeTable(key, zh, en, tuple(attributes), anchors, naming, file)


def _rows(
    path: Path | Traversable, file: str, needed: tuple[str, ...], known: tuple[str, ...]
) -> tuple[list[Row], list[AttributeFault]]:
    """Return the rows of a table with their numbers, every known header present and every cell trimmed."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return [], [AttributeFault(file, None, None, "cannot_open", {"detail": error.strerror or "?"})]
    text = _decoded(data)
    if text is None:
        return [], [AttributeFault(file, None, None, "encoding")]
    reader = csv.DictReader(text.splitlines())
    headers = [name.strip() for name in reader.fieldnames or [] if name]
    wanted = "、".join(known)
    faults = [
        AttributeFault(file, 1, None, "header_missing", {"name": name, "wanted": "、".join(needed)})
        for name in needed
        if name not in headers
    ]
    faults += [
        AttributeFault(file, 1, name, "header_unknown", {"name": name, "wanted": wanted})
        for name in headers
        if name not in known
    ]
    rows: list[Row] = []
    for row in reader:
        number = reader.line_num
        if None in row:
            faults.append(AttributeFault(file, number, None, "too_many_cells"))
        rows.append((number, {name: (row.get(name) or "").strip() for name in known}))
    return ([], faults) if faults else (rows, [])


def _decoded(data: bytes) -> str | None:
    """Read UTF-8, or the GB18030 that Excel writes on a Chinese desk."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _attribute(
    row: dict[str, str], number: int, file: str, taken: set[str]
) -> tuple[Attribute | None, list[AttributeFault]]:
    faults: list[AttributeFault] = []

    def wrong(column: str, code: str, **values: str) -> None:
        faults.append(AttributeFault(file, number, column, code, values))

    if not _NAME.fullmatch(row["name"]):
        wrong("name", "name_wrong", value=row["name"])
    elif row["name"] in taken:
        wrong("name", "name_twice", value=row["name"])
    if row["type"] not in DTYPES:
        wrong("type", "type_unknown", value=row["type"], wanted="、".join(DTYPES))
    for column in ("zh", "en"):
        if not row[column]:
            wrong(column, "blank")
    for column, allowed in (("required", _REQUIRED), ("key", _YES), ("show", _SHOWS), ("format", ("", *FORMATS))):
        if row[column] not in allowed:
            wrong(column, "not_one_of", value=row[column], wanted="、".join(word or "（空）" for word in allowed))
    bounds: dict[str, float | None] = {}
    for column in ("min", "max"):
        try:
            bounds[column] = float(row[column]) if row[column] else None
        except ValueError:
            wrong(column, "not_a_number", value=row[column])
    low, high = bounds.get("min"), bounds.get("max")
    if low is not None and high is not None and low > high:
        wrong("max", "min_above_max", low=row["min"], high=row["max"])
    choices = _split(row["choices"], "|")
    if row["type"] == "choice" and not choices:
        wrong("choices", "choices_missing")
    for choice in {item for item in choices if choices.count(item) > 1}:
        wrong("choices", "choice_twice", value=choice)
    if faults:
        return None, faults
    return Attribute(
        name=row["name"],
        type=row["type"],
        unit=row["unit"],
        zh=row["zh"],
        en=row["en"],
        role=row["role"],
        kinds=_split(row["kinds"], ";"),
        minimum=low,
        maximum=high,
        choices=choices,
        aliases=_split(row["aliases"], ";"),
        definition=row["definition"],
        required=row["required"] == "yes" or bool(row["key"] and row["required"] != "no"),
        key=bool(row["key"]),
        format=row["format"],
        show=row["show"],
        source=row["source"],
    ), []


def _with_answers(
    attributes: list[Attribute], path: Path | Traversable, file: str
) -> tuple[list[Attribute], list[AttributeFault]]:
    rows, faults = _rows(path, file, _CHOICE_HEADERS[:4], _CHOICE_HEADERS)
    known = {(item.name, choice) for item in attributes for choice in item.choices}
    found: dict[str, dict[str, Choice]] = {}
    for number, row in rows:
        name, key = row["attribute"], row["choice"]
        if (name, key) not in known:
            values = {"attribute": name, "value": key}
            faults.append(AttributeFault(file, number, "choice", "answer_stray", values))
            continue
        for column in ("zh", "en"):
            if not row[column]:
                faults.append(AttributeFault(file, number, column, "blank"))
        found.setdefault(name, {})[key] = Choice(key, row["zh"], row["en"], _split(row["aliases"], ";"))
    filled = [
        replace(item, answers=tuple(found.get(item.name, {}).get(key, Choice(key, key, key)) for key in item.choices))
        for item in attributes
    ]
    return filled, faults


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())
