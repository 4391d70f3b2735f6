"""A figure that cannot be had is a reason in words, never a NaN."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.screening.sentences import templates


@dataclass(frozen=True)
class Reason:
    """Why there is no figure: ``key`` is a row of ``reasons.csv``, ``values`` fill its sentence.

    Callers tell a figure from a reason with ``isinstance(result, Reason)``.
    """

    key: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def zh(self) -> str:
        """The reason in Chinese, with what the user can do."""
        return self._said("zh")

    @property
    def en(self) -> str:
        """The reason in English."""
        return self._said("en")

    def _said(self, language: str) -> str:
        return templates("jigai.appraisal.economics", "reasons.csv")[self.key][language].format(**dict(self.values))


def because(key: str, **values: object) -> Reason:
    """Return the reason ``key`` with its values as text; ``KeyError`` for a key that is not in ``reasons.csv``."""
    if key not in templates("jigai.appraisal.economics", "reasons.csv"):
        raise KeyError(f"no reason {key!r} in reasons.csv")
    return Reason(key, tuple((name, str(value)) for name, value in values.items()))


def percent(rate: float) -> str:
    """Return a rate [1/a] as people write it: 0.08 as ``8%``."""
    return f"{rate * 100:.2f}".rstrip("0").rstrip(".") + "%"
