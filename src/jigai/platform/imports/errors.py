"""What can go wrong with an upload, told to whoever handed it in."""

from __future__ import annotations


class ImportRefusedError(ValueError):
    """Something about an upload that cannot be done; the text says why and what to do."""
