"""Checks ``service_life`` and ``two_high`` on one device."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from benchmarks.peer.conditions import Device, exact
from benchmarks.peer.findings import Finding
from jigai.reference import Reference


class ServiceLife:
    """Reference service lives, read once."""

    def __init__(self, reference: Reference, as_of: date) -> None:
        """Index the lives by kind."""
        self.year = as_of.year
        lives: dict[str, dict[str, Any]] = {}
        if reference.has("service-life"):
            table = reference.table("service-life", "lives")
            lives = {row["life_class"]: row for row in table.iter_rows(named=True)}
        self.classes = {
            row["kind"]: (row["life_class"], lives.get(row["life_class"]))
            for row in reference.table("kinds", "kinds").iter_rows(named=True)
        }

    def check(self, device: Device) -> Finding:
        """Compare the age with the life of the kind's class."""
        kind = device.get("kind")
        life_class, life = self.classes.get(kind or "", (None, None))
        made = device.get("made_year")
        year = device.get("in_service_year") if made is None else made
        age = None if year is None else self.year - year
        limit = life["years_max"] if life else None
        missing = None
        if kind is None:
            outcome, missing = "undecided", "kind"
        elif limit is None:
            outcome = "out_of_scope"
        elif age is None or age < 0:
            outcome, missing = "undecided", "made_year"
        elif age > limit:
            outcome = "over_age"
        else:
            outcome = "near_end" if life and life["years_min"] is not None and age >= life["years_min"] else "within"
        return Finding(
            "service_life",
            outcome,
            basis=None if year is None else "ledger",
            rule_id=life_class,
            clause=life_class,
            certainty=life["certainty"] if life else None,
            metric="age_years",
            value=age,
            limit=exact(limit),
            unit="年",
            missing=missing,
            reason_zh=f"{year or '年份不明'} 年起已用 {age} 年，{life_class} 参考年限 {limit} 年：{outcome}。",
            reason_en=f"In use for {age} years since {year or 'an unknown year'}, reference life {limit}: {outcome}.",
            dataset="service-life" if life else None,
        )


class TwoHigh:
    """Energy- and emission-intensive classes of industry, read once."""

    def __init__(self, reference: Reference) -> None:
        """Index the rows by class; ``listed`` goes before ``candidate``."""
        rows = [
            (row, dataset.id)
            for dataset in reference.by_check("two_high")
            for row in dataset.tables["rules"].iter_rows(named=True)
        ]
        self.rules: dict[str, tuple[dict[str, Any], str]] = {}
        for row, dataset in sorted(rows, key=lambda pair: str(pair[0]["outcome"]), reverse=True):
            self.rules.setdefault(row["industry_code"], (row, dataset))
        table = reference.table("kinds", "kinds")
        self.implied = {row["kind"]: row["implied_industry"] for row in table.iter_rows(named=True)}

    def check(self, device: Device) -> Finding:
        """Look the class of industry up, or the one the kind implies."""
        given = re.search(r"\d{4}", device.get("industry_code") or "")
        code = given[0] if given else self.implied.get(device.get("kind") or "")
        row, dataset = self.rules.get(code or "", (None, None))
        if code is None or (given is None and row is None):
            outcome, missing = "undecided", "industry_code"
        elif row is None:
            outcome, missing = "clear", None
        else:
            outcome, missing = (row["outcome"] if given else "candidate"), None
        return Finding(
            "two_high",
            outcome,
            basis=None if missing else "ledger" if given else "inferred",
            rule_id=row["entry_id"] if row else None,
            clause=None if missing else code,
            certainty=row["certainty"] if row else None,
            missing=missing,
            reason_zh=f"行业类别 {code or '不明'}：{outcome}。",
            reason_en=f"Class of industry {code or 'unknown'}: {outcome}.",
            dataset=dataset,
        )
