"""Measures that are no machines: lines below the baseline, digital gaps, scenes, safety equipment that is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.measures.rules import LINE, PART, SAFETY, SCENE, Rule
from jigai.diagnosis.model import CONFIRM, ORDER, Measure, Reason
from jigai.diagnosis.parts.maturity import DATASET as MATURITY
from jigai.diagnosis.parts.maturity import scene_levels
from jigai.diagnosis.parts.safety import items
from jigai.diagnosis.questionnaire import Questionnaire
from jigai.diagnosis.tables import keyed
from jigai.diagnosis.telling import KEY
from jigai.diagnosis.wording import ask

Found = Iterator[tuple[str, Measure]]


def of_lines(case: Case, rules: tuple[Rule, ...], questionnaire: Questionnaire) -> Found:
    """Yield measures of production lines; a line goes to the first rule that takes it.

    A level that a stand-in or an uncertain row gave never makes an order.
    """
    rest = case.lines
    for rule in (one for one in rules if one.subject == LINE):
        mine = rest.filter(rule.holds())
        rest = rest.join(mine, on="line", how="anti")
        sure = (pl.col("ground") == "confirmed") & (pl.col("certainty") == "transcribed")
        standing = pl.when(sure | pl.lit(rule.standing != ORDER)).then(pl.lit(rule.standing)).otherwise(pl.lit(CONFIRM))
        groups = mine.with_columns(standing=standing).group_by(KEY, "standing", "deadline", maintain_order=True)
        for (enterprise, stands, deadline), frame in groups:
            day = deadline.isoformat() if deadline else None
            reasons = tuple(_line_reason(row) for row in frame.iter_rows(named=True))
            measure = _measure(str(enterprise), rule, questionnaire, group=day or "-")
            yield (
                str(enterprise),
                replace(
                    measure,
                    standing=str(stands),
                    lines=tuple(frame["line"]),
                    deadline=day or rule.due,
                    why=reasons,
                    certainty=max((one.certainty or "recalled" for one in reasons), key=_RANK.__getitem__),
                ),
            )


def of_parts(parts: pl.DataFrame, rules: tuple[Rule, ...], questionnaire: Questionnaire) -> Found:
    """Yield measures that follow from the value, score or level of a part; an unknown part leads to none."""
    for rule in (one for one in rules if one.subject == PART):
        mine = parts.filter((pl.col("part") == rule.part) & pl.col("score").is_not_null()).filter(rule.holds())
        words = keyed("parts.csv", "part")[rule.part]
        for row in mine.iter_rows(named=True):
            told = Reason(
                check=rule.part,
                outcome="gap",
                document=words["source"],
                clause=None,
                rule_id=rule.key,
                basis=None,
                certainty=row["certainty"],
                deadline=None,
                of=(),
                example_zh=f"{words['zh']} {row['value']:.4g}",
                example_en=f"{words['en']} {row['value']:.4g}",
            )
            measure = _measure(row[KEY], rule, questionnaire)
            yield row[KEY], replace(measure, why=(told,), certainty=row["certainty"] or words["certainty"])


def of_scenes(case: Case, rules: tuple[Rule, ...], questionnaire: Questionnaire) -> Found:
    """Yield one measure for all scenes of an enterprise that are not at the level; unanswered ones are not gaps."""
    if case.reference.has(MATURITY):
        levels = scene_levels(case).sort(KEY, "thing")
        yield from _of_items(levels, "thing", "zh", SCENE, rules, questionnaire)


def of_safety(case: Case, rules: tuple[Rule, ...], questionnaire: Questionnaire) -> Found:
    """Yield one measure for all safety equipment an enterprise says it lacks; what is not known is asked, not added."""
    yield from _of_items(items(case), "item_id", "zh", SAFETY, rules, questionnaire)


def _of_items(
    frame: pl.DataFrame, key: str, zh: str, subject: str, rules: tuple[Rule, ...], questionnaire: Questionnaire
) -> Found:
    for rule in (one for one in rules if one.subject == subject):
        mine = frame.filter(rule.holds()).group_by(KEY, maintain_order=True)
        for row in mine.agg(items=pl.col(key), names=pl.col(zh), certainty=pl.col("certainty")).iter_rows(named=True):
            measure = _measure(row[KEY], rule, questionnaire)
            told = Reason(
                check=subject,
                outcome="gap",
                document=rule.basis_zh,
                clause=None,
                rule_id=rule.key,
                basis="answer",
                certainty=max(row["certainty"], key=_RANK.__getitem__),
                deadline=None,
                of=tuple(row["items"]),
                example_zh="、".join(row["names"]),
                example_en=", ".join(row["items"]),
            )
            yield (
                row[KEY],
                replace(measure, items=tuple(row["items"]), why=(told,), certainty=told.certainty or "secondary"),
            )


def _line_reason(row: Mapping[str, Any]) -> Reason:
    return Reason(
        check="energy_benchmark",
        outcome=row["level"],
        document=row["document"],
        clause=row["clause"],
        rule_id=row["rule_id"],
        basis=row["ground"],
        certainty=row["certainty"],
        deadline=row["deadline"].isoformat() if row["deadline"] else None,
        of=(row["line"],),
        example_zh=row["reason_zh"] or "",
        example_en=row["reason_en"] or "",
    )


def _measure(enterprise: str, rule: Rule, questionnaire: Questionnaire, group: str = "-") -> Measure:
    return Measure(
        id="/".join([enterprise, rule.key, group]),
        rule=rule.key,
        order=rule.order,
        kind=rule.kind,
        standing=rule.standing,
        law=rule.law,
        zh=rule.zh,
        en=rule.en,
        device_kind=None,
        devices=(),
        lines=(),
        items=(),
        machines=0,
        power_kw=0.0,
        fit_zh=None,
        fit_en=None,
        basis_zh=rule.basis_zh,
        basis_en=rule.basis_en,
        deadline=rule.due,
        certainty="secondary",
        why=(),
        directions=(),
        missing=tuple(ask("need", key, "", questionnaire) for key in rule.needs),
    )


_RANK: Mapping[str, int] = {"transcribed": 0, "secondary": 1, "recalled": 2, "doubtful": 3}
