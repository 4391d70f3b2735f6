"""How two plans differ, in words: objectives and targets, parameters, tasks, units, text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jigai.plan.file import Plan, said
from jigai.plan.file.questions import written
from jigai.reference.errors import Language

KINDS = ("plan", "objective", "parameter", "task", "unit", "scorecard", "text")


@dataclass(frozen=True)
class Change:
    """One difference: the kind and key of what differs, how it was and how it is; empty where it was or is not."""

    kind: str
    key: str
    before: str
    after: str


def changes(before: Plan | None, after: Plan, language: Language = "zh") -> list[Change]:
    """Return everything a reader of ``after`` finds otherwise than in ``before``; all of it where there was none."""
    found: list[Change] = []
    for kind in KINDS:
        old = _told(before, kind, language) if before else {}
        new = _told(after, kind, language)
        keys = [*new, *(key for key in old if key not in new)]
        found += [Change(kind, key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key) != new.get(key)]
    return found


def _told(plan: Plan, kind: str, language: Language) -> Mapping[str, str]:
    """Return everything of a kind by its key, as one line each."""
    if kind == "plan":
        own = {"title": plan.title.say(language), "issued": plan.issued.isoformat()}
        return own | {"period": f"{plan.period.start}–{plan.period.end}", "partition": plan.partition}
    if kind == "objective":
        return {
            one.id: "；".join([one.title.say(language), *(said(target, plan, language) for target in one.targets)])
            for one in plan.objectives
        }
    if kind == "parameter":
        asked = "（待定）" if language == "zh" else " (asked)"
        return {
            one.key: f"{one.title.say(language)}：{written(one, plan, language)}{asked if one.ask else ''}"
            for one in plan.parameters
        }
    if kind == "task":
        clauses = {one.id: f"（{one.clause}）" for one in (*plan.tasks, *plan.measures)}
        return {one.id: f"{one.title.say(language)}{clauses.get(one.id, '')}" for one in plan.all_tasks()}
    if kind == "unit":
        return {one.key: f"{one.name.say(language)}（{one.code or '—'}）" for one in plan.units}
    if kind == "scorecard":
        return {one.objective: f"{one.weight:f}（{one.measure}）" for one in plan.scorecard.items}
    return {plan.text.file: plan.text.sha256[:12]}
