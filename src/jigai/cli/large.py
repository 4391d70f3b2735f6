"""A ledger larger than a workbook can hold: one parquet file, screened in a stream (``screening.engines.local``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jigai.cli.messages import say
from jigai.cli.outputs import RECORD
from jigai.cli.progress import bar
from jigai.reference import Reference
from jigai.reports import Run
from jigai.reports.labels import label
from jigai.screening.engines.local import screen_parquet
from jigai.screening.sentences import Language

LARGE = 1_000_000
"""Lines from which a ledger is streamed: about what one sheet of a workbook holds."""


def large_ledger(inputs: Sequence[Path]) -> Path | None:
    """Return the input if it is one parquet ledger with ids and more than :data:`LARGE` lines, else None."""
    if len(inputs) != 1 or inputs[0].suffix.lower() != ".parquet" or not inputs[0].is_file():
        return None
    try:
        file = pq.ParquetFile(inputs[0])
    except pa.ArrowException:
        return None
    large = file.metadata.num_rows > LARGE and "device_id" in file.schema_arrow.names
    return inputs[0] if large else None


def screen_large(path: Path, reference: Reference, out: Path, language: Language, quiet: bool) -> dict[str, Any]:
    """Stream one ledger into ``devices.parquet`` and ``findings.parquet``; return the facts of the run.

    No workbook is written: Excel would not open it.
    """
    with bar(say("step_screen", language), quiet=quiet) as progress:
        totals = screen_parquet(path, out, reference, reference.as_of, progress=progress)
    counts = totals.verdicts.group_by("verdict").agg(pl.col("lines", "quantity").sum()).sort("verdict")
    facts = {
        **Run.of(reference, [], reference.as_of).summary(),
        "files": [path.name],
        "lines": totals.lines,
        "distinct": totals.distinct,
        "findings": totals.findings,
        "machines": int(totals.verdicts["quantity"].sum()),
        "verdicts": {
            row["verdict"]: {"lines": row["lines"], "machines": row["quantity"]} for row in counts.iter_rows(named=True)
        },
        "outcomes": totals.outcomes.to_dicts(),
        "refused": [],
    }
    (out / RECORD).write_text(json.dumps(facts, ensure_ascii=False, indent=2), encoding="utf-8")
    return facts


def large_as_text(facts: dict[str, Any], out: Path, language: Language) -> str:
    """Return the facts in a few lines."""
    return "\n".join(
        [
            say("screened", language, as_of=facts["as_of"], files=1, lines=facts["lines"], quantity=facts["machines"]),
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
            say("too_large", language, path=out),
        ]
    )
