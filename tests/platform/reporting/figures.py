"""A keeper of figures for tests: a table of contributions by day, added up as the plan does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl
from tests.platform.people import EAST, WEST

from jigai.plan.contributions import CONTRIBUTION, checked
from jigai.platform.reporting.figures import CITY, Figure, Indicator, Standing

LEAST = Decimal("0.8")
NAMES = (
    Indicator("firms", "规上工业企业数", "enterprises above scale", "户"),
    Indicator("nc_rate", "关键工序数控化率", "numerical control rate", ""),
    Indicator("equipment_investment_cumulative", "设备工器具购置投资", "investment in equipment", "元"),
    Indicator("bureau", "统计部门设备投资", "investment by the bureau", "元"),
)


@dataclass
class Kept:
    """Rows ``(indicator, period, from which day, unit, name, numerator, denominator, reported)``."""

    rows: list[tuple[str, str, date, str, str, Decimal, Decimal, int]] = field(default_factory=list)

    def add(self, indicator, period, unit, name, numerator, denominator=1, reported=1, day=date(2026, 1, 1)):
        """Say what one contributes; a later row of the same name takes the earlier one's place from its day on."""
        amounts = Decimal(str(numerator)), Decimal(str(denominator))
        self.rows.append((indicator, period, day, unit, name, *amounts, reported))

    def prepare(self, day):
        self.prepared = day

    def reading(self):
        return self

    def indicators(self):
        return NAMES

    def listed(self, indicator, period, known_on, partition, key):
        found = {}
        for one, at, day, unit, name, numerator, denominator, reported in self.rows:
            if one == indicator and at == period.key and day <= known_on and (not key or unit == key):
                if not reported:
                    numerator = denominator = Decimal(0)
                found[name] = {
                    "kind": "legal_person", "key": name, "label": name, "manager_code": unit, "place_code": unit,
                    "industry_code": "3130", "group": "", "numerator": numerator, "denominator": denominator,
                    "should": 1, "reported": reported, "standing": "counted" if reported else "not_reported",
                    "data_date": day, "legal_person": None, "site": None,
                }  # fmt: skip
        return checked(pl.DataFrame(list(found.values()), schema=CONTRIBUTION), indicator)

    def standings(self, period, known_on):
        return [
            Standing(
                "O8 关键工序数控化率", "到 2027 年超 75%", "60.0%", "有风险", "100%", "示例：按现有进度差 5 个百分点。"
            )
        ]

    def figure(self, indicator, period, known_on, partition, key):
        frame = self.listed(indicator, period, known_on, partition, key)
        if frame.is_empty():
            return Figure(None, why="来源中没有这个期间的数")
        numerator, denominator = frame["numerator"].sum(), frame["denominator"].sum()
        share = Decimal(frame["reported"].sum()) / Decimal(frame["should"].sum())
        ratio = indicator == "nc_rate"
        value = numerator / denominator if ratio else numerator
        return Figure(value, numerator, denominator, share, frame["data_date"].max(), share >= LEAST, least=LEAST)


def city_of_two():
    """The figures of two counties for October 2026."""
    kept = Kept()
    for unit, firms in ((EAST, (("东风轧钢", 3, 4), ("东一厂", 1, 2))), (WEST, (("西山水泥", 2, 4),))):
        for name, controlled, processes in firms:
            kept.add("firms", "2026-10", unit, name, 1)
            kept.add("nc_rate", "2026-10", unit, name, controlled, processes)
            kept.add("equipment_investment_cumulative", "2026-10", unit, name, 120_000_000)
            kept.add("bureau", "2026-10", unit, name, 120_000_000)
    return kept


__all__ = ["CITY", "Kept", "city_of_two"]
