"""The files of a run: written beside each other, moved into place only when complete."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from jigai.cli.errors import CommandError
from jigai.cli.messages import say
from jigai.cli.progress import Progress
from jigai.ledger import Ledger
from jigai.ledger.filenames import on_disk, shown
from jigai.reports import Run, write_report, write_returns
from jigai.screening import Screening
from jigai.screening.sentences import Language

RECORD = "run.json"
REPORT = "report.xlsx"
RETURNS = "returns"


def prepare_folder(folder: Path, language: Language) -> None:
    """Make the output folder and try to write in it, before hours of work depend on that.

    Raises:
        CommandError: it is a file, or cannot be written.
    """
    if folder.is_file():
        raise CommandError(say("not_folder", language, path=folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CommandError(say("cannot_write", language, path=folder, error=error)) from error


def write_outputs(
    ledgers: Sequence[Ledger],
    screening: Screening,
    problems: pl.DataFrame,
    record: Run,
    folder: Path,
    *,
    advice: pl.DataFrame,
    language: Language,
    with_returns: bool,
    facts: dict[str, Any],
    progress: Progress,
) -> list[str]:
    """Write the three tables, the report and the return slips and the record of the run into ``folder``.

    Returns the names of the slips. ``facts`` is what ``--json`` prints; it is kept as ``run.json``.

    Everything is first written into a hidden folder beside, so that a run that is cut off leaves the former
    results whole.

    Raises:
        CommandError: a file cannot be replaced, for example because it is open in Excel.
    """
    steps = 4 + (len(ledgers) if with_returns else 0)
    with tempfile.TemporaryDirectory(prefix=".jigai-", dir=folder) as scratch:
        new = Path(scratch)
        frames = {"devices": screening.devices, "findings": screening.findings, "problems": problems}
        for done, (name, frame) in enumerate(frames.items()):
            progress(done, steps, f"{name}.parquet")
            with (new / f"{name}.parquet").open("wb") as file:
                frame.write_parquet(file, compression="zstd")
        progress(3, steps, REPORT)
        write_report(screening, problems, record, new / REPORT, advice=advice)
        slips: list[str] = []
        if with_returns:
            written = write_returns(
                ledgers,
                screening,
                problems,
                new / RETURNS,
                record,
                progress=lambda done, _, what: progress(4 + done, steps, what),
            )
            slips = sorted(shown(path.relative_to(new).as_posix()) for path in written)
        record_text = json.dumps({**facts, "returns": slips}, ensure_ascii=False, indent=2)
        (new / RECORD).write_text(record_text, encoding="utf-8")
        _replace(new, folder, slips, language)
    return slips


def _replace(new: Path, folder: Path, slips: Sequence[str], language: Language) -> None:
    """Move the new files over the old ones and drop the slips of the former run, and only those."""
    former = folder / RECORD
    stale = json.loads(former.read_text(encoding="utf-8")).get("returns", []) if former.is_file() else []
    try:
        for path in sorted(path for path in new.rglob("*") if path.is_file()):
            target = folder / path.relative_to(new)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
        for name in set(stale) - set(slips):
            (folder / on_disk(name)).unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(say("cannot_write", language, path=error.filename, error=error)) from error
