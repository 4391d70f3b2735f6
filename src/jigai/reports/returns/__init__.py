"""What goes back to each enterprise: its own workbook with marks, and a list to act on and sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from jigai.ledger.filenames import shown
from jigai.ledger.readers import read_grids
from jigai.reports.returns.marked import marked_copy
from jigai.reports.returns.marks import answer_columns, marks
from jigai.reports.returns.names import Names
from jigai.reports.returns.package import NotPatchableError
from jigai.reports.returns.rebuilt import rebuilt_copy
from jigai.reports.returns.slip import Slip, write_slip
from jigai.reports.run import Run
from jigai.reports.tables import device_table

if TYPE_CHECKING:
    from jigai.ledger import Ledger
    from jigai.screening import Screening

LIST_SUFFIX: Final = ".清单.xlsx"
REBUILT_SUFFIX: Final = ".标记.xlsx"

__all__ = ["write_returns"]


Progress = Callable[[int, int, str], None]


def write_returns(
    ledgers: Sequence[Ledger],
    screening: Screening,
    problems: pl.DataFrame,
    out_dir: Path,
    run: Run | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write for every workbook its marked copy and its list below ``out_dir``; return the paths written.

    ``a.zip/b.xlsx`` comes back in the folder ``a.zip``. A refused file gets a list with the reason and the step to
    take. A marked copy keeps name and content of the workbook (D32); formats that cannot be patched come back as
    ``<name>.标记.xlsx``.

    Args:
        ledgers: the ledgers as read, refused ones included.
        screening: the judged lines of all of them.
        problems: all problems.
        out_dir: the folder to fill; it is made.
        run: the facts of the run: its day is named and tells whether a deadline has passed.
        progress: called with workbooks done, workbooks in all and the name of the one at work.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    day = run.as_of if run else date.min
    devices = _by_file(device_table(screening.devices, screening.findings, day, run.kinds if run else {}))
    told = _by_file(problems)
    names = Names(out_dir)
    written: list[Path] = []
    for done, ledger in enumerate(ledgers):
        name = str(ledger.source)
        if progress is not None:
            progress(done, len(ledgers), name)
        lines = devices.get(name, pl.DataFrame(schema=_schema(devices, screening)))
        own = told.get(name, problems.clear())
        written += _write_one(ledger, name, lines, own, names, run)
    return written


def _write_one(
    ledger: Ledger, name: str, lines: pl.DataFrame, problems: pl.DataFrame, names: Names, run: Run | None
) -> list[Path]:
    if not ledger.refused and not ledger.sheets:
        return []  # passed over: not a ledger at all, or the same file a second time
    if ledger.refused:
        path = names.path(name, LIST_SUFFIX)
        write_slip(Slip(name, lines, problems, None, run), path)
        return [path]
    content, suffix = _copy(ledger, name, marks(lines, _missing(lines), problems, answer_columns(ledger.sheets)))
    copy = names.path(name, suffix)
    copy.write_bytes(content)
    path = names.path(name, LIST_SUFFIX)
    write_slip(Slip(name, lines, problems, shown(copy.name), run), path)
    return [copy, path]


def _copy(ledger: Ledger, name: str, found: pl.DataFrame) -> tuple[bytes, str]:
    """Mark the workbook in place, or rebuild it where its format does not allow that."""
    data = ledger.origin.read()
    if ledger.format == "xlsx":
        try:
            return marked_copy(data, found), ""
        except NotPatchableError:
            pass
    sheets = [(grid.name, grid.cells) for grid in read_grids(data, ledger.format or "", name)]
    return rebuilt_copy(name, sheets, found, data), REBUILT_SUFFIX


def _missing(lines: pl.DataFrame) -> pl.DataFrame:
    """What each line lacks, one attribute per row."""
    return (
        lines.select("device_id", pl.col("missing_keys").str.split(";").alias("attribute"))
        .explode("attribute")
        .filter(pl.col("attribute") != "")
    )


def _by_file(frame: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    parts = frame.partition_by("source_file", as_dict=True, maintain_order=True)
    return {str(key[0]): part for key, part in parts.items()}


def _schema(devices: Mapping[str, pl.DataFrame], screening: Screening) -> pl.Schema:
    for part in devices.values():
        return part.schema
    return device_table(screening.devices, screening.findings, date.min, {}).schema
