"""What the measures of a diagnosis save, cost, bring and can get: `cost` is the door.

``docs/explanation/diagnosis.md`` tells how savings, prices and support join a diagnosis.
"""

from __future__ import annotations

from jigai.diagnosis.worth.costing import cost
from jigai.diagnosis.worth.given import PRICES, RUNNING, Known
from jigai.diagnosis.worth.listing import SampleError, listable, may_be_listed
from jigai.diagnosis.worth.model import Aid, Costed, DeviceWorth, Price, Returns, Spread, Total, Worth
from jigai.diagnosis.worth.rows import inputs_of

__all__ = [
    "PRICES",
    "RUNNING",
    "Aid",
    "Costed",
    "DeviceWorth",
    "Known",
    "Price",
    "Returns",
    "SampleError",
    "Spread",
    "Total",
    "Worth",
    "cost",
    "inputs_of",
    "listable",
    "may_be_listed",
]
