"""``jigai screen``: workbooks in, judged devices with evidence, report and return slips out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from jigai.cli.errors import CommandError
from jigai.cli.large import large_as_text, large_ledger, screen_large
from jigai.cli.messages import say
from jigai.cli.options import add_common, today
from jigai.cli.outputs import prepare_folder, write_outputs
from jigai.cli.progress import bar
from jigai.cli.summary import as_text, summary
from jigai.ledger import Ledger, Mapping, MappingError, devices_of, problems_of, read_all
from jigai.ledger.mapping_file import write_mapping_file
from jigai.reference import Reference
from jigai.reports import Run
from jigai.screening import Screening, screen
from jigai.screening.sector_guide import advice
from jigai.screening.sentences import Language

OK, REFUSED = 0, 2


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``screen``."""
    parser = commands.add_parser("screen", help="筛查台账 / screen equipment ledgers")
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="工作簿、文件夹或 zip / workbooks, folders or zips"
    )
    parser.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="结果文件夹 / output folder")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="列对应文件 / column mapping to use")
    parser.add_argument(
        "--save-mapping", type=Path, metavar="FILE", help="保存识别出的列对应 / save the mapping that was found"
    )
    parser.add_argument("--no-returns", action="store_true", help="不生成回执 / do not write return slips")
    add_common(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Screen the inputs and write all outputs; return 2 when a file was refused, else 0 (D31)."""
    as_of = args.as_of or today()
    prepare_folder(args.out, args.lang)
    mapping = load_mapping(args.mapping, args.lang)
    reference = Reference.load(as_of, extra=args.reference)
    large = large_ledger(args.inputs)
    if large:
        facts = screen_large(large, reference, args.out, args.lang, args.json)
        print(json.dumps(facts, ensure_ascii=False) if args.json else large_as_text(facts, args.out, args.lang))
        return OK
    with bar(say("step_read", args.lang), quiet=args.json) as progress:
        ledgers = read_all(args.inputs, mapping=mapping, progress=progress, as_of=as_of, without=args.out)
    screening, problems = screen_ledgers(ledgers, reference, as_of)
    record = Run.of(reference, ledgers, as_of)
    with bar(say("step_write", args.lang), quiet=args.json) as progress:
        facts = summary(ledgers, screening, problems, record)
        facts["returns"] = write_outputs(
            ledgers,
            screening,
            problems,
            record,
            args.out,
            advice=advice(screening.devices, screening.findings, reference),
            language=args.lang,
            with_returns=not args.no_returns,
            facts=facts,
            progress=progress,
        )
    if args.save_mapping:
        save_mapping(ledgers, args.save_mapping, args.lang)
        print(say("mapping_saved", args.lang, path=args.save_mapping), file=sys.stderr)
    print(json.dumps(facts, ensure_ascii=False, indent=2) if args.json else as_text(facts, args.out, args.lang))
    return REFUSED if facts["refused"] else OK


def load_mapping(path: Path | None, language: Language) -> Mapping | None:
    """Read the mapping a user gave, or raise :class:`CommandError` saying what is wrong with it."""
    if path is None:
        return None
    if not path.is_file():
        raise CommandError(say("mapping_missing", language, path=path))
    try:
        return Mapping.load(path)
    except MappingError as error:
        raise CommandError(say("mapping_broken", language, path=path, error=error)) from error


def save_mapping(ledgers: Sequence[Ledger], path: Path, language: Language) -> None:
    """Write the mapping file, or raise :class:`CommandError` saying why it cannot be written."""
    try:
        write_mapping_file(ledgers, path)
    except OSError as error:
        raise CommandError(say("cannot_write", language, path=path, error=error)) from error


def screen_ledgers(ledgers: Sequence[Ledger], reference: Reference, as_of: date) -> tuple[Screening, pl.DataFrame]:
    """Judge the lines of all ledgers together, so that a machine found in 200 of them is judged once.

    Returns the screening and all problems: those of reading and those of contradicting nameplates.
    """
    screening = screen(devices_of(ledgers), reference, as_of)
    problems = pl.concat([problems_of(ledgers), screening.problems], how="diagonal_relaxed")
    return screening, problems
