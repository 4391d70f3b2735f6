"""Figures that cannot be, and savings that would only come from giving less service: refused with the reason.

The sentences, Chinese and English, stand in ``refusals.csv``. A formula raises; the frame of devices asks the same
questions beforehand through masks and keeps the sentence in the row, so that both follow one rule.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np

from jigai.appraisal import constants
from jigai.appraisal.numbers import Mask, Number, anywhere

Language = Literal["zh", "en"]


@cache
def _texts() -> dict[str, dict[str, str]]:
    text = files("jigai.appraisal").joinpath("refusals.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def say(code: str, language: Language, **values: object) -> str:
    """Return the sentence ``code`` of ``refusals.csv``: what is wrong and how to mend it."""
    return _texts()[code][language].format(**values)


class AppraisalError(ValueError):
    """An appraisal that is refused: ``code`` of ``refusals.csv``, the ``field`` to mend, and where in an array.

    ``at`` is the place of the first device concerned, or None when one device was appraised by itself.
    """

    def __init__(self, code: str, at: int | None = None, **values: object) -> None:
        """Name the sentence and the values it speaks of."""
        self.code = code
        self.at = at
        self.values = values
        self.field = _texts()[code]["field"].format(**values)
        super().__init__(f"{self.say('zh')} / {self.say('en')}")

    def say(self, language: Language) -> str:
        """Return what is wrong and how to mend it."""
        return say(self.code, language, **self.values)


class ImpossibleFigureError(AppraisalError):
    """A figure that cannot be what its name says: a negative flow, an efficiency of 0.91 per cent."""


class LessServiceError(AppraisalError):
    """A "saving" that comes from giving less flow, head, heat, air, power or safety than before."""


def refuse(masks: Mapping[str, Mask], kind: type[AppraisalError] = LessServiceError, **values: object) -> None:
    """Raise for the first code of ``masks`` that is true anywhere.

    Raises:
        LessServiceError: (or ``kind``) with the code, the field to mend and the place of the first device.
    """
    for code, mask in masks.items():
        if anywhere(mask):
            flat = np.atleast_1d(np.asarray(mask))
            raise kind(code, int(np.argmax(flat.reshape(-1))) if flat.size > 1 else None, **values)


def require_positive(**figures: Number) -> None:
    """Refuse figures that are zero or less.

    Raises:
        ImpossibleFigureError: ``not_positive`` for the first such figure.
    """
    for field, value in figures.items():
        refuse({"not_positive": value <= 0}, ImpossibleFigureError, field=field)


def require_not_negative(**figures: Number) -> None:
    """Refuse negative figures: hours, flows and other service are never below zero.

    Raises:
        ImpossibleFigureError: ``negative_service`` for the first such figure.
    """
    for field, value in figures.items():
        refuse({"negative_service": value < 0}, ImpossibleFigureError, field=field)


def require_share(**figures: Number) -> None:
    """Refuse what is no share between 0 and 1, as 60 written for 60 %.

    Raises:
        ImpossibleFigureError: ``not_a_share`` for the first such figure.
    """
    for field, value in figures.items():
        refuse({"not_a_share": (value < 0) | (value > 1)}, ImpossibleFigureError, field=field)


def require_percentage(most: float = 100.0, **figures: Number) -> None:
    """Refuse what is no efficiency in per cent: 1 or less (0.917 written for 91.7 %), or above ``most`` [%].

    Raises:
        ImpossibleFigureError: ``not_a_percentage`` for the first such figure.
    """
    for field, value in figures.items():
        bare = value / constants.PERCENT
        refuse(
            {"not_a_percentage": (bare <= 0.01) | (bare > most / 100)}, ImpossibleFigureError, field=field, most=most
        )
