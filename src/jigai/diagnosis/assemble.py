"""From frames to one `Diagnosis` per enterprise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.model import Ask, Diagnosis, Dimension, Ground, Measure, Part
from jigai.diagnosis.questionnaire import Questionnaire
from jigai.diagnosis.tables import keyed, table
from jigai.diagnosis.telling import KEY, Told
from jigai.diagnosis.wording import ask

Place = tuple[str, str]


def assembled(
    case: Case,
    found: Told,
    measures: Mapping[str, Sequence[Measure]],
    questionnaire: Questionnaire,
    weights: Mapping[str, float],
) -> Iterator[Diagnosis]:
    """Yield the diagnosis of each enterprise, in the order of their keys.

    Args:
        case: what was looked at.
        found: one way of each part for each enterprise (`telling.chosen`).
        measures: of each enterprise, in their order.
        questionnaire: whose questions are named where an answer is missing.
        weights: weight of a part within its dimension; without any, a dimension has no score.
    """
    grounds, asks = _grounds(found), _asks(found, questionnaire)
    parts: dict[str, dict[str, Part]] = defaultdict(dict)
    words = keyed("parts.csv", "part")
    for row in found.parts.iter_rows(named=True):
        place = (row[KEY], row["part"])
        parts[row[KEY]][row["part"]] = _part(row, words[row["part"]], grounds[place], asks[place])
    reference_hash = case.reference.content_hash
    for row in case.enterprises.iter_rows(named=True):
        mine = parts[row[KEY]]
        yield Diagnosis(
            enterprise_id=row[KEY],
            name=row["name"] or row[KEY],
            industry_code=row["industry_code"],
            sectors=tuple(row["sectors"]),
            products=tuple(row["products"] or ()),
            size=row["size"],
            region=row["region"],
            as_of=case.as_of,
            reference_hash=reference_hash,
            dimensions=tuple(_dimension(one, mine, weights) for one in table("dimensions.csv")),
            measures=tuple(measures.get(row[KEY], ())),
        )


def _part(row: Mapping[str, Any], words: Mapping[str, str], grounds: Sequence[Ground], asks: Sequence[Ask]) -> Part:
    unit, value = words["unit"], row["value"]
    plain = None if value is None else f"{value:.4g} {unit}" if unit else f"{value:.1%}"
    return Part(
        key=row["part"],
        zh=words["zh"],
        en=words["en"],
        state=row["state"],
        value=value,
        unit=unit,
        label_zh=row["label_zh"] or plain or "",
        label_en=row["label_en"] or plain or "",
        score=row["score"],
        low=row["low"],
        high=row["high"],
        coverage=row["coverage"],
        certainty=row["certainty"] or words["certainty"],
        stand_in=row["stand_in"],
        formula_zh=words["formula_zh"],
        formula_en=words["formula_en"],
        source=words["source"],
        grounds=tuple(grounds),
        asks=tuple(asks),
    )


def _dimension(row: Mapping[str, str], parts: Mapping[str, Part], weights: Mapping[str, float]) -> Dimension:
    keys = [one["part"] for one in table("parts.csv") if one["dimension"] == row["key"]]
    mine = tuple(parts[key] for key in keys)
    counted = [
        (weights[part.key], part.score) for part in mine if part.key in weights and part.state != "not_applicable"
    ]
    known = [(weight, score) for weight, score in counted if score is not None]
    score = None
    if known and len(known) == len(counted):
        score = round(sum(weight * one for weight, one in known) / sum(weight for weight, _one in known), 6)
    return Dimension(row["key"], row["zh"], row["en"], mine, score)


def _grounds(found: Told) -> dict[Place, list[Ground]]:
    things = found.grounds.filter(pl.col("role") != "value").group_by(
        KEY, "part", "source", "role", maintain_order=True
    )
    made: dict[Place, list[Ground]] = defaultdict(list)
    for row in things.agg(keys=pl.col("key")).iter_rows(named=True):
        made[row[KEY], row["part"]].append(Ground(row["source"], row["role"], tuple(row["keys"])))
    for row in found.grounds.filter(pl.col("role") == "value").iter_rows(named=True):
        ground = Ground(row["source"], "value", (row["key"],), row["value"], row["year"])
        made[row[KEY], row["part"]].append(ground)
    return made


def _asks(found: Told, questionnaire: Questionnaire) -> dict[Place, list[Ask]]:
    grouped = found.asks.group_by(KEY, "part", "source", "key", maintain_order=True)
    made: dict[Place, list[Ask]] = defaultdict(list)
    for row in grouped.agg(of=pl.col("of").drop_nulls()).iter_rows(named=True):
        said = ask(row["source"], row["key"], row["part"], questionnaire)
        of = () if row["source"] in {"figure", "item"} else tuple(row["of"])
        made[row[KEY], row["part"]].append(replace(said, of=of))
    return made
