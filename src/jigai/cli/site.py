"""The commands that run the site: ``serve``, ``worker``, ``manage``, ``check``, ``audit``, ``demo``."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from jigai.cli.django import failing_plainly, set_up

Commands = argparse._SubParsersAction


def add_parser(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the commands."""
    _add(commands, "serve", _serve, "运行网站（只监听本机）/ run the web server on the local interface")
    worker = _add(commands, "worker", _worker, "运行后台任务 / run the background worker")
    worker.add_argument("--once", action="store_true", help="做完等待的任务就结束 / stop when no job waits")
    manage = commands.add_parser("manage", help="数据库迁移等管理命令 / Django's commands", add_help=False)
    manage.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…")
    manage.set_defaults(run=_manage)
    check = _add(commands, "check", _check, "检查安装是否妥当 / check that the installation is sound")
    check.add_argument(
        "part", nargs="?", choices=("all", "db"), default="all", help="只查数据库：db / only the database: db"
    )
    check.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON for machines")
    audit = commands.add_parser("audit", help="审计记录 / the audit trail")
    actions = audit.add_subparsers(dest="action", required=True, metavar="verify")
    _add(actions, "verify", _verify, "验证审计链完整 / verify that nobody changed the audit trail")
    demo = _add(commands, "demo", _demo, "运行示范网站 / run a trial site with the sample city")
    demo.add_argument("--port", type=_port, help="端口，缺省 8000 / port (default 8000)")
    demo.add_argument("--since", type=float, default=None, help=argparse.SUPPRESS)


def _add(commands: Commands[argparse.ArgumentParser], name: str, run: object, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="显示语言 / language of messages")
    parser.set_defaults(run=run)
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r}：端口写 1 至 65535 的整数 / write a port from 1 to 65535")
    return int(text)


def _serve(args: argparse.Namespace) -> int:
    set_up(args.lang)
    from jigai.platform.ops.serving import refuse_other_facts, serve

    with failing_plainly():
        refuse_other_facts()
        return serve(args.lang)


def _worker(args: argparse.Namespace) -> int:
    set_up(args.lang)
    from jigai.platform.jobs.worker import run
    from jigai.platform.ops.serving import refuse_other_facts

    with failing_plainly():
        refuse_other_facts()
    run(once=args.once)
    return 0


def _manage(args: argparse.Namespace) -> int:
    set_up("zh")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["jigai manage", *args.arguments])
    return 0


def _check(args: argparse.Namespace) -> int:
    set_up(args.lang, populate=False)
    from jigai.platform.ops.checks import report

    return report(args.part, args.lang, as_json=args.json)


def _verify(args: argparse.Namespace) -> int:
    set_up(args.lang)
    from jigai.platform.ops.trail import verify

    with failing_plainly():
        return verify(args.lang)


def _demo(args: argparse.Namespace) -> int:
    started = args.since or time.time()
    folder = Path(os.environ.get("JIGAI_DATA_DIR") or "var").absolute()
    # The trial chooses its own database before the settings are read.
    set_up(args.lang, populate=False)
    from jigai.platform import environment
    from jigai.platform.ops.trial import Trial

    with failing_plainly():
        port = args.port or environment.one("JIGAI_PORT")
        return Trial(folder, args.lang, port, started).run()
