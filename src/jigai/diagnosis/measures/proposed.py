"""All measures of all enterprises, before anything is known of what they cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.measures.devices import directions, hits, told_of_machines
from jigai.diagnosis.measures.fit import fitted
from jigai.diagnosis.measures.grouping import NO_KIND, Group, grouped
from jigai.diagnosis.measures.ordering import ordered
from jigai.diagnosis.measures.others import of_lines, of_parts, of_safety, of_scenes
from jigai.diagnosis.measures.rules import Rule
from jigai.diagnosis.measures.rules import rules as shipped
from jigai.diagnosis.model import Ask, Measure, Reason
from jigai.diagnosis.questionnaire import Questionnaire
from jigai.diagnosis.tables import keyed
from jigai.diagnosis.telling import KEY
from jigai.diagnosis.wording import ask
from jigai.reference import Reference
from jigai.reference.manifest import CERTAINTIES


def proposed(
    case: Case, parts: pl.DataFrame, questionnaire: Questionnaire, rules: tuple[Rule, ...] | None = None
) -> dict[str, tuple[Measure, ...]]:
    """Return the measures of each enterprise in their order: law, then what is largest (no appraisal is known yet).

    Args:
        case: what was looked at.
        parts: the chosen parts (`telling.PART`), for rules about a figure.
        questionnaire: whose answers may already hold what a measure needs.
        rules: the shipped ones unless others are given.
    """
    rules = shipped() if rules is None else rules
    by_key = {rule.key: rule for rule in rules}
    made: dict[str, list[Measure]] = defaultdict(list)
    fits, guided, kinds = fitted(case), directions(case), _kind_words(case.reference)
    found = hits(told_of_machines(case, fits), guided, rules)
    for group in grouped(case, found, fits, guided):
        made[group.row[KEY]].append(_of_machines(group, by_key[group.row["rule"]], kinds, questionnaire))
    for enterprise, measure in (
        *of_lines(case, rules, questionnaire),
        *of_parts(parts, rules, questionnaire),
        *of_scenes(case, rules, questionnaire),
        *of_safety(case, rules, questionnaire),
    ):
        made[enterprise].append(measure)
    answered = _answered(case)
    return {
        enterprise: ordered([_still_missing(one, answered[enterprise]) for one in measures])
        for enterprise, measures in made.items()
    }


def _answered(case: Case) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for enterprise, key in case.answers.select(KEY, "key").iter_rows():
        found[enterprise].add(key)
    return found


def _still_missing(measure: Measure, answered: set[str]) -> Measure:
    kept = tuple(one for one in measure.missing if one.source != "need" or one.key not in answered)
    return measure if kept == measure.missing else replace(measure, missing=kept)


def _of_machines(
    group: Group, rule: Rule, kinds: Mapping[str, tuple[str, str]], questionnaire: Questionnaire
) -> Measure:
    row = group.row
    kind = None if row["device_kind"] == NO_KIND else row["device_kind"]
    zh, en = kinds.get(kind or "", ("设备", "equipment"))
    fits = keyed("fits.csv", "kind").get(kind or "") if rule.kind == "replace" else None
    guard_zh = "；防爆标志不低于原机" if row["protected"] else ""
    guard_en = "; explosion protection no weaker than before" if row["protected"] else ""
    reasons = tuple(_reason(one) for one in group.reasons)
    return Measure(
        id="/".join([row[KEY], rule.key, kind or NO_KIND, row["standing"], row["deadline"] or NO_KIND]),
        rule=rule.key,
        order=rule.order,
        kind=rule.kind,
        standing=row["standing"],
        law=rule.law,
        zh=rule.zh.replace("{kind}", zh),
        en=rule.en.replace("{kind}", en),
        device_kind=kind,
        devices=tuple(row["devices"]),
        lines=(),
        items=(),
        machines=row["machines"],
        power_kw=round(row["power_kw"], 6),
        fit_zh=fits["zh"] + guard_zh if fits else None,
        fit_en=fits["en"] + guard_en if fits else None,
        basis_zh=rule.basis_zh,
        basis_en=rule.basis_en,
        deadline=row["deadline"],
        certainty=worst_certainty((one for one in reasons if not one.also), "secondary"),
        why=reasons,
        directions=group.directions,
        missing=needs(rule, questionnaire, group.missing),
    )


def _reason(row: Mapping[str, Any]) -> Reason:
    return Reason(
        check=row["check"],
        outcome=row["outcome"],
        document=row["document"],
        clause=row["clause"],
        rule_id=row["rule_id"],
        basis=row["basis"],
        certainty=row["certainty"],
        deadline=row["deadline"],
        of=tuple(row["of"]),
        example_zh=row["zh"] or "",
        example_en=row["en"] or "",
        also=row["also"],
    )


def _kind_words(reference: Reference) -> dict[str, tuple[str, str]]:
    table = reference.table("kinds", "kinds")
    return {kind: (zh, en) for kind, zh, en in table.select("kind", "zh", "en").iter_rows()}


def worst_certainty(reasons: Iterable[Reason], otherwise: str) -> str:
    """Return the worst certainty of reasons; ``otherwise`` where none says how sure it is."""
    said = [one.certainty for one in reasons if one.certainty in CERTAINTIES]
    return max(said, key=CERTAINTIES.index) if said else otherwise


def needs(
    rule: Rule, questionnaire: Questionnaire, of_things: Sequence[tuple[str, str, tuple[str, ...]]] = ()
) -> tuple[Ask, ...]:
    """Return what is missing: what is missing of things first, then what the rule needs to be appraised."""
    said = [replace(ask(source, key, "", questionnaire), of=of) for source, key, of in of_things]
    return (*said, *(ask("need", key, "", questionnaire) for key in rule.needs))
