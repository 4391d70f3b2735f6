"""The inputs of a measure for many devices: from facts, the ledger, reference data, or assumed (D27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jigai.appraisal.assumptions import Assumption
from jigai.appraisal.estimate import Estimate, Origin, Rest
from jigai.appraisal.tables import keyed

Column = NDArray[np.float64]

ORIGINS = {origin.name.lower(): int(origin) for origin in Origin}
"""Words of a ``<fact>_origin`` column → rank: invoice, quotation, enterprise, supply_list, reference …"""


@dataclass
class Inputs:
    """Inputs of the devices in ``frame``, looked up by fact (``data/facts.csv``), each with the origin of every row.

    For a fact ``f`` the sources are, best first: the column ``f`` (with ``f_low``, ``f_high``, ``f_origin``,
    ``f_sample`` where they are there), the ledger attribute named in ``facts.csv`` (an entry of the enterprise), the
    column ``derived_f`` (reference data), the ``fallback`` (another input that it equals unless told otherwise, as
    the new rating equals the old), and the assumption of that name. A figure outside the range of ``facts.csv``
    counts as unknown. What was looked up is kept in ``used``.
    """

    frame: pl.DataFrame
    assumed: Mapping[str, Assumption]
    used: dict[str, Estimate] = field(default_factory=dict)

    def get(self, key: str, fallback: Estimate | None = None) -> Estimate:
        """Return the input as columns, NaN where nothing gives it."""
        if key not in self.used:
            self.used[key] = self._look_up(key, fallback)
        return self.used[key]

    def optional(self, key: str, otherwise: float) -> Estimate:
        """Return an input that means ``otherwise`` where nobody speaks of it (no leak is mended); no assumption."""
        plain = np.full(self.frame.height, otherwise)
        return self.get(key, Estimate(plain, plain, plain))

    def missing(self, key: str) -> NDArray[np.bool_]:
        """Return where an input that was looked up is unknown."""
        unknown: NDArray[np.bool_] = np.isnan(np.asarray(self.used[key].likely))
        return unknown

    def _look_up(self, key: str, fallback: Estimate | None) -> Estimate:
        spec = keyed("facts", "key")[key]
        height = self.frame.height
        origin = np.zeros(height, dtype=np.int64)
        sample = np.zeros(height, dtype=bool)
        low = np.full(height, np.nan)
        likely, high = low.copy(), low.copy()

        def fill(values: tuple[Column, Column, Column], rank: NDArray[np.int64], samples: NDArray[np.bool_]) -> None:
            inside = _inside(values, spec)
            here = np.isnan(likely) & inside
            for target, value in zip((low, likely, high), values, strict=True):
                target[here] = value[here]
            origin[here], sample[here] = rank[here], samples[here]

        given = self._numbers(key)
        ends = (self._numbers(f"{key}_low"), self._numbers(f"{key}_high"))
        spread = tuple(np.where(np.isnan(end), given, end) for end in ends)
        fill((spread[0], given, spread[1]), self._origins(key), self._flags(f"{key}_sample"))
        for column, rank in ((spec["attribute"], Origin.ENTERPRISE), (f"derived_{key}", Origin.REFERENCE)):
            value = self._numbers(column)
            fill((value, value, value), np.full(height, int(rank)), np.zeros(height, dtype=bool))
        if fallback is not None:
            columns = [np.broadcast_to(np.asarray(part, dtype=float), (height,)) for part in _three(fallback)]
            ranks = np.broadcast_to(np.asarray(fallback.origin), (height,))
            samples = np.broadcast_to(np.asarray(fallback.sample), (height,))
            fill((columns[0], columns[1], columns[2]), ranks, samples)
        if key in self.assumed:
            one = self.assumed[key]
            full = [np.full(height, figure) for figure in (one.low, one.likely, one.high)]
            ranks = np.full(height, int(Origin.CITY_ASSUMPTION))
            fill((full[0], full[1], full[2]), ranks, np.full(height, one.sample))
        return Estimate(low, likely, high, (Rest(key, origin, sample),))

    def _numbers(self, name: str) -> Column:
        if not name or name not in self.frame.columns:
            return np.full(self.frame.height, np.nan)
        return self.frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()

    def _flags(self, name: str) -> NDArray[np.bool_]:
        if name not in self.frame.columns:
            return np.zeros(self.frame.height, dtype=bool)
        return self.frame[name].fill_null(value=False).to_numpy().astype(bool)

    def _origins(self, key: str) -> NDArray[np.int64]:
        name = f"{key}_origin"
        if name not in self.frame.columns:
            return np.full(self.frame.height, int(Origin.ENTERPRISE))
        words = self.frame[name].fill_null("enterprise")
        ranks = words.replace_strict(list(ORIGINS), list(ORIGINS.values()), return_dtype=pl.Int64)
        return ranks.to_numpy().copy()


def _three(estimate: Estimate) -> tuple[object, object, object]:
    return estimate.low, estimate.likely, estimate.high


def _inside(values: tuple[Column, Column, Column], spec: Mapping[str, str]) -> NDArray[np.bool_]:
    """Tell where low ≤ likely ≤ high lie in the range of a fact; NaN is outside."""
    low, likely, high = values
    inside = (low <= likely) & (likely <= high)
    if spec["least"]:
        inside &= low >= float(spec["least"])
    if spec["most"]:
        inside &= high <= float(spec["most"])
    return inside
