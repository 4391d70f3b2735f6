"""``python -m benchmarks``: run the jobs, print the table, keep the numbers as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.jobs import FULL, JOBS, QUICK, Result
from benchmarks.measure import StepError, machine

WORDS = {True: "reached", False: "NOT reached", None: "(small)"}
RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen jobs; returns 1 when a step failed, never because a number is disappointing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs")
    parser.add_argument("--only", metavar="JOB,…", default=",".join(JOBS), help=f"of {', '.join(JOBS)}")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR", help="where the JSON goes")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where ledgers and outputs are made (large)")
    args = parser.parse_args(arguments)
    unknown = set(args.only.split(",")) - set(JOBS)
    if unknown:
        parser.error(f"unknown job {', '.join(sorted(unknown))}; known: {', '.join(JOBS)}")
    sizes = QUICK if args.quick else FULL
    args.results.mkdir(parents=True, exist_ok=True)
    target = args.results / f"{sizes.name}.json"
    with TemporaryDirectory(dir=args.work, prefix="jigai-bench-") as folder:
        for name in args.only.split(","):
            try:
                result = JOBS[name](sizes, Path(folder))
                if args.quick:
                    result = replace(result, reached=None)
            except StepError as error:
                print(error, file=sys.stderr)
                return 1
            print(line(result), flush=True)
            store(target, result)
    print(f"→ {target}")
    return 0


def line(result: Result) -> str:
    """Show one result as a line of the table."""
    ours, reference = result.ours, result.reference
    return (
        f"{result.job:16} {result.title:72} ours {ours['seconds']:>8.2f} s {ours['peak_mb']:>6} MB | "
        f"reference {reference['seconds']:>8.2f} s {reference['peak_mb']:>6} MB | ratio {result.ratio:>7} | "
        f"{result.target:40} {WORDS[result.reached]}"
    )


def store(target: Path, result: Result) -> None:
    """Keep ``result`` in the JSON file, replacing what the same job said before."""
    known: dict[str, Any] = json.loads(target.read_text("utf-8")) if target.exists() else {"jobs": {}}
    known["machine"] = machine()
    known["jobs"][result.job] = result.as_dict()
    target.write_text(json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
