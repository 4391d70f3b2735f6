"""The site list as a workbook: to print on A4 and walk along, with room to write what the plate says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from jigai.reports.book import Book, Field, fitting_height

_COLUMNS: Final = (
    ("序号", 5),
    ("车间", 11),
    ("地点", 11),
    ("设备", 17),
    ("编号/标识", 12),
    ("台账位置", 13),
    ("为什么要看", 11),
    ("台账所载", 20),
    ("铭牌应显示什么", 44),
    ("铭牌型号（现场填）", 17),
    ("读数（现场填）", 20),
    ("一致/不一致/看不清/没找到/已拆除", 14),
    ("核对人、日期", 12),
)


@dataclass(frozen=True)
class Line:
    """A device on the list, all in words; ``tone`` is the state of ``why``, ``asks`` what to read."""

    number: int
    workshop: str
    location: str
    device: str
    code: str
    ledger: str
    why: str
    tone: str
    known: str
    look: str
    asks: str
    found: str


@dataclass(frozen=True)
class SiteList:
    """What the list says of itself."""

    title: str
    enterprise: str
    site: str
    as_of: date
    run: str
    city: str
    at: datetime
    sample: bool


def write_site_list(target: Path, facts: SiteList, lines: Sequence[Line]) -> None:
    """Write the workbook: one list with a header that repeats on every page, and a sheet that says how to fill it."""
    book = Book(target, facts.title, facts.at.date())
    sheet = book.sheet("现场核对表", note=f"{facts.at:%Y-%m-%d}")
    widths = [width for _name, width in _COLUMNS]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    last = len(_COLUMNS) - 1
    row = book.heading(sheet, 0, f"{facts.enterprise}　{facts.title}", last)
    about = f"厂区：{facts.site}　依据：按 {facts.as_of} 有效的目录和标准（{facts.run}）　共 {len(lines)} 台（行）"
    row = book.line(sheet, row, about, last)
    head = row
    fields = [Field(name) for name, _width in _COLUMNS]
    row = book.block(sheet, row, fields, [], head=44)
    for line in lines:
        values = _values(line)
        book.row(sheet, row, fields, values, max(52, fitting_height(values, widths)))
        sheet.write_string(row, 6, line.why, book.tone(line.tone, "words", bold=True))
        row += 1
    book.line(
        sheet,
        row,
        "核对人（签字）：　　　　　　　　企业陪同人（签字）：　　　　　　　　日期：　　　年　　月　　日",
        last,
        2,
    )
    sheet.freeze_panes(head + 1, 4)
    sheet.autofilter(head, 0, max(row - 1, head), last)
    sheet.repeat_rows(head)
    _notes(book, facts)
    book.close()


def _values(line: Line) -> list[object]:
    asked = f"读：{line.asks}" if line.asks else ""
    written = ["", "", line.found, ""]
    look = "\n".join(part for part in (line.look, asked) if part)
    return [
        line.number, line.workshop, line.location, line.device, line.code, line.ledger, line.why, line.known, look,
        *written,
    ]  # fmt: skip


def _notes(book: Book, facts: SiteList) -> None:
    sheet = book.sheet("说明", portrait=True)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 76)
    row = book.heading(sheet, 0, "说明", 1)
    said = [
        ("怎么用", "按车间、地点走一遍；对照“铭牌应显示什么”看铭牌，读数写在右边空格，拍一张看得清的铭牌照片。"),
        ("一致", "铭牌与台账一致的也要写上缺的参数；不一致的以铭牌为准。"),
        ("看不清", "铭牌缺失、锈蚀的写“看不清”，不要凭记忆填写。"),
        ("已拆除", "写明去向、日期和处置凭证。"),
        ("录入", "回来后在“现场核对”页逐台录入，或直接用手机在现场填；录完点“结束核对”，系统重新筛查。"),
        ("城市", facts.city),
        ("数据时间", f"{facts.at:%Y-%m-%d %H:%M}（北京时间）"),
    ]
    if facts.sample:
        said.append(("注意", "示范城市：企业、人员、数值均为虚构，不得用于任何决定。"))
    fields = [Field("项目"), Field("内容")]
    book.block(sheet, row, fields, said, fitting=(16, 76))
