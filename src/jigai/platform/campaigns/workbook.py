"""A survey as an official workbook: coverage by managing unit and industry, the list, its changes, and 说明."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import IO, Any, Final

from jigai.platform.campaigns.data import FLOW, REPORTED, words
from jigai.platform.campaigns.figures import percent
from jigai.reports.book import Book, Field, lines_for

Said = Mapping[str, Any]
SHARE: Final = "share"
PART: Final = (
    *("should", "reported", "coverage", "by_machines", "by_power", "verified"),
    *("lines", "machines", "power", "clean", "decided", "matched", "must"),
)
HEADS: Final = {
    "should": ("应报（个）", "count"),
    "reported": ("已报（个）", "count"),
    "coverage": ("覆盖率", SHARE),
    "by_machines": ("按台数加权", SHARE),
    "by_power": ("按功率加权", SHARE),
    "verified": ("已核（个）", "count"),
    "lines": ("台账（行）", "count"),
    "machines": ("设备（台）", "count"),
    "power": ("功率（kW）", "count"),
    "clean": ("无问题行", SHARE),
    "decided": ("能判定", SHARE),
    "matched": ("抽查相符", SHARE),
    "must": ("必须淘汰（台）", "count"),
}
LISTED: Final = (
    (Field("序号", style="count"), 6),
    (Field("企业和厂区"), 44),
    (Field("统一社会信用代码"), 22),
    (Field("管理主体"), 12),
    (Field("行业小类"), 10),
    (Field("来源"), 12),
    (Field("状态"), 9),
    (Field("期限"), 12),
    (Field("报送时间"), 17),
    (Field("报送人"), 14),
    (Field("逾期"), 7),
    (Field("台账（行）", style="count"), 10),
    (Field("设备（台）", style="count"), 10),
    (Field("功率（kW）", style="count"), 12),
    (Field("无此类设备的说明"), 30),
    (Field("报送内容校验值"), 20),
)


def write_book(target: IO[bytes], said: Said) -> None:
    """Write the workbook; what it says, its order and its times rest on ``said`` alone (D25)."""
    survey = said["campaign"]
    book = Book(target, survey["name"], date.fromisoformat(said["at"][:10]))
    _parts(book, said, "管理主体", "units")
    _parts(book, said, "行业大类", "industries")
    _list(book, said)
    _changes(book, said)
    _notes(book, said)
    book.close()


def _line(said: Said) -> str:
    survey = said["campaign"]
    closed = f"　结束存档：{survey['closed']}" if survey["closed"] else ""
    return f"城市：{survey['city']}　数据时间：{said['at']}　报送期限：{survey['deadline']}{closed}"


def _parts(book: Book, said: Said, what: str, name: str) -> None:
    sheet = book.sheet(f"按{what}", note=said["at"])
    fields = [Field(what), *(Field(head, style=style) for head, style in (HEADS[key] for key in PART))]
    sheet.set_column(0, 0, 34 if name == "industries" else 16)
    sheet.set_column(1, len(PART), 12)
    row = book.heading(sheet, 0, f"{said['campaign']['name']}：按{what}", len(PART))
    row = book.line(sheet, row, _line(said), len(PART))
    rows = [[one["name"], *_values(one)] for one in said[name]]
    book.block(sheet, row, fields, [*rows, ["合计", *_values(said["total"])]], last_is_total=True)
    sheet.freeze_panes(row + 1, 1)
    sheet.repeat_rows(row)
    if rows:
        sheet.autofilter(row, 0, row + len(rows), len(PART))


def _values(part: Said) -> list[float | int | None]:
    ledger = part["ledger"]
    plain = {name: ledger[name] for name in ("lines", "machines", "must")}
    shares = {
        "coverage": percent(part["reported"], part["should"]),
        "by_machines": percent(part["reported_machines"], ledger["machines"]),
        "by_power": percent(part["reported_power"], ledger["power"]),
        "clean": percent(ledger["clean"], ledger["lines"] + ledger["asked"]),
        "decided": percent(ledger["decided"], ledger["lines"]),
        "matched": percent(ledger["matched"], ledger["checked"]),
    }
    values: dict[str, Any] = {
        "should": part["should"],
        "reported": part["reported"],
        "verified": part["states"]["verified"],
        "power": round(ledger["power"]),
        **plain,
        **{name: None if value is None else value / 100 for name, value in shares.items()},
    }
    return [values[key] for key in PART]


def _list(book: Book, said: Said) -> None:
    sheet = book.sheet("应报名单", note=said["at"])
    fields, widths = [one for one, _ in LISTED], [width for _, width in LISTED]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    last = len(fields) - 1
    row = book.heading(sheet, 0, f"{said['campaign']['name']}：应报名单", last)
    row = book.line(sheet, row, _line(said), last)
    listed = [one for one in said["entries"] if not one["removed"]]
    rows = [_listed(number, one) for number, one in enumerate(listed, 1)]
    book.block(sheet, row, fields, rows, fitting=widths)
    sheet.freeze_panes(row + 1, 2)
    sheet.repeat_rows(row)
    sheet.autofilter(row, 0, row + max(len(rows), 1), last)


def _listed(number: int, one: Said) -> list[Any]:
    report = next((step for step in reversed(one["steps"]) if step["state"] == "submitted"), None)
    report = report if one["state"] in REPORTED else None
    ledger = one["ledger"]
    return [
        number,
        one["name"],
        one["credit_code"],
        one["under"],
        one["industry"],
        one["source"],
        FLOW.states[one["state"]].zh,
        one["due"],
        report["at"] if report else "",
        report["by"] if report else "",
        "是" if one["late"] else "",
        ledger["lines"],
        ledger["machines"],
        round(ledger["power"]),
        report["comment"] if report and report["nothing"] else "",
        report["content"][:16] if report else "",
    ]


def _changes(book: Book, said: Said) -> None:
    """Write what was changed after the start: the list and the deadline, with reasons."""
    sheet = book.sheet("名单和期限变动", note=said["at"])
    widths = [17, 12, 50, 50, 14]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    fields = [Field("时间"), Field("变动"), Field("对象"), Field("原因"), Field("办理人")]
    row = book.heading(sheet, 0, "开始后的变动", len(fields) - 1)
    rows = [
        (one["at"], "期限", f"改为 {one['day']}", one["reason"], one["by"])
        for place, one in enumerate(said["deadlines"])
        if place
    ]
    for one in said["entries"]:
        if one["amended"]:
            rows.append((one["listed"], "增列", one["name"], one["reason"], one["listed_by"]))
        if one["removed"]:
            rows.append((one["removed"], "移出", one["name"], one["removed_reason"], one["removed_by"]))
        rows += [
            (step["at"], FLOW.steps[step["kind"]].zh, f"{one['name']}（{step['due']} 前）", step["comment"], step["by"])
            for step in one["steps"]
            if step["due"]
        ]
    book.block(sheet, row, fields, sorted(rows) or [("", "无", "", "", "")], fitting=widths)
    sheet.freeze_panes(row + 1, 0)


def _notes(book: Book, said: Said) -> None:
    sheet = book.sheet("说明", portrait=True)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 76)
    survey = said["campaign"]
    rows = [
        ("摸排", survey["name"]),
        ("城市", survey["city"]),
        ("数据时间", f"{said['at']}（北京时间）"),
        ("范围", f"{survey['year']} 年规上名单；管理主体：{_all(survey['units'])}；行业：{_all(survey['industries'])}"),
        ("台账起算日", f"{survey['counts_from']} 起入库或更正的算本次填报"),
        ("报送期限", survey["deadline"]),
        ("名单冻结", f"{survey['started']} {survey['started_by']}"),
        *((("结束存档", f"{survey['closed']} {survey['closed_by']}"),) if survey["closed"] else ()),
        *((one.zh, f"{one.row['meaning_zh']}。") for one in words("measures").values()),
        *((f"状态：{one.zh}", one.row["meaning_zh"]) for one in FLOW.states.values()),
        ("校验值", "报送时台账内容的 SHA-256（前 16 位）；内容不变，校验值不变。"),
        ("软件", f"jigai {said['software']}"),
        *((("注意", "示范城市：企业、人员、数值均为虚构，不得用于任何决定。"),) if said["sample"] else ()),
    ]
    row = book.heading(sheet, 0, "说明", 1)
    fields = [Field("项目"), Field("内容")]
    for place, values in enumerate(rows):
        height = 16.0 * lines_for(values[1], 74) + 4
        if place == 0:
            row = book.block(sheet, row, fields, [values], height=height)
        else:
            book.row(sheet, row, fields, values, height)
            row += 1


def _all(names: list[str]) -> str:
    return "、".join(names) or "全部"
