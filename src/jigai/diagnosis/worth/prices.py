"""What a measure costs, only where somebody has said so: invoice, quotation, enterprise, supply list, assumption."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

from jigai.appraisal.economics.capital import ORIGINS
from jigai.diagnosis.model import Measure
from jigai.diagnosis.telling import KEY
from jigai.diagnosis.worth.model import Price

Row = Mapping[str, Any]
Machine = tuple[int, float | None]
"""Machines of a ledger line and the rated power of each [kW]."""


class PriceList:
    """All prices, found by enterprise; those without one hold for every enterprise."""

    def __init__(self, prices: pl.DataFrame) -> None:
        self._of: dict[str | None, list[Row]] = defaultdict(list)
        for row in prices.iter_rows(named=True):
            self._of[row[KEY]].append(row)

    def price(self, enterprise: str, measure: Measure, machines: Mapping[str, Machine]) -> Price | None:
        """Return what a measure costs, None where nobody has said.

        Of several prices the one of the surest origin counts (D27), then the one that names the thing most closely,
        then the dearest: a measure must not pay by hoping for the best of two offers. Of the machines of a measure
        those that have a price are counted, the others are told as without.

        Args:
            enterprise: key of the enterprise.
            measure: what is to be done.
            machines: of each of its ledger lines, how many and of what power.
        """
        rows = [*self._of.get(enterprise, ()), *self._of.get(None, ())]
        whole = [row for row in rows if row["whole_yuan"] is not None and _is_for(row, measure, None)]
        if whole:
            best = min(whole, key=_rank)
            count = measure.machines or 1
            return _price([(best, count, float(best["whole_yuan"]), 1)], measure.devices, whole=True, machines=count)
        found = []
        lines = []
        for device in measure.devices:
            count, power = machines.get(device, (1, None))
            fitting = [(row, cost) for row in rows if (cost := _cost(row, measure, device, power)) is not None]
            if fitting:
                best, cost = min(fitting, key=lambda pair: (*_rank(pair[0])[:2], -pair[1]))
                found.append((best, count, cost * count, count))
                lines.append(device)
        if not found:
            return None
        return _price(found, tuple(lines), whole=False, machines=sum(count for _row, count, _c, _t in found))


def _cost(row: Row, measure: Measure, device: str, power: float | None) -> float | None:
    if row["whole_yuan"] is not None or not _is_for(row, measure, device):
        return None
    if row["unit_yuan"] is not None:
        return float(row["unit_yuan"])
    return None if power is None else float(row["kw_yuan"]) * power


def _is_for(row: Row, measure: Measure, device: str | None) -> bool:
    """Tell whether a price is for this measure; a price by kind is for new machines, not for a drive or a survey."""
    if row["rule"] is not None and row["rule"] != measure.rule:
        return False
    if row["kind"] is not None and row["kind"] != measure.device_kind:
        return False
    if row["device_id"] is not None and row["device_id"] != device:
        return False
    return row["rule"] is not None or measure.kind in ("replace", "confirm")


def _rank(row: Row) -> tuple[int, int, float]:
    close = sum(row[name] is not None for name in ("device_id", "kind", "rule"))
    return ORIGINS.index(row["origin"]) + (len(ORIGINS) if row["sample"] else 0), -close, -(row["whole_yuan"] or 0.0)


def _price(found: list[tuple[Row, int, float, int]], lines: tuple[str, ...], *, whole: bool, machines: int) -> Price:
    def summed(name: str) -> float | None:
        said = [row[name] * times for row, _count, _cost, times in found if row[name] is not None]
        return sum(said) if said else None

    lives = {row["life_years"] for row, *_rest in found}
    documents = (row["document"] for row, *_rest in found if row["document"])
    return Price(
        equipment=sum(cost for _row, _count, cost, _times in found),
        more=summed("more_yuan") or 0.0,
        old=summed("old_yuan"),
        machines=machines,
        devices=lines,
        whole=whole,
        life_years=lives.pop() if len(lives) == 1 else None,
        origin=max((row["origin"] for row, *_rest in found), key=ORIGINS.index),
        documents=tuple(dict.fromkeys(documents)),
        sample=any(row["sample"] for row, *_rest in found),
    )
