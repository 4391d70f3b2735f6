"""jigai (技改): judge a city's industrial equipment against dated, sourced facts.

>>> import jigai
>>> reference = jigai.Reference.load(date(2026, 11, 23))
>>> ledger = jigai.read_ledger("ledger.xlsx")
>>> screening = jigai.screen(ledger.devices, reference, reference.as_of)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jigai.ledger import read_ledger
    from jigai.reference import Reference
    from jigai.screening import screen

__version__ = "0.1.0"
__all__ = ["Reference", "__version__", "read_ledger", "screen"]

_HOMES = {"Reference": "jigai.reference", "read_ledger": "jigai.ledger", "screen": "jigai.screening"}


def __getattr__(name: str) -> object:
    """Load a floor of the house when it is first asked for: ``jigai.reference`` alone must not need the rest."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'jigai' has no attribute {name!r}")
