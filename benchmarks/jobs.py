"""The jobs: each makes its ledger, runs our side and its reference one after the other, and gives the ratio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from benchmarks.measure import run_step
from benchmarks.site import server

Facts = dict[str, Any]
BUDGET: Final = 3 * 10**9
"""Memory the engine is told to keep to [byte]; the target is 4 GB for the whole process."""


@dataclass(frozen=True)
class Sizes:
    """How large the jobs are: lines and distinct signatures."""

    name: str
    lines: int
    distinct: int
    many_distinct: int
    long_lines: int
    peer_lines: int
    peer_share: float
    distinct_lines: int
    peer_distinct_lines: int
    compared: int
    workbook_lines: int
    site_devices: int
    site_ledgers: int
    contributions: int
    projects: int
    firms: int
    firm_devices: int


FULL: Final = Sizes(
    *("full", 10_000_000, 500_000, 5_500_000, 40_000_000, 400_000, 0.05, 500_000, 40_000, 4_000, 100_000),
    *(1_000_000, 430, 1_000_000, 10_000, 430, 60_000),
)
QUICK: Final = Sizes(
    *("quick", 20_000, 1_000, 12_000, 40_000, 4_000, 0.05, 4_000, 1_000, 300, 500, 500, 2, 2_000, 100, 5, 200),
)


@dataclass(frozen=True)
class Result:
    """One job done: both sides, the ratio, and whether the target was reached (None in small)."""

    job: str
    title: str
    target: str
    ours: Facts
    reference: Facts
    ratio: float | None
    reached: bool | None

    def as_dict(self) -> Facts:
        """Return it as plain data for JSON."""
        return asdict(self)


def many_lines(sizes: Sizes, folder: Path) -> Result:
    """Screen many lines with few signatures, beside a plain scan and group-by."""
    ledger = _ledger(folder, "lines", sizes.lines, sizes.distinct)
    reference = run_step("group_by", path=ledger)
    ours = _screen(folder, ledger)
    return Result(
        "many_lines",
        f"{sizes.lines:,} devices, {ours['distinct']:,} signatures, all checks, two languages",
        "≤ 40 s, ≤ 4 GB",
        ours,
        reference,
        round(ours["seconds"] / reference["seconds"], 2),
        ours["process_seconds"] <= 40 and ours["peak_mb"] <= 4_000,
    )


def many_signatures(sizes: Sizes, folder: Path) -> Result:
    """Screen as many lines with ten times the signatures: memory must not follow them."""
    ledger = _ledger(folder, "signatures", sizes.lines, sizes.many_distinct)
    reference = run_step("group_by", path=ledger)
    ours = _screen(folder, ledger)
    return Result(
        "many_signatures",
        f"{sizes.lines:,} devices, {ours['distinct']:,} signatures",
        "≤ 4 GB",
        ours,
        reference,
        round(ours["seconds"] / reference["seconds"], 2),
        ours["peak_mb"] <= 4_000,
    )


def growth(sizes: Sizes, folder: Path) -> Result:
    """Screen 1 × and 4 × the lines: time per line and memory must stay; the ratio is of time per line."""
    short = _ledger(folder, "lines", sizes.lines, sizes.distinct)
    reference = _screen(folder, short)
    long = _ledger(folder, "long", sizes.long_lines, round(sizes.distinct * sizes.long_lines / sizes.lines))
    ours = _screen(folder, long)
    per_line = ours["seconds"] / ours["lines"] / (reference["seconds"] / reference["lines"])
    return Result(
        "growth",
        f"{sizes.lines:,} → {sizes.long_lines:,} devices at the same share of signatures",
        "time per line ≤ 1.15 ×, memory ≤ 1.15 ×",
        ours,
        reference,
        round(per_line, 2),
        per_line <= 1.15 and ours["peak_mb"] <= 1.15 * reference["peak_mb"],
    )


def peer_cached(sizes: Sizes, folder: Path) -> Result:
    """Compare with the plain-Python peer and its result cache, at 5 % distinct signatures, per line."""
    small = _ledger(folder, "peer", sizes.peer_lines, round(sizes.peer_lines * sizes.peer_share))
    compared = run_step("compare", path=small, lines=sizes.compared)
    reference = run_step("peer", path=small, out=str(folder / "peer_out"), cache=True)
    ours = _screen(folder, _ledger(folder, "lines", sizes.lines, sizes.distinct))
    return _against_peer("peer_cached", "with result cache, 5 % distinct", 100, ours, reference | compared)


def peer_uncached(sizes: Sizes, folder: Path) -> Result:
    """Compare with the plain-Python peer without cache, every signature distinct, per line."""
    small = _ledger(folder, "peer_distinct", sizes.peer_distinct_lines, sizes.peer_distinct_lines)
    compared = run_step("compare", path=small, lines=sizes.compared)
    reference = run_step("peer", path=small, out=str(folder / "peer_out"), cache=False)
    ours = _screen(folder, _ledger(folder, "distinct", sizes.distinct_lines, sizes.distinct_lines))
    return _against_peer("peer_uncached", "without cache, all distinct", 20, ours, reference | compared)


def _against_peer(job: str, title: str, factor: int, ours: Facts, reference: Facts) -> Result:
    for side in (ours, reference):
        side["microseconds_per_line"] = round(side["seconds"] / side["lines"] * 1e6, 2)
    ratio = reference["microseconds_per_line"] / ours["microseconds_per_line"]
    return Result(job, f"peer per line, {title}", f"≥ {factor} ×", ours, reference, round(ratio, 1), ratio >= factor)


def workbook(sizes: Sizes, folder: Path) -> Result:
    """Screen a large workbook into a report, beside raw reading and writing of the same cells."""
    book, out = str(folder / "ledger.xlsx"), str(folder / "report.xlsx")
    run_step("write_workbook", path=book, lines=sizes.workbook_lines)
    ours = run_step("report", path=book, out=out)
    reference = run_step("raw_workbook", path=book, report=out, out=str(folder / "raw.xlsx"))
    ratio = ours["seconds"] / reference["seconds"]
    title = f"{sizes.workbook_lines:,}-line workbook → report.xlsx"
    return Result("workbook", title, "≤ 3 ×", ours, reference, round(ratio, 2), ratio <= 3)


def devices_page(sizes: Sizes, folder: Path) -> Result:
    """Open the list of devices of a whole city, beside the bare rows in SQL; the ratio is of their times."""
    home = folder / "site"
    home.mkdir()
    with server(home) as addresses:
        given = {"folder": str(home), "addresses": addresses}
        filled = run_step("fill_site", **given, devices=sizes.site_devices, ledgers=sizes.site_ledgers)
        reference = run_step("plain_pages", **given)
        ours = run_step("site_pages", **given) | {"devices": filled["devices"], "handed_in_seconds": filled["seconds"]}
    slowest = max(page["median"] for page in ours["pages"].values())
    ratio = round(ours["seconds"] / max(reference["seconds"], 1e-4), 1)
    title = f"{ours['devices']:,} devices, first page of the list; slowest of seven lists {slowest:.2f} s"
    return Result("devices_page", title, "< 0.5 s", ours, reference, ratio, slowest < 0.5)


def board_figures(sizes: Sizes, folder: Path) -> Result:
    """Roll the contributions of a million devices up into the figures of every breakdown, beside bare sums."""
    path = str(folder / "contributions.parquet")
    made = run_step("contributions", path=path, lines=sizes.contributions)
    reference = run_step("plain_roll_up", path=path)
    ours = run_step("roll_up", path=path) | {"lines": made["lines"], "contributions_seconds": made["seconds"]}
    ratio = round(ours["seconds"] / max(reference["seconds"], 1e-4), 1)
    title = f"{made['lines']:,} contributions, figures of six breakdowns; slowest {ours['slowest']:.2f} s"
    return Result("board_figures", title, "< 0.5 s", ours, reference, ratio, ours["slowest"] < 0.5)


def board(sizes: Sizes, folder: Path) -> Result:
    """Open the board, an objective and the list behind a figure, beside adding that one figure up in SQL."""
    home = folder / "board"
    home.mkdir()
    with server(home) as addresses:
        given = {"folder": str(home), "addresses": addresses}
        filled = run_step("fill_board", **given, devices=sizes.contributions, projects=sizes.projects)
        reference = run_step("plain_board", **given)
        ours = run_step("board_pages", **given) | {
            "contributions": filled["rows"],
            "summed_up_seconds": filled["seconds"],
            "one_enterprise_seconds": filled["one_seconds"],
            "one_enterprise_rows": filled["one_rows"],
        }
    slowest = max(page["median"] for page in ours["pages"].values())
    ratio = round(ours["seconds"] / max(reference["seconds"], 1e-4), 2)
    title = (
        f"{filled['rows']:,} contributions of devices and projects, the board; slowest of six pages {slowest:.2f} s, "
        f"one enterprise anew {filled['one_seconds']:.2f} s instead of {filled['seconds']:.2f} s"
    )
    return Result("board", title, "board < 0.5 s", ours, reference, ratio, ours["seconds"] < 0.5)


def diagnose(sizes: Sizes, folder: Path) -> Result:
    """Diagnose and appraise the enterprises of a city, beside screening them; reports as a second figure."""
    ledger = _ledger(folder, "city", sizes.firm_devices, max(sizes.firm_devices // 20, 50))
    reference = run_step("screen_city", path=ledger)
    ours = run_step("diagnose_city", path=ledger, enterprises=sizes.firms)
    ratio = round(ours["seconds"] / max(reference["seconds"], 1e-4), 2)
    title = (
        f"{ours['enterprises']:,} enterprises, {ours['lines']:,} devices, {ours['measures']:,} measures: "
        f"{ours['rows_per_second']:,} rows/s; {ours['reports_per_second']} reports/s"
    )
    return Result("diagnose", title, "≤ 60 s", ours, reference, ratio, ours["seconds"] <= 60)


JOBS: Final[dict[str, Callable[[Sizes, Path], Result]]] = {
    job.__name__: job
    for job in (
        many_lines,
        many_signatures,
        growth,
        peer_cached,
        peer_uncached,
        workbook,
        devices_page,
        board_figures,
        board,
        diagnose,
    )
}


def _ledger(folder: Path, name: str, lines: int, distinct: int) -> str:
    path = folder / f"{name}.parquet"
    if not path.exists():
        run_step("generate", path=str(path), lines=lines, distinct=distinct)
    return str(path)


def _screen(folder: Path, ledger: str) -> Facts:
    out = folder / "out"
    rmtree(out, ignore_errors=True)
    return run_step("screen", path=ledger, out=str(out), memory_budget=BUDGET)
