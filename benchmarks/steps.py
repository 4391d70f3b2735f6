"""What is measured: each step is one function, run alone in its own process by :mod:`benchmarks.measure`.

A step returns facts about its work; ``seconds`` is the work itself, without the start of Python and its imports.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import board, diagnose, plan, site, workbooks
from benchmarks.generate import write_devices
from benchmarks.peer.compare import assert_same_answers
from benchmarks.peer.judge import Peer
from benchmarks.peer.run import screen_rows
from jigai.reference import Reference
from jigai.screening.engines.local import screen_parquet
from jigai.screening.engines.signatures import signature_columns

Facts = dict[str, Any]
AS_OF = date(2026, 11, 23)
"""Day the benchmark screens for."""


def generate(path: str, lines: int, distinct: int) -> Facts:
    """Write a ledger of ``lines`` devices; not compared with anything."""
    size = write_devices(Path(path), Reference.load(AS_OF), lines, distinct)
    return {"lines": lines, "bytes": size}


def group_by(path: str) -> Facts:
    """Reference of the screening: scan the file and group by the columns that make a signature, nothing else."""
    scan = pl.scan_parquet(path)
    columns = signature_columns(scan.collect_schema().names())
    began = time.perf_counter()
    groups = scan.group_by(columns).len().collect(engine="streaming")
    return {"seconds": _since(began), "distinct": groups.height, "lines": int(groups["len"].sum())}


def screen(path: str, out: str, memory_budget: int) -> Facts:
    """Load the reference and screen the file into findings and devices on disk."""
    began = time.perf_counter()
    reference = Reference.load(AS_OF)
    loaded = _since(began)
    totals = screen_parquet(Path(path), Path(out), reference, AS_OF, memory_budget=memory_budget)
    return {
        "seconds": _since(began),
        "reference_seconds": loaded,
        "lines": totals.lines,
        "distinct": totals.distinct,
        "findings": totals.findings,
        "bytes_in": Path(path).stat().st_size,
        "bytes_out": sum(file.stat().st_size for file in Path(out).glob("*.parquet")),
    }


def peer(path: str, out: str, cache: bool) -> Facts:
    """Judge the file device by device in plain Python and write the findings."""
    judge = Peer(Reference.load(AS_OF), AS_OF)  # tables are read and parsed before the clock starts
    began = time.perf_counter()
    lines, findings = screen_rows(Path(path), Path(out), judge, cache=cache)
    return {"seconds": _since(began), "lines": lines, "findings": findings}


def compare(path: str, lines: int) -> Facts:
    """Judge the first ``lines`` devices both ways; raises when one answer differs."""
    return {"compared": assert_same_answers(Path(path), lines, Reference.load(AS_OF), AS_OF)}


def write_workbook(path: str, lines: int) -> Facts:
    """Write a ledger workbook; not compared with anything."""
    workbooks.write_ledger(Path(path), lines, Reference.load(AS_OF))
    return {"bytes": Path(path).stat().st_size}


def report(path: str, out: str) -> Facts:
    """Screen a workbook into ``report.xlsx``."""
    began = time.perf_counter()
    devices = workbooks.report(Path(path), Path(out), AS_OF)
    return {"seconds": _since(began), "lines": devices, "bytes_out": Path(out).stat().st_size}


def raw_workbook(path: str, report: str, out: str) -> Facts:
    """Reference of the report: read the ledger's cells and write the report's cells, without looking at them."""
    sheets = workbooks.cells(Path(report))
    began = time.perf_counter()
    read = sum(len(rows) for rows in workbooks.cells(Path(path)).values())
    workbooks.write_plain(Path(out), sheets)
    return {"seconds": _since(began), "rows_read": read, "rows_written": sum(map(len, sheets.values()))}


STEPS: dict[str, Callable[..., Facts]] = {
    function.__name__: function
    for function in (
        *(generate, group_by, screen, peer, compare, write_workbook, report, raw_workbook),
        *(site.fill_site, site.site_pages, site.plain_pages),
        *(plan.contributions, plan.roll_up, plan.plain_roll_up),
        *(board.fill_board, board.board_pages, board.plain_board),
        *(diagnose.screen_city, diagnose.diagnose_city),
    )
}


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)


if __name__ == "__main__":
    facts = STEPS[sys.argv[1]](**json.loads(sys.argv[2]))
    own_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(facts | {"own_peak_bytes": own_peak}))
