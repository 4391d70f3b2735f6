"""The sample city (示范城市): invented enterprises, their figures and their ledgers, the same every time.

Everything is drawn from the tables in ``data/``; an enterprise depends only on the seed and its number, so a larger
city holds the smaller one. No name, figure or device is real, and every name says so.
"""

from __future__ import annotations

from typing import Final

PASSWORD: Final = "jigai-demo-2026"
"""Password of every demonstration account; shown wherever they are listed."""
