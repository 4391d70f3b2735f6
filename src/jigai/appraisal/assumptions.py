"""City assumptions: what stands in for an input nobody has given, each with its reason, samples marked 示例 (D27)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jigai.appraisal.estimate import Estimate, Origin, between
from jigai.appraisal.refusal import ImpossibleFigureError, refuse
from jigai.appraisal.tables import table


@dataclass(frozen=True)
class Assumption:
    """One assumed input: low, likely, high in the unit of its fact (``data/facts.csv``), why, and whether a sample.

    A ``sample`` lets the software be tried; a result that rests on one is 测算示例 and enters no list. A city makes it
    an assumption of its own by giving the row in its own file with ``sample`` no.
    """

    key: str
    low: float
    likely: float
    high: float
    sample: bool
    certainty: str
    why: str

    def estimate(self) -> Estimate:
        """Return it as an input of the weakest origin."""
        return between(self.low, self.likely, self.high, self.key, Origin.CITY_ASSUMPTION, sample=self.sample)


def assumptions(city: Path | None = None) -> dict[str, Assumption]:
    """Return the shipped assumptions by key, with those of the city's file (same columns) in their place.

    Raises:
        ImpossibleFigureError: low, likely and high of a row do not rise.
    """
    rows: list[Mapping[str, str]] = list(table("assumptions"))
    if city is not None:
        rows += csv.DictReader(city.read_text(encoding="utf-8-sig").splitlines())
    found = {}
    for row in rows:
        low, likely, high = (float(row[name]) for name in ("low", "likely", "high"))
        refuse({"estimate_order": not low <= likely <= high}, ImpossibleFigureError, field=row["key"])
        found[row["key"]] = Assumption(
            row["key"], low, likely, high, row["sample"] == "yes", row["certainty"], row["why"]
        )
    return found
