"""``jigai template``: a workbook that asks an enterprise only what decides one kind of equipment."""

from __future__ import annotations

import argparse
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from jigai.cli.errors import CommandError
from jigai.cli.messages import say
from jigai.reports import UnknownKind, write_template


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``template``."""
    parser = commands.add_parser("template", help="生成填报模板 / make a workbook to fill in")
    parser.add_argument("kind", metavar="KIND", help="设备种类，如 motor 或 水泵 / kind, in either language")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="输出文件 / output file")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="显示语言 / language of messages")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the template for one kind."""
    try:
        kind = write_template(args.kind, args.output)
    except UnknownKind as error:
        kinds = "、".join(error.choices)
        raise CommandError(say("unknown_kind", args.lang, kind=args.kind, kinds=kinds)) from error
    except (OSError, FileCreateError) as error:
        raise CommandError(say("cannot_write", args.lang, path=args.output, error=error)) from error
    print(say("template_written", args.lang, zh=kind.zh, en=kind.en, path=args.output))
    return 0
