"""Read one file as the wizard does, in a process of its own: ``python -m tests.platform.imports.reading_alone``."""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

from jigai.ledger import Mapping, read_ledger
from jigai.reports.returns.copies import with_problems


def main(place: str, name: str) -> dict[str, float]:
    """Read the file, make its marked copy, and tell how long that took and how much memory."""
    began = time.monotonic()
    data = Path(place).read_bytes()
    found = read_ledger(
        data, source_file=name, mapping=Mapping(), as_of=date(2026, 11, 23), on_grid=lambda grid: None, corrections={}
    )
    if not found.refused:
        with_problems(data, found.format or "", name, found.problems)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"megabytes": round(used), "seconds": round(time.monotonic() - began, 1)}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
