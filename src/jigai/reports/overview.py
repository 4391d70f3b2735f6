"""The sheet 汇总: what was found, in sums weighted by quantity, with one chart."""

from __future__ import annotations

from typing import Final

import polars as pl
from xlsxwriter.worksheet import Worksheet

from jigai.reports import summary
from jigai.reports.book import Book, Field, field_widths, lines_for
from jigai.reports.labels import attribute_words, label, labels, tones
from jigai.reports.run import Run
from jigai.reports.tables import DISMANTLED, UNKNOWN, quantity

SHEET: Final = "汇总"
NOT_READ: Final = "（未能读取，见“问题”）"
_LAST: Final = 12
_WIDTHS: Final = (14, 11, 11, 11, 12, 12, 12, 12, 12, 12, 12, 12, 12)


def write_overview(book: Book, devices: pl.DataFrame, findings: pl.DataFrame, problems: pl.DataFrame, run: Run) -> None:
    """Write 汇总 as the first sheet of the book."""
    sheet = book.sheet(SHEET, f"按{run.as_of.isoformat()}有效的依据")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    lines = summary.counted(devices)
    row = book.heading(sheet, 0, "工业设备筛查报告", _LAST, 18)
    facts = (
        f"判定日：{run.as_of.isoformat()}　软件：jigai {run.engine_version}"
        f"　依据数据：{run.reference_hash[:12]}　输入数据：{run.input_hash[:12]}"
    )
    row = book.line(sheet, row, facts, _LAST)
    refused = refused_files(problems)
    text = summary.sentence(lines, read_files(devices, run), len(refused)) + _dismantled(devices)
    row = book.line(sheet, row, text, _LAST, lines_for(text, sum(_WIDTHS)), "ink")
    row = _verdicts(book, sheet, row + 1, lines)
    row = _kinds(book, sheet, row + 1, lines, run)
    row = _documents(book, sheet, row + 1, lines, findings, run)
    row = _coverage(book, sheet, row + 1, lines, findings, run)
    _workbooks(book, sheet, row + 1, devices, lines, problems)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.activate()


def _dismantled(devices: pl.DataFrame) -> str:
    if "use_state" not in devices.columns or not devices.height:
        return ""
    gone = devices.select(pl.col("use_state", "^quantity$")).filter(pl.col("use_state") == DISMANTLED)
    if not gone.height:
        return ""
    count = gone.select(quantity().sum() if "quantity" in gone.columns else pl.len()).item()
    return f"另有已拆除设备{count:,}台，不计入各项合计，请提供拆除记录和去向证明。"


def _verdicts(book: Book, sheet: Worksheet, row: int, lines: pl.DataFrame) -> int:
    row = book.heading(sheet, row, "一、总体结论", _LAST, 12)
    fields = [
        Field("结论"), Field("台账行数", 1, "whole"), Field("台数", 1, "whole"), Field("占台数", 1, "share"),
        Field("额定功率合计(kW)", 1, "amount"), Field("额定容量合计(kVA)", 1, "amount"),
    ]  # fmt: skip
    sums = summary.total(lines)
    whole = sums["quantity"] or 1
    known = labels("verdict")
    found = summary.by_verdict(lines).rows(named=True)
    rows: list[list[object]] = [
        [
            known[item["verdict"]].zh,
            item["lines"],
            item["quantity"],
            item["quantity"] / whole,
            item["power"],
            item["capacity"],
        ]
        for item in found
    ]
    share = 1.0 if sums["quantity"] else 0.0
    rows.append(["合计", sums["lines"], sums["quantity"], share, sums["power"], sums["capacity"]])
    first = row + 1
    end = book.block(
        sheet,
        row,
        fields,
        rows,
        tones_of=[known[item["verdict"]].tone for item in found],
        last_is_total=True,
        height=24,
    )
    _chart(book, sheet, row, first, len(found))
    return end


