"""Facts as dated, sourced data: datasets, the conditions they use, and what is known to be missing.

>>> reference = Reference.load(date(2026, 11, 23))
>>> reference.table("elimination-3")
"""

from __future__ import annotations

from jigai.reference.dataset import Dataset
from jigai.reference.errors import ConditionError, DatasetError, Fault
from jigai.reference.loader import Reference
from jigai.reference.manifest import Gap

__all__ = ["ConditionError", "Dataset", "DatasetError", "Fault", "Gap", "Reference"]
