"""Check ``energy_benchmark``: where a production line stands between baseline and benchmark (能效基准水平、标杆水平).

Judged are lines, not devices: what a line makes in a year, by which process, and the energy it takes per unit of
product. ``docs/decisions/0008-levels-of-lines.md`` says which figures may be reported.
"""

from __future__ import annotations

from jigai.screening.lines.asking import asks, products
from jigai.screening.lines.judging import judge_lines
from jigai.screening.lines.schema import LEVELS, described, fields

__all__ = ["LEVELS", "asks", "described", "fields", "judge_lines", "products"]
