"""Where a line stands between benchmark and baseline, as a page draws it; the better end is on the left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import polars as pl
from django.utils import timezone
from django.utils.translation import get_language

from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.line_years import judged_lines
from jigai.platform.enterprises.models import Line
from jigai.screening.lines.wording import level_names

BADGES: Final = {"at_benchmark": "ok", "between": "busy", "below_baseline": "stop", "not_judged": "ask"}
"""Level → state of a badge."""
_BENCHMARK, _BASELINE, _EDGE = 25.0, 75.0, 2.0
"""Places on the gauge [% of its width]: the two limits always stand there, and a value never leaves the edges."""


def place(value: float | None, benchmark: float | None, baseline: float | None) -> float | None:
    """Return where the value stands on the gauge [% of its width]; None where nothing can be drawn."""
    if value is None or benchmark is None or baseline is None or benchmark == baseline:
        return None
    along = (value - benchmark) / (baseline - benchmark)
    return round(min(max(_BENCHMARK + along * (_BASELINE - _BENCHMARK), _EDGE), 100 - _EDGE), 2)


def standings(frame: pl.DataFrame, language: str) -> list[dict[str, Any]]:
    """Return judged lines as a page shows them, in their order: level in words, badge, reason, document and place."""
    spoken = "en" if language.startswith("en") else "zh"
    names, document = level_names(spoken), "document_en" if spoken == "en" else "document"
    return [
        row
        | {
            "level_name": names[row["level"]],
            "badge": BADGES[row["level"]],
            "reason": row[f"reason_{spoken}"],
            "named": row[document],
            "place": place(row["value"], row["benchmark"], row["baseline"]),
        }
        for row in frame.to_dicts()
    ]


def standing_by_line(lines: Iterable[Line]) -> dict[int, dict[str, Any]]:
    """Return how each line stood in the last full year as known today, as a page shows it, by the key of the line."""
    keys, today = [line.pk for line in lines], timezone.localdate()
    if not keys:
        return {}
    frame = judged_lines(Line.objects.filter(pk__in=keys), sheets.reporting_year(today), today)
    return {row["line"]: row for row in standings(frame, get_language() or "")}
