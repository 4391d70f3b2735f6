"""What the page of one entry shows: its facts, how computed columns came about, and what changed when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.registers.definition import Register
from jigai.platform.registers.evaluation import Outcome, limits
from jigai.platform.registers.values import to_json
from jigai.platform.web.wording import label, word

SOON = 90
"""Days before the due day from which it is shown as pressing."""


@dataclass(frozen=True)
class Fact:
    """One column of an entry in words; ``state`` is the tone of a choice."""

    name: str
    text: str
    unit: str
    state: str
    definition: str
    computed: bool


@dataclass(frozen=True)
class Difference:
    """One version beside the one before: what changed, from what to what."""

    version: Any
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    first: bool = False


@dataclass(frozen=True)
class EvaluationPage:
    """How a score came about: groups with their parts, the limits, and the document they stand in."""

    outcome: Outcome
    groups: list[dict[str, Any]]
    missing: str
    limits: list[tuple[str, str]]


def facts(register: Register, version: Any) -> list[Fact]:
    """Return the columns of an entry that say something, and those that could."""
    found = []
    opened = register.evaluation.get("parts", {})
    for item in register.table:
        if item.name in opened:  # told with what each contributes
            continue
        value = version.values.get(item.name)
        state = register.tones.get(item.name, {}).get(str(value), "")
        unit = "" if item.type == "year" or value is None else item.unit
        found.append(Fact(label(item), word(item, value), unit, state, item.definition, item.role == "derived"))
    return found


def differences(
    register: Register, versions: Sequence[Any], typed: Mapping[str, Any] | None = None
) -> list[Difference]:
    """Return what each version changed against the one before it, the newest first.

    With ``typed`` the first one is compared with what somebody wants to save instead.
    """
    found = []
    for place, version in enumerate(versions):
        older = versions[place + 1].values if place + 1 < len(versions) else {}
        newer = version.values
        if typed is not None:
            older, newer = version.values, to_json(typed)
        asked = [item for item in register.own if typed is None or item in register.table.asked]
        changes = [
            (label(item), word(item, older.get(item.name)) or "—", word(item, newer.get(item.name)) or "—")
            for item in asked
            if older.get(item.name) != newer.get(item.name)
        ]
        found.append(Difference(version, changes, first=place + 1 == len(versions) and typed is None))
    return found


def evaluation_page(register: Register, outcome: Outcome | None) -> EvaluationPage | None:
    """Return what the page says about a computed score."""
    if outcome is None:
        return None
    names = {key: label(register.table.attribute(name)) for name, key in register.evaluation.get("parts", {}).items()}
    groups: dict[str, dict[str, Any]] = {}
    for part in outcome.score.parts if outcome.score else ():
        reached, possible = outcome.score.groups[part.group] if outcome.score else (0, 0)
        group = groups.setdefault(
            part.group, {"name": part.group, "reached": reached, "possible": possible, "parts": []}
        )
        step = next((one for one in part.weight.steps if one.result == part.share), None)
        group["parts"].append(
            {
                "name": names.get(part.weight.key, part.weight.item),
                "key": part.weight.key,
                "given": part.given,
                "share": part.share,
                "points": part.points,
                "possible": part.weight.points,
                "step": _condition(step.condition, "ratio_pct", _("比率")) if step else "",
            }
        )
    missing = "、".join(outcome.score.missing) if outcome.score else ""
    shown = [(_condition(text, "score", _("得分")), level) for text, level in limits(register, outcome)]
    return EvaluationPage(outcome, list(groups.values()), missing, shown)


def _condition(text: str, name: str, words: str) -> str:
    """Write a condition of a dataset for people: 得分 ≥ 60，得分 < 80."""
    for sign, said in ((name, words), (">=", "≥"), ("<=", "≤"), ("; ", "，")):
        text = text.replace(sign, said)
    return text


def due_said(day: date | None) -> dict[str, str]:
    """Return state and wording of what falls due on a day."""
    if day is None:
        return {}
    left = (day - timezone.localdate()).days
    if left < 0:
        return {"due_state": "stop", "due_word": _("%(day)s 到期，已逾期 %(n)d 天") % {"day": day, "n": -left}}
    state = "warn" if left <= SOON else "idle"
    return {"due_state": state, "due_word": _("%(day)s 到期，还有 %(n)d 天") % {"day": day, "n": left}}


def column_rows(register: Register) -> list[dict[str, Any]]:
    """Return what is to be said about each column."""
    kinds = {
        "text": _("文字"),
        "number": _("数字"),
        "integer": _("整数"),
        "year": _("四位年份"),
        "flag": _("是或否"),
        "date": _("日期，如 2026-05-01"),
    }
    rows = []
    for item in register.table:
        allowed = "、".join(word(item, choice) for choice in item.choices) or kinds[item.type]
        if item.minimum is not None and item.maximum is not None and item.type != "year":
            allowed = _("%(low)g 至 %(high)g") % {"low": item.minimum, "high": item.maximum}
        row = {"name": label(item), "unit": "" if item.type == "year" else item.unit, "key": item.key}
        row |= {"required": item.required, "computed": item.role == "derived", "definition": item.definition}
        rows.append(row | {"allowed": allowed, "aliases": "、".join(item.aliases), "source": item.source})
    return rows
