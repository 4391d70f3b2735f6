"""What a diagnosis says of one enterprise: four dimensions, their parts, and measures. Frozen, and plain to write down.

Unknown is never a number: where ``score`` is None the part is unknown (or does not apply) and ``asks`` says what would
settle it. `jigai.diagnosis.writing` turns a diagnosis into canonical JSON and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

KNOWN, PARTIAL, UNKNOWN, NOT_APPLICABLE = "known", "partial", "unknown", "not_applicable"
STATES: Final = (KNOWN, PARTIAL, UNKNOWN, NOT_APPLICABLE)
ORDER, CONFIRM, ADVISE = "order", "confirm", "advise"


@dataclass(frozen=True)
class Ground:
    """What a part rests on: ``keys`` of one ``source`` that play the same ``role``.

    ``source`` is device, line, fact, answer, item, scene, peers or reference. ``role`` is ``meets``, ``partly``,
    ``falls_short``, ``not_known`` for things that are counted, ``value`` for figures (``value`` as text, ``year``).
    """

    source: str
    role: str
    keys: tuple[str, ...]
    value: str | None = None
    year: int | None = None


@dataclass(frozen=True)
class Ask:
    """What is missing and how to say it: ``source`` and ``key`` name it, ``of`` the devices or lines that lack it."""

    source: str
    key: str
    zh: str
    en: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One figure of a dimension.

    ``value`` is in ``unit`` (a share where that is empty). ``score`` is 0 to 100 or None for unknown; what is missing
    earns nothing in it, ``low`` and ``high`` are the score if all that is missing turned out bad or good.
    ``coverage`` is the share that is known [1]. ``certainty`` is the worst of what the part rests on; ``stand_in``
    names a proxy it rests on. ``label_zh``, ``label_en`` say the value in words.
    """

    key: str
    zh: str
    en: str
    state: str
    value: float | None
    unit: str
    label_zh: str
    label_en: str
    score: float | None
    low: float | None
    high: float | None
    coverage: float | None
    certainty: str
    stand_in: str | None
    formula_zh: str
    formula_en: str
    source: str
    grounds: tuple[Ground, ...]
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Dimension:
    """One of the four: its parts. ``score`` is None unless weights were given and every weighted part is known."""

    key: str
    zh: str
    en: str
    parts: tuple[Part, ...]
    score: float | None = None


@dataclass(frozen=True)
class Reason:
    """Why a measure is proposed: one finding, the things it is true of, and one of them told as an example.

    ``also`` marks what was found beside the reason: it makes the measure no weaker and no stronger.
    """

    check: str
    outcome: str
    document: str | None
    clause: str | None
    rule_id: str | None
    basis: str | None
    certainty: str | None
    deadline: str | None
    of: tuple[str, ...]
    example_zh: str
    example_en: str
    also: bool = False


class Appraised(Protocol):
    """What an appraisal says of a measure, by its id; any object with these attributes can be joined.

    ``payback_years`` [a] is simple payback, None where the money never comes back or is not known; ``co2_t`` [t/a] is
    carbon dioxide avoided in a year; ``reference`` names the appraisal so that every figure can be opened.
    """

    @property
    def reference(self) -> str:
        """Name of the appraisal."""

    @property
    def payback_years(self) -> float | None:
        """Simple payback [a]."""

    @property
    def co2_t(self) -> float | None:
        """Carbon dioxide avoided [t/a]."""


@dataclass(frozen=True)
class Appraisal:
    """The slot of a measure for its appraisal: reference, simple payback [a], carbon dioxide avoided [t/a]."""

    reference: str
    payback_years: float | None
    co2_t: float | None


@dataclass(frozen=True)
class Measure:
    """One thing to do: ``standing`` order (required by law), confirm (look on site first) or advise.

    ``id`` stays the same from run to run while enterprise, rule and group stay. ``devices`` and ``lines`` are ledger
    lines and production lines, ``items`` scenes or pieces of safety equipment; ``machines`` counts machines,
    ``power_kw`` [kW] is their rated power where known. ``deadline`` is an ISO day, 立即 or None. ``certainty`` is the
    worst of its own reasons. ``order`` is that of its rule. ``missing`` is what has to be known before it can be
    appraised or ordered; ``directions`` are entries of the sector guide that mean its devices.
    """

    id: str
    rule: str
    order: int
    kind: str
    standing: str
    law: bool
    zh: str
    en: str
    device_kind: str | None
    devices: tuple[str, ...]
    lines: tuple[str, ...]
    items: tuple[str, ...]
    machines: int
    power_kw: float
    fit_zh: str | None
    fit_en: str | None
    basis_zh: str
    basis_en: str
    deadline: str | None
    certainty: str
    why: tuple[Reason, ...]
    directions: tuple[str, ...]
    missing: tuple[Ask, ...]
    appraisal: Appraisal | None = None


@dataclass(frozen=True)
class Diagnosis:
    """One enterprise on one day: what is known of it, what is not, and what to do, the most pressing first."""

    enterprise_id: str
    name: str
    industry_code: str | None
    sectors: tuple[str, ...]
    products: tuple[str, ...]
    size: str | None
    region: str | None
    as_of: date
    reference_hash: str
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]

    def part(self, key: str) -> Part:
        """Return one part by its key; ``KeyError`` says which is not there."""
        for dimension in self.dimensions:
            for part in dimension.parts:
                if part.key == key:
                    return part
        raise KeyError(f"no part {key} in the diagnosis of {self.enterprise_id}")
