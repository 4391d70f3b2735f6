"""The diagnosis of an enterprise as a Word document: two pages for the boss, then the evidence for the engineer."""

from __future__ import annotations

from jigai.reports.enterprise.document import write_diagnosis

__all__ = ["write_diagnosis"]
