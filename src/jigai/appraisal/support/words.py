"""Sentences of support answers in both languages, from ``data/sentences.csv``."""

from __future__ import annotations

from typing import Final, NamedTuple

from jigai.screening.sentences import templates

_PACKAGE: Final = "jigai.appraisal.support"


class Said(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


def said(key: str, /, **values: object) -> Said:
    """Return the sentence ``key`` with ``{name}`` filled from ``values``; a `Said` gives its own language."""
    row = templates(_PACKAGE, "data/sentences.csv")[key]
    return Said(*(row[language].format(**_in(language, values)) for language in ("zh", "en")))


def _in(language: str, values: dict[str, object]) -> dict[str, object]:
    return {name: getattr(one, language) if isinstance(one, Said) else one for name, one in values.items()}


TAX_NOTE: Final = said("tax_note")
"""What stands on every result about tax: it is for reference, and the enterprise judges and declares itself."""
