"""Workbooks people act on: the report of a run, the return slip of every ledger, the template to fill in."""

from __future__ import annotations

from jigai.reports.report import write_report
from jigai.reports.run import Run

__all__ = ["Run", "write_report"]
