"""Run one step in a fresh process and measure it from outside: wall time and peak memory of the whole process tree."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

INTERVAL = 0.05
"""Time between two looks at the memory [s]."""


class StepError(RuntimeError):
    """A step ended with an error; its own words are the message."""


def run_step(step: str, **arguments: Any) -> dict[str, Any]:
    """Run ``benchmarks.steps`` ``step`` in a new process and return what it says about itself.

    Added to it: ``process_seconds`` (start and imports included) and ``peak_mb`` [10⁶ byte] of the process and all
    its children. Raises :class:`StepError` with the step's own error text.
    """
    command = [sys.executable, "-m", "benchmarks.steps", step, json.dumps(arguments)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    peak = 0
    while process.poll() is None:
        peak = max(peak, tree_bytes(process.pid))
        time.sleep(INTERVAL)
    elapsed = time.perf_counter() - began
    text = process.stdout.read() if process.stdout else ""
    if process.returncode != 0:
        raise StepError(f"step {step} failed:\n{text}")
    facts: dict[str, Any] = json.loads(text.splitlines()[-1])
    peak = max(peak, int(facts.pop("own_peak_bytes", 0)))
    return facts | {"process_seconds": round(elapsed, 2), "peak_mb": round(peak / 1e6)}


def tree_bytes(pid: int) -> int:
    """Return the resident memory of a process and its children [byte]; 0 when it is gone."""
    total, waiting = 0, [pid]
    while waiting:
        current = waiting.pop()
        folder = Path("/proc") / str(current)
        try:
            total += int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in (folder / "task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, IndexError):  # it ended while we looked
            continue
    return total


def machine() -> dict[str, Any]:
    """Return what the numbers depend on: cores, memory, versions. No names of machines or people."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "ram_gb": round(memory / 1e9, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "polars": pl.__version__,
        "pyarrow": pa.__version__,
    }
