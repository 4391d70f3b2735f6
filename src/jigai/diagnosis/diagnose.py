"""Diagnose enterprises: frames in, one diagnosis each out; one enterprise and a whole city by the same code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from jigai.diagnosis.assemble import assembled
from jigai.diagnosis.case import prepared
from jigai.diagnosis.inputs import Inputs
from jigai.diagnosis.measures import proposed
from jigai.diagnosis.measures.rules import Rule
from jigai.diagnosis.model import Diagnosis
from jigai.diagnosis.parts import PARTS
from jigai.diagnosis.parts.energy import peer_figures
from jigai.diagnosis.questionnaire import Questionnaire
from jigai.diagnosis.tables import keyed
from jigai.diagnosis.telling import chosen, together
from jigai.reference import Reference


@dataclass(frozen=True)
class Diagnoses:
    """The result: ``of`` each enterprise by its key, ``parts`` as one frame (`telling.PART`) for roll-ups,
    ``wrong_answers`` that could not be used (with reason and remedy), ``peers`` for diagnosing one enterprise later.
    """

    of: Mapping[str, Diagnosis]
    parts: pl.DataFrame
    wrong_answers: pl.DataFrame
    peers: pl.DataFrame

    def __iter__(self) -> Iterator[Diagnosis]:
        return iter(self.of.values())


def diagnose(
    inputs: Inputs,
    reference: Reference,
    as_of: date,
    *,
    questionnaire: Questionnaire | None = None,
    rules: tuple[Rule, ...] | None = None,
    peers: pl.DataFrame | None = None,
    weights: Mapping[str, float] | None = None,
) -> Diagnoses:
    """Diagnose every enterprise of ``inputs`` as of a day.

    Args:
        inputs: what is known (see `Inputs`); screened devices with their findings.
        reference: facts in force on the day.
        as_of: the day; nothing here reads the clock.
        questionnaire: the shipped one unless a city has its own.
        rules: rules of measures, the shipped ones unless a city has its own (`measures.rules.read`).
        peers: figures of all enterprises (`Diagnoses.peers` of a run over all) where ``inputs`` hold only some; only
            quarter and number of peers are ever told of them.
        weights: weight of a part within its dimension, as data of the city; without them no dimension has a score,
            and there is never a score of the whole.

    Raises:
        InputError: frames that cannot be diagnosed, everything wrong at once.
        ValueError: a weight of a part that does not exist, or that is not above nothing.
    """
    weights = _checked(weights or {})
    questionnaire = questionnaire or Questionnaire.shipped()
    case = prepared(inputs, reference, as_of, questionnaire, peers)
    found = chosen(together([part(case) for part in PARTS]))
    measures = proposed(case, found.parts, questionnaire, rules)
    every = assembled(case, found, measures, questionnaire, weights)
    return Diagnoses({one.enterprise_id: one for one in every}, found.parts, case.wrong_answers, peer_figures(case))


def _checked(weights: Mapping[str, float]) -> Mapping[str, float]:
    parts = keyed("parts.csv", "part")
    wrong = [f"{key}: no such part; use {', '.join(parts)}" for key in weights if key not in parts]
    wrong += [
        f"{key}: a weight of {value} will not do; it is above 0" for key, value in weights.items() if not value > 0
    ]
    if wrong:
        raise ValueError("\n".join(wrong))
    return weights
