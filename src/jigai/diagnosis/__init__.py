"""Diagnosis: from what is known of an enterprise to four dimensions and a list of measures (floor 3).

``docs/explanation/diagnosis.md`` tells how; `diagnose` is the door.
"""

from __future__ import annotations

from jigai.diagnosis.diagnose import Diagnoses, diagnose
from jigai.diagnosis.inputs import InputError, Inputs
from jigai.diagnosis.measures import with_appraisals
from jigai.diagnosis.model import Appraised, Ask, Diagnosis, Dimension, Ground, Measure, Part, Reason
from jigai.diagnosis.questionnaire import Questionnaire
from jigai.diagnosis.writing import from_json, to_json

__all__ = [
    "Appraised",
    "Ask",
    "Diagnoses",
    "Diagnosis",
    "Dimension",
    "Ground",
    "InputError",
    "Inputs",
    "Measure",
    "Part",
    "Questionnaire",
    "Reason",
    "diagnose",
    "from_json",
    "to_json",
    "with_appraisals",
]
