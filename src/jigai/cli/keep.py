"""The commands that keep an installation: ``backup``, ``restore``, ``export``, ``import``."""

from __future__ import annotations

import argparse
from pathlib import Path

from jigai.cli.django import failing_plainly, set_up


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the commands."""
    backup = _add(commands, "backup", "备份为一个一致的时间点 / back up as one consistent point")
    backup.add_argument("target", type=Path, metavar="TARGET", help="备份文件夹，必须尚不存在 / folder to make")
    backup.add_argument(
        "--dated", action="store_true", help="在 TARGET 下按时间建文件夹 / make a dated folder below TARGET"
    )
    backup.add_argument(
        "--keep",
        type=int,
        default=0,
        metavar="N",
        help="只保留最近 N 份（与 --dated 同用）/ keep the newest N (with --dated)",
    )
    restore = _add(commands, "restore", "从备份恢复到空的安装 / restore a backup into an empty installation")
    restore.add_argument("source", type=Path, metavar="SOURCE", help="备份文件夹 / folder of the backup")
    export = _add(commands, "export", "以开放格式导出全部数据 / export everything in open formats")
    export.add_argument("target", type=Path, metavar="TARGET", help="导出文件夹，必须尚不存在 / folder to make")
    importing = _add(commands, "import", "把导出的数据装入空的安装 / import an export into an empty installation")
    importing.add_argument("source", type=Path, metavar="SOURCE", help="导出文件夹 / folder of the export")
    for parser in (restore, importing):
        parser.add_argument(
            "--replace", action="store_true", help="覆盖现有数据，不可撤销 / replace what is there; cannot be undone"
        )


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="显示语言 / language of messages")
    parser.set_defaults(run=_run)
    return parser


def _run(args: argparse.Namespace) -> int:
    set_up(args.lang)
    from jigai.platform.ops import keeping

    with failing_plainly():
        match args.command:
            case "backup":
                return keeping.backup(args.target, args.lang, dated=args.dated, keep=args.keep)
            case "restore":
                return keeping.restore(args.source, args.lang, replace=args.replace)
            case "export":
                return keeping.export(args.target, args.lang)
            case _:
                return keeping.take_in(args.source, args.lang, replace=args.replace)
