"""Options that several commands share, and the values behind them."""

from __future__ import annotations

import argparse
import contextlib
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from jigai.cli.messages import say

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def day(text: str) -> date:
    """Read a day written like 2024-08-01."""
    with contextlib.suppress(ValueError):
        return date.fromisoformat(text)
    raise argparse.ArgumentTypeError(say("bad_day", "zh", text=text) + " " + say("bad_day", "en", text=text))


def today() -> date:
    """Return the day in China: only the command line may read the clock, and it prints what it read."""
    return datetime.now(CHINA).date()


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add ``--as-of``, ``--reference``, ``--lang`` and ``--json``."""
    add_day(parser)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON for machines")


def add_day(parser: argparse.ArgumentParser) -> None:
    """Add ``--as-of``, ``--reference`` and ``--lang``."""
    parser.add_argument(
        "--as-of",
        type=day,
        default=None,
        metavar="DATE",
        help="按哪一天有效的目录和标准判断，缺省为今天 / the day whose rules apply (default: today)",
    )
    parser.add_argument(
        "--reference",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="本市增补的依据数据（文件夹或 zip），可多次给出 / extra datasets of a city",
    )
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="显示语言 / language of messages")
