"""What a run amounts to: plain values for machines, a few lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from jigai.cli.messages import say
from jigai.cli.outputs import REPORT, RETURNS
from jigai.ledger import Ledger
from jigai.reports import Run
from jigai.reports.labels import label
from jigai.reports.summary import by_verdict, counted, coverage, total
from jigai.screening import Screening
from jigai.screening.sentences import Language


def summary(ledgers: Sequence[Ledger], screening: Screening, problems: pl.DataFrame, record: Run) -> dict[str, Any]:
    """Return the run as plain values: the record, counts by verdict (machines by ``quantity``), coverage, problems."""
    lines = counted(screening.devices)
    severities = dict(problems.group_by("severity").len().iter_rows())
    refused = problems.filter(pl.col("severity") == "refused")
    return {
        **record.summary(),
        "ledgers": sum(1 for ledger in ledgers if ledger.sheets),
        "lines": screening.devices.height,
        "machines": int(total(lines)["quantity"] or 0),
        "findings": screening.findings.height,
        "verdicts": {
            row["verdict"]: {
                "lines": row["lines"],
                "machines": row["quantity"],
                "power_kw": row["power"],
                "capacity_kva": row["capacity"],
            }
            for row in by_verdict(lines).iter_rows(named=True)
        },
        "coverage": coverage(lines, screening.findings).to_dicts(),
        "problems": {name: severities.get(name, 0) for name in ("error", "question", "note")},
        "refused": [
            {"file": row["source_file"], "code": row["code"], "zh": row["message_zh"], "en": row["message_en"]}
            for row in refused.iter_rows(named=True)
        ],
        "sheets": [
            {"file": ledger.source, "sheet": sheet.name, "columns": {c.label: c.attribute for c in sheet.columns}}
            for ledger in ledgers
            for sheet in ledger.sheets
        ],
    }


def as_text(facts: dict[str, Any], out: Path, language: Language) -> str:
    """Return the summary in a few lines, ending with where to look."""
    refused = facts["refused"]
    lines = [
        say(
            "screened",
            language,
            as_of=facts["as_of"],
            files=facts["ledgers"],
            lines=facts["lines"],
            quantity=facts["machines"],
        ),
        *(
            say(
                "verdict_line",
                language,
                label=label("verdict", name, language),
                quantity=count["machines"],
                lines=count["lines"],
            )
            for name, count in facts["verdicts"].items()
        ),
        say(
            "problems_line",
            language,
            errors=facts["problems"]["error"],
            questions=facts["problems"]["question"],
            notes=facts["problems"]["note"],
        ),
    ]
    if not facts["lines"]:
        lines.append(say("no_devices", language))
    if refused:
        lines.append(say("refused_line", language, count=len(refused)))
        lines += [say("refused_item", language, file=item["file"], message=item[language]) for item in refused]
    lines.append(say("report_line", language, path=out / REPORT))
    if facts.get("returns"):
        lines.append(say("returns_line", language, path=out / RETURNS, count=len(facts["returns"])))
    return "\n".join(lines)
