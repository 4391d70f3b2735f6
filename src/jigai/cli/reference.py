"""``jigai reference``: what is in force, what is not held, and whether a city's own data is sound."""

from __future__ import annotations

import argparse
import json
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from jigai.cli.errors import CommandError
from jigai.cli.options import add_common, today
from jigai.cli.text_table import fit, text_table, width
from jigai.reference import Dataset, DatasetError, Gap, Reference
from jigai.reference.loader import read_all, read_place
from jigai.screening.sentences import Language, templates

OK, REFUSED = 0, 2
_HEADS = ("id", "title", "number", "window", "certainty", "binds", "rows")
_NUMBER_PLACES, _SHOWN_KINDS = 36, 5
_LIMITS = (24, 44, _NUMBER_PLACES, 24, 12, 18, 6)
_SHOWN_ROWS, _SHOWN_PLACES, _CELL_PLACES = 5, 110, 24


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``reference`` with its sub-commands ``list``, ``show`` and ``check``."""
    parser = commands.add_parser("reference", help="查看和检查依据数据 / see and check the reference data")
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|show|check")
    listing = actions.add_parser("list", help="某一天有效的全部依据 / all that is in force on a day")
    add_common(listing)
    show = actions.add_parser("show", help="一个数据集的说明、存疑和表 / one dataset in full")
    show.add_argument("id", metavar="ID", help="数据集编号 / id of the dataset")
    add_common(show)
    check = actions.add_parser("check", help="检查本市增补的数据 / validate a folder or zip of datasets")
    check.add_argument("path", type=Path, metavar="FOLDER", help="文件夹或 zip / folder or zip")
    check.add_argument("--lang", choices=("zh", "en"), default="zh", help="显示语言 / language of messages")
    check.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON for machines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the chosen sub-command; 0 all well, 2 the checked data is refused (D31)."""
    return {"list": _list, "show": _show, "check": _check}[args.action](args)


def _say(key: str, language: Language, /, **values: object) -> str:
    return templates("jigai.cli", "reference.csv")[key][language].format(**values)


def _list(args: argparse.Namespace) -> int:
    lang: Language = args.lang
    reference = Reference.load(args.as_of or today(), args.reference)
    datasets = list(reference.datasets.values())
    if args.json:
        _print_json(
            as_of=reference.as_of.isoformat(),
            content_hash=reference.content_hash,
            datasets=[_summary(dataset) for dataset in datasets],
            gaps=[_gap_summary(gap) for gap in reference.gaps],
        )
        return OK
    print(
        _say("list_head", lang, day=reference.as_of, count=len(datasets), hash=reference.content_hash[:12]), end="\n\n"
    )
    rows = [_row(dataset, lang) for dataset in datasets]
    print("\n".join(text_table([_say(head, lang) for head in _HEADS], rows, _LIMITS)))
    resting = [name for name in reference.all_datasets if name not in reference.datasets]
    if resting:
        print("\n" + _say("not_in_force", lang, ids=", ".join(resting)))
    print("\n" + _say("doubts_count", lang, count=sum(len(dataset.doubts) for dataset in datasets)))
    print("\n" + _say("gaps_head", lang, count=len(reference.gaps)))
    names = _kind_names(reference, lang)
    print("\n".join(_gap_line(gap, names, lang) for gap in reference.gaps))
    return OK


def _show(args: argparse.Namespace) -> int:
    lang: Language = args.lang
    every = read_all(args.reference)
    if args.id not in every:
        near = get_close_matches(args.id, every, n=5, cutoff=0.4) or list(every)
        raise CommandError(_say("unknown_id", lang, id=args.id, near=", ".join(near)))
    dataset = every[args.id]
    if args.json:
        gaps = [_gap_summary(gap) for gap in dataset.gaps]
        _print_json(**_summary(dataset), doubts=list(dataset.doubts), gaps=gaps, source=dataset.source)
        return OK
    for key, value in _facts(dataset, lang):
        print(f"{_say(key, lang)}：{value}" if lang == "zh" else f"{_say(key, lang)}: {value}")
    for head, items in (
        ("doubts_head", dataset.doubts),
        ("own_gaps_head", [gap.text_zh if lang == "zh" else gap.text_en for gap in dataset.gaps]),
    ):
        if items:
            print("\n" + _say(head, lang))
            print("\n".join(_say("item", lang, text=text) for text in items))
    for name in dataset.tables:
        print("\n" + "\n".join(_table_lines(dataset, name, lang)))
    return OK


def _check(args: argparse.Namespace) -> int:
    lang: Language = args.lang
    shipped = read_all()
    try:
        found = read_place(args.path)
        read_all([args.path])
    except DatasetError as error:
        if args.json:
            faults = [{"file": f.file, "row": f.row, "column": f.column, "message": f.say(lang)} for f in error.faults]
            _print_json(faults=faults)
            return REFUSED
        print(_say("refused", lang, count=len(error.faults)))
        print(error.say(lang))
        return REFUSED
    if args.json:
        _print_json(faults=[], datasets=[_summary(dataset) for dataset in found.values()])
        return OK
    print(_say("check_ok", lang, path=args.path))
    for dataset in found.values():
        tables = [_say("check_table", lang, name=name, rows=table.height) for name, table in dataset.tables.items()]
        joined = ("、" if lang == "zh" else ", ").join(tables)
        print(_say("check_item", lang, id=dataset.id, title=_title(dataset, lang), tables=joined))
        if dataset.id in shipped:
            print(_say("replaces", lang, id=dataset.id))
    return OK


