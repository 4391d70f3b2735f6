"""Answers on projects and enterprises: treasury bonds with an upper bound, and funds of which no rate is held."""

from __future__ import annotations

from dataclasses import replace

from jigai.appraisal.support.answers import Answer
from jigai.appraisal.support.asking import Asked, amounts, why_no_amount
from jigai.appraisal.support.case import project_number
from jigai.appraisal.support.money import NOTHING, fen, share
from jigai.appraisal.support.words import said


def bond(asked: Asked) -> Answer:
    """Answer for ultra-long special treasury bonds: every entry test by field, at most a share of the investment."""
    percent = asked.instrument.asked("share_cap").number
    note = said("at_most", share=f"{percent.normalize():f}%")
    investment = project_number(asked.case, "fixed_asset_investment_yuan")
    if investment is None:
        return asked.answer(notes=[note], no_amount=said("investment_unknown"))
    made = asked.answer(notes=[note])
    return replace(made, amounts=amounts(made.status, [(None, NOTHING, fen(share(investment, percent)))]))


def entry(asked: Asked) -> Answer:
    """Answer where only the tests can be told; why there is no amount is said by the instrument's own row."""
    return asked.answer(no_amount=why_no_amount(asked.instrument))
