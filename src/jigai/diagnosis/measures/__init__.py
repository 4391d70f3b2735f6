"""Measures: from findings to things to do, by rules that are data (``data/measure_rules.csv``)."""

from __future__ import annotations

from jigai.diagnosis.measures.ordering import ordered, with_appraisals
from jigai.diagnosis.measures.proposed import proposed

__all__ = ["ordered", "proposed", "with_appraisals"]
