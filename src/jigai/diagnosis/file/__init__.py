"""The file an enterprise writes for its own diagnosis: facts, answers, lines, prices, loans, with every fault told."""

from __future__ import annotations

from jigai.diagnosis.file.faults import FactsError, Fault
from jigai.diagnosis.file.reading import read_facts
from jigai.diagnosis.file.template import template
from jigai.diagnosis.file.told import Told

__all__ = ["FactsError", "Fault", "Told", "read_facts", "template"]
