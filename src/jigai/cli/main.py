"""The ``jigai`` command: one sub-command per module, exit codes of decision D31."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from jigai import __version__
from jigai.cli import diagnose, explain, keep, plan, reference, sample, screen, site, template
from jigai.cli.errors import CommandError
from jigai.cli.messages import say
from jigai.reference import DatasetError
from jigai.screening.sentences import Language

OK, FAILED = 0, 1


class Parser(argparse.ArgumentParser):
    """An argument parser whose usage errors end in 1: code 2 is kept for "a file was refused" (D31)."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and ``message``, then leave with our own failure code."""
        self.print_usage(sys.stderr)
        self.exit(FAILED, f"{self.prog}: {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """Assemble the parser from the sub-command modules."""
    parser = Parser(
        prog="jigai",
        description="技改：把企业设备台账逐台对照国家目录和能效标准，给出依据。"
        " / Judge equipment ledgers with evidence.",
    )
    parser.add_argument("--version", action="version", version=f"jigai {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for module in (screen, explain, diagnose, template, reference, plan, sample, site, keep):
        module.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 all read, 2 a file was refused, 1 our own failure (D31)."""
    _never_fail_on_encoding()
    args = build_parser().parse_args(argv)
    language: Language = args.lang if "lang" in args else "zh"
    try:
        return int(args.run(args))
    except CommandError as error:
        print(error, file=sys.stderr)
    except DatasetError as error:
        print(say("dataset_broken", language, error=error), file=sys.stderr)
    except BrokenPipeError:
        # The reader of our output left (``| head``): nobody is there to be told anything, the files are complete.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print(say("interrupted", language), file=sys.stderr)
    except Exception as error:
        log = _write_log()
        summary = f"{type(error).__name__}: {error}"
        print(say("unexpected", language, error=summary, log=log), file=sys.stderr)
    return FAILED


def _never_fail_on_encoding() -> None:
    """A console that cannot show a character (Windows code pages) shows a mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _write_log() -> Path:
    """Keep the traceback of an unexpected failure in a file the user can send."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="jigai-", suffix=".log", delete=False) as log:
        traceback.print_exc(file=log)
    return Path(log.name)
