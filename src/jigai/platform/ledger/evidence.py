"""The findings of a device as its page shows them, and what each rests on (interface principle 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jigai.platform.ledger.models import DeviceState
from jigai.platform.ledger.words import attribute_word, language, missing_words, tone, word
from jigai.screening import Explanation

_MEASURED = ("efficiency", "service_life")
"""Checks that compare a figure with a limit; the rows of lists have conditions, told in words."""


@dataclass(frozen=True)
class Shown:
    """One finding: its state and words; ``inferred`` when it is only a suspicion."""

    check: str
    check_word: str
    state: str
    outcome: str
    inferred: bool
    reason: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class Compared:
    """What is required beside what this device has; ``origin`` says where the value came from."""

    what: str
    required: str
    value: str
    origin: str
    cell: str


def findings(told: Explanation) -> list[Shown]:
    """Return the findings, the worst first."""
    order = {"stop": 0, "warn": 1, "ask": 2, "ok": 3, "idle": 4}
    shown = [
        Shown(
            one["check"],
            word("check", one["check"]),
            tone("outcome", one["outcome"]),
            word("outcome", one["outcome"]),
            one["basis"] == "inferred",
            one[f"reason_{language()}"],
            one,
        )
        for one in told.findings
    ]
    return sorted(shown, key=lambda one: order[one.state])


def evidence(one: Shown, state: DeviceState, told: Explanation) -> dict[str, Any]:
    """Return what the panel beside a finding shows: document, clause, figures compared, source cells, what is open."""
    raw = one.raw
    compared = []
    if raw["check"] in _MEASURED and raw["metric"] and raw["limit"] is not None:
        name = raw["metric"]
        value = raw["value"] if raw["value"] is not None else told.device.get(name)
        compared.append(
            Compared(
                _metric(name),
                f"{raw['limit']:,.10g} {raw['unit'] or ''}".strip(),
                f"{value:,.10g} {raw['unit'] or ''}".strip() if value is not None else "—",
                word("basis", told.origins.get(name)),
                state.cells.get(name, ""),
            )
        )
    rows = [each for each in told.tried if each["rule_id"] == raw["rule_id"]]
    return {
        "document": raw["document"],
        "clause": raw["clause"],
        "product": rows[0]["product_zh"] if rows else "",
        "condition": rows[0][f"condition_{language()}"] if rows else "",
        "facts": rows[0][f"facts_{language()}"] if rows else "",
        "compared": compared,
        "cells": [
            (attribute_word(name), cell, state.values.get(name))
            for name, cell in state.cells.items()
            if name in {"name", "model", "made_year", "in_service_year", raw["metric"], *_fields(rows)}
        ],
        "certainty": word("certainty", raw["certainty"]) if raw["certainty"] != "transcribed" else "",
        "basis": word("basis", raw["basis"]),
        "missing": missing_words(raw["missing"] or ""),
        "deadline": raw["deadline"],
        "rule": raw["rule_id"],
        "dataset": raw["dataset"],
    }


def _metric(name: str) -> str:
    """Return what a figure is called: an attribute of the ledger, or one worked out (已用年数)."""
    worked_out = word("metric", name)
    return attribute_word(name) if worked_out == name else worked_out


def _fields(rows: list[dict[str, Any]]) -> set[str]:
    return {name for row in rows for name in (row["missing"] or "").split(";") if name}
