"""A workbook as it is before it is filled: its sheets, what stands in their cells, what is merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final
from xml.etree import ElementTree

from jigai.ledger.limits import Refused
from jigai.ledger.sniff import sniff
from jigai.reports.filling.asked import Place, Value, place_of
from jigai.reports.filling.faults import Fault, FillingError, fault
from jigai.reports.returns.marked import sheet_parts
from jigai.reports.returns.package import NotPatchableError, Package

_WORKBOOK: Final = "xl/workbook.xml"
_OTHER_OFFICE: Final = frozenset({"word_document", "slides"})


@dataclass(frozen=True)
class Seen:
    """A cell of the blank: what it shows, its style, and whether a formula makes it (then the kept result)."""

    value: Value
    style: int
    formula: bool = False


@dataclass(frozen=True)
class Merge:
    """Merged cells, from the corner that holds the value to the last of them."""

    ref: str
    first: Place
    last: Place

    def holds(self, place: Place) -> bool:
        """Say whether a place lies in them."""
        row, column = place
        return self.first[0] <= row <= self.last[0] and self.first[1] <= column <= self.last[1]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells by row (from 1) and column (from 0), and the merged cells."""

    name: str
    cells: Mapping[Place, Seen]
    merges: tuple[Merge, ...]

    @cached_property
    def by_row(self) -> dict[int, dict[int, Seen]]:
        """The cells once more, row by row."""
        found: dict[int, dict[int, Seen]] = {}
        for (row, column), seen in self.cells.items():
            found.setdefault(row, {})[column] = seen
        return found

    def merge_at(self, place: Place) -> Merge | None:
        """Return the merged cells a place lies in."""
        return next((one for one in self.merges if one.holds(place)), None)

    def merges_of(self, row: int) -> list[Merge]:
        """Return the merged cells that reach into a row."""
        return [one for one in self.merges if one.first[0] <= row <= one.last[0]]


class Blank:
    """A workbook to be filled: read once, never changed.

    Raises:
        FillingError: it is no xlsx workbook, or one that cannot be filled in place; says what to do.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        _openable(data)
        try:
            self.package = Package(data)
            self.parts = sheet_parts(self.package)
        except NotPatchableError as error:
            raise FillingError([fault("not_plain", detail=error)]) from error
        if not self.parts:
            raise FillingError([fault("not_plain", detail="no sheets")])
        self._sheets: dict[str, Sheet] = {}

    @property
    def names(self) -> list[str]:
        """The sheets, in the order of their tabs."""
        return list(self.parts)

    def sheet(self, name: str) -> Sheet:
        """Return a sheet.

        Raises:
            FillingError: there is none of that name, or it cannot be read.
        """
        if name not in self.parts:
            raise FillingError([self.no_sheet(name)])
        if name not in self._sheets:
            try:
                self._sheets[name] = self._read(name)
            except (NotPatchableError, ElementTree.ParseError, ValueError, InvalidOperation, IndexError) as error:
                raise FillingError([fault("not_plain", sheet=name, detail=error)]) from error
        return self._sheets[name]

    def no_sheet(self, name: str) -> Fault:
        """Return the fault that there is no such sheet, naming those there are."""
        return fault("no_sheet", sheet=name, names="、".join(self.names))

    def values(self, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Value]:
        """Return what stands in cells given by sheet and address, of a formula its kept result.

        A cell of a sheet that is not there, or an address that is none, holds nothing.
        """
        found: dict[tuple[str, str], Value] = {}
        for name, address in places:
            place = place_of(address)
            seen = self.sheet(name).cells.get(place) if place and name in self.parts else None
            found[name, address] = seen.value if seen else None
        return found

    @cached_property
    def _strings(self) -> list[str]:
        related = self.package.relationships(_WORKBOOK).values()
        part = next((target for kind, target in related if kind == "sharedStrings"), None)
        if part is None or part not in self.package:
            return []
        root = ElementTree.fromstring(self.package.text(part))
        return [_text(one) for one in root if _name(one) == "si"]

    def _read(self, name: str) -> Sheet:
        root = ElementTree.fromstring(self.package.text(self.parts[name]))
        cells: dict[Place, Seen] = {}
        merges: list[Merge] = []
        row = 0
        for element in root.iter():
            kind = _name(element)
            if kind == "row":
                row = int(element.get("r") or row + 1)
                column = -1
                for cell in element:
                    if _name(cell) == "c":
                        place = place_of(cell.get("r") or "") or (row, column + 1)
                        column = place[1]
                        cells[place] = self._seen(cell)
            elif kind == "mergeCell":
                first, _, last = (element.get("ref") or "").partition(":")
                corner = place_of(first)
                if corner is None:
                    raise ValueError(f"merged cells {element.get('ref')}")
                merges.append(Merge(element.get("ref") or "", corner, place_of(last) or corner))
        return Sheet(name, cells, tuple(merges))

    def _seen(self, cell: ElementTree.Element) -> Seen:
        inside = {_name(one): one for one in cell}
        style = int(cell.get("s") or 0)
        formula = "f" in inside
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return Seen(_text(inside["is"]) if "is" in inside else None, style, formula)
        raw = (inside["v"].text or "") if "v" in inside else ""
        if raw == "":
            return Seen(None, style, formula)
        if kind == "s":
            return Seen(self._strings[int(raw)], style, formula)
        if kind == "n":
            # Excel keeps 1.1 as 1.1000000000000001: the shortest number that is the same to it is what people see
            return Seen(Decimal(f"{Decimal(repr(float(raw))).normalize():f}"), style, formula)
        return Seen(raw, style, formula)


def _openable(data: bytes) -> None:
    try:
        kind = sniff(data, "form.xlsx")
    except Refused as error:
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise FillingError([fault("old_format")]) from error
        if data.startswith(b"PK") and error.code not in _OTHER_OFFICE:
            raise FillingError([fault("damaged", detail=error.code)]) from error
        raise FillingError([fault("not_workbook")]) from error
    if kind == "xls":
        raise FillingError([fault("old_format")])
    if kind != "xlsx":
        raise FillingError([fault("not_workbook")])


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: ElementTree.Element) -> str:
    """Return the text of a string item; readings above the signs (``rPh``) do not belong to it."""
    pieces = []
    for one in element:
        if _name(one) == "t":
            pieces.append(one.text or "")
        elif _name(one) == "r":
            pieces.extend(inner.text or "" for inner in one if _name(inner) == "t")
    return "".join(pieces)
