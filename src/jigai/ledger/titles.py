"""What stands around a table: the enterprise it belongs to, and the kind of equipment its sheet is named after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jigai.ledger.grid import Grid, letter
from jigai.ledger.labels import kind_words

_LABEL = re.compile(
    r"(?:填报单位|填表单位|填报企业|编制单位|单位名称|企业名称|公司名称|使用单位)(?:[（(][^）)]*[)）])?\s*[:：]\s*(\S*)"
)
_BARE_LABEL = re.compile(r"^(?:填报单位|填表单位|填报企业|编制单位|单位名称|企业名称|公司名称)(?:[（(][^）)]*[)）])?$")
_TITLE = re.compile(
    r"^(?:\d{4}年度?)?(.{2,40}(?:公司|厂|矿|集团|中心|医院|研究院)(?![业房区用内务级家山石井]))"
    r".*(?:台账|清单|明细|统计表|登记表|一览表|汇总表|调查表|设备表|台帐)"
)
_MAX_ROWS: Final = 12


@dataclass(frozen=True)
class Enterprise:
    """The name found, the cell it stands in, and whether it was cut out of a title."""

    name: str
    reference: str
    from_title: bool
    row: int
    column: str


def asks_enterprise(cell: str) -> bool:
    """Tell whether a cell is a label for the enterprise's name (填报单位), with or without the name behind it."""
    return bool(_LABEL.search(cell) or _BARE_LABEL.match(cell))


def enterprise_of(grid: Grid, header_row: int) -> Enterprise | None:
    """Find the enterprise above a table (rows count from 0): 填报单位：…, or the title of the table."""
    top = [grid.cells.row(row) for row in range(max(0, header_row - _MAX_ROWS), min(header_row, grid.height))]
    offset = max(0, header_row - _MAX_ROWS)
    for number, cells in enumerate(top, offset):
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            match = _LABEL.search(cell)
            if match and match.group(1):
                return _found(match.group(1), number, column, from_title=False)
            if match or _BARE_LABEL.match(cell):
                beside = next((place for place in range(column + 1, len(cells)) if cells[place]), None)
                if beside is not None:
                    return _found(cells[beside] or "", number, beside, from_title=False)
    for number, cells in enumerate(top, offset):
        for column, cell in enumerate(cells):
            if cell is not None and (match := _TITLE.match(re.sub(r"\s+", "", cell))):
                return _found(match.group(1), number, column, from_title=True)
    return None


def _found(name: str, row: int, column: int, *, from_title: bool) -> Enterprise:
    return Enterprise(name.strip(), f"{letter(column)}{row + 1}", from_title, row + 1, letter(column))


def kind_of_sheet(name: str) -> str | None:
    """Return the name of a sheet when it names a kind of equipment (变压器台账), else None."""
    return name if any(word in name for word in kind_words()) else None
