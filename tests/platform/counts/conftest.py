"""The city of the matrix, with many rows of everything."""

from __future__ import annotations

from tests.platform.matrix.conftest import built

__all__ = ["built"]
