"""What went wrong on the user's side of the command line."""

from __future__ import annotations


class CommandError(Exception):
    """A command cannot go on; the text says what, where and how to mend it."""
