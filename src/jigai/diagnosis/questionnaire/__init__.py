"""The questionnaire as data: what is asked of whom, which figure each answer feeds, and what a wrong answer is told."""

from __future__ import annotations

from jigai.diagnosis.questionnaire.answers import read_answers
from jigai.diagnosis.questionnaire.asked import Question, Questionnaire

__all__ = ["Question", "Questionnaire", "read_answers"]