def _title(dataset: Dataset, lang: Language) -> str:
    return dataset.title_zh if lang == "zh" else dataset.title_en


def _number(dataset: Dataset, lang: Language, places: int | None = None) -> str:
    """Return the document number with its flag; where room is short the number is cut, never the flag."""
    number = dataset.number or _say("none", lang)
    flag = _say("to_check", lang) if dataset.number_unsure else ""
    if places is not None and width(number + flag) > places:
        number = fit(number, places - width(flag)).rstrip()
    return number + flag


def _window(dataset: Dataset, lang: Language) -> str:
    start = dataset.in_force_from or _say("open_start", lang)
    return _say("window_text", lang, start=start, end=dataset.in_force_to or _say("open_end", lang))


def _row(dataset: Dataset, lang: Language) -> list[str]:
    return [
        dataset.id,
        _title(dataset, lang),
        _number(dataset, lang, _NUMBER_PLACES),
        _window(dataset, lang),
        _say(dataset.certainty, lang),
        _say(dataset.binds, lang),
        str(sum(table.height for table in dataset.tables.values())),
    ]


def _facts(dataset: Dataset, lang: Language) -> list[tuple[str, str]]:
    comma = "、" if lang == "zh" else ", "
    none = _say("none", lang)
    return [
        ("id", dataset.id),
        ("title", _title(dataset, lang)),
        ("issuer", dataset.issuer),
        ("number", _number(dataset, lang)),
        ("window", _window(dataset, lang)),
        ("binds", _say(dataset.binds, lang)),
        ("check", dataset.check or _say("lookup", lang)),
        ("certainty", _say(dataset.certainty, lang)),
        ("source", dataset.source),
        ("supersedes", comma.join(dataset.supersedes) or none),
        ("superseded_by", dataset.superseded_by or none),
        ("speaks_for", comma.join(dataset.speaks_for) or none),
        ("version", dataset.version),
        ("hash", dataset.content_hash),
    ]


def _table_lines(dataset: Dataset, name: str, lang: Language) -> list[str]:
    """Show the first rows of a table: the columns that say something there, as many as fit; the others by name."""
    table, spec = dataset.tables[name], dataset.specs[name]
    lines = [_say("table_head", lang, name=name, file=spec.file, rows=table.height, key=", ".join(spec.key))]
    head = table.head(_SHOWN_ROWS).select(
        pl.col(column.name).list.join(";") if column.type == "list" else pl.col(column.name).cast(pl.String)
        for column in spec.columns
    )
    shown: list[str] = []
    room = _SHOWN_PLACES
    for column in head.iter_columns():
        texts = column.drop_nulls().to_list()
        needed = min(_CELL_PLACES, max(width(text) for text in [column.name, *texts])) + 2
        if texts and needed <= room:
            shown.append(column.name)
            room -= needed
    rows = [[cell or "" for cell in row] for row in head.select(shown).iter_rows()]
    lines += text_table(shown, rows, [_CELL_PLACES] * len(shown))
    if table.height > _SHOWN_ROWS:
        lines.append(_say("more_rows", lang, count=table.height - _SHOWN_ROWS))
    others = [column for column in table.columns if column not in shown]
    if others:
        lines.append(_say("other_columns", lang, names=", ".join(others)))
    return lines


def _kind_names(reference: Reference, lang: Language) -> dict[str, str]:
    """Return what kinds and subkinds are called; empty when the table of kinds is not in force."""
    if not reference.has("kinds"):
        return {}
    tables = reference.dataset("kinds").tables
    return dict(tables["kinds"].select("kind", lang).rows()) | dict(tables["subkinds"].select("subkind", lang).rows())


def _gap_line(gap: Gap, names: dict[str, str], lang: Language) -> str:
    text = gap.text_zh if lang == "zh" else gap.text_en
    if gap.kind == "edition":
        return _say("item", lang, text=text)
    text = _say("part_gap", lang, document=gap.document, text=text)
    kinds = [names.get(kind, kind) for kind in gap.subkinds or gap.equipment_kinds]
    if not kinds:
        return _say("item", lang, text=text)
    joined = ("、" if lang == "zh" else ", ").join(kinds[:_SHOWN_KINDS])
    more = "" if len(kinds) <= _SHOWN_KINDS else _say("more_kinds", lang, count=len(kinds))
    return _say("gap_of_kinds", lang, text=text, kinds=joined + more)


def _summary(dataset: Dataset) -> dict[str, object]:
    return {
        "id": dataset.id,
        "check": dataset.check,
        "title_zh": dataset.title_zh,
        "title_en": dataset.title_en,
        "number": dataset.number,
        "number_certainty": dataset.number_certainty,
        "in_force_from": dataset.in_force_from and dataset.in_force_from.isoformat(),
        "in_force_to": dataset.in_force_to and dataset.in_force_to.isoformat(),
        "binds": dataset.binds,
        "certainty": dataset.certainty,
        "version": dataset.version,
        "content_hash": dataset.content_hash,
        "tables": {name: table.height for name, table in dataset.tables.items()},
    }


def _gap_summary(gap: Gap) -> dict[str, object]:
    return {
        "document": gap.document,
        "kind": gap.kind,
        "check": gap.check,
        "text_zh": gap.text_zh,
        "text_en": gap.text_en,
        "equipment_kinds": list(gap.equipment_kinds),
        "subkinds": list(gap.subkinds),
        "dataset": gap.dataset,
    }


def _print_json(**values: object) -> None:
    print(json.dumps(values, ensure_ascii=False, indent=2))