def _chart(book: Book, sheet: Worksheet, top: int, first: int, count: int) -> None:
    chart = book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "台数",
            "categories": [SHEET, first, 0, first + count - 1, 0],
            "values": [SHEET, first, 2, first + count - 1, 2],
            "points": [
                {"fill": {"color": f"#{tones()['bar_' + item.tone].fill}"}} for item in labels("verdict").values()
            ],
            "data_labels": {"value": True, "num_format": "#,##0", "font": {"size": 9}},
            "gap": 45,
        }
    )
    chart.set_title({"name": "各结论台数", "name_font": {"size": 10, "bold": False}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "line": {"color": "#C9C5B9"}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_chartarea({"border": {"color": "#E2DFD7"}})
    chart.set_size({"width": 610, "height": 230})
    sheet.insert_chart(top, 6, chart, {"x_offset": 12, "object_position": 2})


def _kinds(book: Book, sheet: Worksheet, row: int, lines: pl.DataFrame, run: Run) -> int:
    row = book.heading(sheet, row, "二、按设备种类（台）", _LAST, 12)
    table = summary.verdicts_by(lines, "kind")
    rows = [
        [run.kinds.get(item["kind"], item["kind"]) or UNKNOWN, *_counts(item), item["power"], item["capacity"]]
        for item in table.iter_rows(named=True)
    ]
    fields = [
        Field("设备种类", 3), *_verdict_fields(), Field("合计", 1, "whole"),
        Field("须淘汰和建议更新的功率(kW)", 2, "amount"), Field("须淘汰和建议更新的容量(kVA)", 2, "amount"),
    ]  # fmt: skip
    return book.block(sheet, row, fields, [*rows, ["合计", *_column_sums(rows, 1)]], last_is_total=True)


def _documents(book: Book, sheet: Worksheet, row: int, lines: pl.DataFrame, findings: pl.DataFrame, run: Run) -> int:
    row = book.heading(sheet, row, "三、按目录和标准（同一设备可涉及多项，各行不可相加）", _LAST, 12)
    numbers = {source.id: source.shown_number for source in run.sources}
    table = summary.by_document(lines, findings)
    titles = _titles(table, run)
    rows = [
        [
            titles.get(item["dataset"], item["document"]), numbers.get(item["dataset"], ""),
            label("outcome", item["outcome"]), label("mandatory", str(item["mandatory"]).lower()),
            item["lines"], item["quantity"], item["power"], item["capacity"],
        ]
        for item in table.iter_rows(named=True)
    ]  # fmt: skip
    if not rows:
        return book.line(sheet, row, "没有设备列入目录的淘汰、限制、鼓励更新范围，也没有低于能效限定值的设备。", _LAST)
    fields = [
        Field("目录或标准", 4), Field("文号", 2), Field("结果"), Field("强制性"), Field("台账行数", 1, "whole"),
        Field("台数", 1, "whole"), Field("额定功率(kW)", 1, "amount"), Field("额定容量(kVA)", 2, "amount"),
    ]  # fmt: skip
    return book.block(sheet, row, fields, rows, fitting=field_widths(fields, _WIDTHS))


def _titles(table: pl.DataFrame, run: Run) -> dict[str, str]:
    """The bare title of every dataset that speaks for one document: its number stands in a column of its own."""
    single = table.group_by("dataset").agg(pl.col("document").n_unique()).filter(pl.col("document") == 1)
    known = {source.id: source.title_zh for source in run.sources}
    return {name: known[name] for name in single["dataset"] if name in known}


def _workbooks(
    book: Book, sheet: Worksheet, row: int, devices: pl.DataFrame, lines: pl.DataFrame, problems: pl.DataFrame
) -> int:
    """One row per workbook, the most urgent first; what could not be read comes last and says so."""
    row = book.heading(sheet, row, "五、按台账文件（台）", _LAST, 12)
    table = {item["source_file"]: item for item in summary.verdicts_by(lines, "source_file").iter_rows(named=True)}
    open_problems = summary.problems_by_file(problems)
    enterprises = summary.enterprise_by_file(devices)
    nothing: dict[str, object] = {**dict.fromkeys(labels("verdict"), 0), "quantity": 0}
    rows: list[list[object]] = [
        [name, enterprises.get(name, ""), *_counts(item), item["power"], open_problems.get(name, 0)]
        for name, item in table.items()
    ]
    rows += [
        [name, NOT_READ, *_counts(nothing), 0.0, open_problems[name]]
        for name in refused_files(problems)
        if name not in table
    ]
    fields = [
        Field("台账文件", 3, "text"), Field("企业名称", 2, "text"), *_verdict_fields(), Field("合计", 1, "whole"),
        Field("须淘汰和建议更新的功率(kW)", 1, "amount"), Field("待处理问题", 1, "whole"),
    ]  # fmt: skip
    total = ["合计", f"{len(rows):,}个文件", *_column_sums(rows, 2)]
    return book.block(
        sheet, row, fields, [*rows, total], last_is_total=True, fitting=field_widths(fields, _WIDTHS), head=46
    )


def _coverage(book: Book, sheet: Worksheet, row: int, lines: pl.DataFrame, findings: pl.DataFrame, run: Run) -> int:
    row = book.heading(sheet, row, "四、能判定多少、缺什么", _LAST, 12)
    table = summary.coverage(lines, findings)
    if not table.height:
        return book.line(sheet, row, "没有适用的检查。", _LAST)
    rows = [
        [
            run.kinds.get(item["kind"], item["kind"]) or UNKNOWN, label("check", item["check"]),
            item["in_scope"], item["judged"], item["share"], _lacking(item["most_missing"]),
        ]
        for item in table.iter_rows(named=True)
    ]  # fmt: skip
    fields = [
        Field("设备种类", 2), Field("检查", 2), Field("适用台数", 1, "whole"), Field("已判定台数", 1, "whole"),
        Field("判定率", 1, "share"), Field("最常缺少（缺少台数）", 6),
    ]  # fmt: skip
    end = book.block(sheet, row, fields, rows)
    bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#AEC7DB", "min_type": "num", "min_value": 0,
           "max_type": "num", "max_value": 1}  # fmt: skip
    sheet.conditional_format(row + 1, 6, end - 1, 6, bar)
    without_industry = summary.without_industry(lines, findings)
    if without_industry:
        text = (
            f"另有{without_industry:,}台设备的台账没有国民经济行业小类代码，“两高”一项未作判断；"
            "请企业补填四位代码。这一项不逐行列在“依据”中。"
        )
        end = book.line(sheet, end, text, _LAST, lines_for(text, sum(_WIDTHS)))
    return end


def _lacking(items: list[dict[str, object]] | None) -> str:
    words = attribute_words()
    return "；".join(
        f"{words.get(str(item['missing']), item['missing'])}（{item['quantity']:,}）" for item in items or []
    )


def _verdict_fields() -> list[Field]:
    return [Field(item.zh, 1, "whole") for item in labels("verdict").values()]


def _counts(item: dict[str, object]) -> list[object]:
    return [*(item[verdict] for verdict in labels("verdict")), item["quantity"]]


def _column_sums(rows: list[list[object]], first: int) -> list[object]:
    width = len(labels("verdict")) + 3
    return [sum(row[place] for row in rows) for place in range(first, first + width)]  # type: ignore[misc]


def read_files(devices: pl.DataFrame, run: Run) -> list[str]:
    """Return the inputs that held a ledger; read-me files, duplicates and refused files are told under 问题."""
    held = set(devices["source_file"].to_list()) if "source_file" in devices.columns else set()
    return [name for name in run.files if name in held]


def refused_files(problems: pl.DataFrame) -> list[str]:
    """Return the inputs that could not be read, in the order they came."""
    refused = problems.filter(pl.col("severity") == "refused")["source_file"]
    return [str(name) for name in refused.unique(maintain_order=True)]
