"""Workbooks people act on: the report of a run, the return slip of every ledger, the template to fill in."""

from __future__ import annotations

from jigai.reports.report import write_report
from jigai.reports.returns import write_returns
from jigai.reports.run import Run
from jigai.reports.template import UnknownKind, write_template

__all__ = ["Run", "UnknownKind", "write_report", "write_returns", "write_template"]
