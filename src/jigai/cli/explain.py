"""``jigai explain MODEL``: how a model is read, which rules were tried, and the result, for one device."""

from __future__ import annotations

import argparse
import json
from difflib import get_close_matches
from math import isfinite
from typing import Any

from jigai.cli.errors import CommandError
from jigai.cli.messages import say
from jigai.cli.options import add_common, today
from jigai.ledger.columns import attributes
from jigai.reference import Reference
from jigai.reports.labels import label, read_table
from jigai.screening import Explanation, explain
from jigai.screening.sentences import Language

_TRUE = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``explain``."""
    parser = commands.add_parser("explain", help="解释一台设备的判定 / explain the judgement of one device")
    parser.add_argument("model", metavar="MODEL", help="规格型号 / model designation")
    parser.add_argument("--name", help="设备名称 / name of the device")
    parser.add_argument("--made", type=int, metavar="YEAR", help="出厂年份 / year made")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="ATTRIBUTE=VALUE",
        help="其他参数，如 power_kw=55，可多次给出 / any other attribute",
    )
    add_common(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the explanation of one device."""
    given: dict[str, Any] = {"name": args.name, "model": args.model, "made_year": args.made}
    given |= dict(assignment(text, args.lang) for text in args.set)
    as_of = args.as_of or today()
    told = explain(Reference.load(as_of, extra=args.reference), as_of, given)
    if args.json:
        print(json.dumps({**vars(told), "as_of": as_of.isoformat()}, ensure_ascii=False, indent=2, default=str))
    else:
        print("\n".join(as_text(told, args.lang)))
    return 0


def assignment(text: str, language: Language) -> tuple[str, Any]:
    """Read ``power_kw=55`` into an attribute and its typed value; raise :class:`CommandError` with the remedy."""
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign or not value:
        raise CommandError(say("bad_assignment", language, text=text))
    known = {attribute.name: attribute for attribute in attributes()}
    if name not in known:
        near = "、".join(get_close_matches(name, known, n=3)) or "power_kw, voltage_kv, made_year"
        raise CommandError(say("unknown_attribute", language, name=name, near=near))
    kind = known[name].type
    if kind in ("text", "choice"):
        return name, value
    if kind == "flag":
        if value.lower() not in _TRUE:
            raise CommandError(say("bad_flag", language, name=name, text=value))
        return name, _TRUE[value.lower()]
    try:
        number = int(value) if kind in ("integer", "year") else float(value)
        if not isfinite(number):
            raise ValueError(value)
        return name, number
    except (ValueError, OverflowError) as error:
        raise CommandError(say("bad_value", language, name=name, text=value)) from error


def as_text(told: Explanation, language: Language) -> list[str]:
    """Return the explanation as lines: the reading, the rows tried, the findings, the verdict."""
    return [
        *_reading(told, language),
        *_tried(told, language),
        *_findings(told, language),
        "",
        say(
            "explain_verdict_open" if told.device.get("missing") else "explain_verdict",
            language,
            verdict=label("verdict", told.verdict, language),
            missing=_names(told.device.get("missing"), language),
        ),
    ]


def _reading(told: Explanation, language: Language) -> list[str]:
    device = told.device
    lines = [
        say("explain_head", language, model=device.get("model", ""), as_of=told.as_of.isoformat()),
        say(
            "explain_kind",
            language,
            kind=getattr(told, f"kind_{language}") or "?",
            reason=device.get("kind_reason", ""),
        ),
    ]
    for attribute in attributes():
        if attribute.name in told.origins and attribute.role in ("signature", "nameplate"):
            value = _value(attribute.name, device[attribute.name], language)
            origin = label("basis", told.origins[attribute.name], language)
            unit = f" {attribute.unit}" if attribute.unit and attribute.type != "year" else ""
            lines.append(f"  {getattr(attribute, language)}: {value}{unit}（{origin}）")
    lines += [
        say(
            "explain_conflict",
            language,
            name=_names(conflict["attribute"], language),
            ledger=conflict["ledger_value"],
            nameplate=conflict["nameplate_value"],
        )
        for conflict in told.conflicts
    ]
    return lines


def _tried(told: Explanation, language: Language) -> list[str]:
    lines = ["", say("explain_tried", language, count=len(told.tried))]
    answers = {True: "explain_met", False: "explain_failed", None: "explain_open"}
    for row in told.tried:
        document = row["document" if language == "zh" else "document_en"]
        what = row["text"] or row["product_zh"]
        condition = row[f"condition_{language}"] or "—"
        lines.append(
            say(
                answers[row["met"]],
                language,
                rule=row["rule_id"],
                outcome=label("outcome", row["outcome"], language),
                document=document,
                what=what,
                condition=condition,
                facts=row[f"facts_{language}"] or "—",
                missing=_names(row["missing"], language),
            )
        )
    return lines


def _findings(told: Explanation, language: Language) -> list[str]:
    lines = ["", say("explain_findings", language)]
    for finding in told.findings:
        check = label("check", finding["check"], language)
        outcome = label("outcome", finding["outcome"], language)
        lines.append(f"  [{check}] {outcome}: {finding[f'reason_{language}']}")
    return lines


def _value(name: str, value: object, language: Language) -> str:
    """Return a value as people write it; words of closed lists in Chinese for Chinese readers."""
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]
    if language == "zh":
        value = {(row["attribute"], row["choice"]): row["zh"] for row in read_table("choices")}.get(
            (name, str(value)), value
        )
    return f"{value:g}" if isinstance(value, float) else str(value)


def _names(missing: str | None, language: Language) -> str:
    """Return ``;``-joined attribute names as their labels."""
    known = {attribute.name: getattr(attribute, language) for attribute in attributes()}
    return ("、" if language == "zh" else ", ").join(
        known.get(name, name) for name in (missing or "").split(";") if name
    )
