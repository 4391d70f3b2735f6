"""Reading ``manifest.yaml``: every key known, every value of its type, all faults at once with their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

import yaml

from jigai.reference.errors import DatasetError, Fault
from jigai.reference.manifest import (
    BINDS,
    CERTAINTIES,
    CHECKS,
    COLUMN_TYPES,
    GAP_KINDS,
    Column,
    Gap,
    Manifest,
    TableSpec,
)
from jigai.reference.tricks import LOADER, first_trick
from jigai.reference.vocabulary import FIELD_TYPES

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _one_of(options: tuple[str, ...]) -> Callable[[object], bool]:
    return lambda value: value in options


_Rule = tuple[Callable[[object], bool], str, str]
_TEXT: Final[_Rule] = (_is_text, "文字（像数字的要加引号）", "text (in quotes if it looks like a number)")
_TEXTS: Final[_Rule] = (_is_texts, "文字列表，如 [motor, pump] 或 []", "a list of texts, like [motor, pump] or []")
_NUMBER: Final[_Rule] = (_is_number, "数", "a number")
_FLAG: Final[_Rule] = (lambda value: isinstance(value, bool), "true 或 false", "true or false")
_MAPPING: Final[_Rule] = (lambda value: isinstance(value, dict), "若干“名称: 值”", "names with values")
_LIST: Final[_Rule] = (lambda value: isinstance(value, list), "列表，没有则写 []", "a list, [] when empty")


def _or_null(rule: _Rule) -> _Rule:
    return (lambda value: value is None or rule[0](value), f"{rule[1]}或 null", f"{rule[2]}, or null")


def _choice(options: tuple[str, ...]) -> _Rule:
    return (_one_of(options), "、".join(options) + " 之一", "one of " + ", ".join(options))


_DAY: Final[_Rule] = _or_null((_is_day, "日期，如 2024-02-01，", "a day like 2024-02-01"))

_HEAD: Final[dict[str, _Rule]] = {
    "id": _TEXT,
    "check": _or_null(_choice(CHECKS)),
    "title_zh": _TEXT,
    "title_en": _TEXT,
    "issuer": _TEXT,
    "number": _or_null(_TEXT),
    "number_certainty": _choice(CERTAINTIES),
    "in_force_from": _DAY,
    "in_force_to": _DAY,
    "supersedes": _TEXTS,
    "superseded_by": _or_null(_TEXT),
    "binds": _choice(BINDS),
    "certainty": _choice(CERTAINTIES),
    "source": _TEXT,
    "doubts": _TEXTS,
    "speaks_for": _TEXTS,
    "gaps": _LIST,
    "version": _TEXT,
    "tables": _MAPPING,
}
_GAP: Final[dict[str, _Rule]] = {
    "kind": _choice(GAP_KINDS),
    "text_zh": _TEXT,
    "text_en": _TEXT,
    "equipment_kinds": _TEXTS,
    "subkinds": _TEXTS,
    "condition": _TEXT,
}
_TABLE: Final[dict[str, _Rule]] = {"file": _TEXT, "key": _TEXTS, "columns": _MAPPING, "fields": _MAPPING}
_COLUMN: Final[dict[str, _Rule]] = {
    "type": _choice(COLUMN_TYPES),
    "required": _FLAG,
    "choices": _TEXTS,
    "min": _NUMBER,
    "max": _NUMBER,
}
_OPTIONAL: Final = frozenset({"superseded_by", "fields", "required", "choices", "min", "max", "subkinds", "condition"})
_FIELD: Final[_Rule] = _choice(tuple(FIELD_TYPES))


def is_id(text: str) -> bool:
    """Tell whether ``text`` has the form of a dataset id, unlike the number of a document."""
    return _ID.fullmatch(text) is not None


def read_manifest(content: bytes, file: str, folder: str) -> Manifest:
    """Read a manifest; ``file`` is the path to show, ``folder`` the name its id must equal.

    Raises `DatasetError` with every fault found: YAML that cannot be read, a key written twice, unknown or missing,
    a value of the wrong type, an id unlike the folder, a window that ends before it starts.
    """
    return _Reader(file).read(content, folder)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[str, int] = {}
        self.faults: list[Fault] = []

    def read(self, content: bytes, folder: str) -> Manifest:
        data = self._load(content)
        if not self._follows(data, "", _HEAD):
            raise DatasetError(self.faults)
        self._check_head(data, folder)
        gaps = [self._gap(item, f"gaps.{place}", data) for place, item in enumerate(data["gaps"])]
        tables = [self._table(name, item, f"tables.{name}") for name, item in data["tables"].items()]
        if self.faults:
            raise DatasetError(self.faults)
        texts = {name: tuple(data[name]) for name in ("supersedes", "doubts", "speaks_for")}
        lists = {"gaps": tuple(gaps), "tables": tuple(tables)}
        head: dict[str, Any] = {name: data.get(name) for name in _HEAD} | texts | lists
        return Manifest(**head)

    def _load(self, content: bytes) -> Any:
        try:
            text = content.decode("utf-8-sig")
            if trick := first_trick(text):
                raise DatasetError([Fault(self.file, trick.line, None, trick.code)])
            loader = LOADER(text)
            node = loader.get_single_node()
            self._walk(node, "")
            if self.faults:
                raise DatasetError(self.faults)
            return loader.construct_document(node) if node is not None else None
        except UnicodeDecodeError as error:
            raise DatasetError([Fault(self.file, None, None, "file_encoding", {"detail": str(error)})]) from error
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            detail = getattr(error, "problem", None) or str(error)
            row = mark.line + 1 if mark else None
            raise DatasetError([Fault(self.file, row, None, "yaml", {"detail": detail})]) from error

    def _walk(self, node: yaml.Node | None, path: str) -> None:
        """Remember the line of every key, and find keys written twice (YAML itself would keep the last)."""
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = f"{path}.{key.value}" if path else str(key.value)
                if inner in self.lines:
                    self._fault(key.start_mark.line + 1, inner, "key_twice")
                self.lines[inner] = key.start_mark.line + 1
                self._walk(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for place, value in enumerate(node.value):
                self.lines[f"{path}.{place}"] = value.start_mark.line + 1
                self._walk(value, f"{path}.{place}")

    def _fault(self, row: int | None, path: str, code: str, **values: object) -> None:
        self.faults.append(
            Fault(self.file, row, path or None, code, {name: str(value) for name, value in values.items()})
        )

    def _at(self, path: str, code: str, **values: object) -> None:
        self._fault(self.lines.get(path), path, code, **values)

    def _fits(self, value: object, path: str, rule: _Rule) -> bool:
        test, wanted_zh, wanted_en = rule
        if test(value):
            return True
        self._at(path, "key_type", wanted_zh=wanted_zh, wanted_en=wanted_en, value=value)
        return False

    def _follows(self, data: object, path: str, rules: Mapping[str, _Rule]) -> bool:
        """Check one mapping against its rules; True when nothing is wrong with it."""
        before = len(self.faults)
        if not isinstance(data, dict):
            return self._fits(data, path, _MAPPING)
        prefix = f"{path}." if path else ""
        for name, value in data.items():
            if name not in rules:
                self._at(f"{prefix}{name}", "key_unknown", known=", ".join(rules))
            else:
                self._fits(value, f"{prefix}{name}", rules[name])
        for name in rules:
            if name not in data and name not in _OPTIONAL:
                self._fault(self.lines.get(path), f"{prefix}{name}", "key_missing")
        return len(self.faults) == before

    def _check_head(self, data: Mapping[str, Any], folder: str) -> None:
        if not is_id(data["id"]):
            self._at("id", "id_form", id=data["id"])
        elif data["id"] != folder:
            self._at("id", "id_folder", id=data["id"], folder=folder)
        start, end = data["in_force_from"], data["in_force_to"]
        if start and end and start > end:
            self._at("in_force_to", "window", start=start, end=end)
        if data["id"] in (*data["supersedes"], data.get("superseded_by")):
            self._at("supersedes", "link_self")

    def _gap(self, item: object, path: str, head: Mapping[str, Any]) -> Gap | None:
        if not self._follows(item, path, _GAP) or not isinstance(item, dict):
            return None
        return Gap(
            subject=head["title_zh"],
            document=head["title_zh"],
            in_force_from=head["in_force_from"],
            in_force_to=head["in_force_to"],
            kind=item["kind"],
            text_zh=item["text_zh"],
            text_en=item["text_en"],
            equipment_kinds=tuple(item["equipment_kinds"]),
            subkinds=tuple(item.get("subkinds", ())),
            check=head["check"],
            dataset=head["id"],
            condition=item.get("condition"),
        )

    def _table(self, name: object, item: object, path: str) -> TableSpec | None:
        if not self._follows(item, path, _TABLE) or not isinstance(item, dict):
            return None
        fields = item.get("fields", {})
        for field, kind in fields.items():
            self._fits(kind, f"{path}.fields.{field}", _FIELD)
        columns = [self._column(str(key), value, f"{path}.columns.{key}") for key, value in item["columns"].items()]
        for place, key in enumerate(item["key"]):
            if key not in item["columns"]:
                self._at(f"{path}.key.{place}", "key_column", name=key)
        return TableSpec(str(name), item["file"], tuple(item["key"]), tuple(filter(None, columns)), fields)

    def _column(self, name: str, item: object, path: str) -> Column | None:
        if not self._follows(item, path, _COLUMN) or not isinstance(item, dict):
            return None
        return Column(
            name=name,
            type=item["type"],
            required=item.get("required", False),
            choices=tuple(item.get("choices", ())),
            minimum=item.get("min"),
            maximum=item.get("max"),
        )
