"""What jigai wrote itself comes back among the ledgers: reports and lists are told by their titles and not read."""

from __future__ import annotations

from typing import Final

from jigai.ledger.grid import Grid

TITLES: Final = (
    "设备台账核对清单",
    "工业设备筛查报告",
    "设备清单（每行对应台账一行",
    "判定依据（只列有话可说的结果）",
    "台账问题（请按“说明与处理办法”",
)
"""How the sheets of a report and of a list begin. A marked copy is a ledger and has none of them."""


def is_own_output(grid: Grid) -> bool:
    """Tell whether a sheet is one of ours: reading it as a ledger would count its machines twice."""
    first = grid.cells.row(0)[0] if grid.height and grid.width else None
    return first is not None and first.startswith(TITLES)
