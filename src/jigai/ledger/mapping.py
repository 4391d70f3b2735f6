"""Which column of a sheet is which attribute: proposed with a score, or given by the user.

A proposal of 1 is an alias of ``columns.csv`` as it stands; lower scores are alike names. Headers below
:data:`ACCEPT` are not used but shown. A mapping file wins over every proposal.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import yaml

from jigai.attributes import Attribute, AttributeTable
from jigai.ledger.columns import attribute_dtypes, attributes, ledger_table
from jigai.ledger.labels import Label, ignored, is_unit, kind_words, never_guessed, plain, read_label, vocabulary
from jigai.ledger.units import convertible

ACCEPT: Final = 0.78
"""Lowest score at which a proposed column is used."""
_SHORTEST_LIKENESS: Final = 3
"""Two characters at the end of a header are too little to go by: 合同编号 is not the number of a device."""
_SECONDARY: Final = 100
"""A header that several attributes claim goes first to the one a rule may look at: 电机型号 is the model of the
device unless another column is, then that of its driving motor."""
_MOTOR_GROUP: Final = ("电机", "电动机", "配套", "拖动")


class MappingError(ValueError):
    """A mapping file that cannot be used; the text names the file, the entry and the remedy."""


@dataclass(frozen=True)
class Header:
    """The header of one column: its texts from top to bottom (group, name, unit)."""

    index: int
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The header as shown to people."""
        return " ".join(" ".join(part.split()) for part in self.parts)


@dataclass(frozen=True)
class ColumnMap:
    """What one column was taken for. ``also`` are attributes the same header may mean under another unit."""

    index: int
    label: str
    unit: str
    attribute: str | None
    score: float
    also: tuple[str, ...] = ()
    given: bool = False


class _Sheet(Protocol):
    @property
    def fingerprint(self) -> str: ...
    @property
    def columns(self) -> Sequence[ColumnMap]: ...


class _Ledger(Protocol):
    @property
    def sheets(self) -> Sequence[_Sheet]: ...


@dataclass
class Mapping:
    """Headers the user has settled: for every layout (``columns``) and for one header layout (``layouts``)."""

    columns: dict[str, str | None] = field(default_factory=dict)
    layouts: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> Mapping:
        """Read a mapping file (YAML or JSON); :class:`MappingError` names what is wrong in it."""
        where = Path(path).name
        try:
            content = yaml.safe_load(Path(path).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise MappingError(f"{where}: cannot be read as YAML or JSON in UTF-8 ({error})") from error
        if not isinstance(content, dict):
            raise MappingError(f"{where}: write a table with the keys 'columns' or 'layouts'")
        mapping = cls(columns=_checked(content.get("columns") or {}, where))
        for layout in content.get("layouts") or []:
            if not isinstance(layout, dict) or not isinstance(layout.get("fingerprint"), str):
                raise MappingError(f"{where}: every layout needs a 'fingerprint' (as --save-mapping writes it)")
            mapping.layouts[layout["fingerprint"]] = _checked(layout.get("columns") or {}, where)
        return mapping

    @classmethod
    def learn(cls, ledgers: Iterable[_Ledger]) -> Mapping:
        """Return a mapping that repeats what was used for ``ledgers``, one layout per distinct header."""
        mapping = cls()
        for ledger in ledgers:
            for sheet in ledger.sheets:
                columns = {column.label: column.attribute for column in sheet.columns}
                mapping.layouts.setdefault(sheet.fingerprint, columns)
        return mapping

    def save(self, path: str | Path) -> None:
        """Write the mapping as YAML, to be corrected by hand and given back with ``--mapping``."""
        Path(path).write_text(self.as_yaml(), encoding="utf-8")

    def as_yaml(self) -> str:
        """Return the mapping as the text of a mapping file."""
        content = {
            "columns": self.columns,
            "layouts": [
                {"fingerprint": fingerprint, "columns": columns} for fingerprint, columns in self.layouts.items()
            ],
        }
        return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)

    def given(self, fingerprint: str) -> dict[str, str | None]:
        """Return settled header → attribute for one layout; None means the column is not to be used."""
        return self.columns_plain() | {plain(key): value for key, value in self.layouts.get(fingerprint, {}).items()}

    def columns_plain(self) -> dict[str, str | None]:
        """Return the headers settled for every layout, written one way."""
        return {plain(key): value for key, value in self.columns.items()}

    def knows(self, fingerprint: str) -> bool:
        """Say whether a layout of the file has this fingerprint."""
        return fingerprint in self.layouts


def _checked(columns: Any, where: str) -> dict[str, str | None]:
    if not isinstance(columns, dict):
        raise MappingError(f"{where}: 'columns' is a table of header: attribute")
    known = {name: name for name in attribute_dtypes()}
    known = {item.zh: item.name for item in reversed(attributes())} | known
    for header, name in columns.items():
        if name is not None and name not in known:
            near = difflib.get_close_matches(str(name), known, n=3, cutoff=0.4)
            hint = f"，相近的有：{'、'.join(near)}" if near else ""
            raise MappingError(
                f"{where}: 表头“{header}”：没有“{name}”这个属性{hint}；"
                f"不用的列写 null / header {header!r}: there is no attribute {name!r}; null leaves a column out"
            )
    return {str(header): None if name is None else known[name] for header, name in columns.items()}


