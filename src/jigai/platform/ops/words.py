"""What these commands say, in Chinese and English (``messages.csv``)."""

from __future__ import annotations

from jigai.screening.sentences import Language, templates


class OpsError(Exception):
    """A command cannot go on; the text says what, where and how to mend it."""


def say(key: str, language: Language, /, **values: object) -> str:
    """Return the message ``key`` in ``language`` with ``{name}`` replaced by ``values``."""
    return templates("jigai.platform.ops", "messages.csv")[key][language].format(**values)
