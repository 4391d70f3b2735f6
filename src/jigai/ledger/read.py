"""Workbooks as they are → clean tables of devices and all their problems at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

import polars as pl

from jigai.ledger import problems as problem_table
from jigai.ledger.corrections import Corrections, apply_corrections
from jigai.ledger.devices import empty_devices, join_devices
from jigai.ledger.filenames import shown
from jigai.ledger.grid import Grid
from jigai.ledger.limits import Refused
from jigai.ledger.mapping import Mapping
from jigai.ledger.own import is_own_output
from jigai.ledger.problems import Problems
from jigai.ledger.readers import read_grids
from jigai.ledger.sheet import SheetReading, read_sheet
from jigai.ledger.sources import Origin, Source, count_files, open_all, open_bytes, open_file

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Ledger:
    """One file, read.

    ``devices`` has one row per line of the ledger (see the documentation of the frames), ``problems`` everything to
    be said about the file, ``sheets`` how each table was understood. A ``refused`` file has no devices, and its first
    problem names the step to take. ``origin`` gives the original bytes for marked copies.
    """

    source: str
    devices: pl.DataFrame
    problems: pl.DataFrame
    sheets: list[SheetReading] = field(default_factory=list)
    refused: bool = False
    content_hash: str = ""
    origin: Origin = field(default_factory=lambda: Origin(None))
    format: str | None = None


def read_ledger(
    path: str | Path | bytes,
    *,
    mapping: Mapping | None = None,
    source_file: str | None = None,
    as_of: date | None = None,
    corrections: Corrections | None = None,
    on_grid: Callable[[Grid], None] | None = None,
) -> Ledger:
    """Read one workbook, text or parquet file, given by path or as bytes.

    Never raises for what is in the file: a file that cannot be read comes back ``refused``. ``source_file`` is the
    name to use in the frames (default: the file name). With ``as_of`` a year after that day becomes a question.
    ``corrections`` are cells put right by hand, by sheet and reference; they take the place of what the file says, and
    the ids of its lines stay. ``on_grid`` is shown the cells of every sheet, corrections included.
    """
    if isinstance(path, bytes):
        source = open_bytes(path, source_file or "ledger")
    else:
        source = open_file(Path(path), source_file or shown(Path(path).name))
    if source.format == "zip":
        source = Source(source.name, source.origin, refusal=Refused("archive_of_several"))
    return _read_source(source, mapping, as_of, corrections, on_grid)


def read_all(
    inputs: Sequence[str | Path],
    *,
    mapping: Mapping | None = None,
    progress: Progress | None = None,
    as_of: date | None = None,
    without: Path | None = None,
) -> list[Ledger]:
    """Read every file in ``inputs``: files, folders and zips.

    Never raises for bad input. Files with the same content are processed once; the later ones come back without
    devices and with a note. ``progress`` is called with files done, files in all (a zip counts once) and the name.
    ``without`` is a folder to pass over inside the others: the one results go to.
    """
    total = count_files(inputs, without)
    seen: dict[str, str] = {}
    ledgers: list[Ledger] = []
    paths: set[Path | None] = set()
    for source in open_all(inputs, without):
        paths.add(source.origin.path)
        digest = source.content_hash if source.data else ""
        if digest and digest in seen:
            ledgers.append(_only_said(source, "same_file", other=seen[digest]))
        else:
            if digest:
                seen[digest] = source.name
            ledgers.append(_read_source(source, mapping, as_of))
        if progress is not None:
            progress(min(len(paths), total), total, source.name)
    return ledgers


def _only_said(source: Source, code: str, *, refused: bool = False, **fields: object) -> Ledger:
    problems = Problems(source.name)
    problems.add_for_file(code, fields)
    return Ledger(
        source.name, empty_devices(), problems.frame(), [], refused, source.content_hash, source.origin, source.format
    )


def _read_source(
    source: Source,
    mapping: Mapping | None,
    as_of: date | None,
    corrections: Corrections | None = None,
    on_grid: Callable[[Grid], None] | None = None,
) -> Ledger:
    suffix = PurePosixPath(source.name).suffix.lower()
    if source.skipped:
        return _only_said(source, "skipped_file", suffix=suffix or source.name)
    if source.refusal is not None:
        return _only_said(source, source.refusal.code, refused=True, **source.refusal.fields)
    problems = Problems(source.name)
    devices: list[pl.DataFrame] = []
    sheets: list[SheetReading] = []
    seen: list[str] = []
    own = False
    try:
        for number, grid in enumerate(read_grids(source.data, source.format or "", source.name), 1):
            seen.append(grid.name)
            apply_corrections(grid, (corrections or {}).get(grid.name, {}), problems)
            if on_grid is not None:
                on_grid(grid)
            if is_own_output(grid):
                own = True
                continue
            prefix = f"{source.content_hash[:16]}-{number}"
            frames, readings = read_sheet(grid, prefix, mapping, problems, as_of)
            devices += frames
            sheets += readings
    except Refused as refusal:
        return _only_said(source, refusal.code, refused=True, **refusal.fields)
    if own and not devices:
        return _only_said(source, "own_output")
    if not any(frame.height for frame in devices):
        return _nothing_in(source, suffix, seen, problems, header=bool(sheets))
    return Ledger(
        source.name,
        join_devices(source.name, devices),
        problems.frame(),
        sheets,
        False,
        source.content_hash,
        source.origin,
        source.format,
    )


def _nothing_in(source: Source, suffix: str, seen: list[str], problems: Problems, *, header: bool) -> Ledger:
    """Refuse a file in which no device was found, and keep the errors that may be the reason."""
    refusal = Problems(source.name)
    if not header and source.format == "text" and suffix not in {".csv", ".txt", ".tsv", ".tab"}:
        refusal.add("not_a_workbook", suffix=suffix or "?", really="纯文本", really_en="plain text")
    else:
        refusal.add("no_rows" if header else "no_ledger", sheets="、".join(seen) or "（空）")
    errors = problems.frame().filter(pl.col("severity") == "error")
    return Ledger(
        source.name,
        empty_devices(),
        pl.concat([refusal.frame(), errors]),
        [],
        True,
        source.content_hash,
        source.origin,
        source.format,
    )


def problems_of(ledgers: Sequence[Ledger]) -> pl.DataFrame:
    """Return the problems of all files in one table."""
    return pl.concat([problem_table.empty(), *[ledger.problems for ledger in ledgers]])


def devices_of(ledgers: Sequence[Ledger]) -> pl.DataFrame:
    """Return the devices of all files in one frame; attributes a file does not have are null."""
    frames = [ledger.devices for ledger in ledgers if ledger.devices.height]
    return pl.concat(frames, how="diagonal") if frames else empty_devices()