def fingerprint(headers: Sequence[Header]) -> str:
    """Return a short mark that is equal for all sheets with the same headers in the same order."""
    text = "\x1f".join("\x1e".join(plain(part) for part in header.parts) for header in headers)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def propose(
    headers: Sequence[Header], mapping: Mapping | None = None, table: AttributeTable | None = None
) -> list[ColumnMap]:
    """Return one :class:`ColumnMap` per header, each attribute used once: given ones first, then the best scores."""
    table = table or ledger_table()
    given = mapping.given(fingerprint(headers)) if mapping else {}
    settled: dict[int, ColumnMap] = {}
    taken: set[str] = set()
    for header in headers:
        key = plain(header.text)
        if key in given:
            name = given[key]
            unit = _label(header).unit
            settled[header.index] = ColumnMap(header.index, header.text, unit, name, 1.0, given=True)
            taken.add(name or "")
    offers = [
        (-score, place, header.index, candidate, header)
        for header in headers
        if header.index not in settled
        for score, place, candidate in candidates(header, table)
    ]
    for score, _, index, candidate, header in sorted(offers, key=lambda item: item[:3]):
        if index in settled or candidate.name in taken or -score < ACCEPT:
            continue
        taken.add(candidate.name)
        settled[index] = ColumnMap(index, header.text, _label(header).unit, candidate.name, round(-score, 2))
    also = {header.index: [offer for _, _, offer in candidates(header, table)] for header in headers}
    result: list[ColumnMap] = []
    for header in headers:
        found = settled.get(header.index)
        if found is None:
            best = max((score for score, _, _ in candidates(header, table)), default=0.0)
            result.append(ColumnMap(header.index, header.text, _label(header).unit, None, round(best, 2)))
            continue
        others = [
            item.name
            for item in also[header.index]
            if item.name not in taken
            and found.attribute
            and item.unit
            and item.unit != table.attribute(found.attribute).unit
        ]
        result.append(
            ColumnMap(found.index, found.label, found.unit, found.attribute, found.score, tuple(others), found.given)
        )
    return result


def resolves(text: str, table: AttributeTable | None = None) -> bool:
    """Say whether a cell by itself is a known header."""
    label = read_label(text)
    words = vocabulary(table)
    return label.full in words or label.stem in words or label.full in ignored()


def names_device(text: str, table: AttributeTable | None = None) -> bool:
    """Say whether a header is one for the name or the model: without one of them there is no ledger.

    Other subjects have other headers that must not be missing, the anchors of their table.
    """
    label = read_label(text)
    anchors = (table or ledger_table()).header_names
    return any(
        item.name in anchors for form in (label.full, label.stem) for _, _, item in vocabulary(table).get(form, ())
    )


def candidates(header: Header, table: AttributeTable | None = None) -> list[tuple[float, int, Attribute]]:
    """Return (score, place among the aliases, attribute) for every attribute the header may mean, best first."""
    found: dict[str, tuple[float, int, Attribute]] = {}
    parts = [part for part in header.parts if part]
    unit = _label(header).unit
    joined = read_label("".join(parts)) if len(parts) > 1 else None
    own = [read_label(next((part for part in reversed(parts) if not is_unit(part)), parts[-1]))] if parts else []
    motor_side = len(parts) > 1 and any(word in plain(parts[0]) for word in _MOTOR_GROUP)
    forms: list[tuple[Label, float]] = [(joined, 1.0)] if joined else []
    forms += [(label, 0.97 if motor_side else 0.99 if joined else 1.0) for label in own]
    for label, weight in forms:
        for score, place, item in _matches(label, table):
            if item.type in {"number", "integer"} and unit and not convertible(unit, item.unit):
                continue
            secondary = item.role in {"evidence", "identity"}
            offer = (score * weight, place + (_SECONDARY if secondary else 0), item)
            if item.name not in found or offer[0] > found[item.name][0]:
                found[item.name] = offer
    return sorted(found.values(), key=lambda offer: (-offer[0], offer[1]))


def _label(header: Header) -> Label:
    labels = [read_label(part) for part in reversed(header.parts)]
    units = [label.unit for label in labels if label.unit]
    alone = [plain(part).strip("()[]") for part in header.parts[1:] if is_unit(part)]
    unit = alone[-1] if alone else units[0] if units else ""
    return Label(plain(header.text), labels[0].stem if labels else "", unit)


def _matches(label: Label, table: AttributeTable | None) -> list[tuple[float, int, Attribute]]:
    words = vocabulary(table)
    found = [(1.0, place, item) for place, _, item in words.get(label.full, ())]
    if label.stem != label.full:
        found += [(0.99, place, item) for place, _, item in words.get(label.stem, ())]
    if found or label.full in ignored() or label.stem.startswith(never_guessed()):
        return found
    for word in kind_words() if table in (None, ledger_table()) else ():
        rest = label.stem.removeprefix(word)
        if rest != label.stem and rest in words:
            return [(0.9, place, item) for place, _, item in words[rest]]
    return _alike(label, table)


def _alike(label: Label, table: AttributeTable | None) -> list[tuple[float, int, Attribute]]:
    """Score headers that end in an alias (``主要用能设备名称``) or differ from one by a single character."""
    stem = label.stem
    found: list[tuple[float, int, Attribute]] = []
    bonus = 0.05 if label.unit else 0.0
    for alias, offers in vocabulary(table).items():
        if len(alias) < _SHORTEST_LIKENESS or alias.isascii():
            continue
        if stem.endswith(alias):
            score = 0.6 + 0.35 * len(alias) / len(stem) + bonus
        elif len(alias) >= 4 and len(alias) == len(stem) and sum(a != b for a, b in zip(alias, stem, strict=True)) == 1:
            score = 0.8
        else:
            continue
        found += [(min(score, 0.95), place, item) for place, _, item in offers]
    return found
