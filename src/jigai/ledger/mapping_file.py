"""The mapping file a user corrects by hand: what was understood, what was not, and what may be written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jigai.ledger.columns import attributes
from jigai.ledger.grid import Grid
from jigai.ledger.limits import Refused
from jigai.ledger.mapping import Mapping, resolves
from jigai.ledger.readers import read_grids

if TYPE_CHECKING:
    from jigai.ledger.read import Ledger

_ROWS: Final = 30
_LEAST: Final = 3
_LONGEST: Final = 30
_WORD: Final = re.compile(r"[^\W\d_]")

HEAD: Final = """\
# 列对应文件：左边是台账的表头，右边是属性；不用的列写 null。改好后用 --mapping 指定本文件。
# Mapping file: header of the ledger on the left, attribute on the right, null for a column not to be used.
# columns 对所有工作簿生效；layouts 只对表头完全相同的工作簿生效。
"""
UNREAD: Final = "# 下列表头没有认出来（来自没有读到设备的工作表），请把 null 改成属性：\n"
ATTRIBUTES: Final = "# 属性一览（英文名或中文名都可以写）：\n"


def write_mapping_file(ledgers: Sequence[Ledger], path: Path) -> None:
    """Write what was used for ``ledgers`` and, for those in which no ledger was found, the headers to explain."""
    mapping = Mapping.learn(ledgers)
    unknown = [header for ledger in ledgers for header in unknown_headers(ledger)]
    mapping.columns = dict.fromkeys(unknown)
    lines = [f"#   {item.name}  {item.zh}" for item in attributes() if item.role not in {"provenance", "derived"}]
    text = HEAD + (UNREAD if unknown else "") + mapping.as_yaml() + ATTRIBUTES + "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8")


def unknown_headers(ledger: Ledger) -> list[str]:
    """Return the headers, as far as they look like some, of a file in which no ledger was found."""
    codes = ledger.problems["code"].to_list()
    if not ledger.refused or "no_ledger" not in codes or ledger.format is None:
        return []
    try:
        grids = list(read_grids(ledger.origin.read(), ledger.format, ledger.source))
    except Refused:
        return []
    return list(dict.fromkeys(header for grid in grids for header in _likely_headers(grid)))


def _likely_headers(grid: Grid) -> list[str]:
    """The row near the top with the most short, distinct words; numbers and values are none."""
    rows = [
        [" ".join(cell.split()) for cell in grid.cells.row(row) if cell is not None and _WORD.search(cell)]
        for row in range(min(grid.height, _ROWS))
    ]
    fit = [row for row in rows if len(set(row)) >= _LEAST and all(len(cell) <= _LONGEST for cell in row)]
    best = max(fit, key=len, default=[])
    return [cell for cell in best if not resolves(cell)]
