"""Screening: equipment table + reference + date → findings with evidence (floor 2)."""

from __future__ import annotations

from jigai.screening.explain import Explanation, explain
from jigai.screening.kernel import CHECKS, Judged, judge
from jigai.screening.onsite import Look, look_for
from jigai.screening.screen import Screening, screen

__all__ = ["CHECKS", "Explanation", "Judged", "Look", "Screening", "explain", "judge", "look_for", "screen"]
