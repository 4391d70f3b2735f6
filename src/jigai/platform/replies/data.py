"""Read the tables of this app: workflow, reasons, periods, limits."""

from __future__ import annotations

from functools import cache, partial
from typing import Final

from jigai.platform.web import workflow

_APP: Final = "jigai.platform.replies"
rows = partial(workflow.rows, _APP)
words = partial(workflow.words, _APP)

FLOW: Final = workflow.workflow(_APP)
"""How an objection goes from filing to its answer."""
OPEN: Final = FLOW.those("open")
"""The states in which an objection still waits for its answer: the finding counts as open."""


@cache
def limit(key: str) -> int:
    """Return a limit of ``limits.csv``, in its unit."""
    return next(int(row["value"]) for row in rows("limits") if row["key"] == key)


def period(key: str) -> tuple[int, str]:
    """Return how long a period of ``periods.csv`` is: amount, and unit (``natural_day``, ``workday``, ``month``)."""
    row = next(row for row in rows("periods") if row["key"] == key)
    return int(row["amount"]), row["unit"]
