"""Screening: equipment table + reference + date → findings with evidence (floor 2)."""

from __future__ import annotations

from jigai.screening.explain import Explanation, explain
from jigai.screening.kernel import CHECKS, Judged, judge
from jigai.screening.screen import Screening, screen

__all__ = ["CHECKS", "Explanation", "Judged", "Screening", "explain", "judge", "screen"]
