"""What the command line says, in Chinese and English, kept as a table (``messages.csv``)."""

from __future__ import annotations

from jigai.screening.sentences import Language, templates


def say(key: str, language: Language, **values: object) -> str:
    """Return the message ``key`` in ``language`` with ``{name}`` replaced by ``values``."""
    return templates("jigai.cli", "messages.csv")[key][language].format(**values)
