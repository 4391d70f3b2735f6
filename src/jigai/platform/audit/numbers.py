"""Numbers of events: they grow with time, and every process draws its own without asking the database."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
CHANCE: Final = 12
"""Random bits below the microsecond: two processes in the same microsecond draw different numbers."""

_last = 0
_lock = threading.Lock()


def draw() -> int:
    """Return the number of an event that happens now."""
    global _last
    with _lock:
        _last = max(number_at(datetime.now(UTC)) | secrets.randbits(CHANCE), _last + 1)
        return _last


def number_at(moment: datetime) -> int:
    """Return the smallest number of an event at ``moment``."""
    return span(moment - EPOCH)


def span(time: timedelta) -> int:
    """Return by how much numbers grow in ``time``."""
    return time // timedelta(microseconds=1) << CHANCE
