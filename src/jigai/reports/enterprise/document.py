"""The report as a whole: what it is of, the two pages, the annex."""

from __future__ import annotations

import io
from collections.abc import Sequence

import polars as pl

from jigai.diagnosis.editing import Rejected
from jigai.diagnosis.worth.model import Costed
from jigai.reports.enterprise import annex, boss
from jigai.reports.enterprise.marking import made_by
from jigai.reports.enterprise.naming import Names
from jigai.reports.fonts import Face
from jigai.reports.word import Document


def write_diagnosis(
    costed: Costed,
    devices: pl.DataFrame,
    wrong_answers: pl.DataFrame,
    face: Face | None,
    rejected: Sequence[Rejected] = (),
) -> bytes:
    """Return the report of one enterprise as a Word document; equal content gives equal bytes.

    Args:
        costed: the diagnosis with what its measures are worth.
        devices: the devices of the screening, for their names and places in the ledger.
        wrong_answers: answers that could not be used (`Diagnoses.wrong_answers`).
        face: typeface of the chart (`fonts.chinese`); without one there is no chart and the figures stand alone.
        rejected: measures an expert took out, with the reason.
    """
    diagnosis = costed.diagnosis
    names = Names(devices)
    paper = Document()
    paper.title(f"{diagnosis.name}诊断报告")
    if costed.total.sample or any(one.sample for one in costed.worths):
        paper.mark("测算示例：含示例假设，不进名单，不得用于申报。")
    paper.small(made_by(costed))
    boss.write(paper, costed, names, face)
    annex.write(paper, costed, names, wrong_answers, rejected)
    target = io.BytesIO()
    paper.write(target)
    return target.getvalue()
