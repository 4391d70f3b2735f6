"""A scorecard as an official workbook: points by objective, every point explained, and 说明."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from jigai.plan.tables import table
from jigai.platform.plan.scores.services import GAP, INDICATOR, ITEM, Sheet
from jigai.platform.plan.scores.shown import STATES, gap_word
from jigai.reports.book import Book, Field, lines_for

_MATRIX: Final = (
    (Field("名次", style="count"), 7),
    (Field("县区、园区"), 16),
    (Field("总分（分）", style="number"), 10),
)
_AFTER: Final = ((Field("灰色分（分）", style="number"), 11), (Field("缺数（项）", style="count"), 9))
_DETAIL: Final = (
    (Field("县区、园区"), 14),
    (Field("项目"), 9),
    (Field("目标"), 24),
    (Field("计分办法"), 14),
    (Field("完成值", style="number"), 12),
    (Field("目标值", style="number"), 10),
    (Field("单位"), 8),
    (Field("填报覆盖率", style="share"), 11),
    (Field("权重（分）", style="number"), 10),
    (Field("得分（分）", style="number"), 10),
    (Field("状态"), 9),
    (Field("依据"), 60),
)


def write(target: Path, sheet: Sheet, title: str, by: str, hidden: frozenset[str] = frozenset()) -> None:
    """Write the workbook; of ``hidden`` items the figures are left out, as on the page."""
    book = Book(target, title, date.fromisoformat(sheet.about["known_on"]))
    _matrix(book, sheet, title)
    _detail(book, sheet, title, hidden)
    _notes(book, sheet, title, by, bool(hidden))
    book.close()


def line(sheet: Sheet) -> str:
    """Return the line under the title: of when it is, and by which plan."""
    about = sheet.about
    tried = "" if not sheet.tried else "　试算：权重不是方案文件的"
    return (
        f"城市：{settings.CITY_NAME}　期间：{about['period']} 年　数据截至：{about['known_on']}　"
        f"方案：{about['plan']}（校验值 {about['plan_hash'][:12]}）{tried}"
    )


def _matrix(book: Book, sheet: Sheet, title: str) -> None:
    page = book.sheet("得分", note=sheet.about["known_on"])
    names = sheet.named(ITEM)
    weighed = [
        (Field(f"{item.objective} {names[item.objective]}（{item.weight.normalize():f}分）", style="number"), 12)
        for item in sheet.card.items
    ]
    columns = [*_MATRIX, *weighed, *_AFTER]
    for place, (_field, width) in enumerate(columns):
        page.set_column(place, place, width)
    last = len(columns) - 1
    row = book.heading(page, 0, title, last)
    row = book.line(page, row, line(sheet), last, 2)
    told = {(one["unit"], one["item"]): one for one in sheet.card.rows.iter_rows(named=True)}
    values = [
        [
            one["rank"], sheet.units[one["unit"]], float(one["points"]),
            *(_points(told.get((one["unit"], item.objective))) for item in sheet.card.items),
            float(one["grey_points"]), one["missing"],
        ]
        for one in sheet.card.totals.iter_rows(named=True)
    ]  # fmt: skip
    widths = [width for _field, width in columns]
    book.block(page, row, [field for field, _width in columns], values, head=64, fitting=widths)
    page.freeze_panes(row + 1, 2)
    page.repeat_rows(row)
    row += len(values) + 1
    said = "“缺数”按 0 分计；“不适用”的分值按比例分给本单位其余各项。灰色分已计入总分，是填报覆盖率不够的项的分。"
    book.line(page, row, said, last)


def _points(row: Mapping[str, Any] | None) -> float | str:
    """Return the points of a cell; where there can be none, the state in words."""
    if row is None or row["state"] in ("missing", "not_applicable"):
        return STATES["missing" if row is None else row["state"]].zh
    return float(row["points"])


def _detail(book: Book, sheet: Sheet, title: str, hidden: frozenset[str]) -> None:
    page = book.sheet("明细", note=sheet.about["known_on"])
    fields, widths = [field for field, _width in _DETAIL], [width for _field, width in _DETAIL]
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    last = len(fields) - 1
    row = book.heading(page, 0, f"{title}：每一分的依据", last)
    row = book.line(page, row, line(sheet), last, 2)
    names, items = sheet.named(ITEM), {item.objective: item for item in sheet.card.items}
    measures = {one["key"]: one["zh"] for one in table("score_measures.csv")}
    rows = []
    for one in sheet.card.rows.iter_rows(named=True):
        item, secret = items[one["item"]], one["item"] in hidden
        target = one["target"] if one["measure"] == "target" else None
        rows.append(
            [
                sheet.units[one["unit"]], one["item"], names[one["item"]], measures[one["measure"]],
                None if secret else _number(one["value"]), _number(target), item.unit, _number(one["coverage"]),
                _number(one["weight"]), _number(one["points"]), STATES[one["state"]].zh,
                "" if secret else one["reason_zh"],
            ]
        )  # fmt: skip
    book.block(page, row, fields, rows, fitting=widths)
    page.freeze_panes(row + 1, 2)
    page.repeat_rows(row)
    page.autofilter(row, 0, row + max(len(rows), 1), last)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _notes(book: Book, sheet: Sheet, title: str, by: str, secret: bool) -> None:
    page = book.sheet("说明", portrait=True)
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 76)
    about = sheet.about
    names, figures, gaps = sheet.named(ITEM), sheet.named(INDICATOR), sheet.named(GAP)
    rows: list[Sequence[str]] = [
        ("表名", title),
        ("城市", settings.CITY_NAME),
        ("期间、截至", f"{about['period']} 年；按 {about['known_on']} 已知的数，其后的变化不在本表内"),
        ("方案", f"{about['plan']}（校验值 {about['plan_hash']}）"),
        ("权重", "试算：不是方案文件的权重，不作评价依据" if sheet.tried else "按方案文件"),
        ("覆盖率要求", f"低于 {sheet.card.share * 100:.0f}% 的置灰，得分照计，这一项的数不可上报"),
        *((f"状态：{one.zh}", f"{one.row['meaning_zh']}。") for one in STATES.values()),
        *((f"计分：{one['zh']}", one["meaning_zh"]) for one in table("score_measures.csv")),
        *((key, f"{name}：按指标“{figures.get(key, '')}”计分") for key, name in names.items()),
        *((f"{key} 无数", gap_word(why)) for key, why in gaps.items()),
        *((("未列数值", "涉及企业财务的指标，导出人没有查看权限，只列得分"),) if secret else ()),
        ("导出人", by),
        ("软件", f"jigai {about['engine']}"),
        ("读表须知", "单位写在表头或“单位”栏；空白表示没有数据，不表示零。名次并列的取同一名次，其后顺延。"),
        *((("注意", "示范城市：企业、人员、数值均为虚构，不得用于任何决定。"),) if settings.DEMO else ()),
    ]
    row = book.heading(page, 0, "说明", 1)
    fields = [Field("项目"), Field("内容")]
    for place, values in enumerate(rows):
        height = 16.0 * lines_for(values[1], 74) + 4
        if place == 0:
            row = book.block(page, row, fields, [values], height=height)
        else:
            book.row(page, row, fields, values, height)
            row += 1
