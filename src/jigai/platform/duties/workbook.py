"""What is late as a workbook: the list, and what the rules mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import IO, Final

from django.conf import settings

from jigai.platform.duties.data import FLOW, rules
from jigai.platform.duties.overdue import Late
from jigai.reports.book import Book, Field

COLUMNS: Final = (
    (Field("序号", style="count"), 6),
    (Field("编号"), 9),
    (Field("任务"), 40),
    (Field("条款"), 16),
    (Field("单位"), 24),
    (Field("承担方式"), 9),
    (Field("责任人"), 12),
    (Field("逾期事项"), 14),
    (Field("内容"), 34),
    (Field("期限"), 12),
    (Field("逾期（天）", style="count"), 10),
    (Field("任务状态"), 12),
)


def write(target: IO[bytes], late: Sequence[Late], on: date) -> None:
    """Write the list of what is late on a day; equal lists give equal files (D25)."""
    title = f"任务逾期清单（{on:%Y-%m-%d}）"
    book = Book(target, title, on)
    sheet = book.sheet("逾期清单", note=f"{on}")
    widths = [width for _field, width in COLUMNS]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    last = len(COLUMNS) - 1
    row = book.heading(sheet, 0, title, last)
    row = book.line(sheet, row, f"城市：{settings.CITY_NAME}　截至：{on}　共 {len(late)} 件", last)
    rows = [_cells(number, one) for number, one in enumerate(late, 1)]
    book.block(sheet, row, [one for one, _width in COLUMNS], rows, fitting=widths)
    sheet.freeze_panes(row + 1, 3)
    sheet.repeat_rows(row)
    notes = book.sheet("说明")
    notes.set_column(0, 0, 100)
    for place, one in enumerate(rules().values()):
        book.put(notes, place, 0, f"{one.word.zh}：{one.word.row['meaning_zh']}。")
    book.close()


def _cells(number: int, one: Late) -> list[str | int]:
    share = one.share
    return [
        number,
        one.duty.key,
        one.duty.title_zh,
        one.duty.clause,
        str(share.organisation) if share else "（还没有牵头单位）",
        {"lead": "牵头", "support": "配合"}[share.role] if share else "",
        share.person if share else "",
        rules()[one.rule].word.zh,
        "；".join(part for part in (one.words, one.detail) if part),
        one.due.isoformat(),
        one.days,
        FLOW.states[one.duty.state].zh,
    ]
