"""``jigai diagnose``: ledgers and a file of facts in, a report in Word (and PDF) and JSON out, without a server."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path

from jigai.cli.errors import CommandError
from jigai.cli.messages import say
from jigai.cli.options import add_day, today
from jigai.cli.progress import bar
from jigai.cli.screen import load_mapping, screen_ledgers
from jigai.diagnosis import diagnose
from jigai.diagnosis.file import FactsError, read_facts, template
from jigai.diagnosis.worth import Costed, cost
from jigai.diagnosis.writing import to_json
from jigai.ledger import problems_of, read_all
from jigai.reference import Reference
from jigai.reports import fonts, pdf
from jigai.screening.sentences import Language

OK, REFUSED = 0, 2


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``diagnose``."""
    text = "诊断一家企业，写出报告 / diagnose one enterprise and write the report"
    parser = commands.add_parser("diagnose", help=text, description=text)
    parser.add_argument(
        "inputs", nargs="*", type=Path, metavar="LEDGER", help="台账：工作簿、文件夹或 zip / ledgers, folders or zips"
    )
    parser.add_argument("--enterprise", type=Path, metavar="FILE", help="企业情况文件 / file of facts (YAML)")
    parser.add_argument("--template", type=Path, metavar="FILE", help="写出待填的企业情况文件 / write a blank one")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="报告（.docx） / report")
    parser.add_argument("--no-pdf", action="store_true", help="不生成 PDF / no PDF beside it")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="列对应文件 / column mapping to use")
    add_day(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="同时写出 JSON / write the diagnosis as JSON too")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the blank file, or diagnose; 0 all read, 2 the file of facts or a ledger was refused (D31)."""
    lang: Language = args.lang
    if args.template:
        return _template(args.template, lang)
    if not args.inputs or not args.enterprise or not args.output:
        raise CommandError(say("diagnose_needs", lang))
    if importlib.util.find_spec("docx") is None:
        raise CommandError(say("diagnose_docx", lang))
    as_of = args.as_of or today()
    reference = Reference.load(as_of, extra=args.reference)
    try:
        told = read_facts(args.enterprise, reference)
        mapping = load_mapping(args.mapping, lang)
        with bar(say("step_read", lang)) as progress:
            ledgers = read_all(args.inputs, mapping=mapping, progress=progress, as_of=as_of)
        screening, _problems = screen_ledgers(ledgers, reference, as_of)
        inputs = told.inputs(screening.devices, screening.findings)
        known = told.known(inputs.devices)
    except FactsError as error:
        print(say("facts_faulty", lang, count=len(error.faults)), file=sys.stderr)
        print("\n".join(fault.say(lang) for fault in error.faults), file=sys.stderr)
        return REFUSED
    found = diagnose(inputs, reference, as_of)
    costed = cost(found, inputs.devices, known, reference)[told.key]
    from jigai.reports.enterprise import write_diagnosis  # needs python-docx, which the bare core does without

    face = fonts.chinese() if importlib.util.find_spec("PIL") else None
    document = write_diagnosis(costed, inputs.devices, found.wrong_answers, face)
    _write(args.output, document, lang)
    print(_summary(costed, args.output, lang))
    if face is None:
        print(say("diagnose_no_chart", lang), file=sys.stderr)
    for row in found.wrong_answers.iter_rows(named=True):
        print(row[f"message_{lang}"], file=sys.stderr)
    if not args.no_pdf:
        _pdf(args.output, document, lang)
    if args.json:
        _write(args.json, to_json(costed).encode(), lang)
        print(say("diagnose_json", lang, path=args.json))
    refused = problems_of(ledgers).filter(problems_of(ledgers)["severity"] == "refused")
    for row in refused.iter_rows(named=True):
        print(say("refused_item", lang, file=row["source_file"], message=row[f"message_{lang}"]), file=sys.stderr)
    return REFUSED if refused.height else OK


def _template(path: Path, lang: Language) -> int:
    if path.exists():
        raise CommandError(say("diagnose_there", lang, path=path))
    _write(path, template().encode(), lang)
    print(say("diagnose_template", lang, path=path))
    return OK


def _pdf(report: Path, document: bytes, lang: Language) -> None:
    paper = pdf.as_pdf(document)
    if paper is None:
        print(say("diagnose_no_pdf", lang), file=sys.stderr)
        return
    _write(report.with_suffix(".pdf"), paper, lang)
    print(say("diagnose_pdf", lang, path=report.with_suffix(".pdf")))


def _write(path: Path, content: bytes, lang: Language) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(say("cannot_write", lang, path=path, error=error)) from error


def _summary(costed: Costed, path: Path, lang: Language) -> str:
    diagnosis = costed.diagnosis
    orders = sum(one.standing == "order" for one in diagnosis.measures)
    known = sum(part.score is not None for dimension in diagnosis.dimensions for part in dimension.parts)
    return say(
        "diagnosed",
        lang,
        name=diagnosis.name,
        as_of=diagnosis.as_of,
        measures=len(diagnosis.measures),
        orders=orders,
        known=known,
        appraised=sum(one.tce is not None for one in costed.worths),
        path=path,
    )
