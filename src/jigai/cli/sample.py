"""``jigai sample ledgers``: the ledger files of the sample city, as messy as real ones."""

from __future__ import annotations

import argparse
from pathlib import Path

from jigai.cli.errors import CommandError
from jigai.cli.messages import say
from jigai.platform.sample import SIZE


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``sample``."""
    parser = commands.add_parser("sample", help="示范城市的数据 / data of the sample city")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ledgers")
    text = "写出示范城市各企业的设备台账 / write the ledger of every enterprise of the sample city"
    ledgers = actions.add_parser("ledgers", help=text, description=text)
    ledgers.add_argument("folder", type=Path, metavar="DIR", help="文件夹，须不存在或为空 / folder, new or empty")
    ledgers.add_argument("--size", type=int, default=SIZE, help=f"企业户数 / enterprises (default {SIZE})")
    ledgers.add_argument("--lang", choices=("zh", "en"), default="zh", help="显示语言 / language of messages")
    ledgers.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the ledgers once; a second call finds them and says so."""
    from jigai.platform.sample.ledgers import keep_ledgers  # not before it is asked for: every command starts here

    if args.size < 1:
        raise CommandError(say("sample_size", args.lang))
    try:
        new = keep_ledgers(args.folder, args.size)
    except FileExistsError as error:
        raise CommandError(say("sample_not_empty", args.lang, path=args.folder)) from error
    except OSError as error:
        raise CommandError(say("cannot_write", args.lang, path=args.folder, error=error)) from error
    print(say("sample_written" if new else "sample_there", args.lang, count=args.size, path=args.folder))
    return 0
