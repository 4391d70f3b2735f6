"""Everything a part looks at, prepared once: machines with what was found of them, judged lines, facts and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from jigai.diagnosis.facts import of_enterprises
from jigai.diagnosis.inputs import Inputs
from jigai.diagnosis.questionnaire import Questionnaire, read_answers
from jigai.diagnosis.telling import KEY
from jigai.reference import Reference
from jigai.screening.lines import judge_lines

CLASSES: Final = "gb4754-2017"
IN_SERVICE: Final = ("在用", "备用", "未注明")
"""Use states of machines that count; a ledger without such a column is taken as in use (D11)."""


@dataclass(frozen=True)
class Case:
    """Prepared inputs.

    ``enterprises`` have ``sectors`` (of the plan, by industry class). ``machines`` are the devices in service, with
    ``machines`` (their number, a line without one is one machine). ``findings`` are those of these devices. ``lines``
    are judged. ``facts`` are as `facts.of_enterprises` returns them; ``answers`` are checked, ``wrong_answers`` the
    rest with the reason. ``peers`` are the figures of energy peers, see `parts.energy.peer_figures`.
    """

    enterprises: pl.DataFrame
    machines: pl.DataFrame
    findings: pl.DataFrame
    lines: pl.DataFrame
    facts: pl.DataFrame
    answers: pl.DataFrame
    wrong_answers: pl.DataFrame
    reference: Reference
    as_of: date
    peers: pl.DataFrame | None = None

    def without_devices(self) -> pl.DataFrame:
        """Return the enterprises of which there is no ledger line in service."""
        return self.enterprises.join(self.machines, on=KEY, how="anti")

    def found(self, check: str) -> pl.DataFrame:
        """Return the machines with one finding of a check each (the first): its columns and ``f_certainty``."""
        mine = self.findings.filter(pl.col("check") == check).unique("device_id", keep="first", maintain_order=True)
        told = mine.select(
            "device_id", "outcome", "value", "limit", "basis", "f_missing", pl.col("certainty").alias("f_certainty")
        )
        return self.machines.join(told, on="device_id", maintain_order="left")


def prepared(
    inputs: Inputs, reference: Reference, as_of: date, questionnaire: Questionnaire, peers: pl.DataFrame | None = None
) -> Case:
    """Check and prepare inputs; see `Inputs.checked` for what is refused."""
    given = inputs.checked()
    enterprises = _with_sectors(given.enterprises, reference)
    state = pl.col("use_state")
    machines = given.devices.filter(state.is_null() | state.is_in(IN_SERVICE)).with_columns(
        machines=pl.col("quantity").fill_null(1)
    )
    findings = given.findings.join(machines.select("device_id", KEY), on="device_id").rename({"missing": "f_missing"})
    answers, wrong = read_answers(given.answers, questionnaire, enterprises)
    judged = judge_lines(given.lines.drop(KEY), reference, as_of)
    kept = given.lines.select(KEY, "line", "product", "process", "line_energy", "environmental_grade")
    return Case(
        enterprises=enterprises,
        machines=machines.sort(KEY, "device_id"),
        findings=findings.sort(KEY, "device_id", "check", "rule_id", maintain_order=True),
        lines=kept.join(judged, on="line").sort(KEY, "line"),
        facts=of_enterprises(given.facts, answers, as_of),
        answers=answers,
        wrong_answers=wrong,
        reference=reference,
        as_of=as_of,
        peers=peers,
    )


def _with_sectors(enterprises: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    classes = reference.table(CLASSES, "classes").select(code="code", sectors="plan_sectors")
    code = pl.col("industry_code").str.strip_chars().str.slice(0, 4)
    return (
        enterprises.with_columns(code=code)
        .join(classes, on="code", how="left", maintain_order="left")
        .with_columns(pl.col("sectors").fill_null([]))
        .sort(KEY)
    )
