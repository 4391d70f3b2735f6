"""``jigai plan``: whether a city's plan file is sound and what it still asks of the city; and a new one to fill in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jigai.cli.errors import CommandError
from jigai.plan.file import PLAN_FILE, Plan, PlanError, Question, new_plan, questions, read_plan, said
from jigai.screening.sentences import Language, templates

OK, FAULTY = 0, 2
_SHOWN = 60
"""How much of a sentence of the text is shown [characters]."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``plan`` with its sub-commands ``check`` and ``new``."""
    parser = commands.add_parser("plan", help="检查和新建本市的方案文件 / check or begin a city's plan file")
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|new")
    text = "检查方案文件，列出要请市里定的事 / check a plan file and list what it asks of the city"
    check = actions.add_parser("check", help=text, description=text)
    check.add_argument("path", type=Path, metavar="PATH", help="方案文件夹或 plan.yaml / folder or plan.yaml")
    check.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON for machines")
    text = "写出一份待填的方案文件 / write a plan file to fill in"
    new = actions.add_parser("new", help=text, description=text)
    new.add_argument("folder", type=Path, metavar="FOLDER", help="文件夹，须不存在或为空 / folder, new or empty")
    new.add_argument("--region", required=True, metavar="CODE", help="六位区划代码 / six-digit division code")
    new.add_argument("--title", required=True, help="方案的全称 / full title of the plan")
    for one in (check, new):
        one.add_argument("--lang", choices=("zh", "en"), default="zh", help="显示语言 / language of messages")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the chosen sub-command; 0 all well, 2 the plan file has faults (D31)."""
    return {"check": _check, "new": _new}[args.action](args)


def _say(key: str, language: Language, /, **values: object) -> str:
    return templates("jigai.cli", "plan.csv")[key][language].format(**values)


def _check(args: argparse.Namespace) -> int:
    lang: Language = args.lang
    try:
        plan = read_plan(args.path)
    except PlanError as error:
        if args.json:
            faults = [
                {"file": one.file, "line": one.line, "field": one.path, "code": one.code, "message": one.text(lang)}
                for one in error.faults
            ]
            _print_json(faults=faults)
        else:
            print(_say("faulty", lang, count=len(error.faults)))
            print("\n".join(fault.say(lang) for fault in error.faults))
        return FAULTY
    if args.json:
        _print_json(faults=[], **_summary(plan, lang))
    else:
        print("\n".join(_lines(plan, lang)))
    return OK


def _lines(plan: Plan, lang: Language) -> list[str]:
    subtasks = sum(len(task.subtasks) for task in plan.tasks)
    asked, uncited = questions(plan), plan.text.uncited(plan.quotes())
    issuers = sum(department.issuer for department in plan.departments)
    lines = [
        _say("head", lang, title=plan.title.say(lang), id=plan.id),
        _say("dates", lang, issued=plan.issued, start=plan.period.first, end=plan.period.last),
        _say("bodies", lang, issuers=issuers, units=len(plan.units)),
        _say("objectives", lang, count=len(plan.objectives)),
    ]
    for objective in plan.objectives:
        targets = ("；" if lang == "zh" else "; ").join(said(target, plan, lang) for target in objective.targets)
        lines.append(_say("objective", lang, id=objective.id, title=objective.title.say(lang), targets=targets))
    lines.append(_say("tasks", lang, count=len(plan.tasks), subtasks=subtasks))
    lines += [_say("task", lang, id=task.id, title=task.title.say(lang)) for task in plan.tasks]
    lines.append(_say("measures", lang, count=len(plan.measures)))
    lines += [_say("task", lang, id=task.id, title=task.title.say(lang)) for task in plan.measures]
    lines.append(_say("scorecard", lang, count=len(plan.scorecard.items)))
    lines += _asked(asked, lang)
    if uncited:
        lines.append(_say("uncited", lang, count=len(uncited)))
        lines += [_say("item", lang, text=_cut(quote.words)) for quote in uncited]
    lines.append(_say("sound", lang))
    return lines


def _asked(asked: Sequence[Question], lang: Language) -> list[str]:
    """Say what is asked of the city: who leads in one line, everything else with whom to ask."""
    if not asked:
        return [_say("nothing_asked", lang)]
    lines = [_say("asked", lang, count=len(asked))]
    for one in asked:
        if one.kind != "lead":
            whom = one.whom.say(lang) if one.whom else _say("city", lang)
            lines.append(_say("question", lang, whom=whom, text=one.text.say(lang)))
    leads = [one.about for one in asked if one.kind == "lead"]
    if leads:
        lines.append(_say("leads", lang, ids=" ".join(leads)))
    return lines


def _summary(plan: Plan, lang: Language) -> dict[str, Any]:
    return {
        "id": plan.id,
        "title": plan.title.say(lang),
        "region": plan.region,
        "content_hash": plan.content_hash,
        "objectives": [
            {
                "id": one.id,
                "title": one.title.say(lang),
                "targets": [said(target, plan, lang) for target in one.targets],
            }
            for one in plan.objectives
        ],
        "tasks": [{"id": one.id, "title": one.title.say(lang)} for one in plan.tasks],
        "measures": [{"id": one.id, "title": one.title.say(lang)} for one in plan.measures],
        "asked": [
            {
                "kind": one.kind,
                "about": one.about,
                "text": one.text.say(lang),
                "whom": one.whom.say(lang) if one.whom else None,
            }
            for one in questions(plan)
        ],
        "uncited": [quote.words for quote in plan.text.uncited(plan.quotes())],
    }


def _new(args: argparse.Namespace) -> int:
    lang: Language = args.lang
    folder: Path = args.folder
    try:
        text = new_plan(folder.resolve().name, args.region, args.title)
    except ValueError as error:
        raise CommandError(_say(f"bad_{error}", lang, value=folder.name, region=args.region)) from error
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(_say("not_empty", lang, path=folder))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PLAN_FILE).write_text(text, encoding="utf-8", newline="\n")
        (folder / "text.txt").write_bytes(b"")
    except OSError as error:
        raise CommandError(_say("cannot_write", lang, path=folder, error=error)) from error
    print(_say("written", lang, file=folder / PLAN_FILE, text=folder / "text.txt", folder=folder))
    return OK


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _print_json(**values: object) -> None:
    print(json.dumps(values, ensure_ascii=False, indent=2, default=str))
